import Arithmetic
import Ethereum
import Settlement
import Terms

/// What the token moved.
extension Verifier {
  /// The token's own transfers out of the vault: each party's amount, or the claim it was booked as, the live bonds, and
  /// what the signers of a ruling get of them.
  mutating func checkPayments(
    _ agreement: Agreement?, _ header: BlockHeader?, _ receipt: Receipt?, _ amounts: Amounts?, _ record: Record?
  ) {
    guard let agreement, let header, let receipt, let amounts else {
      return miss(.payments, "no valid agreement, header, receipt or amounts")
    }
    guard let record else { return miss(.payments, "no valid journal names the live bonds") }
    if let delivered = amounts.delivered {
      return checkDeliveryPayments(agreement, receipt, amounts, delivered)
    }
    let escrow = terms.escrow
    let transfers = receipt.logs.compactMap { TokenTransfer($0) }
      .filter { $0.token == escrow.token && $0.from == agreement.vault }
      .map { Payment(to: $0.to, value: $0.value) }
    let claims = receipt.logs.compactMap { PayoutClaim($0, of: agreement) }.map {
      Payment(to: $0.claimant, value: $0.amount)
    }
    let paid = (transfers + claims).sorted()
    let parties = [
      Payment(to: escrow.buyer, value: amounts.toBuyer), Payment(to: escrow.seller, value: amounts.toSeller),
    ]
    let owed: [[Payment]]
    do throws(SettlementError) {
      owed = try besides(record, agreement, paid, at: header.timestamp).map { besides in
        (parties + besides).filter { $0.value != .zero }.sorted()
      }
    } catch {
      return note(.payments, false, "\(error)")
    }
    let same = owed.contains(paid)
    let words = { (payments: [Payment]) in payments.map { "\($0.value) to \($0.to)" }.joined(separator: ", ") }
    var detail = "token \(escrow.token) moved \(words(transfers)) out of the vault"
    if !claims.isEmpty { detail += "; booked as claims: \(words(claims))" }
    if !same { detail += "; owed were \(words(owed.first ?? parties))" }
    note(.payments, same, detail)
  }

  /// What the bonds come to: whole where no ruling is paid. The signers of a ruling are named in the
  /// call that carried it, or beside a ruling that stood before; where they are not, those count who were paid, or as many
  /// as had to sign where the fee was none.
  private func besides(
    _ record: Record, _ agreement: Agreement, _ paid: [Payment], at now: UInt64
  ) throws(SettlementError) -> [[Payment]] {
    let escrow = terms.escrow
    guard case .ruled(let decision, let signatures) = proof.basis, let ruling = record.ruling else {
      return [record.wholeBonds(of: escrow.bond).map { Payment(to: $0.to, value: $0.value) }]
    }
    let panel = decision.panel(of: escrow)
    let members = Set(panel.members)
    let called = SettlementCall.signers(of: decision, carriedBy: proof.inclusion.transaction, for: agreement)
    let named = called?.map(\.address) ?? (signatures.isEmpty ? nil : Array(signatures.keys))
    let payees = named?.sorted() ?? paid.map(\.to).filter(members.contains)
    let counts = named.map { $0.count...$0.count } ?? Int(panel.threshold)...panel.members.count
    var owed: [[Payment]] = []
    for count in counts {
      let shares = try RulingShares(of: terms, paying: ruling, signerCount: count, at: now)
      var payments = [
        Payment(to: ruling.dispute.proposal.proposer, value: shares.toProposer),
        Payment(to: ruling.dispute.disputer, value: shares.toDisputer),
      ]
      let fees = [shares.feeToLowest] + Array(repeating: shares.feeEach, count: count - 1)
      let owing = fees.filter { $0 != .zero }
      if named == nil, owing.count != payees.count || Set(payees).count != payees.count { continue }
      payments += zip(payees, named == nil ? owing : fees).map { Payment(to: $0, value: $1) }
      owed.append(payments)
    }
    return owed
  }

  private struct Payment: Hashable, Comparable {
    let to: Address
    let value: UInt256

    static func < (a: Self, b: Self) -> Bool { (a.to, a.value) < (b.to, b.value) }
  }
}
