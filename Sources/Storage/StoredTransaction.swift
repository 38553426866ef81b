public import Ethereum

/// A signed transaction as it is sent.
public struct StoredTransaction: Hashable, Sendable {
  /// Who signed it.
  public let sender: Address
  /// Below 2^63.
  public let nonce: UInt64
  /// The encoded transaction, signature included.
  public let raw: [UInt8]
  /// The transaction's name on chain: the Keccak-256 of `raw`.
  public let hash: Digest

  /// The transaction with these bytes; its hash is computed.
  public init(sender: Address, nonce: UInt64, raw: [UInt8]) {
    self.sender = sender
    self.nonce = nonce
    self.raw = raw
    hash = Keccak256.hash(raw)
  }
}
