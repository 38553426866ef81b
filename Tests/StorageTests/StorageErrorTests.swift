import Ethereum
import Settlement
import Storage
import Testing

@Suite struct StorageErrorTests {
  /// Every message says what to do.
  @Test func `messages tell what happened and what to do`() throws {
    let id = try agreement(1)
    let hex = "0x" + String(repeating: "01", count: 32)
    let table: [(StorageError, String)] = [
      (
        .conflict(id, sequence: 3),
        "entry 3 does not follow the journal of \(hex): read the journal again and decide anew"
      ),
      (
        .nonceTaken(.zero, nonce: 5),
        "nonce 5 of 0x0000000000000000000000000000000000000000 is taken: sign with the next one"
      ),
      (.alreadySigned(4), "task 4 has its transaction: send those bytes"),
      (
        .notAReplacement(4),
        "task 4 has no other transaction of that sender and nonce: read the open tasks again"
      ),
      (.taskNotOpen(4), "task 4 is unknown or finished: read the open tasks again"),
      (.numberTooLarge(1 << 63), "9223372036854775808 is no nonce or block number: it must be below 2^63"),
      (.unreadable(id, sequence: 1), "entry 1 of \(hex) could not be read again: it is too long or too deep"),
      (.inUse(path: "d.lock"), "d.lock is locked: stop the other process that uses this data"),
      (.unreachable(path: "d", errno: 13), "d cannot be opened (errno 13): check that it exists and is yours"),
      (.foreign(path: "d"), "d is another program's database: name another directory"),
      (.newerSchema(found: 2, known: 1), "the data has schema 2, this version knows 1: use the version that wrote it"),
      (.corrupt(what: "task 1"), "task 1 is not what was written: restore a backup"),
      (.busy, "another program holds the database: close it and try again"),
      (.full, "the disk is full: free space and try again"),
      (.failed(code: 10), "the database failed with SQLite code 10: check the disk, then try again"),
      (.outcomeUnknown, "the commit may be stored or not: read the journal again before going on"),
      (.closed, "the store is closed: open it again"),
    ]
    for (error, message) in table { #expect(error.description == message) }
  }
}
