import CSecp256k1
import Ethereum

/// The one owner of the library's context and of every pointer that goes into it.
///
/// The context is made and blinded once, before anybody else sees it; from then on it is only read, which the library
/// allows from all threads at once.
@safe final class SigningContext: @unchecked Sendable {
  /// A public key as the library keeps it: a value without pointers.
  typealias Point = secp256k1_pubkey

  static let shared = SigningContext()

  private let context: OpaquePointer

  private init() {
    secp256k1_selftest()
    guard let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
      fatalError("no memory for the signing library, before any input was read")
    }
    var random = SystemRandomNumberGenerator()
    let seed: [UInt8] = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard unsafe secp256k1_context_randomize(context, seed) == 1 else {
      fatalError("the signing library refuses to blind its context")
    }
    unsafe self.context = context
  }

  /// The public key of a private key of 32 bytes; nil when that is zero or not below the order.
  func publicKey(of key: borrowing SecretBytes) -> PublicKey? {
    var point = Point()
    let isValid = unsafe key.withUnsafePointer { key in
      unsafe secp256k1_ec_pubkey_create(context, &point, key) == 1
    }
    return isValid ? PublicKey(point: point, address: address(of: point)) : nil
  }

  /// r and s (32 bytes each) and the recovery id of the deterministic signature (RFC 6979, HMAC-SHA-256), s low.
  func sign(_ digest: Digest, with key: borrowing SecretBytes) -> (compact: [UInt8], recoveryID: Int32)? {
    var signature = secp256k1_ecdsa_recoverable_signature()
    let isSigned = unsafe key.withUnsafePointer { key in
      unsafe secp256k1_ecdsa_sign_recoverable(context, &signature, digest.bytes, key, nil, nil) == 1
    }
    guard isSigned else { return nil }
    var compact = [UInt8](repeating: 0, count: 64)
    var recoveryID: Int32 = 0
    unsafe secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &compact, &recoveryID, &signature)
    return (compact, recoveryID)
  }

  /// Whether the key of this point made the signature over the digest.
  func verify(compact: [UInt8], digest: Digest, point: Point) -> Bool {
    precondition(compact.count == 64)
    var signature = secp256k1_ecdsa_signature()
    guard unsafe secp256k1_ecdsa_signature_parse_compact(context, &signature, compact) == 1 else { return false }
    return unsafe withUnsafePointer(to: point) { point in
      unsafe secp256k1_ecdsa_verify(context, &signature, digest.bytes, point) == 1
    }
  }

  /// The address whose key made the signature over the digest; nil when there is none.
  func recover(compact: [UInt8], recoveryID: Int32, digest: Digest) -> Address? {
    precondition(compact.count == 64 && (0...3).contains(recoveryID))
    var signature = secp256k1_ecdsa_recoverable_signature()
    var point = Point()
    guard
      unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, compact, recoveryID) == 1,
      unsafe secp256k1_ecdsa_recover(context, &point, &signature, digest.bytes) == 1
    else { return nil }
    return address(of: point)
  }

  /// The end of the hash of the point's coordinates, without the byte that says they are both there.
  private func address(of point: Point) -> Address {
    Address(lastBytesOf: Keccak256.hash(uncompressed(point).span.extracting(droppingFirst: 1)))
  }

  /// 4, then x and y (SEC 1, section 2.3.3).
  private func uncompressed(_ point: Point) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = bytes.count
    _ = unsafe withUnsafePointer(to: point) { point in
      unsafe secp256k1_ec_pubkey_serialize(context, &bytes, &count, point, UInt32(SECP256K1_EC_UNCOMPRESSED))
    }
    return bytes
  }
}

/// Points, for `CurvePoint`: in and out as SEC 1 writes them, nil for what is none or infinity.
extension SigningContext {
  func uncompressed(_ bytes: [UInt8]) -> [UInt8]? { parse(bytes).map { uncompressed($0) } }

  private func parse(_ bytes: [UInt8]) -> secp256k1_pubkey? {
    var point = secp256k1_pubkey()
    return unsafe secp256k1_ec_pubkey_parse(context, &point, bytes, bytes.count) == 1 ? point : nil
  }

  func point(ofScalar scalar: [UInt8]) -> [UInt8]? {
    precondition(scalar.count == 32)
    var point = secp256k1_pubkey()
    return unsafe secp256k1_ec_pubkey_create(context, &point, scalar) == 1 ? uncompressed(point) : nil
  }

  func isBelowOrder(_ scalar: [UInt8]) -> Bool {
    guard scalar.count == 32 else { return false }
    return unsafe secp256k1_ec_seckey_verify(context, scalar) == 1 || scalar.allSatisfy { $0 == 0 }
  }

  func sum(_ one: [UInt8], _ other: [UInt8]) -> [UInt8]? {
    guard let one = parse(one), let other = parse(other) else { return nil }
    var result = secp256k1_pubkey()
    let isPoint = unsafe withUnsafePointer(to: one) { one in
      unsafe withUnsafePointer(to: other) { other in
        unsafe secp256k1_ec_pubkey_combine(context, &result, [one, other], 2) == 1
      }
    }
    return isPoint ? uncompressed(result) : nil
  }

  func sum(_ bytes: [UInt8], scalar: [UInt8]) -> [UInt8]? {
    guard var point = parse(bytes) else { return nil }
    return unsafe secp256k1_ec_pubkey_tweak_add(context, &point, scalar) == 1 ? uncompressed(point) : nil
  }

  func product(_ bytes: [UInt8], scalar: [UInt8]) -> [UInt8]? {
    guard var point = parse(bytes) else { return nil }
    return unsafe secp256k1_ec_pubkey_tweak_mul(context, &point, scalar) == 1 ? uncompressed(point) : nil
  }

  func negated(_ bytes: [UInt8]) -> [UInt8]? {
    guard var point = parse(bytes) else { return nil }
    return unsafe secp256k1_ec_pubkey_negate(context, &point) == 1 ? uncompressed(point) : nil
  }

  /// The library verifies only signatures with a low s; one with a high s is brought to its other form first.
  func verifies(_ compact: [UInt8], _ digest: Digest, by key: [UInt8]) -> Bool {
    guard compact.count == 64, let point = parse(key) else { return false }
    var (parsed, low) = (secp256k1_ecdsa_signature(), secp256k1_ecdsa_signature())
    guard unsafe secp256k1_ecdsa_signature_parse_compact(context, &parsed, compact) == 1 else { return false }
    _ = unsafe secp256k1_ecdsa_signature_normalize(context, &low, &parsed)
    return unsafe withUnsafePointer(to: point) { point in
      unsafe secp256k1_ecdsa_verify(context, &low, digest.bytes, point) == 1
    }
  }
}
