import Arithmetic
public import Ethereum

/// A signature over a digest from which the signer is recovered: one form for each, by construction.
public struct Signature: Hashable, Sendable {
  /// The x coordinate of the nonce point: 1..<n, n the order of secp256k1.
  public let r: Digest
  /// 1...n/2 (EIP-2).
  public let s: Digest
  /// 0 or 1: whether the nonce point's y is odd.
  public let yParity: UInt8

  /// A signature of its parts.
  ///
  /// - Throws: `scalarOutOfRange`, `highS`, `badRecoveryByte` unless the parity is 0 or 1.
  public init(r: Digest, s: Digest, yParity: UInt8) throws(SigningError) {
    guard yParity <= 1 else { throw .badRecoveryByte(UInt64(yParity)) }
    let (rScalar, sScalar) = (UInt256(r), UInt256(s))
    guard rScalar > 0, rScalar < Self.order, sScalar > 0, sScalar < Self.order else { throw .scalarOutOfRange }
    guard sScalar <= Self.halfOrder else { throw .highS }
    self.r = r
    self.s = s
    self.yParity = yParity
  }

  /// r, s and a last byte of 0, 1, 27 or 28: 65 bytes.
  ///
  /// - Throws: `wrongLength`, `scalarOutOfRange`, `highS`, `badRecoveryByte`.
  public init(bytes: some Collection<UInt8>) throws(SigningError) {
    guard bytes.count == 65 else { throw .wrongLength(expected: "65: r, s and a recovery byte", found: bytes.count) }
    let bytes = Array(bytes)
    let parity: UInt8
    switch bytes[64] {
    case 0, 27: parity = 0
    case 1, 28: parity = 1
    default: throw .badRecoveryByte(UInt64(bytes[64]))
    }
    try self.init(r: Self.word(bytes[..<32]), s: Self.word(bytes[32..<64]), yParity: parity)
  }

  /// r, then s with the parity in its top bit: 64 bytes (EIP-2098).
  ///
  /// - Throws: `wrongLength`, `scalarOutOfRange`, `highS`.
  public init(compact: some Collection<UInt8>) throws(SigningError) {
    guard compact.count == 64 else {
      throw .wrongLength(expected: "64: r, and s with the parity in its top bit", found: compact.count)
    }
    var bytes = Array(compact)
    let parity = bytes[32] >> 7
    bytes[32] &= 0x7F
    try self.init(r: Self.word(bytes[..<32]), s: Self.word(bytes[32...]), yParity: parity)
  }

  /// The 65 or the 64 bytes as hexadecimal text with `0x`.
  ///
  /// - Throws: `badHex`, `wrongLength`, `scalarOutOfRange`, `highS`, `badRecoveryByte`.
  public init(hex: String) throws(SigningError) {
    let bytes: [UInt8]
    do throws(EthereumError) { bytes = try Hex.decode(hex) } catch { throw .badHex(error) }
    switch bytes.count {
    case 65: try self.init(bytes: bytes)
    case 64: try self.init(compact: bytes)
    default: throw .wrongLength(expected: "65, or 64 in the compact form of EIP-2098", found: bytes.count)
    }
  }

  /// r, s and 27 or 28: the form that contracts and wallets exchange.
  public var bytes: [UInt8] { r.bytes + s.bytes + [27 + yParity] }

  /// r, then s with the parity in its top bit (EIP-2098).
  public var compactBytes: [UInt8] {
    var bytes = r.bytes + s.bytes
    bytes[32] |= yParity << 7
    return bytes
  }

  /// The 65 bytes as hexadecimal text.
  public var hex: String { Hex.encode(bytes) }
}

extension Signature {
  /// The address whose key made this signature over the digest.
  ///
  /// - Throws: `notRecoverable`.
  public func signer(of digest: Digest) throws(SigningError) -> Address {
    let context = SigningContext.shared
    guard let signer = context.recover(compact: r.bytes + s.bytes, recoveryID: Int32(yParity), digest: digest) else {
      throw .notRecoverable
    }
    return signer
  }
}

extension Signature {
  /// The order of secp256k1 (SEC 2, section 2.4.1).
  private static let order: UInt256 = 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFE_BAAE_DCE6_AF48_A03B_BFD2_5E8C_D036_4141
  private static let halfOrder = order >> 1

  private static func word(_ bytes: ArraySlice<UInt8>) throws(SigningError) -> Digest {
    do throws(EthereumError) { return try Digest(bytes) } catch { throw .badHex(error) }
  }
}

extension Signature: CustomStringConvertible {
  /// The same as `hex`.
  public var description: String { hex }
}
