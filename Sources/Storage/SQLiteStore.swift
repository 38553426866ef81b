/// A store in one SQLite file, for one process. Its calls block a queue of its own, never the cooperative threads.
///
/// **An error from COMMIT means unknown.** Each batch has a number, written with it. After such an error the connection
/// is closed and opened again, which replays or drops the log's end; then a checkpoint makes durable what is there, and
/// the number stored last says whether the batch is in it. Where that cannot be found out, `outcomeUnknown` says so.
public actor SQLiteStore: Store {
  private let executor: QueueExecutor
  /// A serial queue.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private let path: String
  /// Nothing after an error that leaves it doubtful; the next call opens it again.
  private var connection: SQLiteConnection?
  /// Nothing after closing.
  private var directory: DataDirectory?
  /// Whether the log may hold what the disk never confirmed: it can be read, but is not built upon.
  private var mustCheckpoint = true

  /// Opens the store in a directory, which is made if need be; nothing above it is.
  ///
  /// - Throws: `unreachable`, `inUse`, `foreign`, `newerSchema`, `corrupt`, `busy`, `full`, `failed`.
  public static func open(directory path: String) async throws(StorageError) -> SQLiteStore {
    let store = SQLiteStore(path)
    try await store.start()
    return store
  }

  private init(_ path: String) {
    self.path = path
    executor = QueueExecutor(label: "tallystick.storage")
  }

  private func start() throws(StorageError) {
    directory = try DataDirectory(path)
    do throws(StorageError) {
      _ = try current()
    } catch {
      directory = nil
      throw error
    }
  }

  /// Lets go of the file and the lock; every later call throws `closed`.
  public func close() async {
    connection?.close()
    connection = nil
    directory = nil
  }

  private func current() throws(StorageError) -> SQLiteConnection {
    guard let directory else { throw .closed }
    if let connection { return connection }
    let opened = try Self.connect(to: directory.databasePath)
    connection = opened
    mustCheckpoint = true
    do throws(StorageError) {
      try checkpoint(opened)
    } catch {
      // A full disk must not forbid reading; on any other trouble nothing doubtful is shown.
      guard error == .full else {
        drop(opened)
        throw error
      }
    }
    return opened
  }

  private func checkpoint(_ connection: SQLiteConnection) throws(StorageError) {
    guard try connection.run("PRAGMA wal_checkpoint(TRUNCATE)").first?.integer(0) == 0 else { throw .busy }
    mustCheckpoint = false
  }

  /// Closes the connection; the next call opens another one.
  private func drop(_ connection: SQLiteConnection) {
    connection.close()
    self.connection = nil
  }

  /// Remembers everything in the batch, or nothing.
  @discardableResult
  public func commit(_ batch: Batch) async throws(StorageError) -> [OutboxTask] {
    let connection = try current()
    try batch.check()
    if mustCheckpoint { try checkpoint(connection) }
    let number: Int64
    let queued: [OutboxTask]
    do throws(StorageError) {
      try connection.run("BEGIN IMMEDIATE")
      queued = try Self.write(batch, to: connection)
      number = try Self.numberBatch(in: connection)
    } catch {
      rollBack(connection, after: error)
      throw error
    }
    do throws(StorageError) {
      try connection.run("COMMIT")
    } catch {
      drop(connection)
      guard try isCommitted(number) else { throw error }
    }
    return queued
  }

  /// Whether the batch with this number, whose COMMIT failed, is stored and durable.
  private func isCommitted(_ number: Int64) throws(StorageError) -> Bool {
    let last: Int64?
    do throws(StorageError) {
      last = try current().run("SELECT batches FROM progress").first?.integer(0)
    } catch {
      throw .outcomeUnknown
    }
    guard last == number else { return false }
    guard !mustCheckpoint else { throw .outcomeUnknown }
    return true
  }

  private func rollBack(_ connection: SQLiteConnection, after error: StorageError) {
    if connection.isInTransaction {
      do throws(StorageError) { try connection.run("ROLLBACK") } catch { return drop(connection) }
    }
    if error.isDoubtful { drop(connection) }
  }

  /// Runs a query.
  func rows(_ sql: StaticString, _ values: SQLiteValue...) throws(StorageError) -> [SQLiteRow] {
    let connection = try current()
    do throws(StorageError) {
      return try connection.run(sql, values)
    } catch {
      if error.isDoubtful { drop(connection) }
      throw error
    }
  }

  /// Makes something go wrong from here on, until the connection is opened anew.
  package func inject(_ fault: StorageFault) throws(StorageError) { try current().inject(fault) }
}
