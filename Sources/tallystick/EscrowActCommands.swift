import Arithmetic
import Chain
import Console
import Ethereum
import JSON
import Settlement
import Terms

/// One command for each way to act on the escrow. Without a node it prints the call; with one it says what is in the
/// way, asks the node to try it, and sends it where that was asked for.
enum EscrowActCommands {
  static let rpcURL = Option.value(
    "rpc-url", "URL", environment: "ETH_RPC_URL",
    "try it on this JSON-RPC endpoint; without it the call is derived offline"
  )
  private static let send = Option.flag("send", "send it, with --keystore, where nothing is in the way")
  private static let keystore = Option.value(
    "keystore", "FILE", environment: "ETH_KEYSTORE", "the key file of whoever sends it and pays the gas")

  /// For how options are settled that know the act.
  private static let both = [SettlementType.cash, .physical]

  typealias Derivation = @Sendable (Deal, Arguments) throws -> EscrowAct

  static let all = [
    actCommand(
      "escrow open", "open the vault of terms that both parties signed", options: [EscrowAct.permit], in: both,
      EscrowAct.open),
    actCommand(
      "escrow settle", "pay amounts that both parties signed", operands: [Deal.file, Deal.signed], in: both,
      EscrowAct.settle),
    actCommand(
      "escrow propose", "put a party's proposal before the other", operands: [Deal.file, Deal.signed],
      EscrowAct.propose),
    actCommand(
      "escrow dispute", "dispute the standing proposal", operands: [Deal.file, Deal.signed], EscrowAct.dispute),
    actCommand("escrow finalise", "pay a proposal whose window has passed", EscrowAct.finalise),
    actCommand("escrow default", "pay the default amounts after silence", EscrowAct.settleByDefault),
    actCommand(
      "escrow observe", "show the contract signed prices of the fixing", operands: [Deal.file, Deal.signed],
      EscrowAct.observe),
    actCommand(
      "escrow settle-observed", "pay what the contract computes at the observers' price", EscrowAct.settleObserved),
    actCommand("escrow rule", "bring a panel's ruling", operands: [Deal.file, Deal.signed], EscrowAct.rule),
    actCommand(
      "escrow appeal", "ask the fallback panel to rule", operands: [Deal.file, Deal.signed], EscrowAct.appeal),
    actCommand("escrow uphold", "pay a ruling that stands", EscrowAct.uphold),
    actCommand(
      "escrow exercise", "record that the buyer exercises, or deliver against payment",
      operands: [Deal.file, Deal.signed], in: both, EscrowAct.exercise),
    actCommand(
      "escrow expire", "return the collaterals of a delivery that was not exercised", in: [.physical],
      EscrowAct.expire),
    actCommand(
      "escrow amend", "replace the terms", operands: [Deal.file, Deal.signed], options: [EscrowAct.amended],
      EscrowAct.amend),
    actCommand(
      "escrow novate", "put another in a party's place", operands: [Deal.file, Deal.signed],
      options: [EscrowAct.amended], EscrowAct.novate),
    actCommand(
      "escrow withdraw", "pay a claim that a refused payout left", operands: [Deal.file, Deal.signed], in: both,
      EscrowAct.withdraw),
    actCommand(
      "escrow cancel", "take back a signature of terms that were not opened", operands: [Deal.file, Deal.signed],
      in: both,
      EscrowAct.cancel),
    actCommand(
      "escrow raise-epoch", "take back every signature of terms with a lower epoch",
      operands: [Deal.file, Deal.signed], in: both, EscrowAct.raiseEpoch),
  ]

  private static func actCommand(
    _ name: String, _ summary: String, operands: [Operand] = [Deal.file], options: [Option] = [],
    in settlements: [SettlementType] = [.cash], _ derivation: @escaping Derivation
  ) -> Command {
    Command(
      name, summary, operands: operands,
      options: options + [Deal.present, rpcURL, send, keystore, KeyOptions.passwordFile]
    ) { arguments in
      let deal = try Deal(arguments)
      let settled = deal.terms.economics.settlementType
      guard settlements.contains(settled) else { throw SettlementError.otherSettlement(act: name, settled: settled) }
      let act = try derivation(deal, arguments)
      guard let url = arguments.value("rpc-url") else {
        guard !arguments.flag("send") else { throw ConsoleError.missingOption("--rpc-url", environment: "ETH_RPC_URL") }
        return derived(act.call)
      }
      return try await tried(act, deal, url, arguments)
    }
  }

  private static func derived(_ call: EscrowCall) -> Reply {
    Reply(
      text: "call  \(call.name)\nto    \(call.to)\nvalue 0\ndata  \(Hex.encode(call.data))",
      data: ["call": call.document])
  }

  private static func tried(
    _ act: EscrowAct, _ deal: Deal, _ url: String, _ arguments: Arguments
  ) async throws -> Reply {
    let chain = ChainClient(try CurlTransport(url: url))
    var view = try await VaultView.read(deal, accounts: act.accounts, from: chain)
    try await view.hold(act.permits, in: deal)
    var found = Obstacles(deal, view)
    found.sameRules()
    try await act.check(&found)
    let refusal = try await refusal(of: act.call, by: chain)
    let news = refusal.flatMap { refusal in found.reasons.contains { $0.hasPrefix(refusal) } ? nil : refusal }
    let reasons = found.reasons + (news.map { ["the node: \($0)"] } ?? [])
    var members: [(String, JSONValue)] = [
      ("call", act.call.document), ("reasons", .array(reasons.map { .string($0) })),
      ("node", refusal.map { .string($0) } ?? .null),
    ]
    var lines = derived(act.call).text.split(separator: "\n").dropLast().map(String.init)
    if !view.permits.isEmpty {
      members.append(("permits", .array(view.permits.map(\.document))))
      lines += view.permits.map(\.line)
    }
    if !found.acceptances.isEmpty {
      members.append(("wallets", .array(found.acceptances.map(\.document))))
      lines += found.acceptances.map(\.line)
    }
    guard reasons.isEmpty else {
      return Reply(
        text: (lines + reasons.map { "fails \($0)" }).joined(separator: "\n"), data: .object(JSONObject(members)),
        failure: Failure(
          .refused, code: "act_would_fail", "\(act.call.name) would fail: \(reasons.joined(separator: "; "))"))
    }
    guard arguments.flag("send") else {
      return Reply(
        text: (lines + ["nothing is in the way"]).joined(separator: "\n"), data: .object(JSONObject(members)))
    }
    guard arguments.value("keystore") != nil else {
      throw ConsoleError.missingOption("--keystore", environment: "ETH_KEYSTORE")
    }
    let receipt = try await PartyTransaction.send(
      act.call.data, to: act.call.to, on: act.call.chainID, try KeyOptions.key(arguments), rpcURL: url,
      gasMax: PartyTransaction.actGasMax)
    let moved = receipt.receipt.logs.compactMap(TokenTransfer.init)
    lines.append("sent  \(receipt.transactionHash)")
    lines += moved.map { "moved \($0.value) of \($0.token) from \($0.from) to \($0.to)" }
    members += [
      ("transaction", .string(receipt.transactionHash.hex)),
      (
        "moved",
        .array(
          moved.map {
            [
              "token": .string($0.token.checksummed), "from": .string($0.from.checksummed),
              "to": .string($0.to.checksummed), "amount": .string($0.value.description),
            ]
          })
      ),
    ]
    return Reply(text: lines.joined(separator: "\n"), data: .object(JSONObject(members)))
  }

  /// What the node says when it tries the call; nil where it would succeed.
  private static func refusal(of call: EscrowCall, by chain: ChainClient) async throws -> String? {
    do throws(ChainError) {
      _ = try await chain.call(Call(to: call.to, data: call.data))
      return nil
    } catch {
      if case .reverted(let revert) = error { return revert.description }
      throw error
    }
  }
}
