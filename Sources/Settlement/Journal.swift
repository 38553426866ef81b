public import Ethereum
public import JSON
import Terms

/// One line of an agreement's journal. Each carries the digest of the one before, so the last digest names them all.
public struct JournalEntry: Hashable, Sendable {
  /// The agreement whose journal this is.
  public let agreementID: AgreementID
  /// Counted from zero.
  public let sequence: UInt64
  /// The digest of the entry before; zero for the first.
  public let previous: Digest
  /// Block time at which it was recorded, Unix seconds.
  public let at: UInt64
  /// The event's document.
  public let event: JSONValue

  /// RFC 8785 canonical JSON: what is stored, and what the digest is taken of.
  public var bytes: [UInt8] { document.canonicalBytes() }

  /// Keccak-256 of `bytes`.
  public var digest: Digest { Keccak256.hash(bytes) }

  /// The entry as a JSON value, as proofs hold it.
  public var document: JSONValue {
    [
      "agreementId": .string(agreementID.description),
      "at": .string(String(at)),
      "event": event,
      "previous": .string(previous.hex),
      "sequence": .string(String(sequence)),
    ]
  }

  /// Reads `document`; each member that is missing or malformed is a fault of the reader.
  public init?(reading reader: inout ObjectReader) {
    let agreementID = reader.digest("agreementId")
    let at = reader.uint64("at")
    let event = reader.value("event")
    let previous = reader.digest("previous")
    let sequence = reader.uint64("sequence")
    guard let agreementID, let at, let event, let previous, let sequence else { return nil }
    self.init(
      agreementID: AgreementID(agreementID), sequence: sequence, previous: previous, at: at, event: event)
  }

  init(agreementID: AgreementID, sequence: UInt64, previous: Digest, at: UInt64, event: JSONValue) {
    self.agreementID = agreementID
    self.sequence = sequence
    self.previous = previous
    self.at = at
    self.event = event
  }
}

/// An agreement's events in order, and the state they lead to.
public struct Journal: Hashable, Sendable {
  /// The events so far, oldest first.
  public private(set) var entries: [JournalEntry] = []
  /// Nothing before the first event.
  public private(set) var trade: Trade?

  /// A journal without entries.
  public init() {}

  /// Replays entries from a store or a proof.
  ///
  /// The last entry has none after it that names it: who knows the journal's head compares it.
  ///
  /// - Throws: `JournalError` where the chain of digests is broken, an event cannot be read, or the life cycle refuses it.
  public init(replaying entries: [JournalEntry]) throws(JournalError) {
    for entry in entries { try replay(entry) }
  }

  /// Takes the next entry of a store or a proof.
  ///
  /// - Throws: as `init(replaying:)`; nothing has changed then.
  public mutating func replay(_ entry: JournalEntry) throws(JournalError) {
    let place = UInt64(entries.count)
    guard entry.sequence == place, entry.previous == head else { throw .broken(at: place) }
    let event: Event
    do throws(DocumentError) {
      event = try Event(document: entry.event, in: trade?.terms.domain)
    } catch {
      throw .unreadable(at: place, error)
    }
    var next = self
    let appended: JournalEntry
    do throws(SettlementError) {
      appended = try next.append(event, at: entry.at).entry
    } catch {
      throw .refused(at: place, error)
    }
    // Written anew, the entry must be the same: no second form of an event, no other agreement.
    guard appended == entry else { throw .broken(at: place) }
    self = next
  }

  /// The digest of the last entry; zero for none.
  public var head: Digest { entries.last?.digest ?? .zero }

  /// Takes one step of the life cycle and records it.
  ///
  /// - Throws: `SettlementError` where the life cycle refuses the event; nothing has changed then.
  public mutating func append(
    _ event: Event, at now: UInt64
  ) throws(SettlementError) -> (entry: JournalEntry, actions: [Action]) {
    let (trade, actions) = try Lifecycle.step(self.trade, event, at: now)
    let entry = JournalEntry(
      agreementID: trade.id, sequence: UInt64(entries.count), previous: head, at: now, event: event.document)
    self.trade = trade
    entries.append(entry)
    return (entry, actions)
  }

  /// What a coordinator signs to stand for this journal.
  public var signedHead: JournalHead? {
    trade.map { JournalHead(agreementID: $0.id, entries: UInt64(entries.count), head: head) }
  }
}

/// Why entries are no journal.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The entry in this place does not name the one before, or would be written otherwise.
  case broken(at: UInt64)
  /// The event of the entry in this place cannot be read.
  case unreadable(at: UInt64, DocumentError)
  /// The life cycle refuses the event of the entry in this place.
  case refused(at: UInt64, SettlementError)

  /// Which entry, and why.
  public var description: String {
    switch self {
    case .broken(let sequence): "entry \(sequence) does not follow from the one before"
    case .unreadable(let sequence, let error): "entry \(sequence) cannot be read: \(error)"
    case .refused(let sequence, let error): "entry \(sequence) does not hold: \(error)"
    }
  }
}
