/// What became of a transaction: the value under its index in a block's receipt trie.
///
/// - Source: Ethereum Yellow Paper, section 4.3.1; EIP-658; EIP-2718.
public struct Receipt: Hashable, Sendable {
  /// How the transaction ended.
  public enum Outcome: Hashable, Sendable {
    /// Whether it succeeded; since Byzantium.
    case status(Bool)
    /// The state's root after it; before Byzantium.
    case stateRoot(Digest)
  }

  /// The transaction's type: 0 for the first format, else the byte in front of the encoding.
  public let type: UInt8
  /// How the transaction ended.
  public let outcome: Outcome
  /// Gas used in the block up to and including the transaction.
  public let cumulativeGasUsed: UInt64
  /// What the contracts recorded.
  public let logs: [Log]
  /// The filter of the logs.
  public let bloom: Bloom

  /// A receipt of these parts; the filter is computed.
  ///
  /// - Throws: `unknownType` for a type above 4.
  public init(
    type: UInt8, outcome: Outcome, cumulativeGasUsed: UInt64, logs: [Log]
  ) throws(EthereumError) {
    guard type <= 4 else { throw .unknownType(of: "receipt", type) }
    self.type = type
    self.outcome = outcome
    self.cumulativeGasUsed = cumulativeGasUsed
    self.logs = logs
    bloom = Bloom(of: logs)
  }

  /// Whether the transaction succeeded; nil where the receipt does not say.
  public var succeeded: Bool? {
    if case .status(let succeeded) = outcome { succeeded } else { nil }
  }

  /// The trie value.
  public func encoded() -> [UInt8] {
    let first: RLPItem =
      switch outcome {
      case .status(let succeeded): .integer(succeeded ? 1 : 0 as UInt64)
      case .stateRoot(let root): .bytes(root.bytes)
      }
    let body = RLPItem.list([
      first, .integer(cumulativeGasUsed), .bytes(bloom.bytes), .list(logs.map(\.item)),
    ])
    return (type == 0 ? [] : [type]) + body.encoded()
  }

  /// The receipt in a trie value of type 0 to 4; its filter must be the one of its logs.
  ///
  /// - Throws: `unknownType`, `rlp` (offsets count from behind the type byte), `fieldCount`, `field`.
  public init(decoding bytes: [UInt8]) throws(EthereumError) {
    guard let first = bytes.first else { throw .rlp(.truncated, offset: 0) }
    let isTyped = first < 0xc0
    guard !isTyped || (1...4).contains(first) else { throw .unknownType(of: "receipt", first) }
    var fields = try RLPFields(
      RLPItem(decoding: isTyped ? Array(bytes.dropFirst()) : bytes), of: "receipt", count: 4...4)
    let outcome: Outcome
    switch try fields.bytes("status") {
    case []: outcome = .status(false)
    case [1]: outcome = .status(true)
    case let root where root.count == 32 && !isTyped: outcome = .stateRoot(try Digest(root))
    default: throw .field("receipt.status", expected: "0, 1 or, before Byzantium, a state root")
    }
    let cumulativeGasUsed = try fields.uint64("cumulativeGasUsed")
    let bloom: Bloom = try fields.fixedBytes("logsBloom")
    let logs = try fields.list("logs").map { item throws(EthereumError) in try Log(item) }
    try self.init(type: isTyped ? first : 0, outcome: outcome, cumulativeGasUsed: cumulativeGasUsed, logs: logs)
    guard bloom == self.bloom else { throw .field("receipt.logsBloom", expected: "the filter of the receipt's logs") }
  }
}
