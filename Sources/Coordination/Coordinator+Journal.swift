import Chain
import Ethereum
import Settlement
import Storage

/// Recording: what the life cycle allows is committed before anybody is told.
extension Coordinator {
  /// As `record`, for an agreement that is known already.
  func amend(
    _ id: AgreementID, at time: UInt64? = nil, with batch: Batch = Batch(),
    _ decide: (Trade) throws(SettlementError) -> Event?
  ) async throws(CoordinationError) {
    guard journals[id] != nil else { throw .unknownAgreement(id) }
    try await record(id, at: time, with: batch) { (trade) throws(SettlementError) in
      guard let trade else { return nil }
      return try decide(trade)
    }
  }

  /// Decides an event on the present state and commits it with the actions it asks for. Where another commit came first,
  /// the state is read again and the event decided anew.
  ///
  /// - Parameters:
  ///   - time: the block time to record, the head's where none is given.
  ///   - batch: what else belongs into the same commit.
  ///   - decide: the event, or nothing where the state holds it already.
  func record(
    _ id: AgreementID, at time: UInt64? = nil, with batch: Batch = Batch(),
    _ decide: (Trade?) throws(SettlementError) -> Event?
  ) async throws(CoordinationError) {
    let now: UInt64
    if let time { now = time } else { now = try await head().timestamp }
    try await resolveDoubts()
    while true {
      var journal = journals[id] ?? Journal()
      let decided = try refusing { () throws(SettlementError) in
        try decide(journal.trade).map { (event) throws(SettlementError) in try journal.append(event, at: now) }
      }
      guard let (entry, actions) = decided else { return }
      var batch = batch
      batch.entries.append(entry)
      batch.queue += actions.map { (id, $0) }
      if try await commit(batch, [journal]) { return }
    }
  }

  /// Commits a batch and keeps the journals it led to.
  ///
  /// - Returns: false where another commit came first; the journals are read again then.
  func commit(_ batch: Batch, _ journals: [Journal] = []) async throws(CoordinationError) -> Bool {
    let ids = journals.compactMap { $0.trade?.id }
    do throws(StorageError) {
      try await store.commit(batch)
    } catch .conflict {
      for id in ids { keep(try await load(id)) }
      return false
    } catch {
      if error == .outcomeUnknown { doubtful.formUnion(ids) }
      throw .storage(error)
    }
    for journal in journals { keep(journal) }
    return true
  }

  /// Ends a task that has nothing left to do.
  func finish(_ task: OutboxTask) async throws(CoordinationError) {
    _ = try await commit(Batch(finish: [task.id]))
  }

  /// Reads again what a commit of unknown outcome may have written. Nothing is decided on a journal in doubt.
  func resolveDoubts() async throws(CoordinationError) {
    for id in doubtful {
      keep(try await load(id))
      doubtful.remove(id)
    }
  }

  /// A commit may be acknowledged, or a journal read, after a later one: the longer journal is the newer.
  private func keep(_ journal: Journal) {
    guard let id = journal.trade?.id else { return }
    if journal.entries.count > journals[id]?.entries.count ?? 0 { journals[id] = journal }
  }

  func load(_ id: AgreementID) async throws(CoordinationError) -> Journal {
    let store = store
    let entries = try await stored { () throws(StorageError) in try await store.journal(of: id) }
    do throws(JournalError) {
      return try Journal(replaying: entries)
    } catch {
      throw .brokenJournal(id, error)
    }
  }
}

/// The life cycle's errors as the coordinator's own.
func refusing<T>(_ body: () throws(SettlementError) -> T) throws(CoordinationError) -> T {
  do throws(SettlementError) { return try body() } catch { throw .refused(error) }
}

/// The store's errors as the coordinator's own.
func stored<T>(_ body: () async throws(StorageError) -> T) async throws(CoordinationError) -> T {
  do throws(StorageError) { return try await body() } catch { throw .storage(error) }
}

/// The node's errors as the coordinator's own.
func onChain<T>(_ body: () async throws(ChainError) -> T) async throws(CoordinationError) -> T {
  do throws(ChainError) { return try await body() } catch { throw .chain(error) }
}
