import Ethereum
import JSON
import Signing

/// Keccak-256, and the HMAC inside PBKDF2.
enum HashVectors {
  static let suites = [
    Suite("hashes", "keccak256", shape: ["keccak256"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let named = ["data", "input", "message", "msg"].lazy.compactMap { vector[$0] }.first
        let input = try named?.bytes ?? Array(vector.text("text").utf8)
        var hasher = Keccak256()
        for _ in 0..<(vector["repeat"]?.asInteger ?? 1) { hasher.update(input) }
        let expected = ["keccak256", "hash", "digest", "md"].lazy.compactMap { vector[$0] }.first
        try expectEqual(hasher.finalize().bytes, expected?.bytes ?? [], "keccak256")
      }
    },
    Suite("hmac", shape: ["data", "key", "algorithm", "hmac"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let code = try KeyDerivation.hmac(
          vector.bytes("data"), key: vector.bytes("key"), usesSHA512: vector.text("algorithm") == "sha512")
        try expectEqual(code, vector.bytes("hmac"), "hmac")
      }
    },
  ]
}
