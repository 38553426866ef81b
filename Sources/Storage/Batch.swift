public import Settlement

/// What is to be remembered together.
public struct Batch: Sendable {
  /// Each follows the last one stored of its agreement.
  public var entries: [JournalEntry] = []
  /// What has to be done because of the entries.
  public var queue: [(AgreementID, Action)] = []
  /// A transaction signed for an open task, to be stored before it is first sent.
  public var transaction: (task: OutboxTask.ID, StoredTransaction)?
  /// One more for a task that has its transaction, of the same sender and nonce; stored before it is first sent, too.
  public var replacement: (task: OutboxTask.ID, StoredTransaction)?
  /// Tasks that are done.
  public var finish: [OutboxTask.ID] = []
  /// The last block whose logs these entries hold.
  public var cursor: UInt64?
  /// A proof; it replaces the one before.
  public var proof: (AgreementID, [UInt8])?

  /// A batch of these parts; none is needed.
  public init(
    entries: [JournalEntry] = [], queue: [(AgreementID, Action)] = [],
    transaction: (task: OutboxTask.ID, StoredTransaction)? = nil,
    replacement: (task: OutboxTask.ID, StoredTransaction)? = nil, finish: [OutboxTask.ID] = [],
    cursor: UInt64? = nil, proof: (AgreementID, [UInt8])? = nil
  ) {
    self.entries = entries
    self.queue = queue
    self.transaction = transaction
    self.replacement = replacement
    self.finish = finish
    self.cursor = cursor
    self.proof = proof
  }

  /// Refuses what could be written but not be read again.
  func check() throws(StorageError) {
    for entry in entries {
      guard JournalEntry(stored: entry.bytes) == entry else {
        throw .unreadable(entry.agreementID, sequence: entry.sequence)
      }
    }
    for (_, transaction) in [transaction, replacement].compactMap({ $0 }) { _ = try Int64(storing: transaction.nonce) }
    if let cursor { _ = try Int64(storing: cursor) }
  }
}

extension Int64 {
  /// Databases count to 2^63 − 1; nonces and block numbers stay far below.
  ///
  /// - Throws: `numberTooLarge`.
  init(storing number: UInt64) throws(StorageError) {
    guard let stored = Int64(exactly: number) else { throw .numberTooLarge(number) }
    self = stored
  }
}
