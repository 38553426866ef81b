import Arithmetic
import Ethereum
import Signing
import Terms

/// The calls of a vault that settles by delivery.
extension SettlementCall {
  /// Pays what both parties signed of both tokens.
  ///
  /// - Throws: `SettlementError.otherAgreement` where they signed it for another agreement.
  public static func paying(
    _ agreed: CountersignedDeliveryOutcome, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    let outcome = agreed.outcome
    try agreement.checkNamed(by: outcome.agreementID, outcome.version)
    return try Self(
      .agreed, agreement, Vault.settleDelivery,
      [
        .uint(outcome.toBuyer), .uint(outcome.toSeller), .uint(outcome.deliveryToBuyer),
        .uint(outcome.deliveryToSeller), .uint(UInt256(outcome.validUntil)), .bytes(agreed.buyer.bytes),
        .bytes(agreed.seller.bytes),
      ])
  }

  /// Takes what the buyer brings and hands over what it exercises for, or nothing of it.
  ///
  /// - Throws: as `paying(_:of:)`.
  public static func exercisingDelivery(
    _ notice: Signed<ExerciseNotice>, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    let message = notice.message
    try agreement.checkNamed(by: message.agreementID, message.version)
    return try Self(
      .exercise, agreement, to: agreement.vault, whole: Vault.exerciseDelivery,
      EscrowContract.wholeTerms(agreement.terms) + [
        .uint(UInt256(message.validUntil)), .bytes(notice.signature.bytes),
      ])
  }

  /// Returns the collaterals of an option that was not exercised in time.
  public static func expiring(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.expire, agreement, Vault.expire, [])
  }
}
