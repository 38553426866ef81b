public import Ethereum
public import JSON
import Terms

/// A party takes back its signature of terms that were not opened. The EIP-712 type is `Cancellation`.
public struct Cancellation: TypedMessage {
  /// What errors call it.
  public static var what: String { "cancellation" }

  /// The agreement.
  public var agreementID: AgreementID
  /// Always 1: only terms that were never opened can be cancelled.
  public var version: UInt64
  /// The party that cancels and signs.
  public var party: Address
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(agreementID: AgreementID, version: UInt64, party: Address, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.party = party
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let party = reader.address("party")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let party, let validUntil else { return nil }
    self.init(agreementID: AgreementID(agreementID), version: version, party: party, validUntil: validUntil)
  }

  /// The EIP-712 type `Cancellation`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Cancellation",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address("party", party),
        .uint64("validUntil", validUntil),
      ])
  }

  /// The party.
  public var claimedSigner: Address? { party }
}

/// A party takes back every signature of terms that name a lower epoch. The EIP-712 type is `EpochRaise`.
public struct EpochRaise: TypedMessage {
  /// What errors call it.
  public static var what: String { "epoch raise" }

  /// Whose epoch it is, and who signs.
  public var party: Address
  /// The new one; higher than the present.
  public var epoch: UInt64
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A message to sign.
  public init(party: Address, epoch: UInt64, validUntil: UInt64) {
    self.party = party
    self.epoch = epoch
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let party = reader.address("party")
    let epoch = reader.uint64("epoch")
    let validUntil = reader.uint64("validUntil")
    guard let party, let epoch, let validUntil else { return nil }
    self.init(party: party, epoch: epoch, validUntil: validUntil)
  }

  /// The EIP-712 type `EpochRaise`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "EpochRaise",
      members: [
        .address("party", party), .uint64("epoch", epoch), .uint64("validUntil", validUntil),
      ])
  }

  /// The party.
  public var claimedSigner: Address? { party }
}
