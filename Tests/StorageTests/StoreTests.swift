import Ethereum
import Settlement
import Storage
import Testing

/// What every store promises; one body over all of them.
@Suite struct StoreTests {
  @Test(arguments: Implementation.allCases)
  func `a fresh store remembers nothing`(_ implementation: Implementation) async throws {
    try await implementation.withStore { (store) async throws in
      #expect(try await store.agreements() == [])
      #expect(try await store.journal(of: agreement(1)) == [])
      #expect(try await store.openTasks() == [])
      #expect(try await store.transactions(of: agreement(1)) == [])
      #expect(try await store.nextNonce(of: address(7)) == nil)
      #expect(try await store.cursor() == nil)
      #expect(try await store.proof(of: agreement(1)) == nil)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `what was committed is read back`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let (first, second) = (try agreement(2), try agreement(1))
      let entries = try journal(first, count: 2) + journal(second, count: 1)
      let queued = try await store.commit(
        Batch(
          entries: entries, queue: [(second, .prove), (first, .carry(.settleByDefault))], cursor: 17,
          proof: (first, [1, 2, 3])))
      #expect(queued.map(\.agreementID) == [second, first])
      #expect(queued.map(\.action) == [.prove, .carry(.settleByDefault)])
      #expect(try await store.agreements() == [first, second])
      #expect(try await store.journal(of: first) == Array(entries[..<2]))
      #expect(try await store.journal(of: second) == [entries[2]])
      #expect(try await store.openTasks() == queued)
      #expect(try await store.cursor() == 17)
      #expect(try await store.proof(of: first) == [1, 2, 3])
      try await store.commit(Batch(cursor: 16, proof: (first, [])))
      #expect(try await store.cursor() == 16)
      #expect(try await store.proof(of: first) == [])
    }
  }

  @Test(arguments: Implementation.allCases)
  func `every action reads back as itself`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let actions = Route.allCases.map(Action.carry) + [.prove]
      try await store.commit(Batch(queue: try actions.map { (try agreement(1), $0) }))
      #expect(try await store.openTasks().map(\.action) == actions)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a task goes from queued to signed to finished`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let id = try agreement(1)
      let tasks = try await store.commit(Batch(queue: [(id, .carry(.open)), (id, .prove)]))
      let signed = try transaction(nonce: 5)
      try await store.commit(Batch(transaction: (tasks[0].id, signed)))
      #expect(try await store.openTasks().map(\.transactions) == [[signed], []])
      #expect(try await store.nextNonce(of: address(7)) == 6)
      #expect(try await store.nextNonce(of: address(8)) == nil)
      try await store.commit(Batch(finish: [tasks[0].id]))
      #expect(try await store.openTasks() == [tasks[1]])
      #expect(try await store.transactions(of: id) == [signed])
      #expect(try await store.transactions(of: agreement(2)) == [])
      let later = try await store.commit(Batch(queue: [(id, .prove)]))
      #expect(later[0].id > tasks[1].id)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a lost race is a conflict, and nothing of its batch is written`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let (id, other) = (try agreement(1), try agreement(2))
      let stored = try journal(id, count: 2)
      try await store.commit(Batch(entries: stored))
      let rival = try journal(id, count: 1, text: "rival")
      let follower = try journal(id, count: 1, text: "next", after: stored)
      let skipping = try journal(id, count: 2, after: stored)
      let stranger = try journal(id, count: 1, after: rival + journal(id, count: 1, after: rival))
      let attempts = [(stored[1], 1), (rival[0], 0), (skipping[1], 3), (stranger[0], 2)] as [(JournalEntry, UInt64)]
      for (entry, sequence) in attempts {
        let batch = Batch(
          entries: try journal(other, count: 1) + [entry], queue: [(other, .prove)], cursor: 9, proof: (other, [1]))
        await #expect(throws: StorageError.conflict(id, sequence: sequence)) { try await store.commit(batch) }
      }
      #expect(try await store.agreements() == [id])
      #expect(try await store.journal(of: id) == stored)
      #expect(try await store.openTasks() == [])
      #expect(try await store.cursor() == nil)
      #expect(try await store.proof(of: other) == nil)
      try await store.commit(Batch(entries: follower))
      #expect(try await store.journal(of: id) == stored + follower)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a nonce is stored once, and a task has one`(
    _ implementation: Implementation
  ) async throws {
    try await implementation.withStore { store in
      let id = try agreement(1)
      let tasks = try await store.commit(Batch(queue: [(id, .carry(.open)), (id, .carry(.agreed)), (id, .prove)]))
      let first = try transaction(nonce: 0)
      try await store.commit(Batch(transaction: (tasks[0].id, first)))
      await #expect(throws: StorageError.nonceTaken(first.sender, nonce: 0)) {
        try await store.commit(Batch(transaction: (tasks[1].id, try transaction(nonce: 0, "other")), cursor: 1))
      }
      await #expect(throws: StorageError.alreadySigned(tasks[0].id)) {
        try await store.commit(Batch(transaction: (tasks[0].id, try transaction(nonce: 1)), cursor: 1))
      }
      await #expect(throws: StorageError.taskNotOpen(99)) {
        try await store.commit(Batch(transaction: (99, try transaction(nonce: 1)), cursor: 1))
      }
      try await store.commit(Batch(finish: [tasks[2].id]))
      for finished in [Batch(transaction: (tasks[2].id, try transaction(nonce: 1))), Batch(finish: [tasks[2].id])] {
        await #expect(throws: StorageError.taskNotOpen(tasks[2].id)) { try await store.commit(finished) }
      }
      #expect(try await store.transactions(of: id) == [first])
      #expect(try await store.cursor() == nil)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `what could not be read again is not written`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let id = try agreement(1)
      let long = try journal(id, count: 1, text: String(repeating: "x", count: 1 << 20))
      await #expect(throws: StorageError.unreadable(id, sequence: 0)) { try await store.commit(Batch(entries: long)) }
      let task = try await store.commit(Batch(queue: [(id, .prove)]))[0].id
      await #expect(throws: StorageError.numberTooLarge(1 << 63)) { try await store.commit(Batch(cursor: 1 << 63)) }
      await #expect(throws: StorageError.numberTooLarge(.max)) {
        try await store.commit(Batch(transaction: (task, try transaction(nonce: .max))))
      }
      try await store.commit(Batch(transaction: (task, try transaction(nonce: 1 << 63 - 1)), cursor: 1 << 63 - 1))
      #expect(try await store.nextNonce(of: address(7)) == 1 << 63)
      #expect(try await store.cursor() == 1 << 63 - 1)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a thousand commits keep their order`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let ids = try (0..<10).map { try agreement($0) }
      let journals = try ids.map { try journal($0, count: 100) }
      for sequence in 0..<100 {
        for (id, journal) in zip(ids, journals) {
          try await store.commit(Batch(entries: [journal[sequence]], queue: [(id, .prove)], cursor: UInt64(sequence)))
        }
      }
      #expect(try await store.agreements() == ids)
      for (id, journal) in zip(ids, journals) { #expect(try await store.journal(of: id) == journal) }
      let tasks = try await store.openTasks()
      #expect(tasks.map(\.agreementID) == (0..<100).flatMap { _ in ids })
      #expect(tasks.map(\.id) == tasks.map(\.id).sorted())
    }
  }

  @Test(arguments: Implementation.allCases)
  func `of many who write the same entry at once, one succeeds`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      let id = try agreement(1)
      let entry = try journal(id, count: 1)
      let winners = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<32 {
          group.addTask {
            do throws(StorageError) {
              try await store.commit(Batch(entries: entry, queue: [(id, .prove)]))
              return true
            } catch { return false }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(winners == 1)
      #expect(try await store.openTasks().count == 1)
    }
  }

  @Test(arguments: Implementation.allCases)
  func `a closed store refuses everything`(_ implementation: Implementation) async throws {
    try await implementation.withStore { store in
      await store.close()
      await #expect(throws: StorageError.closed) { try await store.commit(Batch(cursor: 1)) }
      await #expect(throws: StorageError.closed) { try await store.agreements() }
      await #expect(throws: StorageError.closed) { try await store.journal(of: agreement(1)) }
      await #expect(throws: StorageError.closed) { try await store.openTasks() }
      await #expect(throws: StorageError.closed) { try await store.transactions(of: agreement(1)) }
      await #expect(throws: StorageError.closed) { try await store.nextNonce(of: address(7)) }
      await #expect(throws: StorageError.closed) { try await store.cursor() }
      await #expect(throws: StorageError.closed) { try await store.proof(of: agreement(1)) }
    }
  }
}
