import Arithmetic
import Ethereum
public import Signing
import Terms

/// Amounts in both tokens of one agreement that both of its parties signed: what the `settle` of a vault that settles by
/// delivery carries. There is no other way to make one, so whoever holds it holds two verified signatures.
public struct CountersignedDeliveryOutcome: Hashable, Sendable {
  /// What both signed.
  public let outcome: DeliveryOutcome
  /// The buyer's signature of it.
  public let buyer: Signature
  /// The seller's signature of it.
  public let seller: Signature

  /// - Throws: `SettlementError.otherSettlement` where the agreement is settled in cash, `.otherAgreement` where the outcome
  ///   names another agreement or version, `.notTheWhole` where the amounts are not parts of the escrow, `.wrongSigner` or
  ///   `.badSignature` where a signature is not its party's.
  public init(
    _ outcome: DeliveryOutcome, buyer: Signature, seller: Signature, of agreement: Agreement
  ) throws(SettlementError) {
    try outcome.check(against: agreement)
    let digest = outcome.typed.digest(in: agreement.terms.domain)
    try buyer.check(of: "the buyer's signature of the outcome", by: agreement.terms.escrow.buyer, digest)
    try seller.check(of: "the seller's signature of the outcome", by: agreement.terms.escrow.seller, digest)
    self.outcome = outcome
    self.buyer = buyer
    self.seller = seller
  }
}

extension DeliveryOutcome {
  /// The parts of the token.
  public var paid: Parts { Parts(toBuyer: toBuyer, toSeller: toSeller) }
  /// The parts of the delivery token.
  public var delivered: Parts { Parts(toBuyer: deliveryToBuyer, toSeller: deliveryToSeller) }

  /// Whether it names this agreement and its amounts are the whole of both tokens.
  func check(against agreement: Agreement) throws(SettlementError) {
    let terms = agreement.terms
    guard terms.escrow.settlesByDelivery else { throw .otherSettlement(act: Self.what, settled: .cash) }
    try agreement.checkNamed(by: agreementID, version)
    try Outcome.checkWhole(toBuyer, toSeller, of: terms)
    try delivered.check(areWhole: terms.escrowedDelivery)
  }
}

extension Parts {
  /// - Throws: `SettlementError.notTheWhole` where they do not sum to it exactly.
  func check(areWhole whole: UInt256) throws(SettlementError) {
    guard (try? toBuyer.adding(toSeller)) == whole else {
      throw .notTheWhole(toBuyer: toBuyer, toSeller: toSeller, escrowed: whole)
    }
  }
}
