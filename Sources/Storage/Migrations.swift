/// A step from one schema to the next. Steps are numbered by their place, never changed once released, only followed.
struct Migration {
  /// The last one sets `user_version` to the step's number, in the same transaction.
  let statements: [StaticString]
}

extension SQLiteStore {
  /// "taly" in ASCII: says whose database it is.
  static let applicationID: Int64 = 0x7461_6C79

  /// All steps, oldest first.
  static let migrations = [
    Migration(statements: [
      """
      CREATE TABLE entries (
        agreement BLOB NOT NULL CHECK (length(agreement) = 32),
        sequence INTEGER NOT NULL CHECK (sequence >= 0),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        bytes BLOB NOT NULL,
        UNIQUE (agreement, sequence)
      ) STRICT
      """,
      "CREATE INDEX first_entries ON entries (agreement) WHERE sequence = 0",
      """
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY,
        agreement BLOB NOT NULL CHECK (length(agreement) = 32),
        action TEXT NOT NULL,
        finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1))
      ) STRICT
      """,
      "CREATE INDEX open_tasks ON tasks (id) WHERE finished = 0",
      "CREATE INDEX tasks_of_agreement ON tasks (agreement)",
      """
      CREATE TABLE transactions (
        task INTEGER PRIMARY KEY REFERENCES tasks (id),
        sender BLOB NOT NULL CHECK (length(sender) = 20),
        nonce INTEGER NOT NULL CHECK (nonce >= 0),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        raw BLOB NOT NULL,
        UNIQUE (sender, nonce)
      ) STRICT
      """,
      """
      CREATE TABLE proofs (
        agreement BLOB PRIMARY KEY NOT NULL CHECK (length(agreement) = 32),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        bytes BLOB NOT NULL
      ) STRICT
      """,
      """
      CREATE TABLE progress (
        id INTEGER PRIMARY KEY CHECK (id = 0),
        batches INTEGER NOT NULL,
        cursor INTEGER CHECK (cursor >= 0)
      ) STRICT
      """,
      "INSERT INTO progress (id, batches) VALUES (0, 0)",
      "PRAGMA application_id = 1952541817",
      "PRAGMA user_version = 1",
    ]),
    Migration(statements: [
      // Sender and nonce are those of the task's transaction.
      """
      CREATE TABLE replacements (
        id INTEGER PRIMARY KEY,
        task INTEGER NOT NULL REFERENCES transactions (task),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        raw BLOB NOT NULL,
        UNIQUE (task, hash)
      ) STRICT
      """,
      "PRAGMA user_version = 2",
    ]),
  ]
}
