import Ethereum
import Foundation
import JSON
import Settlement
import Storage

// What has no peer here: only how much of it is done in a second.

/// Journal entries of two kilobytes, each committed alone in a directory under `.build`: by the clock on the wall, since
/// what takes the time is the disk.
func store(_ document: Document) async throws {
  let directory = ".build/bench-store-\(getpid())"
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let store = try await SQLiteStore.open(directory: directory)
  let event = try JSONValue(parsing: document.bytes)
  var best = Double.infinity
  for round in 0..<5 {
    let entries = try (0..<200).map { number in
      let id = Keccak256.hash([UInt8(round), UInt8(number)])
      let entry: JSONValue = [
        "agreementId": .string(id.hex), "at": "1700000000", "event": event, "previous": .string(Digest.zero.hex),
        "sequence": "0",
      ]
      var reader = ObjectReader(entry)
      guard let entry = JournalEntry(reading: &reader) else { throw CocoaError(.coderInvalidValue) }
      return entry
    }
    let clock = ContinuousClock()
    let time = try await clock.measure { for entry in entries { try await store.commit(Batch(entries: [entry])) } }
    best = min(best, time / .microseconds(1) / Double(entries.count))
  }
  await store.close()
  Table.row("commit one journal entry of 2 KiB, SQLite, wall", best)
}
