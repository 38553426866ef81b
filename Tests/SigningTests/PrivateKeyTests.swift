import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Keys: which are taken, whose they are, and that they do not leak.
struct PrivateKeyTests {
  static let refused: [(String, SigningError)] = [
    ("", .wrongLength(expected: "32", found: 0)),
    (String(repeating: "01", count: 31), .wrongLength(expected: "32", found: 31)),
    (String(repeating: "01", count: 33), .wrongLength(expected: "32", found: 33)),
    (String(repeating: "00", count: 32), .keyOutOfRange), (String(repeating: "ff", count: 32), .keyOutOfRange),
    ("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", .keyOutOfRange),
  ]

  @Test(arguments: refused) func `bytes that are no key are refused`(digits: String, error: SigningError) {
    #expect(throws: error) { _ = try PrivateKey(bytes: bytes(digits)) }
  }

  @Test func `the largest and the smallest key are taken`() throws {
    let largest = try PrivateKey(bytes: bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"))
    let smallest = try PrivateKey(bytes: [UInt8](repeating: 0, count: 31) + [1])
    #expect(smallest.address.checksummed == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
    #expect(largest.address.checksummed == "0x80C0dbf239224071c59dD8970ab9d542E3414aB2")
  }

  @Test func `a public key verifies its own signatures over their own digests, and nothing else`() throws {
    let one = try PrivateKey(bytes: Array(1...32))
    let other = try PrivateKey(bytes: Array(2...33))
    let (digest, otherDigest) = (Keccak256.hash([1]), Keccak256.hash([2]))
    let signature = try one.sign(digest)
    #expect(one.publicKey.verifies(signature, of: digest))
    #expect(!one.publicKey.verifies(signature, of: otherDigest))
    #expect(!other.publicKey.verifies(signature, of: digest))
    #expect(!one.publicKey.verifies(try other.sign(digest), of: digest))
    #expect(one.publicKey.address == one.address)
  }

  @Test func `new keys differ`() throws {
    var addresses: Set<Address> = []
    for _ in 0..<100 { addresses.insert(try PrivateKey.generate().address) }
    #expect(addresses.count == 100)
  }

  /// Everything that prints or logs takes a copy of what it is given, so that what cannot be copied cannot be printed:
  /// not by `print`, string interpolation, `dump`, `Mirror`, or an error that carries it.
  @Test func `a key cannot be copied and so not be printed`() {
    #expect(!isCopyable(PrivateKey.self))
    #expect(isCopyable(Signature.self))
  }

  private func isCopyable<T: ~Copyable>(_: T.Type) -> Bool { false }
  private func isCopyable<T>(_: T.Type) -> Bool { true }

  @Test func `no error of a key file or a key repeats what it was given`() throws {
    let secret = "5a3c6e1b9f0d4c7e8a2b5d6f1c3e7a9b0d2f4c6e8a1b3d5f7c9e0a2b4d6f8c1e"
    let canary = String(secret.prefix(16))
    var messages: [String] = []
    do { _ = try PrivateKey(bytes: bytes(secret) + [1]) } catch { messages += ["\(error)", String(reflecting: error)] }
    do {
      _ = try KeyFile.decrypt(["version": 3, "crypto": ["cipher": "aes-128-ctr"]], password: secret)
    } catch { messages += ["\(error)", String(reflecting: error)] }
    #expect(messages.count == 4 && messages.allSatisfy { !$0.contains(canary) })
  }
}
