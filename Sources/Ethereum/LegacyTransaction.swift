public import Arithmetic

/// A transaction of the first format, bound to a chain or, as before EIP-155, to none.
public struct LegacyTransaction: Hashable, Sendable {
  /// The chain, or nil for a transaction that is valid on every chain.
  public var chainID: ChainID?
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

  /// A transaction of these fields.
  public init(
    chainID: ChainID?, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?, value: UInt256 = .zero,
    data: [UInt8] = []
  ) {
    self.chainID = chainID
    self.nonce = nonce
    self.gasPrice = gasPrice
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
  }

  private var items: [RLPItem] {
    [
      .integer(nonce), .integer(gasPrice), .integer(gasLimit), .bytes(to?.bytes ?? []), .integer(value), .bytes(data),
    ]
  }

  /// The bytes whose hash is signed.
  ///
  /// - Source: EIP-155.
  public var signingPayload: [UInt8] {
    let binding: [RLPItem] = chainID.map { [.integer($0.rawValue), .bytes([]), .bytes([])] } ?? []
    return RLPItem.list(items + binding).encoded()
  }

  /// The bytes that are sent, with a signature over the signing payload; `yParity` is 0 or 1.
  public func encoded(yParity: UInt8, r: Digest, s: Digest) -> [UInt8] {
    RLPItem.list(items + [.integer(recoveryValue(yParity)), .integer(UInt256(r)), .integer(UInt256(s))]).encoded()
  }

  /// `v`: 27 or 28 without a chain, 35 or 36 and twice the chain's number with one.
  func recoveryValue(_ yParity: UInt8) -> UInt256 {
    guard let chainID else { return UInt256(27 + UInt64(yParity)) }
    // 35 + 2 c + p is c + c + (35 + p), and three numbers of 64 bits stay far below 2^256.
    let (double, carry) = chainID.rawValue.multipliedReportingOverflow(by: 2)
    let (low, carryAgain) = double.addingReportingOverflow(35 + UInt64(yParity))
    return UInt256(limbs: [low, (carry ? 1 : 0) + (carryAgain ? 1 : 0), 0, 0])
  }

  static func decode(_ item: RLPItem) throws(EthereumError) -> (LegacyTransaction, SignatureNumbers) {
    var fields = try RLPFields(item, of: "transaction", count: 9...9)
    var transaction = LegacyTransaction(
      chainID: nil, nonce: try fields.nonce(), gasPrice: try fields.uint256("gasPrice"),
      gasLimit: try fields.uint64("gasLimit"), to: try fields.optionalAddress("to"), value: try fields.uint256("value"),
      data: try fields.bytes("data"))
    let v = try fields.uint256("v")
    guard let (chainID, yParity) = Self.binding(recoveryValue: v) else {
      throw .field("transaction.v", expected: "27, 28, or 35 or 36 and twice a chain id")
    }
    transaction.chainID = chainID
    return (transaction, try SignatureNumbers(yParity: yParity, from: &fields))
  }

  /// The chain and the parity that `v` says; nil if it says none.
  static func binding(recoveryValue v: UInt256) -> (chainID: ChainID?, yParity: UInt8)? {
    if v == 27 || v == 28 { return (nil, v == 28 ? 1 : 0) }
    guard let number = try? v.subtracting(35), let chain = (number >> 1).asUInt64 else { return nil }
    return (ChainID(rawValue: chain), UInt8(number.limbs[0] & 1))
  }
}
