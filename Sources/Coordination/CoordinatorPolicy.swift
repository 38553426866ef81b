public import Chain

/// What the operator decides.
public struct CoordinatorPolicy: Hashable, Sendable {
  /// Blocks, the one that holds a transaction included, before it counts as final.
  public var confirmations: UInt64
  /// Blocks of logs asked for in one call; providers refuse wide ranges.
  public var logRangeMax: UInt64
  /// Agreements that nobody has signed yet; anybody can submit those, so they are bounded.
  public var unsignedCountMax = 10_000
  /// How fees follow from the last blocks.
  public var fees: FeePolicy

  public init(confirmations: UInt64 = 12, logRangeMax: UInt64 = 1_000, fees: FeePolicy = FeePolicy()) {
    self.confirmations = max(confirmations, 1)
    self.fees = fees
    self.logRangeMax = max(logRangeMax, 1)
  }

  /// The highest block that is final under a head, where there is one.
  func horizon(under head: UInt64) -> UInt64? {
    head + 1 >= confirmations ? head + 1 - confirmations : nil
  }
}
