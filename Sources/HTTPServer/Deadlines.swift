import Dispatch
import Glibc
import Synchronization

/// The moment at which each open connection is cut, whatever it is doing then. The library's own timer starts again
/// with every byte; these do not.
///
/// A socket is shut down only under the lock, and `forget` takes the same lock before the library closes the
/// descriptor: so a number that the system has given to another file is never touched.
final class Deadlines: Sendable {
  private let moments = Mutex<[Int32: ContinuousClock.Instant]>([:])
  /// Dispatch sources may be used from any thread, though they are not marked so.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// - Parameter resolution: How late a cut may come.
  init(resolution: Duration) {
    let queue = DispatchQueue(label: "tallystick.http.deadlines")
    let source = DispatchSource.makeTimerSource(queue: queue)
    unsafe timer = source
    let nanoseconds = Int(resolution / .nanoseconds(1))
    source.schedule(deadline: .now(), repeating: .nanoseconds(nanoseconds), leeway: .nanoseconds(nanoseconds / 4))
    source.setEventHandler { [weak self] in self?.cutOverdue() }
    source.activate()
  }

  deinit { unsafe timer.cancel() }

  /// From now on the connection has this much time.
  func allow(_ time: Duration, to socket: Int32) {
    moments.withLock { $0[socket] = .now + time }
  }

  /// The connection has no deadline: its handler runs, or it is about to be closed.
  func forget(_ socket: Int32) {
    moments.withLock { _ = $0.removeValue(forKey: socket) }
  }

  private func cutOverdue() {
    let now = ContinuousClock.now
    moments.withLock { moments in
      for (socket, moment) in moments where moment <= now {
        shutdown(socket, Int32(SHUT_RDWR))
        moments[socket] = nil
      }
    }
  }
}
