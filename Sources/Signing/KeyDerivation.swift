/// The derivations inside key files, on their own, so that they can be held against vectors. The result is not secret
/// there, and so in plain memory.
package enum KeyDerivation {
  /// Scrypt (RFC 7914).
  ///
  /// - Throws: `outOfMemory`, `cipherFailed`.
  package static func scrypt(
    _ password: [UInt8], salt: [UInt8], n: Int, r: Int, p: Int, byteCount: Int
  ) throws(SigningError) -> [UInt8] {
    var key = try SecretBytes(count: byteCount)
    try Cipher.scrypt(password, salt: salt, n: n, r: r, p: p, into: &key)
    return key.withSpan { key in key.indices.map { key[$0] } }
  }

  /// PBKDF2 (RFC 8018) with HMAC-SHA-256, or SHA-512.
  ///
  /// - Throws: `outOfMemory`, `cipherFailed`.
  package static func pbkdf2(
    _ password: [UInt8], salt: [UInt8], rounds: Int, usesSHA512: Bool, byteCount: Int
  ) throws(SigningError) -> [UInt8] {
    var key = try SecretBytes(count: byteCount)
    try Cipher.pbkdf2(password, salt: salt, rounds: rounds, hash: usesSHA512 ? .sha512 : .sha256, into: &key)
    return key.withSpan { key in key.indices.map { key[$0] } }
  }

  /// HMAC (RFC 2104) with SHA-256, or SHA-512.
  package static func hmac(_ data: [UInt8], key: [UInt8], usesSHA512: Bool) -> [UInt8] {
    Cipher.hmac(data, key: key, hash: usesSHA512 ? .sha512 : .sha256)
  }
}
