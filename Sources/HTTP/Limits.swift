/// Every bound on what a client may send or take, each with its reason.
public struct Limits: Hashable, Sendable {
  /// Bytes of one body: an agreement with both signatures and full panels stays under 64 KiB; proofs of the largest
  /// real receipts under 1 MiB.
  public var bodyByteCountMax = 1 << 20
  /// Bytes of request line and header fields together: what proxies and browsers send fits in 8 KiB.
  public var headByteCountMax = 16 << 10
  /// Header fields: a browser behind two proxies sends about 30.
  public var headerCountMax = 64
  /// Bytes of a refused body that are read and thrown away, so that a client which sends first and reads later still
  /// sees the refusal instead of a reset connection.
  public var drainedByteCountMax = 8 << 20
  /// Bytes of unfinished bodies over all connections: bounds memory whatever the number of clients.
  public var bufferedByteCountMax = 64 << 20
  /// Open connections: half of the usual 1,024 descriptors; the rest is for the store and the chain.
  public var connectionCountMax = 512
  /// Open connections from one address, so that no single client takes them all. Raise it behind a proxy.
  public var connectionsPerAddressMax = 128
  /// From the opening of a connection, or the end of the reply before, to the end of the head. Absolute: a client that
  /// drips single bytes is cut as well.
  public var headTime: Duration = .seconds(10)
  /// From the end of the head to the end of the body: 1 MiB at 280 kbit/s.
  public var bodyTime: Duration = .seconds(30)
  /// From the first byte of a reply to its last.
  public var replyTime: Duration = .seconds(30)
  /// Without any byte in either direction, in whole seconds.
  public var idleTime: Duration = .seconds(15)

  /// The standard bounds; change single members from here.
  public init() {}
}
