public import Arithmetic

/// A transaction that pays the block's base fee and a tip, both capped.
///
/// - Source: EIP-1559.
public struct FeeMarketTransaction: Hashable, Sendable {
  /// The byte in front of the encoding.
  static let type: UInt8 = 2

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
  /// The recipient, or nil to create a contract.
  public var to: Address?
  /// The amount sent, in wei.
  public var value: UInt256
  /// The call data, or the code that creates the contract.
  public var data: [UInt8]
  /// Accounts and slots announced in advance.
  public var accessList: [AccessListEntry]

  /// A transaction of these fields.
  public init(
    chainID: ChainID, nonce: UInt64, maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256, gasLimit: UInt64,
    to: Address?, value: UInt256 = .zero, data: [UInt8] = [], accessList: [AccessListEntry] = []
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
  }

  private var items: [RLPItem] {
    [
      .integer(chainID.rawValue), .integer(nonce), .integer(maxPriorityFeePerGas), .integer(maxFeePerGas),
      .integer(gasLimit), .bytes(to?.bytes ?? []), .integer(value), .bytes(data), accessList.item,
    ]
  }

  /// The bytes whose hash is signed.
  public var signingPayload: [UInt8] {
    [Self.type] + RLPItem.list(items).encoded()
  }

  /// The bytes that are sent, with a signature over the signing payload; `yParity` is 0 or 1.
  public func encoded(yParity: UInt8, r: Digest, s: Digest) -> [UInt8] {
    [Self.type]
      + RLPItem.list(items + [.integer(UInt64(yParity)), .integer(UInt256(r)), .integer(UInt256(s))]).encoded()
  }

  static func decode(_ item: RLPItem) throws(EthereumError) -> (FeeMarketTransaction, SignatureNumbers) {
    var fields = try RLPFields(item, of: "transaction", count: 12...12)
    let transaction = FeeMarketTransaction(
      chainID: ChainID(rawValue: try fields.uint64("chainId")), nonce: try fields.nonce(),
      maxPriorityFeePerGas: try fields.uint256("maxPriorityFeePerGas"),
      maxFeePerGas: try fields.uint256("maxFeePerGas"), gasLimit: try fields.uint64("gasLimit"),
      to: try fields.optionalAddress("to"), value: try fields.uint256("value"), data: try fields.bytes("data"),
      accessList: try [AccessListEntry](fields.list("accessList")))
    return (transaction, try SignatureNumbers(typed: &fields))
  }
}
