import Ethereum
import JSON
import Signing

/// EIP-712 documents of any types.
enum TypedDataVectors {
  static let suites = [
    Suite("typed-data", shape: ["domain", "types", "primaryType", "digest"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let typed = try TypedData(
          vector.setting("message", vector.field("data")))
        guard let message = typed.message else { throw Mismatch(description: "there is no message") }
        try expectEqual(message.encodedData, vector.bytes("encoded"), "encodeData")
        try expectEqual(typed.digest, vector.digest("digest"), "digest")
        try checkSignature(vector, typed.digest)
      }
    },
    Suite("eip712", "eip712_valid", "typed_data_signatures", shape: ["typedData", "digest"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        try unlessOthersRefuseToo(vector) {
          let typed = try TypedData(vector.field("typedData"))
          if let expected = vector["domainSeparator"] {
            try expectEqual(typed.domain.structHash.bytes, expected.bytes, "domain separator")
          }
          if let expected = vector["structHash"], expected != .null {
            try expectEqual(typed.message?.structHash.bytes, expected.bytes, "struct hash")
          }
          try expectEqual(typed.digest, vector.digest("digest"), "digest")
          if let signer = vector["signer"] {
            let signature = try Signature(hex: vector.text("signature"))
            try expectEqual(signature.signer(of: typed.digest).checksummed, signer.text, "signer")
          }
        }
      }
    },
    Suite("eip712_invalid", shape: ["typedData", "expect"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let typed = try vector.field("typedData")
        if vector["expect"]?.asString == "reject" {
          try expectRefusal("an invalid document") { try TypedData(typed) }
        } else {
          _ = try TypedData(typed)
        }
      }
    },
    Suite("typed_data_v4", shape: ["function", "version", "expected"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in try unlessOthersRefuseToo(vector) { try checkWallet(vector) }
      }
    },
    Suite("sign_typed_data", shape: ["domain_data", "message_types", "message_data"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let typed = try TypedData([
          "types": vector.field("message_types"), "domain": vector.field("domain_data"),
          "message": vector.field("message_data"),
        ])
        let key = try PrivateKey(bytes: vector.bytes("privateKey"))
        try expectEqual(key.sign(typed.digest).bytes, vector.bytes("expected_sig"), "signature")
      }
    },
  ]

  /// What one wallet takes and another library refuses is not binding: taken, the digest must be right; refused, the case
  /// is skipped with that library's reason.
  private static func unlessOthersRefuseToo(_ vector: JSONValue, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let refusal as EthereumError {
      guard let verdict = vector["ethers6"]?.asString, verdict != "same" else { throw refusal }
      throw Skip(reason: "not binding: refused here (\(refusal)) and by ethers 6 (\(verdict))")
    }
  }

  private static func checkWallet(_ vector: JSONValue) throws {
    let expected = try vector.bytes("expected")
    switch try vector.text("function") {
    case "encodeData": try expectEqual(message(vector).encodedData, expected, "encodeData")
    case "hashStruct": try expectEqual(message(vector).structHash.bytes, expected, "hashStruct")
    case "eip712Hash": try expectEqual(TypedData(vector.field("typedData")).digest.bytes, expected, "digest")
    case "signTypedData":
      let digest = try TypedData(vector.field("typedData")).digest
      let key = try PrivateKey(bytes: vector.bytes("privateKey"))
      try expectEqual(key.sign(digest).bytes, expected, "signature")
    case let other: throw Skip(reason: "the function \(other) is not known")
    }
  }

  /// The message of a case without a domain.
  private static func message(_ vector: JSONValue) throws -> TypedStruct {
    guard let message = try TypedData(vector.setting("domain", [:])).message else {
      throw Mismatch(description: "there is no message")
    }
    return message
  }

  private static func checkSignature(_ vector: JSONValue, _ digest: Digest) throws {
    guard let key = vector["privateKey"], let signature = vector["signature"] else { return }
    try expectEqual(PrivateKey(bytes: key.bytes).sign(digest).bytes, signature.bytes, "signature")
  }
}
