/// A transaction with its signature: the bytes that go to the chain, and what they say.
///
/// The signature's numbers are as found; whether they are one, and whose, is for the signing module to say.
public struct SignedTransaction: Hashable, Sendable {
  /// What was signed.
  public let transaction: Transaction
  /// Which of two points the signature means: 0 or 1.
  public let yParity: UInt8
  /// The signature's first number, big-endian.
  public let r: Digest
  /// The signature's second number, big-endian.
  public let s: Digest
  /// The bytes that are sent.
  public let raw: [UInt8]
  /// Keccak-256 of `raw`: the transaction's name on chain.
  public let hash: Digest

  /// A transaction with the signature over its `signingHash`. `yParity` must be 0 or 1.
  public init(_ transaction: Transaction, yParity: UInt8, r: Digest, s: Digest) {
    precondition(yParity <= 1, "the parity of a signature is 0 or 1")
    self.transaction = transaction
    self.yParity = yParity
    self.r = r
    self.s = s
    raw = transaction.encoded(yParity: yParity, r: r, s: s)
    hash = Keccak256.hash(raw)
  }

  /// The transaction in these bytes, in canonical form: legacy with or without a chain, or types 1 to 4.
  ///
  /// - Throws: `unknownType`, `rlp` (offsets count from behind the type byte), `fieldCount`, `field`.
  /// - Source: EIP-2718.
  public init(decoding raw: [UInt8]) throws(EthereumError) {
    guard let type = raw.first else { throw .rlp(.truncated, offset: 0) }
    guard type >= 0xc0 || (1...4).contains(type) else { throw .unknownType(of: "transaction", type) }
    let item = try RLPItem(decoding: type < 0xc0 ? Array(raw.dropFirst()) : raw)
    let numbers: SignatureNumbers
    switch type {
    case AccessListTransaction.type:
      let (accessList, signature) = try AccessListTransaction.decode(item)
      (transaction, numbers) = (.accessList(accessList), signature)
    case FeeMarketTransaction.type:
      let (feeMarket, signature) = try FeeMarketTransaction.decode(item)
      (transaction, numbers) = (.feeMarket(feeMarket), signature)
    case BlobTransaction.type:
      let (blob, signature) = try BlobTransaction.decode(item)
      (transaction, numbers) = (.blob(blob), signature)
    case SetCodeTransaction.type:
      let (setCode, signature) = try SetCodeTransaction.decode(item)
      (transaction, numbers) = (.setCode(setCode), signature)
    default:
      let (legacy, signature) = try LegacyTransaction.decode(item)
      (transaction, numbers) = (.legacy(legacy), signature)
    }
    yParity = numbers.yParity
    r = numbers.r
    s = numbers.s
    self.raw = raw
    hash = Keccak256.hash(raw)
  }

  /// What the sender signed.
  public var signingHash: Digest { transaction.signingHash }
}

/// What a decoded transaction says about its signature.
struct SignatureNumbers {
  let yParity: UInt8
  let r: Digest
  let s: Digest

  /// The last three fields of a typed transaction.
  init(typed fields: inout RLPFields) throws(EthereumError) {
    let parity = try fields.uint64("yParity")
    guard parity <= 1 else { throw .field("transaction.yParity", expected: "0 or 1") }
    try self.init(yParity: UInt8(parity), from: &fields)
  }

  init(yParity: UInt8, from fields: inout RLPFields) throws(EthereumError) {
    self.yParity = yParity
    r = Digest(try fields.uint256("r"))
    s = Digest(try fields.uint256("s"))
  }
}
