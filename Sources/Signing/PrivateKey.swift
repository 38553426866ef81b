public import Ethereum

/// A key that signs. It cannot be copied, and so neither be printed nor logged: everything that prints takes copies.
/// Its bytes lie on one memory page, which is wiped at its end.
public struct PrivateKey: ~Copyable, Sendable {
  /// What its signatures are verified with.
  public let publicKey: PublicKey

  /// The account of this key.
  public var address: Address { publicKey.address }

  let secret: SecretBytes

  /// The key with these 32 bytes. The caller's bytes are copied, not wiped.
  ///
  /// - Throws: `wrongLength`, `keyOutOfRange`, `outOfMemory`.
  public init(bytes: [UInt8]) throws(SigningError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: "32", found: bytes.count) }
    var secret = try SecretBytes(count: 32)
    secret.withMutableSpan { secret in
      for index in bytes.indices { secret[index] = bytes[index] }
    }
    try self.init(secret)
  }

  /// A key whose 32 bytes are already in place.
  init(_ secret: consuming SecretBytes) throws(SigningError) {
    guard let publicKey = SigningContext.shared.publicKey(of: secret) else { throw .keyOutOfRange }
    self.publicKey = publicKey
    self.secret = secret
  }

  /// A new key from the system's random numbers.
  ///
  /// - Throws: `outOfMemory`; `keyOutOfRange` once in 2^127 calls.
  public static func generate() throws(SigningError) -> PrivateKey {
    var secret = try SecretBytes(count: 32)
    secret.withMutableSpan { secret in
      var random = SystemRandomNumberGenerator()
      for index in secret.indices { secret[index] = UInt8.random(in: 0...255, using: &random) }
    }
    return try PrivateKey(secret)
  }

  /// The deterministic signature over a digest (RFC 6979), verified before anybody sees it.
  ///
  /// A signature that a fault of the machine has damaged may give the key away to whoever holds a sound one over the
  /// same digest. Verifying with the known public key costs less than recovering it; a wrong parity, which this does
  /// not notice, gives nothing away and names another signer.
  /// - Throws: `signingFailed`.
  public func sign(_ digest: Digest) throws(SigningError) -> Signature {
    guard let (compact, recoveryID) = SigningContext.shared.sign(digest, with: secret), recoveryID <= 1 else {
      throw .signingFailed
    }
    let signature = try Signature(bytes: compact + [UInt8(recoveryID)])
    guard publicKey.verifies(signature, of: digest) else { throw .signingFailed }
    return signature
  }
}
