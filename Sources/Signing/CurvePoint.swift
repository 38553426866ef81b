package import Ethereum

/// A point of secp256k1 other than infinity: a public key. The product needs only its address; the rest is there so that
/// the library underneath can be held against vectors.
package struct CurvePoint: Hashable, Sendable {
  /// 4, then x and y, big-endian.
  private let uncompressed: [UInt8]

  /// The point that SEC 1 writes as 33 or 65 bytes.
  ///
  /// - Throws: `notAPoint`.
  package init(bytes: [UInt8]) throws(SigningError) {
    // The library also reads the hybrid forms 6 and 7, which SEC 1 does not know.
    guard let first = bytes.first, first <= 4, let point = SigningContext.shared.uncompressed(bytes) else {
      throw .notAPoint
    }
    uncompressed = point
  }

  /// The base point times a number.
  ///
  /// - Throws: `wrongLength`, `keyOutOfRange`.
  package init(scalar: [UInt8]) throws(SigningError) {
    guard scalar.count == 32 else { throw .wrongLength(expected: "32", found: scalar.count) }
    guard let point = SigningContext.shared.point(ofScalar: scalar) else { throw .keyOutOfRange }
    uncompressed = point
  }

  private init?(_ uncompressed: [UInt8]?) {
    guard let uncompressed else { return nil }
    self.uncompressed = uncompressed
  }

  /// 33 bytes, or 65.
  package func bytes(isCompressed: Bool) -> [UInt8] {
    isCompressed ? [2 + uncompressed[64] & 1] + uncompressed[1...32] : uncompressed
  }

  /// The account of the key.
  package var address: Address { Address(lastBytesOf: Keccak256.hash(Array(uncompressed.dropFirst()))) }

  /// The sum; nil for infinity.
  package func adding(_ other: CurvePoint) -> CurvePoint? {
    CurvePoint(SigningContext.shared.sum(uncompressed, other.uncompressed))
  }

  /// This point and the base point times a number; nil for infinity.
  ///
  /// - Throws: `keyOutOfRange` for a number not below the order.
  package func adding(scalar: [UInt8]) throws(SigningError) -> CurvePoint? {
    guard SigningContext.shared.isBelowOrder(scalar) else { throw .keyOutOfRange }
    return CurvePoint(SigningContext.shared.sum(uncompressed, scalar: scalar))
  }

  /// This point times a number; nil for infinity.
  ///
  /// - Throws: `keyOutOfRange` for a number not below the order.
  package func multiplied(by scalar: [UInt8]) throws(SigningError) -> CurvePoint? {
    guard SigningContext.shared.isBelowOrder(scalar) else { throw .keyOutOfRange }
    return CurvePoint(SigningContext.shared.product(uncompressed, scalar: scalar))
  }

  /// The point with the other y.
  package var negated: CurvePoint? { CurvePoint(SigningContext.shared.negated(uncompressed)) }

  /// Whether r and s, 32 bytes each, are a signature of this key over the digest; s may be high.
  package func verifies(compact: [UInt8], digest: Digest) -> Bool {
    SigningContext.shared.verifies(compact, digest, by: uncompressed)
  }
}
