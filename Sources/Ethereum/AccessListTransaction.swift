public import Arithmetic

/// A transaction that announces which accounts and slots it will use.
///
/// - Source: EIP-2930.
public struct AccessListTransaction: Hashable, Sendable {
  /// The byte in front of the encoding.
  static let type: UInt8 = 1

  /// The chain.
  public var chainID: ChainID
  /// How many transactions the sender has sent before.
  public var nonce: UInt64
  /// The price of a unit of gas, in wei.
  public var gasPrice: UInt256
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
    chainID: ChainID, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?, value: UInt256 = .zero,
    data: [UInt8] = [], accessList: [AccessListEntry] = []
  ) {
    self.chainID = chainID
    self.nonce = nonce
    self.gasPrice = gasPrice
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
    self.accessList = accessList
  }

  private var items: [RLPItem] {
    [
      .integer(chainID.rawValue), .integer(nonce), .integer(gasPrice), .integer(gasLimit), .bytes(to?.bytes ?? []),
      .integer(value), .bytes(data), accessList.item,
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

  static func decode(_ item: RLPItem) throws(EthereumError) -> (AccessListTransaction, SignatureNumbers) {
    var fields = try RLPFields(item, of: "transaction", count: 11...11)
    let transaction = AccessListTransaction(
      chainID: ChainID(rawValue: try fields.uint64("chainId")), nonce: try fields.nonce(),
      gasPrice: try fields.uint256("gasPrice"), gasLimit: try fields.uint64("gasLimit"),
      to: try fields.optionalAddress("to"), value: try fields.uint256("value"), data: try fields.bytes("data"),
      accessList: try [AccessListEntry](fields.list("accessList")))
    return (transaction, try SignatureNumbers(typed: &fields))
  }
}
