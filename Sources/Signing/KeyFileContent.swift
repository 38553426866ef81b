import Ethereum
import JSON

/// What a key file says, with everything wrong with it found before any of it is used.
struct KeyFileContent {
  enum Derivation: Hashable {
    case scrypt(n: Int, r: Int, p: Int)
    case pbkdf2(rounds: Int)
  }

  let address: Address?
  let derivation: Derivation
  let salt: [UInt8]
  let counter: [UInt8]
  let ciphertext: [UInt8]
  let mac: [UInt8]

  /// - Throws: `keyFile` with all faults.
  init(_ document: JSONValue) throws(SigningError) {
    var reader = ObjectReader(document)
    // Wallets add members of their own, at every level.
    reader.allowUnknown()
    _ = reader.integer("version", in: 3...3)
    address = reader.optionalRead("address", as: "an address of 40 hexadecimal digits") { text in
      try? Address(hex: text.hasPrefix("0x") ? text : "0x" + text)
    }
    // Early wallets wrote the name with a capital.
    let name = document["crypto"] == nil && document["Crypto"] != nil ? "Crypto" : "crypto"
    let crypto = reader.object(name) { Crypto(&$0) }
    let faults = reader.finish()
    guard faults.isEmpty, let crypto else { throw .keyFile(faults) }
    derivation = crypto.derivation
    salt = crypto.salt
    counter = crypto.counter
    ciphertext = crypto.ciphertext
    mac = crypto.mac
  }
}

/// The inner object `crypto`.
private struct Crypto {
  let derivation: KeyFileContent.Derivation
  let salt: [UInt8]
  let counter: [UInt8]
  let ciphertext: [UInt8]
  let mac: [UInt8]

  init?(_ reader: inout ObjectReader) {
    reader.allowUnknown()
    _ = reader.read("cipher", as: "\"aes-128-ctr\"") { $0 == "aes-128-ctr" ? $0 : nil }
    let ciphertext = Self.bytes("ciphertext", 1...32, &reader)
    let counter = reader.object("cipherparams") { parameters in
      parameters.allowUnknown()
      return Self.bytes("iv", 16...16, &parameters)
    }
    let mac = Self.bytes("mac", 32...32, &reader)
    let kdf = reader.read("kdf", as: "\"scrypt\" or \"pbkdf2\"") { ["scrypt", "pbkdf2"].contains($0) ? $0 : nil }
    let parameters = reader.object("kdfparams") { parameters -> ([UInt8], KeyFileContent.Derivation)? in
      parameters.allowUnknown()
      let lengths = KeyFileLimits.derivedKeyBytes
      _ = parameters.integer("dklen", in: Int64(lengths.lowerBound)...Int64(lengths.upperBound))
      let salt = Self.bytes("salt", 0...KeyFileLimits.saltBytesMax, &parameters)
      let derivation: KeyFileContent.Derivation?
      switch kdf {
      case "scrypt": derivation = Self.scrypt(&parameters)
      case "pbkdf2": derivation = Self.pbkdf2(&parameters)
      default: derivation = nil
      }
      guard let salt, let derivation else { return nil }
      return (salt, derivation)
    }
    guard let ciphertext, let counter, let mac, let (salt, derivation) = parameters else { return nil }
    self.derivation = derivation
    self.salt = salt
    self.counter = counter
    self.ciphertext = ciphertext
    self.mac = mac
  }

  private static func scrypt(_ reader: inout ObjectReader) -> KeyFileContent.Derivation? {
    let largest = Int64(KeyFileLimits.scryptWorkMax)
    let n = reader.integer("n", in: 2...largest)
    let r = reader.integer("r", in: 1...largest)
    let p = reader.integer("p", in: 1...largest)
    guard let n, let r, let p else { return nil }
    guard n.nonzeroBitCount == 1 else {
      reader.fault("n", found: "\(n)", fix: "write a power of two")
      return nil
    }
    // In this order no product overflows. Beside the table of 128 n r bytes scrypt keeps blocks of 128 r p.
    guard n * r <= largest, n * r * p <= largest, 128 * r * max(n, p) <= KeyFileLimits.scryptMemoryMax else {
      reader.fault(
        "n", found: "a cost of \(n) with r = \(r) and p = \(p)",
        fix: "write parameters of at most \(KeyFileLimits.scryptMemoryMax >> 20) MiB and n r p of at most \(largest)")
      return nil
    }
    return .scrypt(n: Int(n), r: Int(r), p: Int(p))
  }

  private static func pbkdf2(_ reader: inout ObjectReader) -> KeyFileContent.Derivation? {
    let rounds = reader.integer("c", in: 1...Int64(KeyFileLimits.pbkdf2RoundsMax))
    let function = reader.read("prf", as: "\"hmac-sha256\"") { $0 == "hmac-sha256" ? $0 : nil }
    return function == nil ? nil : rounds.map { .pbkdf2(rounds: Int($0)) }
  }

  /// Hexadecimal digits, with or without `0x`.
  private static func bytes(_ name: String, _ counts: ClosedRange<Int>, _ reader: inout ObjectReader) -> [UInt8]? {
    let size = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
    return reader.read(name, as: "\(size) bytes as hexadecimal digits") { text in
      guard let bytes = try? Hex.decode(text.hasPrefix("0x") ? text : "0x" + text) else { return nil }
      return counts.contains(bytes.count) ? bytes : nil
    }
  }
}
