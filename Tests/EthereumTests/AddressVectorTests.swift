import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct AddressVectorTests {
  @Test func `every address of ethers and the EIP keeps its checksum`() throws {
    let examples = try #require(try Vectors.document("EIPs/eip_examples")?["EIP-55"]?["checksummed"]?.asArray)
    let texts =
      try examples.map { try #require($0.asString) } + Vectors.cases("ethers/accounts").map { try $0.text("address") }
    #expect(texts.count > 100)
    for text in texts {
      #expect(try Address(hex: text).checksummed == text)
      #expect(try Address(hex: text.lowercased()).checksummed == text)
      #expect(try Address(hex: "0x" + text.dropFirst(2).uppercased()).checksummed == text)
      // One letter in the other case is no longer the checksum, unless that leaves a single case.
      var letters = Array(text)
      let position = try #require(letters.indices.last { letters[$0].isLetter })
      let flipped = letters[position].isLowercase ? letters[position].uppercased() : letters[position].lowercased()
      letters[position] = Character(flipped)
      let digits = letters.dropFirst(2)
      if digits.contains(where: \.isUppercase), digits.contains(where: \.isLowercase) {
        #expect(throws: EthereumError.badChecksum(expected: text)) { try Address(hex: String(letters)) }
      }
    }
  }

  @Test func `every CREATE address of ethers is ours`() throws {
    for group in try Vectors.cases("ethers/create") {
      let sender = try Address(hex: group.text("sender"))
      for vector in try #require(group["creates"]?.asArray) {
        let nonce = UInt64(try #require(vector["nonce"]?.asInteger))
        #expect(try Address.created(by: sender, nonce: nonce).checksummed == vector.text("address"))
      }
    }
  }

  @Test func `every CREATE2 address of ethers is ours`() throws {
    for group in try Vectors.cases("ethers/create2") {
      let sender = try Address(hex: group.text("sender"))
      for vector in try #require(group["creates"]?.asArray) {
        let hash = Keccak256.hash(try vector.bytes("initCode"))
        #expect(try hash == vector.digest("initCodeHash"))
        let address = Address.created2(by: sender, salt: try vector.digest("salt"), initCodeHash: hash)
        #expect(try address.checksummed == vector.text("address"))
      }
    }
  }
}
