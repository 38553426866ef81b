public import Arithmetic
public import Ethereum
public import JSON
import Terms

/// The buyer exercises. The EIP-712 type is `ExerciseNotice`.
public struct ExerciseNotice: TypedMessage {
  /// What errors call it.
  public static var what: String { "exercise notice" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// The buyer, who signs.
  public var holder: Address
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(agreementID: AgreementID, version: UInt64, holder: Address, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.holder = holder
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let holder = reader.address("holder")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let holder, let validUntil else { return nil }
    self.init(agreementID: AgreementID(agreementID), version: version, holder: holder, validUntil: validUntil)
  }

  /// The EIP-712 type `ExerciseNotice`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "ExerciseNotice",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("holder", holder),
        .uint64("validUntil", validUntil),
      ])
  }

  /// The holder.
  public var claimedSigner: Address? { holder }
}

/// Both parties replace their terms. The EIP-712 type is `Amendment`.
public struct Amendment: TypedMessage {
  /// What errors call it.
  public static var what: String { "amendment" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The version that it makes, one more than the present.
  public var version: UInt64
  /// Struct hash of the new `OptionTerms`.
  public var terms: Digest
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(agreementID: AgreementID, version: UInt64, terms: Digest, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.terms = terms
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let terms = reader.digest("terms")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let terms, let validUntil else { return nil }
    self.init(agreementID: AgreementID(agreementID), version: version, terms: terms, validUntil: validUntil)
  }

  /// The EIP-712 type `Amendment`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Amendment",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .bytes32("terms", terms),
        .uint64("validUntil", validUntil),
      ])
  }
}

/// A transferee stands in a party's place; transferor, transferee and the remaining party sign the same one. The EIP-712 type is `Novation`.
public struct Novation: TypedMessage {
  /// What errors call it.
  public static var what: String { "novation" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The version that it makes, one more than the present.
  public var version: UInt64
  /// The party that leaves.
  public var transferor: Address
  /// Who comes in its place.
  public var transferee: Address
  /// Struct hash of the new `OptionTerms`.
  public var terms: Digest
  /// What the transferee pays the transferor, in base units of the token.
  public var consideration: UInt256
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(
    agreementID: AgreementID, version: UInt64, transferor: Address, transferee: Address, terms: Digest,
    consideration: UInt256, validUntil: UInt64
  ) {
    self.agreementID = agreementID
    self.version = version
    self.transferor = transferor
    self.transferee = transferee
    self.terms = terms
    self.consideration = consideration
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let transferor = reader.address("transferor")
    let transferee = reader.address("transferee")
    let terms = reader.digest("terms")
    let consideration = reader.uint256("consideration")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let transferor, let transferee, let terms, let consideration, let validUntil
    else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, transferor: transferor, transferee: transferee,
      terms: terms, consideration: consideration, validUntil: validUntil)
  }

  /// The EIP-712 type `Novation`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Novation",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("transferor", transferor),
        .address("transferee", transferee), .bytes32("terms", terms), .uint256("consideration", consideration),
        .uint64("validUntil", validUntil),
      ])
  }
}
