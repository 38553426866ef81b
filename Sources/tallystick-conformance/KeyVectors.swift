import Ethereum
import JSON
import Signing

/// Key files and what they derive their keys with.
enum KeyVectors {
  static let suites = [
    Suite("KeyStoreTests_basic", shape: ["json", "password", "priv"]) { document, report, _ in
      report.checkEach(try document.members) { vector in
        let file = try vector.field("json")
        let password = try vector.text("password")
        let address = try KeyFile.decrypt(file, password: password).address
        try expectEqual(address, PrivateKey(bytes: vector.bytes("priv")).address, "address")
        try checkOtherPassword(file, password)
      }
    },
    Suite("wallets", shape: ["content", "password", "type"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        guard vector["type"]?.asString == "keystore" else {
          throw Skip(reason: "wallets of the 2014 crowdsale: a format without version that nobody writes")
        }
        let password = String(decoding: try vector.bytes("password"), as: UTF8.self)
        let file = try JSONValue(parsing: vector.text("content"))
        let address = try KeyFile.decrypt(file, password: password).address
        try expectEqual(address.checksummed, vector.text("address"), "address")
      }
    },
    Suite("pbkdf", shape: ["password", "salt", "dkLen"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let (password, salt) = (try vector.bytes("password"), try vector.bytes("salt"))
        let count = try vector.count("dkLen")
        let pbkdf2 = try vector.field("pbkdf2")
        let derived = try KeyDerivation.pbkdf2(
          password, salt: salt, rounds: pbkdf2.count("iterations"),
          usesSHA512: pbkdf2["algorithm"]?.asString == "sha512", byteCount: count)
        try expectEqual(derived, pbkdf2.bytes("key"), "PBKDF2")
        let scrypt = try vector.field("scrypt")
        let other = try KeyDerivation.scrypt(
          password, salt: salt, n: scrypt.count("N"), r: scrypt.count("r"), p: scrypt.count("p"), byteCount: count)
        try expectEqual(other, scrypt.bytes("key"), "scrypt")
      }
    },
  ]

  private static func checkOtherPassword(_ file: JSONValue, _ password: String) throws {
    var refusal: SigningError?
    do throws(SigningError) { _ = try KeyFile.decrypt(file, password: password + "x") } catch { refusal = error }
    try expectEqual(refusal, .wrongPassword, "with another password")
  }
}

extension JSONValue {
  fileprivate func count(_ name: String) throws -> Int {
    guard let number = self[name]?.asInteger, let count = Int(exactly: number), count > 0 else {
      throw Mismatch(description: "\(name) is no count")
    }
    return count
  }
}
