public import Arithmetic
public import Ethereum
public import JSON
import Terms

/// A claimant has its whole claim paid to an address. The EIP-712 type is `Withdrawal`.
public struct Withdrawal: TypedMessage {
  /// What errors call it.
  public static var what: String { "withdrawal" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// Whose claim it is, and who signs.
  public var claimant: Address
  /// Who is paid.
  public var to: Address
  /// The whole claim, in base units of the token.
  public var amount: UInt256
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(
    agreementID: AgreementID, version: UInt64, claimant: Address, to: Address, amount: UInt256, validUntil: UInt64
  ) {
    self.agreementID = agreementID
    self.version = version
    self.claimant = claimant
    self.to = to
    self.amount = amount
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let claimant = reader.address("claimant")
    let to = reader.address("to")
    let amount = reader.uint256("amount")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let claimant, let to, let amount, let validUntil else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, claimant: claimant, to: to, amount: amount,
      validUntil: validUntil)
  }

  /// The EIP-712 type `Withdrawal`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Withdrawal",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("claimant", claimant),
        .address("to", to), .uint256("amount", amount), .uint64("validUntil", validUntil),
      ])
  }

  /// The claimant.
  public var claimedSigner: Address? { claimant }
}

/// A claimant has its whole claim in one token of a delivery paid to an address. The EIP-712 type is `TokenWithdrawal`.
public struct TokenWithdrawal: TypedMessage {
  /// What errors call it.
  public static var what: String { "withdrawal" }

  /// The agreement.
  public var agreementID: AgreementID
  /// The agreement's version.
  public var version: UInt64
  /// Whose claim it is, and who signs.
  public var claimant: Address
  /// The token of the claim.
  public var token: Address
  /// Who is paid.
  public var to: Address
  /// The whole claim, in base units of that token.
  public var amount: UInt256
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(
    agreementID: AgreementID, version: UInt64, claimant: Address, token: Address, to: Address, amount: UInt256,
    validUntil: UInt64
  ) {
    self.agreementID = agreementID
    self.version = version
    self.claimant = claimant
    self.token = token
    self.to = to
    self.amount = amount
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let claimant = reader.address("claimant")
    let token = reader.address("token")
    let to = reader.address("to")
    let amount = reader.uint256("amount")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let claimant, let token, let to, let amount, let validUntil else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, claimant: claimant, token: token, to: to, amount: amount,
      validUntil: validUntil)
  }

  /// The EIP-712 type `TokenWithdrawal`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "TokenWithdrawal",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("claimant", claimant),
        .address("token", token), .address("to", to), .uint256("amount", amount), .uint64("validUntil", validUntil),
      ])
  }

  /// The claimant.
  public var claimedSigner: Address? { claimant }
}
