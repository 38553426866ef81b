import Arithmetic
import CCrypto
import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Signing and recovering.
struct SignatureTests {
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
