import Chain
import Ethereum
import JSON
import Settlement
import Storage
import Synchronization
import TestSupport

/// The chain behind a node that answers some methods with something of its own.
final class LyingTransport: Transport {
  private let transport: any Transport
  private let lies = Mutex<[String: JSONValue]>([:])

  init(_ transport: any Transport) {
    self.transport = transport
  }

  /// From here on a method has this result; nothing: the true one.
  func answer(_ method: String, with result: JSONValue?) { lies.withLock { $0[method] = result } }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), let method = request["method"]?.asString,
      let result = lies.withLock({ $0[method] })
    else { return try await transport.send(body) }
    let reply: JSONValue = ["jsonrpc": "2.0", "id": request["id"] ?? .null, "result": result]
    return reply.canonicalBytes()
  }
}

/// A store whose commits fail as a seed says: refused, or of an outcome that nobody knows.
actor FaultyStore: Store {
  private let store = MemoryStore()
  private var generator: SeededGenerator
  private(set) var faultCount = 0
  /// What it says is stored for every open task, instead of what is.
  private var forgery: StoredTransaction?

  init(seed: UInt64) {
    generator = SeededGenerator("faults of the store", seed: seed)
  }

  func forge(_ transaction: StoredTransaction?) { forgery = transaction }

  func commit(_ batch: Batch) async throws(StorageError) -> [OutboxTask] {
    switch Int.random(in: 0..<100, using: &generator) {
    case ..<10:
      faultCount += 1
      throw .full
    case ..<20:
      faultCount += 1
      throw .outcomeUnknown
    case ..<35:
      faultCount += 1
      _ = try await store.commit(batch)
      throw .outcomeUnknown
    default: return try await store.commit(batch)
    }
  }

  func agreements() async throws(StorageError) -> [AgreementID] { try await store.agreements() }
  func journal(of id: AgreementID) async throws(StorageError) -> [JournalEntry] { try await store.journal(of: id) }
  func transactions(of id: AgreementID) async throws(StorageError) -> [StoredTransaction] {
    try await store.transactions(of: id)
  }
  func nextNonce(of sender: Address) async throws(StorageError) -> UInt64? { try await store.nextNonce(of: sender) }
  func cursor() async throws(StorageError) -> UInt64? { try await store.cursor() }
  func proof(of id: AgreementID) async throws(StorageError) -> [UInt8]? { try await store.proof(of: id) }
  func close() async { await store.close() }
  func openTasks() async throws(StorageError) -> [OutboxTask] {
    try await store.openTasks().map { task in
      guard let forgery, !task.transactions.isEmpty else { return task }
      return OutboxTask(id: task.id, agreementID: task.agreementID, action: task.action, transactions: [forgery])
    }
  }
}
