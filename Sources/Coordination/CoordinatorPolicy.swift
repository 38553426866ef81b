public import Arithmetic
public import Chain

/// What the operator decides.
public struct CoordinatorPolicy: Hashable, Sendable {
  /// Blocks, the one that holds a transaction included, before it counts as final. A full node answers for about the last
  /// hundred blocks; beyond that it must keep old state.
  public var confirmations: UInt64
  /// Blocks of logs asked for in one call; providers refuse wide ranges.
  public var logRangeMax: UInt64
  /// Blocks taken in one round at most; what is under way must not wait for all of a long pause.
  public var blocksPerRoundMax: UInt64 = 1_000
  /// How many such ranges are searched for an escrow that was opened before its signatures came here.
  public var logRangeCountMax: UInt64 = 100
  /// Agreements that are not open yet; anybody can submit and sign those, so they are bounded.
  public var waitingCountMax = 10_000
  /// Gas of one transaction: a proposal with the largest manifest needs under two million, and a hostile token could ask
  /// for a whole block.
  public var gasLimitMax: UInt64 = 5_000_000
  /// How fees follow from the last blocks.
  public var fees: FeePolicy
  /// Wei that any one transaction may cost: one ether, the most that geth passes on (`--rpc.txfeecap`).
  public var costMax: UInt256 = 1_000_000_000_000_000_000
  /// Blocks that a transaction waits before one with higher fees takes its place, if it offers less than the last blocks
  /// ask for.
  public var patience: UInt64 = 3

  /// A policy; a number below one counts as one.
  public init(confirmations: UInt64 = 12, logRangeMax: UInt64 = 1_000, fees: FeePolicy = FeePolicy()) {
    self.confirmations = max(confirmations, 1)
    self.fees = fees
    self.logRangeMax = max(logRangeMax, 1)
  }

  /// The fees of a transaction that may use so much gas.
  func fees(forGas gas: UInt64) -> FeePolicy {
    var fees = fees
    if let affordable = try? costMax.divided(by: max(UInt256(gas), 1), rounding: .floor) {
      fees.maxFeePerGasMax = min(fees.maxFeePerGasMax ?? .max, affordable)
    }
    return fees
  }

  /// The highest block that is final under a head, where there is one.
  func horizon(under head: UInt64) -> UInt64? {
    head >= confirmations - 1 ? head - (confirmations - 1) : nil
  }
}
