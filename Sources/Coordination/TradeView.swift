public import Settlement
public import Storage

/// An agreement as the coordinator sees it at one moment.
public struct TradeView: Sendable {
  /// What was submitted and signed, and how far it has come.
  public let trade: Trade
  /// Events so far.
  public let entryCount: Int
  /// The block time of the head, Unix seconds.
  public let now: UInt64
  /// Every route, and whether it is open at this time.
  public let routes: [RouteView]
  /// What keeps the act under way from being carried, in words; nothing when nothing does.
  public let obstacle: String?
  /// Every transaction ever signed for it, oldest first.
  public let transactions: [StoredTransaction]
  /// Whether the proof of its settlement is stored.
  public let hasProof: Bool
}
