import CSQLite

/// An open database: the one owner of its `sqlite3`, and of the statements prepared on it.
@safe final class SQLiteConnection {
  private var handle: OpaquePointer?
  private var statements: [String: SQLiteStatement] = [:]

  /// Opens a file that exists.
  init(path: String) throws(StorageError) {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, unsafe tallystick_defend(handle) == SQLITE_OK else {
      unsafe sqlite3_close_v2(handle)
      throw StorageError(sqlite: code)
    }
    unsafe sqlite3_busy_timeout(handle, StorageLimits.busyMilliseconds)
  }

  deinit { close() }

  /// Rolls back what is under way and lets go of the file.
  func close() {
    statements = [:]
    unsafe sqlite3_close_v2(handle)
    unsafe handle = nil
  }

  /// Whether a transaction is under way: some errors end it by themselves.
  var isInTransaction: Bool { unsafe handle != nil && sqlite3_get_autocommit(handle) == 0 }

  /// Runs one statement with these values in place of its question marks.
  @discardableResult
  func run(_ sql: StaticString, _ values: SQLiteValue...) throws(StorageError) -> [SQLiteRow] {
    try run(sql, values)
  }

  func run(_ sql: StaticString, _ values: [SQLiteValue]) throws(StorageError) -> [SQLiteRow] {
    guard let handle = unsafe handle else { throw .closed }
    let key = sql.description
    if let statement = statements[key] { return try statement.run(values) }
    let statement = unsafe try SQLiteStatement(sql, on: handle)
    statements[key] = statement
    return try statement.run(values)
  }

  /// Makes it go wrong until the connection is closed.
  func inject(_ fault: StorageFault) throws(StorageError) {
    switch fault {
    case .commitRefused: unsafe sqlite3_commit_hook(handle, { _ in 1 }, nil)
    case .commitUnheard: unsafe sqlite3_wal_hook(handle, { _, _, _, _ in SQLITE_IOERR }, nil)
    case .diskFull: try run("PRAGMA max_page_count = 1")
    }
  }
}

/// What can be made to go wrong, to see that it is borne.
package enum StorageFault: Sendable {
  /// COMMIT fails and has not committed.
  case commitRefused
  /// COMMIT fails and has committed.
  case commitUnheard
  /// The file cannot grow any more.
  case diskFull
}

extension StorageError {
  /// Whether the connection it came over is not to be trusted any more.
  var isDoubtful: Bool {
    switch self {
    case .failed, .corrupt: true
    default: false
    }
  }

  /// What an extended result code of SQLite means here. The low byte is the primary code.
  init(sqlite code: Int32) {
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    case SQLITE_FULL: self = .full
    case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(what: "the database file")
    default: self = .failed(code: code)
    }
  }
}
