import Ethereum
import Settlement

extension SQLiteStore {
  /// Writes a batch inside the transaction under way; each refusal leaves it to be rolled back.
  static func write(_ batch: Batch, to connection: SQLiteConnection) throws(StorageError) -> [OutboxTask] {
    for entry in batch.entries { try append(entry, to: connection) }
    if let (task, transaction) = batch.transaction { try attach(transaction, to: task, in: connection) }
    if let (task, transaction) = batch.replacement { try addReplacement(transaction, to: task, in: connection) }
    for task in batch.finish {
      let finished = try connection.run(
        "UPDATE tasks SET finished = 1 WHERE id = ? AND finished = 0 RETURNING id", .integer(task))
      guard !finished.isEmpty else { throw .taskNotOpen(task) }
    }
    var queued: [OutboxTask] = []
    for (id, action) in batch.queue {
      let rows = try connection.run(
        "INSERT INTO tasks (agreement, action) VALUES (?, ?) RETURNING id", .blob(id.digest.bytes), .text(action.text))
      for row in rows { queued.append(OutboxTask(id: try row.integer(0), agreementID: id, action: action)) }
    }
    if let cursor = batch.cursor {
      try connection.run("UPDATE progress SET cursor = ?", .integer(Int64(storing: cursor)))
    }
    if let (id, proof) = batch.proof {
      try connection.run(
        """
        INSERT INTO proofs (agreement, digest, bytes) VALUES (?, ?, ?)
        ON CONFLICT (agreement) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes
        """, .blob(id.digest.bytes), .blob(Keccak256.hash(proof).bytes), .blob(proof))
    }
    return queued
  }

  private static func append(_ entry: JournalEntry, to connection: SQLiteConnection) throws(StorageError) {
    let id = SQLiteValue.blob(entry.agreementID.digest.bytes)
    let last = try connection.run(
      "SELECT sequence, digest FROM entries WHERE agreement = ? ORDER BY sequence DESC LIMIT 1", id
    ).first
    guard entry.sequence == (try last?.unsigned(0)).map({ $0 + 1 }) ?? 0,
      entry.previous == (try last?.digest(1)) ?? .zero
    else { throw .conflict(entry.agreementID, sequence: entry.sequence) }
    let bytes = entry.bytes
    try connection.run(
      "INSERT INTO entries (agreement, sequence, digest, bytes) VALUES (?, ?, ?, ?)", id,
      .integer(Int64(storing: entry.sequence)), .blob(Keccak256.hash(bytes).bytes), .blob(bytes))
  }

  private static func attach(
    _ transaction: StoredTransaction, to task: OutboxTask.ID, in connection: SQLiteConnection
  ) throws(StorageError) {
    try requireOpen(task, in: connection)
    guard try connection.run("SELECT 1 FROM transactions WHERE task = ?", .integer(task)).isEmpty else {
      throw .alreadySigned(task)
    }
    let sender = SQLiteValue.blob(transaction.sender.bytes)
    let nonce = SQLiteValue.integer(try Int64(storing: transaction.nonce))
    guard try connection.run("SELECT 1 FROM transactions WHERE sender = ? AND nonce = ?", sender, nonce).isEmpty else {
      throw .nonceTaken(transaction.sender, nonce: transaction.nonce)
    }
    try connection.run(
      "INSERT INTO transactions (task, sender, nonce, hash, raw) VALUES (?, ?, ?, ?, ?)", .integer(task), sender, nonce,
      .blob(transaction.hash.bytes), .blob(transaction.raw))
  }

  private static func addReplacement(
    _ transaction: StoredTransaction, to task: OutboxTask.ID, in connection: SQLiteConnection
  ) throws(StorageError) {
    try requireOpen(task, in: connection)
    let sender = SQLiteValue.blob(transaction.sender.bytes)
    let nonce = SQLiteValue.integer(try Int64(storing: transaction.nonce))
    let hash = SQLiteValue.blob(transaction.hash.bytes)
    guard
      try !connection.run(
        "SELECT 1 FROM transactions WHERE task = ? AND sender = ? AND nonce = ? AND hash <> ?", .integer(task), sender,
        nonce, hash
      ).isEmpty,
      try connection.run("SELECT 1 FROM replacements WHERE task = ? AND hash = ?", .integer(task), hash).isEmpty
    else { throw .notAReplacement(task) }
    try connection.run(
      "INSERT INTO replacements (task, hash, raw) VALUES (?, ?, ?)", .integer(task), hash, .blob(transaction.raw))
  }

  private static func requireOpen(_ task: OutboxTask.ID, in connection: SQLiteConnection) throws(StorageError) {
    guard try !connection.run("SELECT 1 FROM tasks WHERE id = ? AND finished = 0", .integer(task)).isEmpty else {
      throw .taskNotOpen(task)
    }
  }

  /// Counts the batch, so that its number tells later whether it was committed.
  static func numberBatch(in connection: SQLiteConnection) throws(StorageError) -> Int64 {
    let rows = try connection.run("UPDATE progress SET batches = batches + 1 RETURNING batches")
    guard let row = rows.first else { throw .corrupt(what: "the batch number") }
    return try row.integer(0)
  }
}
