import JSON

/// Every bound on what a node may send, each with its reason.
enum Limits {
  /// Bytes of one reply: receipts of the largest mainnet blocks are about 5 MiB as JSON.
  static let replyByteCountMax = 32 << 20
  /// Characters of a node's own error text that are kept: enough for every known one.
  static let errorTextCountMax = 300
  /// Bytes of a revert's reason that are kept.
  static let reasonByteCountMax = 1024
  /// Connections to one node at the same time.
  static let connectionCount = 4

  /// Transactions and receipts nest five levels deep; numbers beyond 2^53 stand in fields that are not read.
  static let reply = JSONLimits(byteCount: replyByteCountMax, depth: 32, memberCount: 1024, keepsWideIntegers: true)
}
