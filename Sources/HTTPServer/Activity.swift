import Synchronization

/// How many requests are between their last byte and the end of their reply, and who waits for them to end.
final class Activity: Sendable {
  private struct State {
    var running = 0
    var isStopping = false
    var isStopped = false
    var waitingForQuiet: CheckedContinuation<Void, Never>?
    var waitingForStop: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Counts a request in, or refuses it because the server is stopping.
  func begin() -> Bool {
    state.withLock { state in
      guard !state.isStopping else { return false }
      state.running += 1
      return true
    }
  }

  /// Counts a request out.
  func end() {
    let waiter = state.withLock { state in
      state.running -= 1
      return state.running == 0 ? state.waitingForQuiet.take() : nil
    }
    waiter?.resume()
  }

  /// Refuses requests from now on. True for the first caller, who then stops the server.
  func beginStopping() -> Bool {
    state.withLock { state in
      defer { state.isStopping = true }
      return !state.isStopping
    }
  }

  /// Returns when no request is running. For the first caller of `beginStopping` only.
  func quiet() async {
    await withCheckedContinuation { continuation in
      let isQuiet = state.withLock { state in
        if state.running > 0 { state.waitingForQuiet = continuation }
        return state.running == 0
      }
      if isQuiet { continuation.resume() }
    }
  }

  /// Lets everybody in `stopped` go on.
  func endStopping() {
    let waiters = state.withLock { state in
      state.isStopped = true
      defer { state.waitingForStop = [] }
      return state.waitingForStop
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the server has stopped.
  func stopped() async {
    await withCheckedContinuation { continuation in
      let isStopped = state.withLock { state in
        if !state.isStopped { state.waitingForStop.append(continuation) }
        return state.isStopped
      }
      if isStopped { continuation.resume() }
    }
  }
}
