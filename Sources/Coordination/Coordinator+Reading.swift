import Chain
public import Ethereum
public import Settlement
import Storage

/// What anyone may read, from what is committed and the head seen last: nothing here but `probe` asks the node.
extension Coordinator {
  /// What this coordinator works for.
  public nonisolated var service: (domain: TypedDomain, sender: Address, confirmations: UInt64) {
    (domain, sender, policy.confirmations)
  }

  /// Final blocks that may wait while the service is well.
  private static let backlogMax: UInt64 = 64

  /// What kept the sender from paying for gas in the last round, in words; it concerns every agreement.
  public var gasObstacle: String? {
    gasObstacles.isEmpty ? nil : gasObstacles.map(\.description).sorted().joined(separator: "; ")
  }

  /// Whether the node and the store answer, and the blocks are being taken.
  ///
  /// - Returns: the head's number and time in Unix seconds, and the last block that was taken.
  /// - Throws: `CoordinationError.chain`, `.storage`, `.behind`.
  public func probe() async throws(CoordinationError) -> (number: UInt64, timestamp: UInt64, taken: UInt64?) {
    let store = store
    let cursor = try await stored { () throws(StorageError) in try await store.cursor() }
    let head = try await head()
    if let cursor, let horizon = policy.horizon(under: head.number), horizon > cursor + Self.backlogMax {
      throw .behind(blocks: horizon - cursor)
    }
    return (head.number, head.timestamp, cursor)
  }

  /// An agreement's events, as they were committed.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`.
  public func journal(of id: AgreementID) throws(CoordinationError) -> [JournalEntry] {
    guard let journal = journals[id] else { throw .unknownAgreement(id) }
    return journal.entries
  }

  /// Every agreement known here, by id.
  public func agreements() -> [AgreementID] { journals.keys.sorted() }

  /// An agreement and how it stands at the time of the head seen last.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.storage`.
  public func view(_ id: AgreementID) async throws(CoordinationError) -> TradeView {
    guard let journal = journals[id], let trade = journal.trade else { throw .unknownAgreement(id) }
    let now = lastHead.timestamp
    let obstacle = alarms[id] ?? trade.changeNotice ?? obstacles[id]
    let store = store
    return TradeView(
      trade: trade, entryCount: journal.entries.count, now: now,
      routes: try refusing { () throws(SettlementError) in
        try trade.routes(at: now)
      },
      obstacle: obstacle,
      transactions: try await stored { () throws(StorageError) in try await store.transactions(of: id) },
      hasProof: try await proofBytes(id) != nil)
  }

  /// The proof file of a closed agreement.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.notSettled`, `.storage`.
  public func proof(of id: AgreementID) async throws(CoordinationError) -> [UInt8] {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    if let bytes = try await proofBytes(id) { return bytes }
    let reason = (trade.changeNotice ?? obstacles[id]).map { " (\($0))" } ?? ""
    throw .notSettled(id, phase: trade.phase.name + reason)
  }

  private func proofBytes(_ id: AgreementID) async throws(CoordinationError) -> [UInt8]? {
    let store = store
    return try await stored { () throws(StorageError) in try await store.proof(of: id) }
  }
}
