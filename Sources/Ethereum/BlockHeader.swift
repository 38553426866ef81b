public import Arithmetic

/// The header of a block: what its hash is the hash of.
///
/// Forks have added fields at the end, each once; a header has those of its fork and all earlier ones.
///
/// - Source: Ethereum Yellow Paper, section 4.3, and the EIP named at each later field.
public struct BlockHeader: Hashable, Sendable {
  /// The block before.
  public let parentHash: Digest
  /// Keccak-256 of the list of ommers; since the merge, of the empty list.
  public let ommersHash: Digest
  /// Who receives the tips.
  public let beneficiary: Address
  /// The root of the state after the block.
  public let stateRoot: Digest
  /// The root of the trie of transactions.
  public let transactionsRoot: Digest
  /// The root of the trie of receipts.
  public let receiptsRoot: Digest
  /// The filter of all logs.
  public let logsBloom: Bloom
  /// The difficulty; 0 since the merge.
  public let difficulty: UInt256
  /// How many blocks came before.
  public let number: UInt64
  /// Units of gas that the block may use.
  public let gasLimit: UInt64
  /// Units of gas that it used.
  public let gasUsed: UInt64
  /// Unix time in seconds.
  public let timestamp: UInt64
  /// Whatever the producer wrote.
  public let extraData: [UInt8]
  /// Proof of work; since the merge, the beacon's randomness.
  public let mixHash: Digest
  /// Proof of work; 0 since the merge.
  public let nonce: FixedBytes<8>
  /// Wei burnt for a unit of gas; since London. EIP-1559.
  public let baseFeePerGas: UInt256?
  /// The root of the trie of withdrawals; since Shanghai. EIP-4895.
  public let withdrawalsRoot: Digest?
  /// Units of blob gas used; since Cancun. EIP-4844.
  public let blobGasUsed: UInt64?
  /// Blob gas above the target, carried on; since Cancun. EIP-4844.
  public let excessBlobGas: UInt64?
  /// The root of the beacon block before; since Cancun. EIP-4788.
  public let parentBeaconBlockRoot: Digest?
  /// The hash of the requests to the consensus layer; since Prague. EIP-7685.
  public let requestsHash: Digest?

  /// A header of these fields.
  ///
  /// - Throws: `field` when a later fork's field is there without an earlier one's.
  public init(
    parentHash: Digest,
    ommersHash: Digest,
    beneficiary: Address,
    stateRoot: Digest,
    transactionsRoot: Digest,
    receiptsRoot: Digest,
    logsBloom: Bloom,
    difficulty: UInt256,
    number: UInt64,
    gasLimit: UInt64,
    gasUsed: UInt64,
    timestamp: UInt64,
    extraData: [UInt8],
    mixHash: Digest,
    nonce: FixedBytes<8>,
    baseFeePerGas: UInt256? = nil,
    withdrawalsRoot: Digest? = nil,
    blobGasUsed: UInt64? = nil,
    excessBlobGas: UInt64? = nil,
    parentBeaconBlockRoot: Digest? = nil,
    requestsHash: Digest? = nil
  ) throws(EthereumError) {
    self.parentHash = parentHash
    self.ommersHash = ommersHash
    self.beneficiary = beneficiary
    self.stateRoot = stateRoot
    self.transactionsRoot = transactionsRoot
    self.receiptsRoot = receiptsRoot
    self.logsBloom = logsBloom
    self.difficulty = difficulty
    self.number = number
    self.gasLimit = gasLimit
    self.gasUsed = gasUsed
    self.timestamp = timestamp
    self.extraData = extraData
    self.mixHash = mixHash
    self.nonce = nonce
    self.baseFeePerGas = baseFeePerGas
    self.withdrawalsRoot = withdrawalsRoot
    self.blobGasUsed = blobGasUsed
    self.excessBlobGas = excessBlobGas
    self.parentBeaconBlockRoot = parentBeaconBlockRoot
    self.requestsHash = requestsHash
    let firstMissing = laterFields.firstIndex { $0.item == nil } ?? laterFields.count
    guard laterFields[firstMissing...].allSatisfy({ $0.item == nil }) else {
      throw .field("header.\(laterFields[firstMissing].name)", expected: "a value, as a later fork's field has one")
    }
  }

  private var laterFields: [(name: String, item: RLPItem?)] {
    [
      ("baseFeePerGas", baseFeePerGas.map { .integer($0) }),
      ("withdrawalsRoot", withdrawalsRoot.map { .bytes($0.bytes) }),
      ("blobGasUsed", blobGasUsed.map { .integer($0) }),
      ("excessBlobGas", excessBlobGas.map { .integer($0) }),
      ("parentBeaconBlockRoot", parentBeaconBlockRoot.map { .bytes($0.bytes) }),
      ("requestsHash", requestsHash.map { .bytes($0.bytes) }),
    ]
  }

  /// The header's RLP.
  public func encoded() -> [UInt8] {
    RLPItem.list(
      [
        .bytes(parentHash.bytes), .bytes(ommersHash.bytes), .bytes(beneficiary.bytes), .bytes(stateRoot.bytes),
        .bytes(transactionsRoot.bytes), .bytes(receiptsRoot.bytes), .bytes(logsBloom.bytes), .integer(difficulty),
        .integer(number), .integer(gasLimit), .integer(gasUsed), .integer(timestamp), .bytes(extraData),
        .bytes(mixHash.bytes), .bytes(nonce.bytes),
      ] + laterFields.compactMap(\.item)
    ).encoded()
  }

  /// The block's hash: Keccak-256 of the encoding.
  public var hash: Digest { Keccak256.hash(encoded()) }

  /// The header in this RLP.
  ///
  /// - Throws: `rlp`, `fieldCount`, `field`.
  public init(decoding bytes: [UInt8]) throws(EthereumError) {
    try self.init(RLPItem(decoding: bytes))
  }

  /// The header in this item, which may be part of a block.
  ///
  /// - Throws: `fieldCount`, `field`.
  public init(_ item: RLPItem) throws(EthereumError) {
    var fields = try RLPFields(item, of: "header", count: 15...21)
    // Arguments are evaluated in order, so every field is read in its turn.
    try self.init(
      parentHash: try fields.fixedBytes("parentHash"),
      ommersHash: try fields.fixedBytes("sha3Uncles"),
      beneficiary: try fields.address("miner"),
      stateRoot: try fields.fixedBytes("stateRoot"),
      transactionsRoot: try fields.fixedBytes("transactionsRoot"),
      receiptsRoot: try fields.fixedBytes("receiptsRoot"),
      logsBloom: try fields.fixedBytes("logsBloom"),
      difficulty: try fields.uint256("difficulty"),
      number: try fields.uint64("number"),
      gasLimit: try fields.uint64("gasLimit"),
      gasUsed: try fields.uint64("gasUsed"),
      timestamp: try fields.uint64("timestamp"),
      extraData: try fields.bytes("extraData"),
      mixHash: try fields.fixedBytes("mixHash"),
      nonce: try fields.fixedBytes("nonce"),
      baseFeePerGas: fields.hasMore ? try fields.uint256("baseFeePerGas") : nil,
      withdrawalsRoot: fields.hasMore ? try fields.fixedBytes("withdrawalsRoot") : nil,
      blobGasUsed: fields.hasMore ? try fields.uint64("blobGasUsed") : nil,
      excessBlobGas: fields.hasMore ? try fields.uint64("excessBlobGas") : nil,
      parentBeaconBlockRoot: fields.hasMore ? try fields.fixedBytes("parentBeaconBlockRoot") : nil,
      requestsHash: fields.hasMore ? try fields.fixedBytes("requestsHash") : nil
    )
  }
}
