public import Ethereum
public import Settlement

/// What is remembered: each agreement's journal, the outbox of what is to be done, the transactions signed for it, and
/// how far the chain's logs were taken.
///
/// Calls are carried out one after another. No secret is ever stored here.
public protocol Store: Sendable {
  /// Remembers everything in the batch, or nothing. When it returns, the batch is committed: it outlives the process.
  ///
  /// - Returns: the tasks that the batch queued, in its order, with their ids.
  /// - Throws: `conflict`, `nonceTaken`, `alreadySigned`, `notAReplacement`, `taskNotOpen`, `numberTooLarge`, `unreadable`,
  ///   `busy`, `full`, `failed`, `corrupt`: nothing was written. `outcomeUnknown`: read the journals again before going on.
  @discardableResult
  func commit(_ batch: Batch) async throws(StorageError) -> [OutboxTask]

  /// All agreements with a journal, in the order in which they came.
  func agreements() async throws(StorageError) -> [AgreementID]

  /// An agreement's journal, in sequence; empty for one that is unknown.
  ///
  /// - Throws: `corrupt` where an entry is not what was written.
  func journal(of id: AgreementID) async throws(StorageError) -> [JournalEntry]

  /// What is queued and not finished, oldest first.
  func openTasks() async throws(StorageError) -> [OutboxTask]

  /// Every transaction ever signed for an agreement, oldest task first, and of each task in the order of signing.
  func transactions(of id: AgreementID) async throws(StorageError) -> [StoredTransaction]

  /// One above the highest nonce stored for a sender; nothing where none is.
  func nextNonce(of sender: Address) async throws(StorageError) -> UInt64?

  /// The number of the last block whose logs were taken; nothing before the first.
  func cursor() async throws(StorageError) -> UInt64?

  /// The last proof stored for an agreement.
  func proof(of id: AgreementID) async throws(StorageError) -> [UInt8]?

  /// Lets go of what is held; every later call throws `closed`. Nothing is saved only here.
  func close() async
}
