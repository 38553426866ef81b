extension SQLiteStore {
  /// Opens the database, checks that it is ours, whole, and not from a later version, and brings it up to date.
  ///
  /// One connection is all there is, and it holds SQLite's own lock for as long as it lives: no other one can run a
  /// checkpoint, which is what the WAL-reset fault of SQLite before 3.51.3 needs.
  static func connect(to path: String) throws(StorageError) -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path)
    do throws(StorageError) {
      try connection.run("PRAGMA locking_mode = EXCLUSIVE")
      let version = try schemaVersion(connection, path)
      guard try connection.run("PRAGMA journal_mode = WAL").first?.text(0) == "wal" else {
        throw .unreachable(path: path, errno: 0)
      }
      try connection.run("PRAGMA synchronous = FULL")
      try connection.run("PRAGMA foreign_keys = ON")
      try connection.run("PRAGMA trusted_schema = OFF")
      try connection.run("PRAGMA cell_size_check = ON")
      try connection.run("PRAGMA temp_store = MEMORY")
      guard try connection.run("PRAGMA quick_check(1)").first?.text(0) == "ok" else {
        throw .corrupt(what: "the database file")
      }
      for migration in migrations[version...] {
        try connection.run("BEGIN IMMEDIATE")
        for statement in migration.statements { try connection.run(statement) }
        try connection.run("COMMIT")
      }
    } catch {
      connection.close()
      throw error
    }
    return connection
  }

  /// How many migrations the file has behind it; nothing has been written to it yet.
  private static func schemaVersion(_ connection: SQLiteConnection, _ path: String) throws(StorageError) -> Int {
    let version = try connection.run("PRAGMA user_version").first?.integer(0) ?? 0
    let application = try connection.run("PRAGMA application_id").first?.integer(0) ?? 0
    let isEmpty = try connection.run("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty
    guard isEmpty ? application == 0 && version == 0 : application == applicationID && version > 0 else {
      throw .foreign(path: path)
    }
    guard version <= migrations.count else { throw .newerSchema(found: version, known: Int64(migrations.count)) }
    return Int(version)
  }
}
