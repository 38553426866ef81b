public import Arithmetic

/// A transaction that pays for blobs beside its own gas. The blobs themselves travel next to it, not in it: this is the
/// form that a block holds.
///
/// - Source: EIP-4844.
public struct BlobTransaction: Hashable, Sendable {
  /// The byte in front of the encoding.
  static let type: UInt8 = 3

  /// The chain.
  public var chainID: ChainID
  /// How many transactions the sender has sent before.
  public var nonce: UInt64
  /// The most that the block's producer gets for a unit of gas, in wei.
  public var maxPriorityFeePerGas: UInt256
  /// The most that a unit of gas may cost in all, in wei.
  public var maxFeePerGas: UInt256
  /// The units of gas that it may use.
  public var gasLimit: UInt64
  /// The recipient; this type creates no contract.
  public var to: Address
  /// The amount sent, in wei.
  public var value: UInt256
  /// The call data.
  public var data: [UInt8]
  /// Accounts and slots announced in advance.
  public var accessList: [AccessListEntry]
  /// The most that a unit of blob gas may cost, in wei.
  public var maxFeePerBlobGas: UInt256
  /// The name of each blob: a version byte, then the end of the SHA-256 of its commitment.
  public var blobVersionedHashes: [Digest]

  /// A transaction of these fields.
  public init(
    chainID: ChainID, nonce: UInt64, maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256, gasLimit: UInt64,
    to: Address, value: UInt256 = .zero, data: [UInt8] = [], accessList: [AccessListEntry] = [],
    maxFeePerBlobGas: UInt256, blobVersionedHashes: [Digest]
  ) {
    self.chainID = chainID
    self.nonce = nonce
    self.maxPriorityFeePerGas = maxPriorityFeePerGas
    self.maxFeePerGas = maxFeePerGas
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
    self.accessList = accessList
    self.maxFeePerBlobGas = maxFeePerBlobGas
    self.blobVersionedHashes = blobVersionedHashes
  }

  private var items: [RLPItem] {
    [
      .integer(chainID.rawValue), .integer(nonce), .integer(maxPriorityFeePerGas), .integer(maxFeePerGas),
      .integer(gasLimit), .bytes(to.bytes), .integer(value), .bytes(data), accessList.item,
      .integer(maxFeePerBlobGas), .list(blobVersionedHashes.map { .bytes($0.bytes) }),
    ]
  }

  /// The bytes whose hash is signed.
  public var signingPayload: [UInt8] {
    [Self.type] + RLPItem.list(items).encoded()
  }

  /// The bytes that a block holds, with a signature over the signing payload; `yParity` is 0 or 1.
  public func encoded(yParity: UInt8, r: Digest, s: Digest) -> [UInt8] {
    [Self.type]
      + RLPItem.list(items + [.integer(UInt64(yParity)), .integer(UInt256(r)), .integer(UInt256(s))]).encoded()
  }

  static func decode(_ item: RLPItem) throws(EthereumError) -> (BlobTransaction, SignatureNumbers) {
    var fields = try RLPFields(item, of: "transaction", count: 14...14)
    let transaction = BlobTransaction(
      chainID: ChainID(rawValue: try fields.uint64("chainId")), nonce: try fields.nonce(),
      maxPriorityFeePerGas: try fields.uint256("maxPriorityFeePerGas"),
      maxFeePerGas: try fields.uint256("maxFeePerGas"), gasLimit: try fields.uint64("gasLimit"),
      to: try fields.address("to"), value: try fields.uint256("value"), data: try fields.bytes("data"),
      accessList: try [AccessListEntry](fields.list("accessList")),
      maxFeePerBlobGas: try fields.uint256("maxFeePerBlobGas"),
      blobVersionedHashes: try fields.digests("blobVersionedHashes"))
    return (transaction, try SignatureNumbers(typed: &fields))
  }
}
