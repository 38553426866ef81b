import Arithmetic
import Chain
import Console
import Ethereum
import JSON
import Settlement
import Terms

/// What a vault holds now, and where it goes when nobody acts.
enum EscrowState {
  static let command = Command(
    "escrow state", "print a vault's state, its deadlines and what each of them brings", operands: [Deal.file],
    options: [Deal.present, EscrowCommands.rpcURL]
  ) { arguments in
    let deal = try Deal(arguments)
    let escrow = deal.terms.escrow
    let chain = ChainClient(try CurlTransport(url: arguments.value("rpc-url") ?? ""))
    let people =
      [escrow.buyer, escrow.seller, escrow.buyerWatcher, escrow.sellerWatcher]
      + escrow.arbitrators.members + escrow.fallbackArbitrators.members
    let view = try await VaultView.read(deal, accounts: people, from: chain)
    let deadlines = try await deadlines(deal, view, chain)
    let claims = view.accounts.keys.sorted().flatMap { claimant in
      escrow.tokens.map { (claimant: claimant, token: $0, amount: view.claim(of: claimant, $0)) }
    }.filter { $0.amount > .zero }
    var found = Obstacles(deal, view)
    found.sameRules()
    let version = view.details?.version
    let lines =
      [
        "vault    \(deal.vault.address)",
        "status   \(view.status)\(version.map { ", version \($0)" } ?? "")",
        "time     \(view.now)",
      ]
      + deadlines.map { deadline in
        "from     \(deadline.time) \(deadline.meaning)"
          + (deadline.pays.map { ": buyer \($0.toBuyer), seller \($0.toSeller)" } ?? "")
          + (deadline.delivers.map { "; of the delivery token buyer \($0.toBuyer), seller \($0.toSeller)" } ?? "")
      } + claims.map { "claim    \($0.amount) of \($0.claimant) in \($0.token)" }
      + found.reasons.map { "warning  \($0)" }
    return Reply(
      text: lines.joined(separator: "\n"),
      data: [
        "agreementId": .string(deal.vault.id.description), "vault": .string(deal.vault.address.checksummed),
        "status": .string("\(view.status)"), "version": version.map { .string(String($0)) } ?? .null,
        "time": .string(String(view.now)),
        "deadlines": .array(
          deadlines.map { deadline in
            func text(_ amount: UInt256?) -> JSONValue { amount.map { .string($0.description) } ?? .null }
            var members: [(String, JSONValue)] = [
              ("time", .string(String(deadline.time))), ("meaning", .string(deadline.meaning)),
              ("toBuyer", text(deadline.pays?.toBuyer)), ("toSeller", text(deadline.pays?.toSeller)),
            ]
            if escrow.settlesByDelivery {
              members.append(("deliveryToBuyer", text(deadline.delivers?.toBuyer)))
              members.append(("deliveryToSeller", text(deadline.delivers?.toSeller)))
            }
            return .object(JSONObject(members))
          }),
        "reasons": .array(found.reasons.map { .string($0) }),
        "claims": .array(
          claims.map {
            [
              "claimant": .string($0.claimant.checksummed), "token": .string($0.token.checksummed),
              "amount": .string($0.amount.description),
            ]
          }),
      ])
  }

  private struct Deadline {
    let time: UInt64
    let meaning: String
    /// What is paid from then on where nobody acts before; nil where nothing is.
    var pays: (toBuyer: UInt256, toSeller: UInt256)?
    /// The same of the delivery token.
    var delivers: (toBuyer: UInt256, toSeller: UInt256)?
  }

  /// The contract's own timeline; before opening the one deadline that the terms name.
  private static func deadlines(_ deal: Deal, _ view: VaultView, _ chain: ChainClient) async throws -> [Deadline] {
    guard view.status != .unopened else {
      return [Deadline(time: deal.terms.escrow.acceptBy, meaning: "the terms can no longer be opened")]
    }
    if deal.terms.escrow.settlesByDelivery { return try delivery(deal, view) }
    let reader = VaultView.Reader(chain: chain, block: .latest)
    let call = try deal.vault.timeline()
    let answer = try await reader.answer(call.to, call.name, call.data, ["(uint64,string,uint256,uint256)[]"])
    guard case .array(let rows) = answer[0] else { throw VaultView.Failure.otherAnswer(call.name) }
    return try rows.map { row in
      guard case .tuple(let values) = row, values.count == 4, let time = values[0].number,
        case .string(let meaning) = values[1]
      else { throw VaultView.Failure.otherAnswer(call.name) }
      let (toBuyer, toSeller) = (values[2].amount, values[3].amount)
      let pays = toBuyer > .zero || toSeller > .zero ? (toBuyer: toBuyer, toSeller: toSeller) : nil
      return Deadline(time: time, meaning: meaning, pays: pays)
    }
  }

  /// What the rule of deliveries says of exercise and expiration.
  private static func delivery(_ deal: Deal, _ view: VaultView) throws -> [Deadline] {
    let (terms, escrow) = (deal.terms, deal.terms.escrow)
    guard view.status == .open else { return [] }
    func deadline(_ route: Route, _ time: UInt64, _ meaning: String) throws -> Deadline {
      let routes = try DeliveryRule.routes(of: terms, in: .open, at: max(time, view.now))
      guard let released = routes.first(where: { $0.route == route })?.releases else {
        return Deadline(time: time, meaning: meaning)
      }
      return Deadline(
        time: time, meaning: meaning, pays: (released.toBuyer, released.toSeller),
        delivers: released.delivered.map { ($0.toBuyer, $0.toSeller) })
    }
    let brought = terms.exercising.map { "\($0.amount) of \($0.token)" } ?? "nothing"
    let exercise = try deadline(.exercise, escrow.exerciseStart, "the buyer may exercise, against \(brought)")
    let expiry = try deadline(.expire, escrow.expirationTime, "anyone returns the collaterals")
    return view.now < escrow.expirationTime ? [exercise, expiry] : [expiry]
  }
}
