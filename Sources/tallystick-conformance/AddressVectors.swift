import Arithmetic
import Ethereum
import JSON
import Signing

/// Addresses: of keys, with checksum, and of contracts.
enum AddressVectors {
  static let suites = [
    Suite("accounts", shape: ["privateKey", "address", "icap"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let address = try PrivateKey(bytes: vector.bytes("privateKey")).address
        try expectEqual(address.checksummed, vector.text("address"), "address")
        try checkChecksum(vector.text("address"))
      }
    },
    Suite("BasicTests_keyaddr", shape: ["seed", "key", "addr"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        try expectEqual(Keccak256.hash(Array(vector.text("seed").utf8)).bytes, vector.bytes("key"), "key")
        try expectEqual(PrivateKey(bytes: vector.bytes("key")).address.bytes, vector.bytes("addr"), "address")
      }
    },
    Suite("create") { document, report, _ in
      for group in try document.elements {
        let sender = try group.address("sender")
        report.checkEach(try group.elements("creates")) { vector in
          guard let nonce = try vector.integer("nonce").asUInt64 else { throw Mismatch(description: "no nonce") }
          try expectEqual(
            Address.created(by: sender, nonce: nonce).checksummed, vector.text("address"), "address")
        }
      }
    },
    Suite("create2") { document, report, _ in
      for group in try document.elements {
        let sender = try group.address("sender")
        report.checkEach(try group.elements("creates")) { vector in
          let hash = Keccak256.hash(try vector.bytes("initCode"))
          try expectEqual(hash, vector.digest("initCodeHash"), "hash of the code")
          let address = Address.created2(by: sender, salt: try vector.digest("salt"), initCodeHash: hash)
          try expectEqual(address.checksummed, vector.text("address"), "address")
        }
      }
    },
  ]

  /// The checksum is the one given, it reads in either single case, and with one letter in the other case it does not.
  static func checkChecksum(_ text: String) throws {
    try expectEqual(Address(hex: text).checksummed, text, "checksum")
    try expectEqual(Address(hex: text.lowercased()).checksummed, text, "checksum of the lowercase form")
    try expectEqual(Address(hex: "0x" + text.dropFirst(2).uppercased()).checksummed, text, "of the uppercase form")
    var letters = Array(text)
    guard let position = letters.indices.dropFirst(2).last(where: { letters[$0].isLetter }) else { return }
    let letter = String(letters[position])
    letters[position] = Character(letter == letter.uppercased() ? letter.lowercased() : letter.uppercased())
    let digits = letters.dropFirst(2)
    guard digits.contains(where: \.isUppercase), digits.contains(where: \.isLowercase) else { return }
    try expectRefusal("another checksum") { try Address(hex: String(letters)) }
  }
}
