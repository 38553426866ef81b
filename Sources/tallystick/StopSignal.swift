import Glibc
import Synchronization

/// SIGTERM and SIGINT, as something to look at. Everything acknowledged is on disk already, so stopping only ends work.
struct StopSignal {
  private static let requested = Atomic<Bool>(false)
  /// How soon a request to stop is noticed.
  private static let step = Duration.milliseconds(100)

  init() {
    // Made before the handler can run, which must not initialise anything.
    _ = Self.requested.load(ordering: .relaxed)
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in StopSignal.requested.store(true, ordering: .relaxed) }
    }
  }

  /// Returns soon after the process is asked to stop.
  func wait() async {
    while !Self.requested.load(ordering: .relaxed) { try? await Task.sleep(for: Self.step) }
  }
}
