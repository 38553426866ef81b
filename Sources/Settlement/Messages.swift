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
  public var claimedSigner: Address? { nil }
}

/// The price of a feed at one second, as an observer saw it; it serves every agreement on that feed.
public struct Observation: TypedMessage {
  public static var what: String { "observation" }

  public var feed: Digest
  /// Unix seconds of the price.
  public var observedAt: UInt64
  /// Unix seconds at which the observer published it.
  public var publishedAt: UInt64
  /// The price in the feed's decimals.
  public var value: UInt256

  public init(feed: Digest, observedAt: UInt64, publishedAt: UInt64, value: UInt256) {
    self.feed = feed
    self.observedAt = observedAt
    self.publishedAt = publishedAt
    self.value = value
  }

  public init?(reading reader: inout ObjectReader) {
    let feed = reader.digest("feed")
    let observedAt = reader.uint64("observedAt")
    let publishedAt = reader.uint64("publishedAt")
    let value = reader.uint256("value")
    guard let feed, let observedAt, let publishedAt, let value else { return nil }
    self.init(feed: feed, observedAt: observedAt, publishedAt: publishedAt, value: value)
  }

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
  public static var what: String { "outcome" }

  public var agreementID: AgreementID
  public var version: UInt64
  public var toBuyer: UInt256
  public var toSeller: UInt256
  /// The contract takes it while time is below this.
  public var validUntil: UInt64

  public init(agreementID: AgreementID, version: UInt64, toBuyer: UInt256, toSeller: UInt256, validUntil: UInt64) {
    self.agreementID = agreementID
    self.version = version
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.validUntil = validUntil
  }

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
  public static var what: String { "proposal" }

  public var agreementID: AgreementID
  public var version: UInt64
  public var proposer: Address
  public var evidenceDigest: Digest
  public var toBuyer: UInt256
  public var toSeller: UInt256
  public var validUntil: UInt64

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

  public var typed: TypedStruct { claim(named: "Proposal", signer: "proposer") }

  public var claimedSigner: Address? { proposer }

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
  public static var what: String { "dispute" }

  /// The counter-outcome; its `proposer` is the disputer.
  public var counter: Proposal

  public init(counter: Proposal) { self.counter = counter }

  public var disputer: Address { counter.proposer }

  public var claimedSigner: Address? { disputer }

  public init?(reading reader: inout ObjectReader) {
    guard let counter = Proposal(reading: &reader, signer: "disputer") else { return nil }
    self.init(counter: counter)
  }

  public var typed: TypedStruct { counter.claim(named: "Dispute", signer: "disputer") }
}

/// The head of an agreement's journal, signed by the coordinator that kept it.
public struct JournalHead: TypedMessage {
  public static var what: String { "journal" }

  public var agreementID: AgreementID
  public var entries: UInt64
  public var head: Digest

  public init(agreementID: AgreementID, entries: UInt64, head: Digest) {
    self.agreementID = agreementID
    self.entries = entries
    self.head = head
  }

  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let entries = reader.uint64("entries")
    let head = reader.digest("head")
    guard let agreementID, let entries, let head else { return nil }
    self.init(agreementID: AgreementID(agreementID), entries: entries, head: head)
  }

  public var typed: TypedStruct {
    TypedStruct(
      name: "JournalHead",
      members: [
        .bytes32("agreementId", agreementID.digest), .uint64("entries", entries), .bytes32("head", head),
      ])
  }
}
