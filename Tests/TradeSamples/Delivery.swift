public import Arithmetic
import Ethereum
public import Settlement
import Signing
public import Terms

extension Sample {
  /// Terms of an option that is settled by delivery: 2.5 at 2,500.00000001, for which 6,250.000001 are paid, rounded up. The
  /// seller of a `call` locks 3, of a `put` 6,250.000010; the buyer 50.
  public static func delivery(_ option: String) throws -> OptionTerms {
    let clause = try PayoffClause(source: Sample.clause("physical-\(option)"))
    return try Sample.terms().changed { economics, escrow in
      (economics.settlementType, economics.exerciseStyle) = (.physical, .american)
      economics.optionType = option == "call" ? .call : .put
      (economics.quantity, economics.quantityDecimals) = (2_500_000_000_000_000_000, 18)
      (economics.strikePrice, economics.tokenDecimals) = (250_000_000_001, 6)
      escrow.payoffKind = option == "call" ? 3 : 4
      escrow.clause = clause.digest
      escrow.deliveryToken = try Sample.address("delivered token")
      escrow.exerciseStart = escrow.acceptBy + 100
      escrow.buyerCollateral = 50_000_000
      escrow.sellerCollateral = option == "call" ? 3_000_000_000_000_000_000 : 6_250_000_010
      (escrow.defaultToBuyer, escrow.defaultToSeller) = (escrow.buyerCollateral, escrow.sellerCollateral)
      (escrow.observers, escrow.arbitrators, escrow.fallbackArbitrators) = (.unused, .unused, .unused)
      (escrow.buyerWatcher, escrow.sellerWatcher) = (.zero, .zero)
      (escrow.bond, escrow.arbitrationFee) = (.zero, .zero)
    }
  }
}

/// Trades that are settled by delivery.
extension History {
  /// A delivery whose escrow is open.
  public init(delivering option: String) throws {
    self.init(try Sample.delivery(option))
    let clause = try PayoffClause(source: Sample.clause("physical-\(option)"))
    try take(.submitted(terms, clause), at: terms.escrow.acceptBy - 100)
    try sign()
    try open()
  }

  /// The buyer's notice of exercise, or somebody else's.
  public func notice(by name: String = "buyer", version: UInt64 = 1, validUntil: UInt64? = nil) throws -> Signed<
    ExerciseNotice
  > {
    try Sample.sign(
      ExerciseNotice(
        agreementID: AgreementID(terms.digest), version: version, holder: Sample.address(name),
        validUntil: validUntil ?? terms.escrow.expirationTime),
      by: name, in: terms.domain)
  }

  /// Parts of both tokens that a party signs; the seller's are the rest.
  public func deliveryOutcome(
    _ toBuyer: UInt256, _ deliveryToBuyer: UInt256, by name: String, validUntil: UInt64? = nil
  ) throws -> Signed<DeliveryOutcome> {
    try Sample.sign(
      DeliveryOutcome(
        agreementID: AgreementID(terms.digest), version: 1, toBuyer: toBuyer,
        toSeller: terms.escrowed.subtracting(toBuyer), deliveryToBuyer: deliveryToBuyer,
        deliveryToSeller: terms.escrowedDelivery.subtracting(deliveryToBuyer),
        validUntil: validUntil ?? terms.escrow.settleBy),
      by: name, in: terms.domain)
  }

  /// The vault says that the buyer exercised.
  public func deliveryExercised(at time: UInt64) -> EscrowEvent {
    .deliveryExercised(holder: terms.escrow.buyer, strikePayment: 6_250_000_001, at: time)
  }

  /// What an exercise pays of the token, and of the delivery token.
  public static func exercised(_ option: String) -> (paid: Parts, delivered: Parts) {
    option == "call"
      ? (
        Parts(toBuyer: 50_000_000, toSeller: 6_250_000_001),
        Parts(toBuyer: 2_500_000_000_000_000_000, toSeller: 500_000_000_000_000_000)
      )
      : (Parts(toBuyer: 6_300_000_001, toSeller: 9), Parts(toBuyer: 0, toSeller: 2_500_000_000_000_000_000))
  }

  /// What goes back to each where nobody exercised.
  public static func expired(_ option: String) -> (paid: Parts, delivered: Parts) {
    option == "call"
      ? (Parts(toBuyer: 50_000_000, toSeller: 0), Parts(toBuyer: 0, toSeller: 3_000_000_000_000_000_000))
      : (Parts(toBuyer: 50_000_000, toSeller: 6_250_000_010), Parts(toBuyer: 0, toSeller: 0))
  }
}
