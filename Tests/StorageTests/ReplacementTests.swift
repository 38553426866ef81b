internal import Foundation
import Ethereum
import Settlement
import Storage
import Testing

/// Transactions that take another one's place under its nonce.
@Suite struct ReplacementTests {
  @Test(arguments: Implementation.allCases)
  func `replacements are kept behind the first transaction, in order`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let (id, other) = (try agreement(1), try agreement(2))
      let tasks = try await store.commit(
        Batch(queue: [(id, .carry(.open)), (other, .carry(.open)), (id, .carry(.agreed)), (id, .prove)]))
      let texts = ["first", "second", "third"]
      let nonces: [UInt64] = [5, 6, 7]
      for (task, nonce) in zip(tasks, nonces) {
        try await store.commit(Batch(transaction: (task.id, try transaction(nonce: nonce, "first"))))
      }
      for text in texts.dropFirst() {
        for (task, nonce) in zip(tasks, nonces).reversed() {
          try await store.commit(Batch(replacement: (task.id, try transaction(nonce: nonce, text))))
        }
      }
      let expected = try nonces.map { nonce in try texts.map { try transaction(nonce: nonce, $0) } }
      #expect(try await store.openTasks().map(\.transactions) == expected + [[]])
      #expect(try await store.transactions(of: id) == expected[0] + expected[2])
      #expect(try await store.transactions(of: other) == expected[1])
      #expect(try await store.nextNonce(of: address(7)) == 8)
      try await store.commit(Batch(finish: [tasks[0].id]))
      #expect(try await store.openTasks().map(\.transactions) == expected.dropFirst() + [[]])
      #expect(try await store.transactions(of: id) == expected[0] + expected[2])
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a replacement has its task's sender and nonce, and is new`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let id = try agreement(1)
      let tasks = try await store.commit(Batch(queue: [(id, .carry(.open)), (id, .carry(.agreed)), (id, .prove)]))
      let (first, second) = (try transaction(nonce: 3), try transaction(nonce: 3, "dearer"))
      try await store.commit(Batch(transaction: (tasks[0].id, first)))
      try await store.commit(Batch(transaction: (tasks[1].id, try transaction(nonce: 4))))
      try await store.commit(Batch(replacement: (tasks[0].id, second)))
      let strangers: [(OutboxTask.ID, StoredTransaction)] = [
        (tasks[0].id, first), (tasks[0].id, second),
        (tasks[0].id, try transaction(nonce: 4, "other")),
        (tasks[0].id, StoredTransaction(sender: try address(8), nonce: 3, raw: [1])),
        (tasks[2].id, try transaction(nonce: 9)),
      ]
      for (task, stranger) in strangers {
        await #expect(throws: StorageError.notAReplacement(task)) {
          try await store.commit(Batch(queue: [(id, .prove)], replacement: (task, stranger), cursor: 1))
        }
      }
      await #expect(throws: StorageError.alreadySigned(tasks[0].id)) {
        try await store.commit(Batch(transaction: (tasks[0].id, try transaction(nonce: 3, "third"))))
      }
      await #expect(throws: StorageError.numberTooLarge(.max)) {
        try await store.commit(Batch(replacement: (tasks[0].id, try transaction(nonce: .max))))
      }
      try await store.commit(Batch(finish: [tasks[0].id]))
      for closed in [tasks[0].id, 99] {
        await #expect(throws: StorageError.taskNotOpen(closed)) {
          try await store.commit(Batch(replacement: (closed, try transaction(nonce: 3, "third"))))
        }
      }
      #expect(try await store.cursor() == nil)
      #expect(try await store.transactions(of: id) == [first, second, transaction(nonce: 4)])
    }
  }

  /// A bit of it is as little trusted as one of the first transaction's.
  @Test func `a replacement that was changed on disk is detected`() async throws {
    try await withDirectory { directory in
      let id = try agreement(1)
      var store = try await SQLiteStore.open(directory: directory)
      let task = try await store.commit(Batch(queue: [(id, .carry(.open))]))[0].id
      try await store.commit(Batch(transaction: (task, try transaction(nonce: 3))))
      try await store.commit(Batch(replacement: (task, try transaction(nonce: 3, "dearerbytes"))))
      await store.close()
      var file = try Data(contentsOf: databaseURL(directory))
      file[try #require(file.range(of: Data("dearerbytes".utf8))).lowerBound] ^= 1
      try file.write(to: databaseURL(directory))
      store = try await SQLiteStore.open(directory: directory)
      let error = StorageError.corrupt(what: "transaction 3 of \(try address(7).checksummed)")
      await #expect(throws: error) { try await store.openTasks() }
      await #expect(throws: error) { try await store.transactions(of: id) }
      await store.close()
    }
  }

  @Test func `a store of the first schema is opened with all that is in it, and takes replacements`() async throws {
    try await withDirectory { directory in
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
      let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/stores/schema-1.sqlite")
      try FileManager.default.copyItem(at: fixture, to: databaseURL(directory))
      let id = try agreement(1)
      var store = try await SQLiteStore.open(directory: directory)
      #expect(try await store.agreements() == [id])
      #expect(try await store.journal(of: id) == journal(id, count: 3))
      #expect(try await store.transactions(of: id) == [transaction(nonce: 3), transaction(nonce: 4)])
      #expect(try await store.openTasks().map(\.action) == [.carry(.agreed), .prove])
      #expect(try await store.openTasks().map(\.transactions) == [[transaction(nonce: 4)], []])
      #expect(try await store.nextNonce(of: address(7)) == 5)
      #expect(try await store.cursor() == 4)
      #expect(try await store.proof(of: id) == Array("proof".utf8))
      let task = try #require(try await store.openTasks().first).id
      let dearer = try transaction(nonce: 4, "dearer")
      try await store.commit(
        Batch(entries: try journal(id, count: 1, after: try await store.journal(of: id)), replacement: (task, dearer)))
      await store.close()
      store = try await SQLiteStore.open(directory: directory)
      #expect(try await store.journal(of: id) == journal(id, count: 4))
      #expect(try await store.openTasks().map(\.transactions) == [[transaction(nonce: 4), dearer], []])
      await store.close()
    }
  }
}
