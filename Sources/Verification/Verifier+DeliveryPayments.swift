import Arithmetic
import Ethereum
import Settlement
import Terms

/// What both tokens moved.
extension Verifier {
  /// One amount of one token that leaves or enters the vault.
  private struct Movement: Hashable, Comparable {
    let token: Address
    /// Whose balance it is besides the vault's.
    let party: Address
    let value: UInt256

    static func < (a: Self, b: Self) -> Bool { (a.token, a.party, a.value) < (b.token, b.party, b.value) }
  }

  /// Both tokens' own transfers out of the vault and into it, and what was booked as claims. What the buyer exercised for
  /// must have reached it; what the vault owes otherwise may have become a claim.
  mutating func checkDeliveryPayments(
    _ agreement: Agreement, _ receipt: Receipt, _ amounts: Amounts, _ delivered: Parts
  ) {
    let vault = agreement.vault
    let transfers = receipt.logs.compactMap { TokenTransfer($0) }
      .filter { terms.escrow.tokens.contains($0.token) }
    let out = transfers.filter { $0.from == vault }.map { Movement(token: $0.token, party: $0.to, value: $0.value) }
    let into = transfers.filter { $0.to == vault }.map { Movement(token: $0.token, party: $0.from, value: $0.value) }
    let claims = receipt.logs.compactMap { PayoutClaim($0, of: agreement) }
      .map { Movement(token: $0.token, party: $0.claimant, value: $0.amount) }
    let exchange = exchange()
    let owed = payouts(amounts, delivered, exchange?.handedOver)
    let brought = [exchange?.brought].compactMap { $0 }.filter { $0.value != .zero }
    let isHandedOver = exchange.map { $0.handedOver.value == .zero || out.contains($0.handedOver) } ?? true
    let same = (out + claims).sorted() == owed.sorted() && into.sorted() == brought && isHandedOver
    let words = { (movements: [Movement], way: String) in
      movements.map { "\($0.value) of \($0.token) \(way) \($0.party)" }.joined(separator: ", ")
    }
    var detail = "the vault paid \(words(out, "to"))"
    if !into.isEmpty { detail += "; it took \(words(into, "from"))" }
    if !claims.isEmpty { detail += "; booked as claims: \(words(claims, "of"))" }
    if !same {
      detail += "; owed were \(words(owed, "to"))"
      if !brought.isEmpty { detail += ", against \(words(brought, "from"))" }
    }
    note(.payments, same, detail)
  }

  /// What the buyer brings and what it gets for that in the same call; nothing where it did not exercise.
  private func exchange() -> (brought: Movement, handedOver: Movement)? {
    let escrow = terms.escrow
    guard case .exercised = proof.basis, let brought = terms.exercising, let payment = terms.strikePayment else {
      return nil
    }
    let isCall = brought.token == escrow.token
    return (
      Movement(token: brought.token, party: escrow.buyer, value: brought.amount),
      Movement(
        token: isCall ? escrow.deliveryToken : escrow.token, party: escrow.buyer,
        value: isCall ? terms.economics.quantity : payment)
    )
  }

  /// Every payment that the amounts come to, zero ones left out. What is handed over is a payment of its own, besides what
  /// the buyer gets back of the same token.
  private func payouts(_ amounts: Amounts, _ delivered: Parts, _ handedOver: Movement?) -> [Movement] {
    let escrow = terms.escrow
    let parts = [
      Movement(token: escrow.token, party: escrow.buyer, value: amounts.toBuyer),
      Movement(token: escrow.token, party: escrow.seller, value: amounts.toSeller),
      Movement(token: escrow.deliveryToken, party: escrow.buyer, value: delivered.toBuyer),
      Movement(token: escrow.deliveryToken, party: escrow.seller, value: delivered.toSeller),
    ]
    return parts.flatMap { part -> [Movement] in
      guard let handedOver, part.token == handedOver.token, part.party == handedOver.party,
        let rest = try? part.value.subtracting(handedOver.value)
      else { return [part] }
      return [handedOver, Movement(token: part.token, party: part.party, value: rest)]
    }.filter { $0.value != .zero }
  }
}
