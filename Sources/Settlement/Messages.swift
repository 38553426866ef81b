public import Arithmetic
public import Ethereum
public import JSON
import Terms

/// A message under the escrow's domain, in its EIP-712 form and in its JSON form, whose members have the same names.
public protocol TypedMessage: Hashable, Sendable {
  /// What errors call the message.
  static var what: String { get }

  var typed: TypedStruct { get }

  /// The signer that the message itself names, where it does.
  var claimedSigner: Address? { get }

  /// Reads the members; each that is missing or malformed is a fault of the reader.
  init?(reading reader: inout ObjectReader)
}

extension TypedMessage {
  /// Nothing: most messages do not name their signer.
  public var claimedSigner: Address? { nil }
}

/// The price of a feed at one second, as an observer saw it; it serves every agreement on that feed.
public struct Observation: TypedMessage {
  /// What errors call it.
  public static var what: String { "observation" }

  /// Keccak-256 of the price source.
  public var feed: Digest
  /// Unix seconds of the price.
  public var observedAt: UInt64
  /// Unix seconds at which the observer published it.
  public var publishedAt: UInt64
  /// The price in the feed's decimals.
  public var value: UInt256

  /// An observation to sign.
  public init(feed: Digest, observedAt: UInt64, publishedAt: UInt64, value: UInt256) {
    self.feed = feed
    self.observedAt = observedAt
    self.publishedAt = publishedAt
    self.value = value
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let feed = reader.digest("feed")
    let observedAt = reader.uint64("observedAt")
    let publishedAt = reader.uint64("publishedAt")
    let value = reader.uint256("value")
    guard let feed, let observedAt, let publishedAt, let value else { return nil }
    self.init(feed: feed, observedAt: observedAt, publishedAt: publishedAt, value: value)
  }

  /// The EIP-712 type `Observation`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Observation",
      members: [
        .bytes32("feed", feed), .uint64("observedAt", observedAt), .uint64("publishedAt", publishedAt),
        .uint256("value", value),
      ])
  }
}

/// Amounts that both parties sign to settle at once, whatever the clause says. The EIP-712 type is `Outcome`.
public struct AgreedOutcome: TypedMessage {
  /// What errors call it.
  public static var what: String { "outcome" }

  /// The agreement to settle.
  public var agreementID: AgreementID
  /// The agreement's version, 1.
  public var version: UInt64
  /// The buyer's part, in base units of the token.
  public var toBuyer: UInt256
  /// The seller's part; both sum to the escrow.
  public var toSeller: UInt256
  /// The contract takes it while time is below this.
  public var validUntil: UInt64

  /// Amounts to sign.
  public init(agreementID: AgreementID, version: UInt64, toBuyer: UInt256, toSeller: UInt256, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.validUntil = validUntil
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let toBuyer, let toSeller, let validUntil else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, toBuyer: toBuyer, toSeller: toSeller,
      validUntil: validUntil)
  }

  /// The EIP-712 type `Outcome`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Outcome",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .uint256("toBuyer", toBuyer),
        .uint256("toSeller", toSeller), .uint64("validUntil", validUntil),
      ])
  }
}

/// One party's claim of what the evidence comes to; it stands unless it is disputed inside the window.
public struct Proposal: TypedMessage {
  /// What errors call it.
  public static var what: String { "proposal" }

  /// The agreement to settle.
  public var agreementID: AgreementID
  /// The agreement's version, 1.
  public var version: UInt64
  /// The party that claims and signs.
  public var proposer: Address
  /// `Evidence.digest` of what the claim rests on.
  public var evidenceDigest: Digest
  /// The buyer's part, in base units of the token.
  public var toBuyer: UInt256
  /// The seller's part; both sum to the escrow.
  public var toSeller: UInt256
  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64

  /// A claim to sign.
  public init(
    agreementID: AgreementID, version: UInt64, proposer: Address, evidenceDigest: Digest, toBuyer: UInt256,
    toSeller: UInt256, validUntil: UInt64
  ) {
    self.agreementID = agreementID
    self.version = version
    self.proposer = proposer
    self.evidenceDigest = evidenceDigest
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.validUntil = validUntil
  }

  /// The EIP-712 type `Proposal`.
  public var typed: TypedStruct { claim(named: "Proposal", signer: "proposer") }

  /// The proposer.
  public var claimedSigner: Address? { proposer }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) { self.init(reading: &reader, signer: "proposer") }

  fileprivate init?(reading reader: inout ObjectReader, signer: String) {
    let agreementID = reader.digest("agreementId")
    let version = reader.uint64("version")
    let proposer = reader.address(signer)
    let evidenceDigest = reader.digest("evidenceDigest")
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let validUntil = reader.uint64("validUntil")
    guard let agreementID, let version, let proposer, let evidenceDigest, let toBuyer, let toSeller, let validUntil
    else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), version: version, proposer: proposer, evidenceDigest: evidenceDigest,
      toBuyer: toBuyer, toSeller: toSeller, validUntil: validUntil)
  }

  /// The members that `Proposal` and `Dispute` share; they differ in their name and in what the signer is called.
  fileprivate func claim(named name: String, signer: String) -> TypedStruct {
    TypedStruct(
      name: name,
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("version", version), .address(signer, proposer),
        .bytes32("evidenceDigest", evidenceDigest), .uint256("toBuyer", toBuyer), .uint256("toSeller", toSeller),
        .uint64("validUntil", validUntil),
      ])
  }
}

/// A counter-outcome against a proposal: the same claim by the other side, under its own type.
public struct Dispute: TypedMessage {
  /// What errors call it.
  public static var what: String { "dispute" }

  /// The counter-outcome; its `proposer` is the disputer.
  public var counter: Proposal

  /// A dispute by the counter-outcome's `proposer`.
  public init(counter: Proposal) { self.counter = counter }

  /// The party or watcher that disputes and signs.
  public var disputer: Address { counter.proposer }

  /// The disputer.
  public var claimedSigner: Address? { disputer }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    guard let counter = Proposal(reading: &reader, signer: "disputer") else { return nil }
    self.init(counter: counter)
  }

  /// The EIP-712 type `Dispute`.
  public var typed: TypedStruct { counter.claim(named: "Dispute", signer: "disputer") }
}

/// The head of an agreement's journal, signed by the coordinator that kept it.
public struct JournalHead: TypedMessage {
  /// What errors call it.
  public static var what: String { "journal" }

  /// The agreement whose journal it is.
  public var agreementID: AgreementID
  /// How many entries there are.
  public var entries: UInt64
  /// The digest of the last entry.
  public var head: Digest

  /// A head to sign.
  public init(agreementID: AgreementID, entries: UInt64, head: Digest) {
    self.agreementID = agreementID
    self.entries = entries
    self.head = head
  }

  /// Reads the members of the EIP-712 type.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let entries = reader.uint64("entries")
    let head = reader.digest("head")
    guard let agreementID, let entries, let head else { return nil }
    self.init(agreementID: AgreementID(agreementID), entries: entries, head: head)
  }

  /// The EIP-712 type `JournalHead`.
  public var typed: TypedStruct {
    TypedStruct(
      name: "JournalHead",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("entries", entries), .bytes32("head", head),
      ])
  }
}
