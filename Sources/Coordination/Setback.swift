import Settlement
import Storage

/// How often a task failed for a reason of its own, and when it is tried again. Only a new block can change the answer, and
/// a task that fails for ever must not cost as much as one that works.
struct Setback {
  private(set) var count: UInt64 = 0
  /// The head from which it is tried again.
  private(set) var notBefore: UInt64 = 0

  /// Another failure, under a head: waits one block, then twice as many each time, up to a bound.
  mutating func add(under head: UInt64, blocksMax: UInt64) {
    notBefore = head + min(UInt64(1) << min(count, 32), blocksMax)
    count += 1
  }
}

extension OutboxTask {
  /// Blocks between two attempts at most. Windows end while money is in the vault, so those acts are tried in every block.
  var pauseMax: UInt64 {
    switch action {
    case .carry(.open): 16
    case .carry: 1
    case .prove: 256
    }
  }
}
