public import Arithmetic
public import Ethereum
public import JSON
import Terms

/// An arbitrator's decision of a dispute; as many of the round's panel as its threshold sign the same one. The EIP-712 type is `Ruling`.
public struct Ruling: TypedMessage {
  /// What errors call it.
  public static var what: String { "ruling" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// 1 the arbitrators, 2 the fallback panel.
  public var round: UInt8
  /// Keccak-256 of what the panel wrote down.
  public var findingsDigest: Digest
  /// The buyer's part, in base units of the token.
  public var toBuyer: UInt256
  /// The seller's part; both sum to the collaterals.
  public var toSeller: UInt256
  /// Whose bonds come back: 0 the proposer's, 1 the disputer's, 2 each its own.
  public var bondTo: UInt8

  /// A message to sign.
  public init(
    agreementID: AgreementID, version: UInt64, round: UInt8, findingsDigest: Digest, toBuyer: UInt256,
    toSeller: UInt256, bondTo: UInt8
  ) {
    self.agreementID = agreementID
    self.version = version
    self.round = round
    self.findingsDigest = findingsDigest
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.bondTo = bondTo
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let round = reader.uint8("round")
    let findingsDigest = reader.digest("findingsDigest")
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let bondTo = reader.uint8("bondTo")
    if let bondTo, bondTo > 2 { reader.fault("bondTo", found: "\(bondTo)", fix: "use 0, 1 or 2") }
    guard let agreementID, let version, let round, let findingsDigest, let toBuyer, let toSeller, let bondTo else {
      return nil
    }
    self.init(
      agreementID: AgreementID(agreementID), version: version, round: round, findingsDigest: findingsDigest,
      toBuyer: toBuyer, toSeller: toSeller, bondTo: bondTo)
  }

  /// The EIP-712 type `Ruling`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Ruling",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .uint8("round", round),
        .bytes32("findingsDigest", findingsDigest), .uint256("toBuyer", toBuyer), .uint256("toSeller", toSeller),
        .uint8("bondTo", bondTo),
      ])
  }
}

/// A party asks the fallback panel to rule on a ruling, and pays for it. The EIP-712 type is `Appeal`.
public struct Appeal: TypedMessage {
  /// What errors call it.
  public static var what: String { "appeal" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// The party that appeals and signs.
  public var appellant: Address
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(agreementID: AgreementID, version: UInt64, appellant: Address, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.appellant = appellant
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let appellant = reader.address("appellant")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let appellant, let validUntil else { return nil }
    self.init(agreementID: AgreementID(agreementID), version: version, appellant: appellant, validUntil: validUntil)
  }

  /// The EIP-712 type `Appeal`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Appeal",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("appellant", appellant),
        .uint64("validUntil", validUntil),
      ])
  }

  /// The appellant.
  public var claimedSigner: Address? { appellant }
}
