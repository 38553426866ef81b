public import Ethereum
public import JSON

/// A private key under a password, in the Web3 Secret Storage format, version 3, as geth, Foundry and ethers write it.
public enum KeyFile {
  /// How dear a guess at the password is made: scrypt's n and p, with r = 8.
  public struct Cost: Hashable, Sendable {
    let n: Int
    let p: Int

    /// 256 MiB and about a second: geth's standard.
    public static let standard = Cost(n: 1 << 18, p: 1)
    /// 4 MiB and about a tenth of a second: geth's light one, for keys that guard little.
    public static let light = Cost(n: 1 << 12, p: 6)
  }

  /// The key in a file.
  ///
  /// - Throws: `keyFile` with all faults of the document (before any derivation), `wrongPassword`, `wrongAddress`,
  ///   `keyOutOfRange`, `outOfMemory`, `cipherFailed`.
  public static func decrypt(_ document: JSONValue, password: String) throws(SigningError) -> PrivateKey {
    let content = try KeyFileContent(document)
    var derived = try SecretBytes(count: 32)
    switch content.derivation {
    case .scrypt(let n, let r, let p):
      try Cipher.scrypt(Array(password.utf8), salt: content.salt, n: n, r: r, p: p, into: &derived)
    case .pbkdf2(let rounds):
      try Cipher.pbkdf2(Array(password.utf8), salt: content.salt, rounds: rounds, into: &derived)
    }
    guard Cipher.areEqual(checkValue(derived, content.ciphertext), content.mac) else { throw .wrongPassword }
    var secret = try SecretBytes(count: 32)
    try derived.withSpan { derived throws(SigningError) in
      try secret.withMutableSpan { secret throws(SigningError) in
        // Some old wallets dropped the zeros that a key begins with.
        try Cipher.aes128CTR(
          key: derived.extracting(first: 16), counter: content.counter, from: content.ciphertext.span,
          toEndOf: &secret)
      }
    }
    let key = try PrivateKey(secret)
    if let stated = content.address, stated != key.address {
      throw .wrongAddress(found: key.address, stated: stated)
    }
    return key
  }

  /// A file that holds a key, in the order geth writes it.
  ///
  /// - Throws: `outOfMemory`, `cipherFailed`.
  public static func encrypt(
    _ key: borrowing PrivateKey, password: String, cost: Cost = .standard
  ) throws(SigningError) -> JSONValue {
    let salt = random(32)
    let counter = random(16)
    var derived = try SecretBytes(count: 32)
    try Cipher.scrypt(Array(password.utf8), salt: salt, n: cost.n, r: 8, p: cost.p, into: &derived)
    var ciphertext = [UInt8](repeating: 0, count: 32)
    try derived.withSpan { derived throws(SigningError) in
      try key.secret.withSpan { secret throws(SigningError) in
        var output = ciphertext.mutableSpan
        try Cipher.aes128CTR(key: derived.extracting(first: 16), counter: counter, from: secret, toEndOf: &output)
      }
    }
    return [
      "address": .string(bare(key.address.bytes)),
      "crypto": [
        "cipher": "aes-128-ctr", "ciphertext": .string(bare(ciphertext)),
        "cipherparams": ["iv": .string(bare(counter))], "kdf": "scrypt",
        "kdfparams": [
          "dklen": 32, "n": .number(JSONNumber(Int64(cost.n))), "p": .number(JSONNumber(Int64(cost.p))), "r": 8,
          "salt": .string(bare(salt)),
        ],
        "mac": .string(bare(checkValue(derived, ciphertext))),
      ],
      "id": .string(uuid()), "version": 3,
    ]
  }

  /// The address a file states, without its password; nil where it states none or is no key file.
  public static func address(in document: JSONValue) -> Address? {
    (try? KeyFileContent(document))?.address
  }
}

extension KeyFile {
  /// The Keccak-256 of the derived key's second half and the ciphertext.
  private static func checkValue(_ derived: borrowing SecretBytes, _ ciphertext: [UInt8]) -> [UInt8] {
    var hasher = Keccak256()
    derived.withSpan { hasher.update($0.extracting(last: 16)) }
    hasher.update(ciphertext)
    return hasher.finalize().bytes
  }

  private static func random(_ count: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  /// Hexadecimal digits without `0x`, as this format writes them.
  private static func bare(_ bytes: [UInt8]) -> String {
    String(Hex.encode(bytes).dropFirst(2))
  }

  /// A random identifier (RFC 9562, version 4).
  private static func uuid() -> String {
    var bytes = random(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    return [bytes[..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10...]]
      .map { bare(Array($0)) }.joined(separator: "-")
  }
}
