/// An unsigned transaction of any format that this version knows.
public enum Transaction: Hashable, Sendable {
  /// The first format.
  case legacy(LegacyTransaction)
  /// Type 1, EIP-2930.
  case accessList(AccessListTransaction)
  /// Type 2, EIP-1559.
  case feeMarket(FeeMarketTransaction)

  /// The bytes whose hash is signed.
  public var signingPayload: [UInt8] {
    switch self {
    case .legacy(let transaction): transaction.signingPayload
    case .accessList(let transaction): transaction.signingPayload
    case .feeMarket(let transaction): transaction.signingPayload
    }
  }

  /// What the sender signs: Keccak-256 of the signing payload.
  public var signingHash: Digest { Keccak256.hash(signingPayload) }

  func encoded(yParity: UInt8, r: Digest, s: Digest) -> [UInt8] {
    switch self {
    case .legacy(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .accessList(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    case .feeMarket(let transaction): transaction.encoded(yParity: yParity, r: r, s: s)
    }
  }
}

extension FeeMarketTransaction {
  /// What the sender signs: Keccak-256 of the signing payload.
  public var signingHash: Digest { Keccak256.hash(signingPayload) }
}
