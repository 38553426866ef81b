internal import Foundation
import Ethereum
import JSON
import Settlement
import Storage
import Testing

/// The implementations that one body of tests runs over.
enum Implementation: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case memory
  case sqlite

  var testDescription: String { rawValue }

  /// A fresh store, closed and removed afterwards.
  func withStore(_ body: (any Store) async throws -> Void) async throws {
    switch self {
    case .memory: try await body(MemoryStore())
    case .sqlite:
      try await withDirectory { directory in
        let store = try await SQLiteStore.open(directory: directory)
        try await body(store)
        await store.close()
      }
    }
  }
}

/// A directory's path that does not exist yet, removed afterwards.
func withDirectory(_ body: (String) async throws -> Void) async throws {
  let directory = FileManager.default.temporaryDirectory.appending(path: "tallystick-\(UUID())")
  defer { try? FileManager.default.removeItem(at: directory) }
  try await body(directory.path(percentEncoded: false))
}

/// Where a store keeps its database.
func databaseURL(_ directory: String) -> URL { URL(filePath: directory).appending(path: "tallystick.sqlite") }

/// An agreement that is nothing but its number.
func agreement(_ number: UInt8) throws -> AgreementID { AgreementID(try Digest([UInt8](repeating: number, count: 32))) }

func address(_ number: UInt8) throws -> Address { try Address([UInt8](repeating: number, count: 20)) }

/// So many entries of a journal, each following the one before. Stores do not ask what an event means.
func journal(_ id: AgreementID, count: Int, text: String = "entry", after: [JournalEntry] = []) throws -> [JournalEntry]
{
  var entries = after
  for _ in 0..<count {
    let document: JSONValue = [
      "agreementId": .string(id.description), "at": .string(String(1_700_000_000 + entries.count)),
      "event": ["name": .string(text), "number": .string(String(entries.count))],
      "previous": .string((entries.last?.digest ?? .zero).hex), "sequence": .string(String(entries.count)),
    ]
    var reader = ObjectReader(document)
    entries.append(try #require(JournalEntry(reading: &reader)))
    try #require(reader.finish().isEmpty)
  }
  return Array(entries.dropFirst(after.count))
}

/// A transaction of sender 7; stores do not ask what its bytes mean.
func transaction(nonce: UInt64, _ text: String = "raw") throws -> StoredTransaction {
  StoredTransaction(sender: try address(7), nonce: nonce, raw: Array("\(text) \(nonce)".utf8))
}
