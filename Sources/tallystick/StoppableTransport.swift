import Chain
import Synchronization

/// The way to the node, which can be closed: whoever waits for a reply, a round or a request, is let go at once. What it
/// was for is stored, and done at the next start.
final class StoppableTransport: Transport {
  private struct State {
    var isStopped = false
    var running: [UInt64: Task<Result<[UInt8], ChainError>, Never>] = [:]
    var last: UInt64 = 0
  }

  private let transport: CurlTransport
  private let state = Mutex(State())

  init(_ transport: CurlTransport) {
    self.transport = transport
  }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    let transport = transport
    let task = Task { () async -> Result<[UInt8], ChainError> in
      do throws(ChainError) { return .success(try await transport.send(body)) } catch { return .failure(error) }
    }
    let number = state.withLock { state in
      state.last += 1
      state.running[state.last] = task
      if state.isStopped { task.cancel() }
      return state.last
    }
    defer { state.withLock { $0.running[number] = nil } }
    return try await task.value.get()
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      for task in state.running.values { task.cancel() }
    }
  }
}
