public import Ethereum
public import Settlement

extension SQLiteStore {
  /// All agreements with a journal, in the order in which they came.
  public func agreements() async throws(StorageError) -> [AgreementID] {
    var agreements: [AgreementID] = []
    for row in try rows("SELECT agreement FROM entries WHERE sequence = 0 ORDER BY rowid") {
      agreements.append(try row.agreementID(0))
    }
    return agreements
  }

  /// An agreement's journal, in sequence. Each entry is checked against its digest, and against the entry before.
  public func journal(of id: AgreementID) async throws(StorageError) -> [JournalEntry] {
    var journal: [JournalEntry] = []
    var head = Digest.zero
    for row in try rows(
      "SELECT digest, bytes FROM entries WHERE agreement = ? ORDER BY sequence", .blob(id.digest.bytes))
    {
      let (digest, bytes) = (try row.digest(0), try row.bytes(1))
      guard Keccak256.hash(bytes) == digest, let entry = JournalEntry(stored: bytes), entry.agreementID == id,
        entry.sequence == UInt64(journal.count), entry.previous == head
      else { throw .corrupt(what: "entry \(journal.count) of \(id)") }
      journal.append(entry)
      head = digest
    }
    return journal
  }

  /// What is queued and not finished, oldest first.
  public func openTasks() async throws(StorageError) -> [OutboxTask] {
    var tasks: [OutboxTask] = []
    let replacements = try replacements(
      in: try rows(
        """
        SELECT sender, nonce, replacements.hash, replacements.raw, tasks.id
        FROM tasks JOIN replacements ON replacements.task = tasks.id JOIN transactions ON transactions.task = tasks.id
        WHERE finished = 0 ORDER BY replacements.id
        """))
    for row in try rows(
      """
      SELECT sender, nonce, hash, raw, id, agreement, action FROM tasks LEFT JOIN transactions ON task = id
      WHERE finished = 0 ORDER BY id
      """)
    {
      let id = try row.integer(4)
      guard let action = Action(text: try row.text(6)) else { throw .corrupt(what: "task \(id)") }
      let transactions = row.values[0] == .null ? [] : [try StoredTransaction(row)] + (replacements[id] ?? [])
      tasks.append(
        OutboxTask(id: id, agreementID: try row.agreementID(5), action: action, transactions: transactions))
    }
    return tasks
  }

  /// What was signed after the first transaction of each task, in the order of the rows.
  private func replacements(
    in rows: [SQLiteRow]
  ) throws(StorageError) -> [OutboxTask.ID: [StoredTransaction]] {
    var replacements: [OutboxTask.ID: [StoredTransaction]] = [:]
    for row in rows { replacements[try row.integer(4), default: []].append(try StoredTransaction(row)) }
    return replacements
  }

  /// Every transaction ever signed for an agreement, oldest task first, and of each task in the order of signing.
  public func transactions(of id: AgreementID) async throws(StorageError) -> [StoredTransaction] {
    var transactions: [StoredTransaction] = []
    let replacements = try replacements(
      in: try rows(
        """
        SELECT sender, nonce, replacements.hash, replacements.raw, tasks.id
        FROM tasks JOIN replacements ON replacements.task = tasks.id JOIN transactions ON transactions.task = tasks.id
        WHERE agreement = ? ORDER BY replacements.id
        """, .blob(id.digest.bytes)))
    for row in try rows(
      "SELECT sender, nonce, hash, raw, id FROM transactions JOIN tasks ON task = id WHERE agreement = ? ORDER BY id",
      .blob(id.digest.bytes))
    {
      transactions.append(try StoredTransaction(row))
      transactions += replacements[try row.integer(4)] ?? []
    }
    return transactions
  }

  /// One above the highest nonce stored for a sender; nothing where none is.
  public func nextNonce(of sender: Address) async throws(StorageError) -> UInt64? {
    let highest = try rows(
      "SELECT nonce FROM transactions WHERE sender = ? ORDER BY nonce DESC LIMIT 1", .blob(sender.bytes)
    ).first?.unsigned(0)
    return highest.map { $0 + 1 }
  }

  /// The number of the last block whose logs were taken; nothing before the first.
  public func cursor() async throws(StorageError) -> UInt64? {
    try rows("SELECT cursor FROM progress WHERE cursor IS NOT NULL").first?.unsigned(0)
  }

  /// The last proof stored for an agreement, checked against its digest.
  public func proof(of id: AgreementID) async throws(StorageError) -> [UInt8]? {
    guard let row = try rows("SELECT digest, bytes FROM proofs WHERE agreement = ?", .blob(id.digest.bytes)).first
    else { return nil }
    let bytes = try row.bytes(1)
    guard Keccak256.hash(bytes) == (try row.digest(0)) else { throw .corrupt(what: "the proof of \(id)") }
    return bytes
  }
}

extension StoredTransaction {
  /// From sender, nonce, hash and bytes.
  fileprivate init(_ row: SQLiteRow) throws(StorageError) {
    self.init(sender: try row.address(0), nonce: try row.unsigned(1), raw: try row.bytes(3))
    guard hash == (try row.digest(2)) else { throw .corrupt(what: "transaction \(nonce) of \(sender.checksummed)") }
  }
}
