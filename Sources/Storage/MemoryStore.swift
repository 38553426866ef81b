public import Ethereum
public import Settlement

/// The reference: what a store means, without a disk.
public actor MemoryStore: Store {
  /// Nothing after closing.
  private var contents: Contents? = Contents()

  /// Nothing remembered yet.
  public init() {}

  /// Remembers everything in the batch, or nothing.
  @discardableResult
  public func commit(_ batch: Batch) async throws(StorageError) -> [OutboxTask] {
    var next = try open()
    try batch.check()
    let queued = try next.take(batch)
    contents = next
    return queued
  }

  /// All agreements with a journal, in the order in which they came.
  public func agreements() async throws(StorageError) -> [AgreementID] { try open().agreements }

  /// An agreement's journal, in sequence.
  public func journal(of id: AgreementID) async throws(StorageError) -> [JournalEntry] {
    try open().journals[id] ?? []
  }

  /// What is queued and not finished, oldest first.
  public func openTasks() async throws(StorageError) -> [OutboxTask] {
    let contents = try open()
    return contents.tasks.filter { !contents.finished.contains($0.id) }
  }

  /// Every transaction ever signed for an agreement, oldest task first, and of each task in the order of signing.
  public func transactions(of id: AgreementID) async throws(StorageError) -> [StoredTransaction] {
    try open().tasks.filter { $0.agreementID == id }.flatMap(\.transactions)
  }

  /// One above the highest nonce stored for a sender; nothing where none is.
  public func nextNonce(of sender: Address) async throws(StorageError) -> UInt64? {
    try open().tasks.flatMap(\.transactions).filter { $0.sender == sender }.map(\.nonce).max().map { $0 + 1 }
  }

  /// The number of the last block whose logs were taken; nothing before the first.
  public func cursor() async throws(StorageError) -> UInt64? { try open().cursor }

  /// The last proof stored for an agreement.
  public func proof(of id: AgreementID) async throws(StorageError) -> [UInt8]? { try open().proofs[id] }

  /// Forgets everything; every later call throws `closed`.
  public func close() async { contents = nil }

  private func open() throws(StorageError) -> Contents {
    guard let contents else { throw .closed }
    return contents
  }

  private struct Contents {
    var agreements: [AgreementID] = []
    var journals: [AgreementID: [JournalEntry]] = [:]
    /// Task n stands at n − 1.
    var tasks: [OutboxTask] = []
    var finished: Set<OutboxTask.ID> = []
    var cursor: UInt64?
    var proofs: [AgreementID: [UInt8]] = [:]

    mutating func take(_ batch: Batch) throws(StorageError) -> [OutboxTask] {
      for entry in batch.entries { try append(entry) }
      if let (task, transaction) = batch.transaction { try attach(transaction, to: task) }
      if let (task, transaction) = batch.replacement { try addReplacement(transaction, to: task) }
      for id in batch.finish {
        _ = try openTask(id)
        finished.insert(id)
      }
      let queued = batch.queue.enumerated().map { offset, task in
        OutboxTask(id: Int64(tasks.count + offset + 1), agreementID: task.0, action: task.1)
      }
      tasks += queued
      cursor = batch.cursor ?? cursor
      if let (id, proof) = batch.proof { proofs[id] = proof }
      return queued
    }

    private mutating func append(_ entry: JournalEntry) throws(StorageError) {
      let journal = journals[entry.agreementID] ?? []
      guard entry.sequence == UInt64(journal.count), entry.previous == journal.last?.digest ?? .zero else {
        throw .conflict(entry.agreementID, sequence: entry.sequence)
      }
      if journal.isEmpty { agreements.append(entry.agreementID) }
      journals[entry.agreementID, default: []].append(entry)
    }

    private mutating func attach(_ transaction: StoredTransaction, to id: OutboxTask.ID) throws(StorageError) {
      let task = try openTask(id)
      guard task.transactions.isEmpty else { throw .alreadySigned(id) }
      let stored = tasks.flatMap(\.transactions)
      guard !stored.contains(where: { $0.sender == transaction.sender && $0.nonce == transaction.nonce }) else {
        throw .nonceTaken(transaction.sender, nonce: transaction.nonce)
      }
      tasks[Int(id) - 1] = OutboxTask(
        id: id, agreementID: task.agreementID, action: task.action, transactions: [transaction])
    }

    private mutating func addReplacement(_ transaction: StoredTransaction, to id: OutboxTask.ID) throws(StorageError) {
      let task = try openTask(id)
      guard let first = task.transactions.first, transaction.sender == first.sender, transaction.nonce == first.nonce,
        !task.transactions.contains(transaction)
      else { throw .notAReplacement(id) }
      tasks[Int(id) - 1] = OutboxTask(
        id: id, agreementID: task.agreementID, action: task.action, transactions: task.transactions + [transaction])
    }

    private func openTask(_ id: OutboxTask.ID) throws(StorageError) -> OutboxTask {
      guard id >= 1, id <= tasks.count, !finished.contains(id) else { throw .taskNotOpen(id) }
      return tasks[Int(id) - 1]
    }
  }
}
