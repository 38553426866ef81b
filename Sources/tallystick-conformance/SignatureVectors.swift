import Arithmetic
import Ethereum
import JSON
import Signing

/// ECDSA over secp256k1: what is a signature, whose it is, and that signing is deterministic.
enum SignatureVectors {
  static let suites = [
    wycheproof("ecdsa_secp256k1_sha256", .sha256), wycheproof("ecdsa_secp256k1_sha256_bitcoin", .sha256),
    wycheproof("ecdsa_secp256k1_sha256_p1363", .sha256), wycheproof("ecdsa_secp256k1_sha512", .sha512),
    wycheproof("ecdsa_secp256k1_sha3_256", .sha3), wycheproof("ecdsa_secp256k1_sha512_p1363", .sha512),
    Suite("ecdsa") { document, report, _ in
      report.checkEach(try document.elements("valid"), prefix: "valid ") { try checkValid($0) }
      let invalid = try document.field("invalid")
      report.checkEach(try invalid.elements("sign"), prefix: "sign ") { vector in
        try expectRefusal("a number that is no key") { try PrivateKey(bytes: vector.bytes("d")).address }
      }
      report.checkEach(try invalid.elements("verify"), prefix: "verify ") { vector in
        let digest = try vector.digest("m"), bytes = try vector.bytes("signature")
        guard let point = try? CurvePoint(bytes: vector.bytes("Q")) else { return }
        try expect(!recovers(bytes, digest, point.address), "the signature is taken")
        if vector["strict"] != true { try expect(!point.verifies(compact: bytes, digest: digest), "it verifies") }
      }
      report.checkEach(try invalid.elements("recover"), prefix: "recover ") { vector in
        for parity: UInt8 in 0...1 {
          try expectRefusal("an invalid signature") {
            try Signature(bytes: vector.bytes("signature") + [parity]).signer(of: vector.digest("m"))
          }
        }
      }
      let entropy = document["extraEntropy"]?.asArray?.count ?? 0
      if entropy > 0 {
        report.skip("signatures with added entropy: every signature made here is RFC 6979's own", count: entropy)
      }
    },
    .skipped("schnorr", because: "BIP-340 is no part of Ethereum") { document in
      document.asObject?.members.reduce(0) { $0 + $1.value.caseCount } ?? 1
    },
  ]

  private static func checkValid(_ vector: JSONValue) throws {
    let key = try PrivateKey(bytes: vector.bytes("d"))
    let digest = try vector.digest("m")
    let signature = try key.sign(digest)
    let address = key.address
    try expectEqual(signature.r.bytes + signature.s.bytes, vector.bytes("signature"), "signature")
    try expectEqual(Int64(signature.yParity), vector["recoveryId"]?.asInteger ?? -1, "recovery id")
    try expectEqual(signature.signer(of: digest), address, "signer")
  }

  /// Wycheproof's verdict is the library's; and recovery, by which everything here verifies, finds the signer of every
  /// valid signature with a low s, and of no invalid one.
  private static func wycheproof(_ name: String, _ hash: OpenSSL.Hash) -> Suite {
    Suite(name) { document, report, _ in
      let isPlain = name.hasSuffix("_p1363")
      let refusesHighS = name.hasSuffix("_bitcoin")
      for group in try document.elements("testGroups") {
        let point = try CurvePoint(bytes: group.field("publicKey").bytes("uncompressed"))
        for vector in try group.elements("tests") {
          report.check("tcId \(vector["tcId"]?.asInteger ?? 0): \(vector["comment"]?.asString ?? "")") {
            let digest = try Digest(OpenSSL.digest(vector.bytes("msg"), hash).prefix(32))
            let bytes = try isPlain ? vector.bytes("sig") : DER.signature(vector.bytes("sig"))
            let isValid = try vector.text("result") == "valid"
            let verifies = bytes.map { point.verifies(compact: $0, digest: digest) } ?? false
            let isHigh = bytes.map(isHighS) ?? false
            try expectEqual(verifies && !(refusesHighS && isHigh), isValid, "verdict")
            let isOurs = bytes.map { recovers($0, digest, point.address) } ?? false
            // The nonce point's x may have lost the curve's order, which happens to nobody by chance: Ethereum has no
            // recovery id for such a signature.
            let isBeyondOrder = bytes.map(mayHaveLostTheOrder) ?? false
            try expect(!isOurs || (verifies && !isHigh), "recovery takes an invalid signature")
            if verifies, !isHigh, !isBeyondOrder { try expect(isOurs, "recovery does not find the signer") }
          }
        }
      }
    }
  }

  private static func recovers(_ bytes: [UInt8], _ digest: Digest, _ address: Address) -> Bool {
    (0...1 as ClosedRange<UInt8>).contains { parity in
      (try? Signature(bytes: bytes + [parity]).signer(of: digest)) == address
    }
  }

  static let order: UInt256 = 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFE_BAAE_DCE6_AF48_A03B_BFD2_5E8C_D036_4141
  private static let prime: UInt256 = 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFE_FFFF_FC2F

  private static func isHighS(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 64, let s = try? UInt256(bigEndian: bytes[32...]) else { return false }
    return s > order >> 1 && s < order
  }

  private static func mayHaveLostTheOrder(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 64, let r = try? UInt256(bigEndian: bytes[..<32]), let x = try? r.adding(order) else {
      return false
    }
    return x < prime
  }
}

/// The distinguished encoding of a signature.
private enum DER {
  /// r and s, 32 bytes each, of a sequence of two integers in its one form; nil for anything else.
  ///
  /// - Source: X.690, sections 8.3, 8.9 and 10.1; SEC 1, section C.8.
  static func signature(_ der: [UInt8]) -> [UInt8]? {
    guard der.count >= 8, der[0] == 0x30, Int(der[1]) == der.count - 2 else { return nil }
    var rest = der[2...]
    var result: [UInt8] = []
    for _ in 0..<2 {
      guard rest.count >= 3, rest.popFirst() == 2, let length = rest.popFirst(), length > 0, rest.count >= length else {
        return nil
      }
      var integer = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      guard let first = integer.first, first < 0x80 else { return nil }
      if first == 0, integer.count > 1 {
        guard integer.dropFirst().first.map({ $0 >= 0x80 }) ?? false else { return nil }
        integer = integer.dropFirst()
      }
      guard integer.count <= 32 else { return nil }
      result += [UInt8](repeating: 0, count: 32 - integer.count) + integer
    }
    return rest.isEmpty ? result : nil
  }
}
