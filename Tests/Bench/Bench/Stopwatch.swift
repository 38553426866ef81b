import Foundation
import Glibc
import Synchronization

/// Work done so many times; returns something that depends on all of it, so that none can be left out.
typealias Work = @Sendable (_ count: Int) -> Int

/// Two ways of doing the same work, timed in turn, so that a busy machine slows both.
struct Comparison {
  /// The fewest microseconds an operation took, of all samples.
  let ours: Double
  let peer: Double

  /// Samples of some ten milliseconds each, on so many threads at once.
  init(threads: Int = 1, samples: Int = 61, ours: @escaping Work, peer: @escaping Work) {
    let (oursCount, peerCount) = (Self.operations(ours), Self.operations(peer))
    var best = (ours: Double.infinity, peer: Double.infinity)
    for _ in 0..<samples {
      best.ours = min(best.ours, Self.microseconds(threads) { ours(oursCount) } / Double(oursCount))
      best.peer = min(best.peer, Self.microseconds(threads) { peer(peerCount) } / Double(peerCount))
    }
    self.ours = best.ours
    self.peer = best.peer
  }

  /// The fewest microseconds that one operation takes.
  static func best(samples: Int = 61, _ work: @escaping Work) -> Double {
    let count = operations(work)
    return (0..<samples).map { _ in microseconds(1) { work(count) } / Double(count) }.min() ?? .infinity
  }

  private static func operations(_ work: @escaping Work) -> Int {
    var count = 1
    while true {
      let tried = count
      if microseconds(1, { work(tried) }) > 5_000 { return count * 2 }
      count *= 2
    }
  }

  /// What the slowest thread spent on a processor; waiting for one does not count, waiting for each other's memory does.
  private static func microseconds(_ threads: Int, _ work: @escaping @Sendable () -> Int) -> Double {
    if threads == 1 { return timed(work) }
    slowest.withLock { $0 = 0 }
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<threads {
      Thread.detachNewThread {
        let time = timed(work)
        slowest.withLock { $0 = max($0, time) }
        done.signal()
      }
    }
    for _ in 0..<threads { done.wait() }
    return slowest.withLock { $0 }
  }

  private static func timed(_ work: () -> Int) -> Double {
    let start = now()
    keep(work())
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}

private let slowest = Mutex(0.0)
private let kept = Atomic(0)

/// Makes a result count.
@inline(never) private func keep(_ result: Int) { kept.add(result, ordering: .relaxed) }
