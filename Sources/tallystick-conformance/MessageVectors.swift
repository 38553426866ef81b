import Arithmetic
import Ethereum
import JSON
import Signing

/// Messages of `personal_sign`, and authorizations of EIP-7702.
enum MessageVectors {
  static let suites = [
    Suite("personal_sign", shape: ["message", "signature"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let digest = PersonalMessage.digest(of: try message(vector))
        if let expected = vector["expected_hash"] { try expectEqual(digest.bytes, expected.bytes, "digest") }
        if let key = vector["key"] ?? vector["privateKey"] {
          let key = try PrivateKey(bytes: key.bytes)
          let signature = try key.sign(digest)
          let (address, signer) = (key.address, try signature.signer(of: digest))
          try expectEqual(signer, address, "signer")
          if let expected = vector["signature"] { try expectEqual(signature.bytes, expected.bytes, "signature") }
        }
        if let address = vector["address"] {
          let signature = try signature(vector)
          try expectEqual(signature.signer(of: digest).bytes, address.bytes, "signer")
        }
      }
    },
    Suite("eip7702_authorization", shape: ["privateKey", "chainId", "address", "nonce"]) { document, report, _ in
      let cases = document.asArray ?? [document]
      report.checkEach(cases) { vector in
        guard let nonce = try vector.integer("nonce").asUInt64 else { throw Mismatch(description: "no nonce") }
        let authorization = Authorization(
          chainID: try vector.integer("chainId"), address: Address(try FixedBytes(vector.bytes("address"))),
          nonce: nonce)
        if let expected = vector["authorizationHash"] {
          try expectEqual(authorization.signingHash.bytes, expected.bytes, "hash")
        }
        let key = try PrivateKey(bytes: vector.bytes("privateKey"))
        let signed = try authorization.signed(by: key)
        let (address, authority) = (key.address, try signed.authority())
        try expectEqual(authority, address, "authority")
        if let expected = vector["signature"] {
          try expectEqual(signed.r.bytes + signed.s.bytes + [27 + signed.yParity], expected.bytes, "signature")
        }
      }
    },
  ]

  /// Text, unless the case says that it is hexadecimal: wallets' cases give bytes, libraries' cases text that may look
  /// like bytes.
  private static func message(_ vector: JSONValue) throws -> [UInt8] {
    if let hex = vector["messageHex"] { return try hex.bytes }
    let text = try vector.text("message")
    let isWallet = vector["privateKey"] != nil
    return isWallet && text.hasPrefix("0x") ? try Hex.decode(text) : Array(text.utf8)
  }

  private static func signature(_ vector: JSONValue) throws -> Signature {
    if let signature = vector["signature"] { return try Signature(bytes: signature.bytes) }
    let v = try vector.integer("v")
    return try Signature(
      r: Digest(vector.integer("r")), s: Digest(vector.integer("s")), yParity: v == 28 || v == 1 ? 1 : 0)
  }
}
