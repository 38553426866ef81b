internal import Foundation
import Ethereum
import Settlement
import Storage
import Testing

/// What only a store on a disk can promise.
@Suite struct SQLiteStoreTests {
  /// One journal entry, one open and signed task, a cursor and a proof.
  private func fill(_ store: SQLiteStore) async throws {
    let id = try agreement(1)
    let task = try await store.commit(
      Batch(entries: try journal(id, count: 3, text: "flipme"), queue: [(id, .carry(.open))], cursor: 4))[0].id
    try await store.commit(
      Batch(transaction: (task, try transaction(nonce: 3, "rawbytes")), proof: (id, Array("proofbytes".utf8))))
  }

  @Test func `opening again gives the same content`() async throws {
    try await withDirectory { directory in
      let id = try agreement(1)
      var store = try await SQLiteStore.open(directory: directory)
      try await fill(store)
      let (entries, tasks) = (try await store.journal(of: id), try await store.openTasks())
      await store.close()
      store = try await SQLiteStore.open(directory: directory)
      #expect(try await store.agreements() == [id])
      #expect(try await store.journal(of: id) == entries)
      #expect(try await store.openTasks() == tasks)
      #expect(try await store.transactions(of: id) == [transaction(nonce: 3, "rawbytes")])
      #expect(try await store.nextNonce(of: address(7)) == 4)
      #expect(try await store.cursor() == 4)
      #expect(try await store.proof(of: id) == Array("proofbytes".utf8))
      try await store.commit(Batch(entries: try journal(id, count: 1, after: entries)))
      await store.close()
    }
  }

  @Test func `a second opener is refused until the first has closed`() async throws {
    try await withDirectory { directory in
      let first = try await SQLiteStore.open(directory: directory)
      await #expect(throws: StorageError.inUse(path: databaseURL(directory).path + ".lock")) {
        try await SQLiteStore.open(directory: directory)
      }
      try await first.commit(Batch(cursor: 1))
      await first.close()
      let second = try await SQLiteStore.open(directory: directory)
      #expect(try await second.cursor() == 1)
      await second.close()
    }
  }

  /// A process that is being started holds copies of all descriptors until it runs its program.
  @Test func `a copy of the lock's descriptor in a starting process does not hold the lock`() async throws {
    try await withDirectory { directory in
      let first = try await SQLiteStore.open(directory: directory)
      let lock = databaseURL(directory).path + ".lock"
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
      let held = try #require(
        descriptors.first {
          let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
          return target?.hasSuffix(lock) == true
        })
      let copy = dup(held)
      defer { close(copy) }
      await first.close()
      let second = try await SQLiteStore.open(directory: directory)
      await second.close()
    }
  }

  @Test func `files are for their owner and this connection alone`() async throws {
    try await withDirectory { directory in
      let store = try await SQLiteStore.open(directory: directory)
      try await fill(store)
      let manager = FileManager.default
      func mode(_ path: String) throws -> Int? { try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
      #expect(try mode(directory) == 0o700)
      let files = try manager.contentsOfDirectory(atPath: directory)
      #expect(Set(files).isSuperset(of: ["tallystick.sqlite", "tallystick.sqlite-wal", "tallystick.sqlite.lock"]))
      // No memory to share with another connection: SQLite's own lock is held for good.
      #expect(!files.contains("tallystick.sqlite-shm"))
      for file in files { #expect(try mode(directory + "/" + file) == 0o600, "\(file)") }
      await store.close()
    }
  }

  @Test func `a directory that cannot be made is unreachable`() async throws {
    try await withDirectory { directory in
      await #expect(throws: StorageError.unreachable(path: directory + "/inner", errno: ENOENT)) {
        try await SQLiteStore.open(directory: directory + "/inner")
      }
    }
  }

  /// Opens a filled store again after its file was changed.
  private func reopening(
    _ change: (inout Data) throws -> Void, _ body: (_ open: () async throws -> SQLiteStore) async throws -> Void
  ) async throws {
    try await withDirectory { directory in
      let store = try await SQLiteStore.open(directory: directory)
      try await fill(store)
      await store.close()
      var file = try Data(contentsOf: databaseURL(directory))
      try change(&file)
      try file.write(to: databaseURL(directory))
      try await body { try await SQLiteStore.open(directory: directory) }
    }
  }

  @Test(arguments: ["flipme", "rawbytes", "proofbytes"])
  func `a flipped bit in a row is detected`(_ text: String) async throws {
    try await reopening { file in
      let place = try #require(file.range(of: Data(text.utf8))).lowerBound
      file[place] ^= 1
    } _: { open in
      let store = try await open()
      let id = try agreement(1)
      switch text {
      case "flipme":
        let error = await #expect(throws: StorageError.self) { try await store.journal(of: id) }
        guard case .corrupt = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      case "rawbytes":
        let error = StorageError.corrupt(what: "transaction 3 of \(try address(7).checksummed)")
        await #expect(throws: error) { try await store.openTasks() }
        await #expect(throws: error) { try await store.transactions(of: id) }
      default:
        await #expect(throws: StorageError.corrupt(what: "the proof of \(id)")) { try await store.proof(of: id) }
      }
      await store.close()
    }
  }

  // Offsets in the file's header: https://www.sqlite.org/fileformat2.html section 1.3.
  @Test func `data of a later version is refused`() async throws {
    try await reopening {
      $0.replaceSubrange(60..<64, with: [0, 0, 1, 0])
    } _: { open in
      await #expect(throws: StorageError.newerSchema(found: 256, known: 2)) { _ = try await open() }
    }
  }

  @Test func `another program's database is refused`() async throws {
    try await reopening {
      $0.replaceSubrange(68..<72, with: [0, 0, 0, 0])
    } _: { open in
      let error = await #expect(throws: StorageError.self) { _ = try await open() }
      guard case .foreign = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func `a damaged file is refused`() async throws {
    try await reopening {
      $0.replaceSubrange(4096..<5120, with: [UInt8](repeating: 0xa5, count: 1024))
    } _: { open in
      await #expect(throws: StorageError.corrupt(what: "the database file")) { _ = try await open() }
    }
    try await reopening {
      $0.replaceSubrange(0..<16, with: Data("not a database!!".utf8))
    } _: { open in
      await #expect(throws: StorageError.corrupt(what: "the database file")) { _ = try await open() }
    }
  }

  // MARK: - Faults

  private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    try await withDirectory { directory in
      let store = try await SQLiteStore.open(directory: directory)
      try await fill(store)
      try await body(store)
      await store.close()
    }
  }

  @Test func `on a full disk nothing is half-written, and reading goes on`() async throws {
    try await withStore { store in
      let id = try agreement(1)
      let stored = try await store.journal(of: id)
      try await store.inject(.diskFull)
      let next = try journal(id, count: 1, text: String(repeating: "x", count: 100_000), after: stored)
      for _ in 0..<2 {
        await #expect(throws: StorageError.full) {
          try await store.commit(Batch(entries: next, queue: [(id, .prove)], cursor: 5))
        }
      }
      #expect(try await store.journal(of: id) == stored)
      #expect(try await store.openTasks().count == 1)
      #expect(try await store.cursor() == 4)
      try await store.commit(Batch(cursor: 6))
      #expect(try await store.cursor() == 6)
    }
  }

  @Test func `a commit that failed without effect throws, and can be done again`() async throws {
    try await withStore { store in
      let id = try agreement(1)
      let stored = try await store.journal(of: id)
      let next = Batch(entries: try journal(id, count: 1, after: stored), queue: [(id, .prove)])
      try await store.inject(.commitRefused)
      // SQLITE_CONSTRAINT_COMMITHOOK
      await #expect(throws: StorageError.failed(code: 531)) { try await store.commit(next) }
      #expect(try await store.journal(of: id) == stored)
      #expect(try await store.openTasks().count == 1)
      try await store.commit(next)
      #expect(try await store.journal(of: id) == stored + next.entries)
      #expect(try await store.openTasks().count == 2)
    }
  }

  @Test func `a commit that failed with effect is read back and acknowledged once`() async throws {
    try await withStore { store in
      let id = try agreement(1)
      let stored = try await store.journal(of: id)
      let next = Batch(entries: try journal(id, count: 1, after: stored), queue: [(id, .prove)])
      try await store.inject(.commitUnheard)
      let queued = try await store.commit(next)
      #expect(try await store.openTasks().suffix(1) == queued)
      #expect(try await store.journal(of: id) == stored + next.entries)
      await #expect(throws: StorageError.conflict(id, sequence: 3)) { try await store.commit(next) }
      // A batch with nothing in it that could be looked up is known by its number.
      try await store.inject(.commitUnheard)
      try await store.commit(Batch(cursor: 77))
      #expect(try await store.cursor() == 77)
    }
  }

  @Test func `a commit that cannot be read back is unknown`() async throws {
    try await withDirectory { directory in
      let store = try await SQLiteStore.open(directory: directory)
      try await fill(store)
      try await store.inject(.commitUnheard)
      let away = URL(filePath: directory + ".away")
      try FileManager.default.moveItem(at: URL(filePath: directory), to: away)
      await #expect(throws: StorageError.outcomeUnknown) { try await store.commit(Batch(cursor: 5)) }
      // SQLITE_CANTOPEN: no empty database is put in the place of one that is gone.
      await #expect(throws: StorageError.failed(code: 14)) { try await store.cursor() }
      try FileManager.default.moveItem(at: away, to: URL(filePath: directory))
      #expect(try await store.cursor() == 5)
      await store.close()
    }
  }

  @Test func `what was acknowledged outlives the process being killed`() async throws {
    try await withDirectory { directory in
      for round in 0..<3 {
        await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String, round = round as Int] in
          let store = try await SQLiteStore.open(directory: directory)
          let id = try agreement(UInt8(round))
          let acknowledged = URL(filePath: directory).appending(path: "acknowledged-\(round)")
          try Data().write(to: acknowledged)
          let log = try FileHandle(forWritingTo: acknowledged)
          let killer = Task.detached(priority: .high) {
            // Wherever the writer then is.
            while try Data(contentsOf: acknowledged).count < 40 + 7 * round {}
            kill(getpid(), SIGKILL)
          }
          var entries: [JournalEntry] = []
          while !killer.isCancelled {
            entries += try journal(id, count: 1, after: entries)
            try await store.commit(Batch(entries: entries.suffix(1), queue: [(id, .prove)]))
            try log.write(contentsOf: Data([1]))
          }
        }
        let acknowledged = try Data(contentsOf: URL(filePath: directory).appending(path: "acknowledged-\(round)")).count
        let store = try await SQLiteStore.open(directory: directory)
        let stored = try await store.journal(of: try agreement(UInt8(round))).count
        #expect(acknowledged >= 40 + 7 * round)
        #expect(acknowledged...acknowledged + 1 ~= stored)
        #expect(try await store.openTasks().filter { try $0.agreementID == agreement(UInt8(round)) }.count == stored)
        await store.close()
      }
    }
  }
}
