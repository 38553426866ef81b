public import Arithmetic

/// An account's word that it runs a contract's code as its own.
///
/// - Source: EIP-7702.
public struct Authorization: Hashable, Sendable {
  /// The chain, or 0 for every chain.
  public var chainID: UInt256
  /// The contract; the zero address takes an earlier word back.
  public var address: Address
  /// How many transactions and authorizations the account has sent before.
  public var nonce: UInt64

  /// An authorization of these.
  public init(chainID: UInt256, address: Address, nonce: UInt64) {
    self.chainID = chainID
    self.address = address
    self.nonce = nonce
  }

  fileprivate var items: [RLPItem] { [.integer(chainID), .bytes(address.bytes), .integer(nonce)] }

  /// What the account signs: Keccak-256 of 0x05 and the RLP of the three.
  public var signingHash: Digest { Keccak256.hash([5] + RLPItem.list(items).encoded()) }
}

/// An authorization with its signature, as found: whether it is one, and whose, is for the signing module to say.
public struct SignedAuthorization: Hashable, Sendable {
  /// What was signed.
  public let authorization: Authorization
  /// Which of two points the signature means; 0 or 1 in one that holds.
  public let yParity: UInt8
  /// The signature's first number, big-endian.
  public let r: Digest
  /// The signature's second number, big-endian.
  public let s: Digest

  /// An authorization with the signature over its `signingHash`.
  public init(_ authorization: Authorization, yParity: UInt8, r: Digest, s: Digest) {
    self.authorization = authorization
    self.yParity = yParity
    self.r = r
    self.s = s
  }

  var item: RLPItem {
    .list(authorization.items + [.integer(UInt64(yParity)), .integer(UInt256(r)), .integer(UInt256(s))])
  }

  init(_ item: RLPItem) throws(EthereumError) {
    var fields = try RLPFields(item, of: "transaction.authorizationList", count: 6...6)
    authorization = Authorization(
      chainID: try fields.uint256("chainId"), address: try fields.address("address"), nonce: try fields.uint64("nonce"))
    // A block may hold an authorization that does not hold, as long as each number keeps its width.
    guard let parity = UInt8(exactly: try fields.uint64("yParity")) else {
      throw .field("transaction.authorizationList.yParity", expected: "an integer below 256")
    }
    yParity = parity
    r = Digest(try fields.uint256("r"))
    s = Digest(try fields.uint256("s"))
  }
}
