import CCrypto

/// What key files need of OpenSSL, and the only file that calls it.
enum Cipher {
  /// Fills the key by scrypt (RFC 7914); the caller has bounded n, r and p.
  ///
  /// OpenSSL refuses r = 1 with n of 2^16 and more, as RFC 7914 does; wallets have written it, and `Scrypt` takes it.
  static func scrypt(
    _ password: [UInt8], salt: [UInt8], n: Int, r: Int, p: Int, into key: inout SecretBytes
  ) throws(SigningError) {
    guard r > 1 || n < 1 << 16 else {
      return try Scrypt.derive(password, salt: salt, n: n, p: p, into: &key)
    }
    // What RFC 7914 needs: p blocks of 128 r bytes, n of them as table, two to work on. OpenSSL's own limit is 32 MiB.
    let memory = 128 * r * (n + p + 2)
    let isDone = key.withMutableSpan { key in
      unsafe key.withUnsafeMutableBufferPointer { key in
        unsafe EVP_PBE_scrypt(
          password.map { CChar(bitPattern: $0) }, password.count, salt, salt.count, UInt64(n), UInt64(r), UInt64(p),
          UInt64(memory), key.baseAddress, key.count) == 1
      }
    }
    guard isDone else { throw .cipherFailed }
  }

  /// The hash inside PBKDF2's HMAC. Key files have SHA-256 only.
  enum Hash {
    case sha256, sha512
  }

  /// Fills the key by PBKDF2 with HMAC (RFC 8018); the caller has bounded the rounds.
  static func pbkdf2(
    _ password: [UInt8], salt: [UInt8], rounds: Int, hash: Hash = .sha256, into key: inout SecretBytes
  ) throws(SigningError) {
    let isDone = key.withMutableSpan { key in
      unsafe key.withUnsafeMutableBufferPointer { key in
        unsafe PKCS5_PBKDF2_HMAC(
          password.map { CChar(bitPattern: $0) }, Int32(password.count), salt, Int32(salt.count), Int32(rounds),
          hash == .sha256 ? EVP_sha256() : EVP_sha512(), Int32(key.count), key.baseAddress) == 1
      }
    }
    guard isDone else { throw .cipherFailed }
  }

  /// HMAC (RFC 2104), as it stands inside PBKDF2.
  static func hmac(_ data: [UInt8], key: [UInt8], hash: Hash) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    let function = unsafe hash == .sha256 ? EVP_sha256() : EVP_sha512()
    _ = unsafe HMAC(function, key, Int32(key.count), data, data.count, &result, &count)
    return Array(result.prefix(Int(count)))
  }

  /// AES-128 in counter mode, which is its own inverse, written to the end of the output; key and first counter block
  /// are 16 bytes each.
  static func aes128CTR(
    key: Span<UInt8>, counter: [UInt8], from input: Span<UInt8>, toEndOf output: inout MutableSpan<UInt8>
  ) throws(SigningError) {
    precondition(key.count == 16 && counter.count == 16 && input.count <= output.count && output.count <= 32)
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .outOfMemory }
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    var count: Int32 = 0
    let isDone = unsafe key.withUnsafeBufferPointer { key in
      unsafe input.withUnsafeBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          let end = unsafe output.suffix(input.count)
          guard unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, key.baseAddress, counter) == 1 else {
            return false
          }
          let start = unsafe UnsafeMutableBufferPointer(rebasing: end).baseAddress
          return unsafe EVP_EncryptUpdate(context, start, &count, input.baseAddress, Int32(input.count)) == 1
        }
      }
    }
    guard isDone, Int(count) == input.count else { throw .cipherFailed }
  }

  /// Whether both are equal, in a time that tells nothing about where they differ.
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return unsafe CRYPTO_memcmp(one, other, one.count) == 0
  }
}
