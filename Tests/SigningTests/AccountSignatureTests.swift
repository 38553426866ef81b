import Ethereum
import Signing
import Testing

/// Bytes that an account is said to have signed with.
struct AccountSignatureTests {
  private let digest = Keccak256.hash([1, 2, 3])

  private func signed() throws -> (signature: Signature, signer: Address) {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    return (try key.sign(digest), key.address)
  }

  @Test func `a key's signature is one in both of its forms, and tells whose`() throws {
    let (signature, signer) = try signed()
    for bytes in [signature.bytes, signature.compactBytes] {
      let given = try AccountSignature(hex: Hex.encode(bytes))
      #expect(given.bytes == bytes && given.key == signature && given.keySigner(of: digest) == signer)
      #expect(given.keySigner(of: Keccak256.hash([9])) != signer)
    }
    #expect(AccountSignature(signature).bytes == signature.bytes)
  }

  @Test func `what the escrow reads as no key's is no key's here`() throws {
    var bytes = try signed().signature.bytes
    bytes[64] -= 27
    #expect(try AccountSignature(hex: Hex.encode(bytes)).key == nil)
    bytes[64] = 31
    #expect(try AccountSignature(hex: Hex.encode(bytes)).key == nil)
    #expect(try AccountSignature(hex: Hex.encode(bytes + bytes)).keySigner(of: digest) == nil)
  }

  @Test func `from nothing to as much as the escrow takes`() throws {
    #expect(try AccountSignature(hex: "0x").bytes.isEmpty)
    #expect(try AccountSignature(hex: "0x" + String(repeating: "00", count: 1_024)).bytes.count == 1_024)
    #expect(throws: SigningError.wrongLength(expected: "at most 1024", found: 1_025)) {
      try AccountSignature(hex: "0x" + String(repeating: "00", count: 1_025))
    }
    #expect(throws: SigningError.self) { try AccountSignature(hex: "0x0") }
  }
}
