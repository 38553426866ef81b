public import Arithmetic

/// An unsigned transaction of any format that this version knows.
public enum Transaction: Hashable, Sendable {
  /// The first format.
  case legacy(LegacyTransaction)
  /// Type 1, EIP-2930.
  case accessList(AccessListTransaction)
  /// Type 2, EIP-1559.
  case feeMarket(FeeMarketTransaction)
  /// Type 3, EIP-4844.
  case blob(BlobTransaction)
  /// Type 4, EIP-7702.
  case setCode(SetCodeTransaction)

  /// The bytes whose hash is signed.
  public var signingPayload: [UInt8] {
    switch self {
    case .legacy(let transaction): transaction.signingPayload
    case .accessList(let transaction): transaction.signingPayload
    case .feeMarket(let transaction): transaction.signingPayload
    case .blob(let transaction): transaction.signingPayload
    case .setCode(let transaction): transaction.signingPayload
    }
  }

  /// What the sender signs: Keccak-256 of the signing payload.
  public var signingHash: Digest { Keccak256.hash(signingPayload) }

  func encoded(yParity: UInt8, r: Digest, s: Digest) -> [UInt8] {
    switch self {
    case .legacy(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .accessList(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .feeMarket(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .blob(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .setCode(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    }
  }
}

extension FeeMarketTransaction {
  /// What the sender signs: Keccak-256 of the signing payload.
  public var signingHash: Digest { Keccak256.hash(signingPayload) }
}

/// What every format has.
extension Transaction {
  /// The number of the format: 0 for the first, else the byte in front of the encoding.
  public var type: UInt8 {
    switch self {
    case .legacy: 0
    case .accessList: AccessListTransaction.type
    case .feeMarket: FeeMarketTransaction.type
    case .blob: BlobTransaction.type
    case .setCode: SetCodeTransaction.type
    }
  }

  /// The chain, or nil for a transaction that is valid on every chain.
  public var chainID: ChainID? {
    switch self {
    case .legacy(let transaction): transaction.chainID
    case .accessList(let transaction): transaction.chainID
    case .feeMarket(let transaction): transaction.chainID
    case .blob(let transaction): transaction.chainID
    case .setCode(let transaction): transaction.chainID
    }
  }

  /// How many transactions the sender has sent before.
  public var nonce: UInt64 {
    switch self {
    case .legacy(let transaction): transaction.nonce
    case .accessList(let transaction): transaction.nonce
    case .feeMarket(let transaction): transaction.nonce
    case .blob(let transaction): transaction.nonce
    case .setCode(let transaction): transaction.nonce
    }
  }

  /// The most that a unit of gas may cost, in wei.
  public var maxFeePerGas: UInt256 {
    switch self {
    case .legacy(let transaction): transaction.gasPrice
    case .accessList(let transaction): transaction.gasPrice
    case .feeMarket(let transaction): transaction.maxFeePerGas
    case .blob(let transaction): transaction.maxFeePerGas
    case .setCode(let transaction): transaction.maxFeePerGas
    }
  }

  /// The most of it that the block's producer gets, in wei.
  public var maxPriorityFeePerGas: UInt256 {
    switch self {
    case .legacy(let transaction): transaction.gasPrice
    case .accessList(let transaction): transaction.gasPrice
    case .feeMarket(let transaction): transaction.maxPriorityFeePerGas
    case .blob(let transaction): transaction.maxPriorityFeePerGas
    case .setCode(let transaction): transaction.maxPriorityFeePerGas
    }
  }

  /// The units of gas that it may use.
  public var gasLimit: UInt64 {
    switch self {
    case .legacy(let transaction): transaction.gasLimit
    case .accessList(let transaction): transaction.gasLimit
    case .feeMarket(let transaction): transaction.gasLimit
    case .blob(let transaction): transaction.gasLimit
    case .setCode(let transaction): transaction.gasLimit
    }
  }

  /// The recipient, or nil to create a contract.
  public var to: Address? {
    switch self {
    case .legacy(let transaction): transaction.to
    case .accessList(let transaction): transaction.to
    case .feeMarket(let transaction): transaction.to
    case .blob(let transaction): transaction.to
    case .setCode(let transaction): transaction.to
    }
  }

  /// The amount sent, in wei.
  public var value: UInt256 {
    switch self {
    case .legacy(let transaction): transaction.value
    case .accessList(let transaction): transaction.value
    case .feeMarket(let transaction): transaction.value
    case .blob(let transaction): transaction.value
    case .setCode(let transaction): transaction.value
    }
  }

  /// The call data, or the code that creates the contract.
  public var data: [UInt8] {
    switch self {
    case .legacy(let transaction): transaction.data
    case .accessList(let transaction): transaction.data
    case .feeMarket(let transaction): transaction.data
    case .blob(let transaction): transaction.data
    case .setCode(let transaction): transaction.data
    }
  }

  /// Accounts and slots announced in advance.
  public var accessList: [AccessListEntry] {
    switch self {
    case .legacy: []
    case .accessList(let transaction): transaction.accessList
    case .feeMarket(let transaction): transaction.accessList
    case .blob(let transaction): transaction.accessList
    case .setCode(let transaction): transaction.accessList
    }
  }
}
