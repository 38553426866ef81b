public import Arithmetic
public import Ethereum
public import JSON
import Terms

/// Amounts in both tokens that both parties sign to close a vault that settles by delivery. The EIP-712 type is `DeliveryOutcome`.
public struct DeliveryOutcome: TypedMessage {
  /// What errors call it.
  public static var what: String { "delivery outcome" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// The buyer's part, in base units of the token.
  public var toBuyer: UInt256
  /// The seller's part of the token.
  public var toSeller: UInt256
  /// The buyer's part, in base units of the delivery token.
  public var deliveryToBuyer: UInt256
  /// The seller's part of the delivery token.
  public var deliveryToSeller: UInt256
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(
    agreementID: AgreementID, version: UInt64, toBuyer: UInt256, toSeller: UInt256, deliveryToBuyer: UInt256,
    deliveryToSeller: UInt256, validUntil: UInt64
  ) {
    self.agreementID = agreementID
    self.version = version
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.deliveryToBuyer = deliveryToBuyer
    self.deliveryToSeller = deliveryToSeller
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let deliveryToBuyer = reader.uint256("deliveryToBuyer")
    let deliveryToSeller = reader.uint256("deliveryToSeller")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let toBuyer, let toSeller, let deliveryToBuyer, let deliveryToSeller,
      let validUntil
    else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, toBuyer: toBuyer, toSeller: toSeller,
      deliveryToBuyer: deliveryToBuyer, deliveryToSeller: deliveryToSeller, validUntil: validUntil)
  }

  /// The EIP-712 type `DeliveryOutcome`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "DeliveryOutcome",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .uint256("toBuyer", toBuyer),
        .uint256("toSeller", toSeller), .uint256("deliveryToBuyer", deliveryToBuyer),
        .uint256("deliveryToSeller", deliveryToSeller), .uint64("validUntil", validUntil),
      ])
  }
}
