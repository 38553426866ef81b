import Ethereum
public import Signing
import Terms

/// Amounts of one agreement that both of its parties signed: what `settle` carries. There is no other way to make one,
/// so whoever holds it holds two verified signatures.
public struct CountersignedOutcome: Hashable, Sendable {
  /// What both signed.
  public let outcome: AgreedOutcome
  /// The buyer's signature of it.
  public let buyer: Signature
  /// The seller's signature of it.
  public let seller: Signature

  /// - Throws: `SettlementError.otherSettlement` where the agreement is settled by delivery, `.otherAgreement` where the
  ///   outcome names another agreement or version, `.notTheWhole` where the amounts are not parts of the escrow,
  ///   `.wrongSigner` or `.badSignature` where a signature is not its party's.
  public init(
    _ outcome: AgreedOutcome, buyer: Signature, seller: Signature, of agreement: Agreement
  ) throws(SettlementError) {
    guard !agreement.terms.escrow.settlesByDelivery else {
      throw .otherSettlement(act: AgreedOutcome.what, settled: .physical)
    }
    try agreement.checkNamed(by: outcome.agreementID, outcome.version)
    try Outcome.checkWhole(outcome.toBuyer, outcome.toSeller, of: agreement.terms)
    let digest = outcome.typed.digest(in: agreement.terms.domain)
    try buyer.check(of: "the buyer's signature of the outcome", by: agreement.terms.escrow.buyer, digest)
    try seller.check(of: "the seller's signature of the outcome", by: agreement.terms.escrow.seller, digest)
    self.outcome = outcome
    self.buyer = buyer
    self.seller = seller
  }
}
