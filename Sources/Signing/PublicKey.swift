public import Ethereum

/// A point of the curve: what the signatures of one key are verified with.
///
/// Where the key is known this is some eighth cheaper than recovering the signer.
public struct PublicKey: Sendable {
  /// The account of this key.
  public let address: Address

  private let point: SigningContext.Point

  init(point: SigningContext.Point, address: Address) {
    self.point = point
    self.address = address
  }

  /// Whether this key made the signature over the digest. The signature's parity is not looked at.
  public func verifies(_ signature: Signature, of digest: Digest) -> Bool {
    SigningContext.shared.verify(compact: signature.r.bytes + signature.s.bytes, digest: digest, point: point)
  }
}
