import CCrypto
import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Key files: those of other wallets open here, ours open there, and no file makes the machine suffer.
struct KeyFileTests {
  @Test func `what we write we read, in geth's order and form`() throws {
    let key = try PrivateKey.generate()
    let document = try KeyFile.encrypt(key, password: "pässword", cost: .light)
    let address = key.address
    #expect(try KeyFile.decrypt(document, password: "pässword").address == address)
    #expect(KeyFile.address(in: document) == address)
    #expect(document.asObject?.members.map(\.name) == ["address", "crypto", "id", "version"])
    #expect(
      document["crypto"]?.asObject?.members.map(\.name) == [
        "cipher", "ciphertext", "cipherparams", "kdf", "kdfparams", "mac",
      ])
    #expect(document["address"]?.asString == String(Hex.encode(address.bytes).dropFirst(2)))
    #expect(document["version"] == 3)
    #expect(document["crypto"]?["kdfparams"]?["n"] == 4096)
    let id = try document.text("id").split(separator: "-").map(\.count)
    #expect(id == [8, 4, 4, 4, 12])
    #expect(try document.text("id").dropFirst(14).first == "4")
    #expect(throws: SigningError.wrongPassword) { _ = try KeyFile.decrypt(document, password: "password") }
    #expect(throws: SigningError.wrongPassword) { _ = try KeyFile.decrypt(document, password: "") }
    let again = try KeyFile.encrypt(key, password: "pässword", cost: .light)
    #expect(again["crypto"]?["ciphertext"] != document["crypto"]?["ciphertext"])
    #expect(again["id"] != document["id"])
  }

  @Test func `the standard cost is geth's`() throws {
    let key = try PrivateKey.generate()
    let document = try KeyFile.encrypt(key, password: "")
    let address = key.address
    #expect(document["crypto"]?["kdfparams"]?["n"] == 262_144)
    #expect(document["crypto"]?["kdfparams"]?["r"] == 8)
    #expect(try KeyFile.decrypt(document, password: "").address == address)
  }

  static let sample: JSONValue = [
    "version": 3, "address": "008aeeda4d805471df9b2a5b0f38a0c3bcba786b",
    "crypto": [
      "cipher": "aes-128-ctr", "cipherparams": ["iv": "6087dab2f9fdbbfaddc31a909735c1e6"],
      "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46", "kdf": "scrypt",
      "kdfparams": ["dklen": 32, "n": 1024, "r": 8, "p": 1, "salt": "ae3cd4e7013836a3df6bd7241b12db06"],
      "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    ],
  ]

  /// A change to the sample: the path of a member, what is put there, and the fault it must give.
  static let faults: [([String], JSONValue?, String)] = [
    (["version"], 1, "version: found the number 1; write 3"),
    (["version"], nil, "version: found nothing; add it: write 3"),
    (["address"], "0x12", "address: found the string \"0x12\"; write an address of 40 hexadecimal digits"),
    (["crypto"], nil, "crypto: found nothing; add it: write an object"),
    (["crypto", "cipher"], "aes-256-gcm", "crypto.cipher: found the string \"aes-256-gcm\"; write \"aes-128-ctr\""),
    (
      ["crypto", "cipherparams", "iv"], "6087",
      "crypto.cipherparams.iv: found the string \"6087\"; write 16 bytes as hexadecimal digits"
    ),
    (
      ["crypto", "ciphertext"], "",
      "crypto.ciphertext: found the string \"\"; write 1 to 32 bytes as hexadecimal digits"
    ),
    (["crypto", "mac"], "zz", "crypto.mac: found the string \"zz\"; write 32 bytes as hexadecimal digits"),
    (["crypto", "kdf"], "argon2id", "crypto.kdf: found the string \"argon2id\"; write \"scrypt\" or \"pbkdf2\""),
    (
      ["crypto", "kdfparams", "dklen"], 16,
      "crypto.kdfparams.dklen: found the number 16; write a whole number from 32 to 1024"
    ),
    (["crypto", "kdfparams", "n"], 1000, "crypto.kdfparams.n: found 1000; write a power of two"),
    (
      ["crypto", "kdfparams", "n"], 0, "crypto.kdfparams.n: found the number 0; write a whole number from 2 to 16777216"
    ),
    (
      ["crypto", "kdfparams", "n"], 1_073_741_824,
      "crypto.kdfparams.n: found the number 1073741824; write a whole number from 2 to 16777216"
    ),
    (
      ["crypto", "kdfparams", "n"], 1_048_576,
      "crypto.kdfparams.n: found a cost of 1048576 with r = 8 and p = 1; "
        + "write parameters of at most 512 MiB and n r p of at most 16777216"
    ),
    (
      ["crypto", "kdfparams", "r"], 16_777_216,
      "crypto.kdfparams.n: found a cost of 1024 with r = 16777216 and p = 1; "
        + "write parameters of at most 512 MiB and n r p of at most 16777216"
    ),
    (
      ["crypto", "kdfparams", "p"], 16_777_216,
      "crypto.kdfparams.n: found a cost of 1024 with r = 8 and p = 16777216; "
        + "write parameters of at most 512 MiB and n r p of at most 16777216"
    ),
    (
      ["crypto", "kdfparams"], ["dklen": 32, "c": 10_000_001, "prf": "hmac-sha256", "salt": ""],
      "crypto.kdfparams.c: found the number 10000001; write a whole number from 1 to 10000000"
    ),
    (
      ["crypto", "kdfparams"], ["dklen": 32, "c": 1, "prf": "hmac-sha1", "salt": ""],
      "crypto.kdfparams.prf: found the string \"hmac-sha1\"; write \"hmac-sha256\""
    ),
  ]

  @Test(arguments: faults) func `a file at fault is refused before anything is derived`(
    path: [String], value: JSONValue?, message: String
  ) {
    var document = Self.sample.setting(path, to: value)
    if case .object(let parameters) = value, parameters["c"] != nil {
      document = document.setting(["crypto", "kdf"], to: "pbkdf2")
    }
    #expect {
      _ = try KeyFile.decrypt(document, password: "x")
    } throws: {
      ($0 as? SigningError)?.description == message
    }
  }

  @Test func `a changed file or another password is told from a fault`() throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    let document = try KeyFile.encrypt(key, password: "p", cost: .light)
    let changes: [[String]] = [
      ["crypto", "ciphertext"], ["crypto", "mac"], ["crypto", "kdfparams", "salt"],
    ]
    for path in changes {
      var digits = Array(try #require(document.at(path)?.asString))
      digits[0] = digits[0] == "0" ? "1" : "0"
      let changed = document.setting(path, to: .string(String(digits)))
      #expect(throws: SigningError.wrongPassword, "\(path)") { _ = try KeyFile.decrypt(changed, password: "p") }
    }
    let other = try PrivateKey.generate().address
    let moved = document.setting(["address"], to: .string(String(Hex.encode(other.bytes).dropFirst(2))))
    #expect(throws: SigningError.wrongAddress(found: key.address, stated: other)) {
      _ = try KeyFile.decrypt(moved, password: "p")
    }
  }

  /// The counter block is not part of the check value, so that this is the one change that yields another key: the
  /// stated address tells.
  @Test func `a changed counter block is told by the address`() throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    let document = try KeyFile.encrypt(key, password: "p", cost: .light)
    let changed = document.setting(["crypto", "cipherparams", "iv"], to: .string(String(repeating: "0", count: 32)))
    #expect {
      _ = try KeyFile.decrypt(changed, password: "p")
    } throws: {
      if case .wrongAddress(_, let stated) = $0 as? SigningError { stated == key.address } else { false }
    }
  }

  /// RFC 7914 forbids r = 1 with n of 2^16 and more, OpenSSL refuses it, wallets have written it. What is expected here
  /// was computed with PyCryptodome 3.24.1: `scrypt("testpassword", salt, 32, 65536, 1, 2)` and the rest of the format.
  @Test func `scrypt with r = 1 works beyond OpenSSL's limit`() throws {
    let document: JSONValue = [
      "version": 3,
      "crypto": [
        "cipher": "aes-128-ctr", "cipherparams": ["iv": "83dbcc02d8ccb40e466191a123791e0e"],
        "ciphertext": "102e1e6dabcd3faa345d8698758409401eddc4a3f23cdab24007619d08d99b78", "kdf": "scrypt",
        "kdfparams": [
          "dklen": 32, "n": 65536, "r": 1, "p": 2,
          "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
        ],
        "mac": "ae935beb3dd7ec1e0a6c9d9eb145bd88862457cb20d3e3a08ee3be3fbaa38bc1",
      ],
    ]
    let key = try KeyFile.decrypt(document, password: "testpassword")
    #expect(key.address.bytes == bytes("008aeeda4d805471df9b2a5b0f38a0c3bcba786b"))
  }
}

extension JSONValue {
  /// The value at a path of names.
  func at(_ path: [String]) -> JSONValue? {
    path.reduce(self) { value, name in value?[name] }
  }

  /// This document with another value at a path of names.
  func setting(_ path: [String], to value: JSONValue?) -> JSONValue {
    guard let name = path.first, var object = asObject else { return value ?? .null }
    object[name] = path.count == 1 ? value : object[name]?.setting(Array(path.dropFirst()), to: value)
    return .object(object)
  }
}
