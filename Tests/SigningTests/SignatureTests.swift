import Arithmetic
import CCrypto
import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Signing and recovering, by vectors from outside.
struct SignatureTests {
  @Test(.enabled(if: Vectors.areThere)) func `signatures are RFC 6979's, byte for byte`() throws {
    let document = try #require(try Vectors.document("tiny-secp256k1/ecdsa"))
    let cases = try #require(document["valid"]?.asArray)
    #expect(!cases.isEmpty)
    for vector in cases {
      let key = try PrivateKey(bytes: vector.hex("d"))
      let digest = try Digest(vector.hex("m"))
      let signature = try key.sign(digest)
      #expect(try signature.r.bytes + signature.s.bytes == vector.hex("signature"))
      #expect(signature.yParity.asInteger == vector["recoveryId"]?.asInteger)
    }
  }

  @Test(.enabled(if: Vectors.areThere)) func `keys and signatures out of range are refused`() throws {
    let document = try #require(try Vectors.document("tiny-secp256k1/ecdsa"))
    let invalid = try #require(document["invalid"])
    let keys = try #require(invalid["sign"]?.asArray)
    #expect(!keys.isEmpty)
    for vector in keys {
      #expect(throws: SigningError.keyOutOfRange) { _ = try PrivateKey(bytes: vector.hex("d")) }
    }
    let signatures = try #require(invalid["recover"]?.asArray)
    #expect(!signatures.isEmpty)
    for vector in signatures {
      for parity: UInt8 in 0...1 {
        #expect(throws: SigningError.self, "\(vector["description"]?.asString ?? "")") {
          let signature = try Signature(bytes: vector.hex("signature") + [parity])
          return try signature.signer(of: Digest(vector.hex("m")))
        }
      }
    }
    // The cases that fail for their public key say nothing about recovery.
    for vector in try #require(invalid["verify"]?.asArray) where vector["exception"]?.asString != "Expected Point" {
      #expect(throws: SigningError.self) { try Signature(bytes: vector.hex("signature") + [27]) }
    }
  }

  /// Recovering and comparing is how a signature is verified here: high s never passes, its twin with low s always.
  @Test(.enabled(if: Vectors.areThere), arguments: ["p1363", "bitcoin"])
  func `Wycheproof's verdicts follow from recovery`(variant: String) throws {
    let document = try #require(try Vectors.document("wycheproof/ecdsa_secp256k1_sha256_\(variant)"))
    var accepted = 0
    var refused = 0
    for group in try #require(document["testGroups"]?.asArray) {
      let point = try group["publicKey"].required.hex("uncompressed")
      let address = Address(lastBytesOf: Keccak256.hash(Array(point.dropFirst())))
      for vector in try #require(group["tests"]?.asArray) {
        let name = "\(variant) \(vector["tcId"]?.asInteger ?? 0): \(vector["comment"]?.asString ?? "")"
        let digest = try Digest(sha256(try vector.hex("msg")))
        let bytes = try variant == "p1363" ? vector.hex("sig") : plain(der: vector.hex("sig"))
        let isOurs = verifies(bytes, digest, address)
        let isHigh = bytes.map { $0.count == 64 && isHighS($0) } ?? false
        if vector["result"]?.asString == "valid" {
          // A nonce point beyond the order needs a third recovery id, which Ethereum does not have (and which nobody
          // can come upon); Wycheproof made such ones on purpose.
          let isBeyondOrder = name.contains("k*G has a large x-coordinate") || name.contains("x = n + ")
          if isHigh {
            #expect(!isOurs, "\(name)")
            #expect(try verifies(lowS(try #require(bytes)), digest, address) != isBeyondOrder, "\(name)")
          } else {
            #expect(isOurs != isBeyondOrder, "\(name)")
          }
          accepted += 1
        } else {
          #expect(!isOurs, "\(name)")
          refused += 1
        }
      }
    }
    #expect(accepted > 0 && refused > 0)
  }

  @Test(.enabled(if: Vectors.areThere)) func `compact signatures are EIP-2098's`() throws {
    let document = try #require(try Vectors.document("EIPs/eip_examples"))
    let cases = try #require(document["EIP-2098"]?.asArray)
    #expect(!cases.isEmpty)
    for vector in cases {
      let key = try PrivateKey(bytes: vector.hex("privateKey"))
      let message = try Array(#require(vector["message"]?.asString).utf8)
      let digest = Keccak256.hash(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8) + message)
      let signature = try key.sign(digest)
      #expect(try signature.r.bytes == vector.hex("r") && signature.s.bytes == vector.hex("s"))
      #expect(signature.bytes.last?.asInteger == vector["v"]?.asInteger)
      let compact = try vector.hex("r") + vector.hex("vs")
      #expect(signature.compactBytes == compact)
      #expect(try Signature(compact: compact) == signature)
      #expect(try Signature(hex: Hex.encode(compact)) == signature)
      #expect(try Signature(hex: signature.hex) == signature)
      #expect(try Signature(compact: compact).signer(of: digest) == key.address)
    }
  }

  @Test(.enabled(if: Vectors.areThere)) func `the Mail of EIP-712 is signed as there`() throws {
    let mail = try #require(try Vectors.document("EIPs/eip_examples")?["EIP-712"])
    let key = try PrivateKey(bytes: Keccak256.hash(Array("cow".utf8)).bytes)
    let signature = try key.sign(Digest(mail.hex("digest")))
    #expect(try key.address.bytes == mail.hex("address"))
    #expect(try signature.bytes == mail.hex("r") + mail.hex("s") + [28])
  }

  @Test(.enabled(if: Vectors.areThere)) func `what a wallet signed recovers to its account`() throws {
    let cases = try Vectors.cases("permit2/typed_data_signatures")
    for vector in cases {
      let signature = try Signature(hex: #require(vector["signature"]?.asString))
      #expect(try signature.signer(of: Digest(vector.hex("digest"))).checksummed == vector["signer"]?.asString)
    }
  }

  static let broken: [(String, [UInt8], SigningError)] = {
    let r = [UInt8](repeating: 1, count: 32)
    let zero = [UInt8](repeating: 0, count: 32)
    let half = bytes("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")
    let order = bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    return [
      ("empty", [], .wrongLength(expected: "65: r, s and a recovery byte", found: 0)),
      ("64 bytes", r + r, .wrongLength(expected: "65: r, s and a recovery byte", found: 64)),
      ("66 bytes", r + r + [27, 0], .wrongLength(expected: "65: r, s and a recovery byte", found: 66)),
      ("v = 155", r + r + [155], .badRecoveryByte(155)), ("v = 2", r + r + [2], .badRecoveryByte(2)),
      ("v = 29", r + r + [29], .badRecoveryByte(29)), ("r = 0", zero + r + [27], .scalarOutOfRange),
      ("s = 0", r + zero + [27], .scalarOutOfRange), ("both 0", zero + zero + [27], .scalarOutOfRange),
      ("r = n", order + r + [27], .scalarOutOfRange), ("s = n", r + order + [27], .scalarOutOfRange),
      ("s = n/2 + 1", r + half.dropLast() + [0xA1, 27], .highS),
    ]
  }()

  @Test(arguments: broken) func `a signature has one form only`(name: String, bytes: [UInt8], error: SigningError) {
    #expect(throws: error) { try Signature(bytes: bytes) }
  }

  @Test func `half the order is the largest s`() throws {
    let half = bytes("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")
    let signature = try Signature(bytes: [UInt8](repeating: 1, count: 32) + half + [28])
    #expect(signature.yParity == 1 && signature.bytes.last == 28)
  }

  @Test func `text that is no signature is refused with its reason`() {
    #expect(throws: SigningError.badHex(.missingHexPrefix)) { try Signature(hex: "1234") }
    #expect(throws: SigningError.wrongLength(expected: "65, or 64 in the compact form of EIP-2098", found: 2)) {
      try Signature(hex: "0x1234")
    }
  }

  @Test func `another digest recovers to another signer, and so does a flipped parity`() throws {
    let key = try PrivateKey.generate()
    let digest = Keccak256.hash(Array("one".utf8))
    let signature = try key.sign(digest)
    let address = key.address
    #expect(try signature.signer(of: digest) == address)
    #expect((try? signature.signer(of: Keccak256.hash(Array("other".utf8)))) != address)
    let flipped = try Signature(r: signature.r, s: signature.s, yParity: 1 - signature.yParity)
    #expect((try? flipped.signer(of: digest)) != address)
  }

  @Test func `many threads sign and recover at once`() async throws {
    let agreed = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          guard let key = try? PrivateKey.generate() else { return false }
          let digest = Keccak256.hash([UInt8(number)])
          return (try? key.sign(digest).signer(of: digest)) == key.address
        }
      }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(agreed)
  }
}

/// The checks of the vectors' own formats.
extension SignatureTests {
  private func verifies(_ bytes: [UInt8]?, _ digest: Digest, _ address: Address) -> Bool {
    guard let bytes else { return false }
    return (0...1 as ClosedRange<UInt8>).contains { parity in
      (try? Signature(bytes: bytes + [parity]).signer(of: digest)) == address
    }
  }

  private static let order = bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")

  private func isHighS(_ bytes: [UInt8]) -> Bool {
    guard let s = try? UInt256(bigEndian: bytes[32...]), let n = try? UInt256(bigEndian: Self.order) else {
      return false
    }
    return s > n >> 1 && s < n
  }

  private func lowS(_ bytes: [UInt8]) throws -> [UInt8] {
    let s = try UInt256(bigEndian: bytes[32...])
    return try bytes[..<32] + UInt256(bigEndian: Self.order).subtracting(s).bigEndianBytes
  }

  /// r and s of a DER sequence of two integers in its one canonical form; nil for anything else (X.690).
  private func plain(der: [UInt8]) -> [UInt8]? {
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

  private func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    _ = unsafe EVP_Digest(bytes, bytes.count, &result, nil, EVP_sha256(), nil)
    return result
  }
}
