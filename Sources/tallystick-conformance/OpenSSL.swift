import CCrypto

/// The hashes of vectors that are not part of Ethereum: only there to check what is built over them.
enum OpenSSL {
  enum Hash {
    case sha256, sha512, sha3
  }

  static func digest(_ bytes: [UInt8], _ hash: Hash) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 64)
    var count: UInt32 = 0
    _ = unsafe EVP_Digest(bytes, bytes.count, &result, &count, function(hash), nil)
    return Array(result.prefix(Int(count)))
  }

  private static func function(_ hash: Hash) -> OpaquePointer? {
    switch hash {
    case .sha256: unsafe EVP_sha256()
    case .sha512: unsafe EVP_sha512()
    case .sha3: unsafe EVP_sha3_256()
    }
  }
}
