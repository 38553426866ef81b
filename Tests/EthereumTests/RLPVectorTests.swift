import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct RLPVectorTests {
  @Test func `every item of ethers reads and writes`() throws {
    for vector in try Vectors.cases("ethers/rlp") {
      let name = try vector.text("name")
      let item = try RLPItem(vector: #require(vector["decoded"]), text: { try Hex.decode($0) })
      #expect(try item.encoded() == vector.bytes("encoded"), "\(name)")
      #expect(try RLPItem(decoding: vector.bytes("encoded")) == item, "\(name)")
    }
  }

  @Test func `every item of the Ethereum tests reads and writes`() throws {
    for (name, vector) in try Vectors.namedCases("ethereum-tests/rlptest") {
      let item = try RLPItem(vector: #require(vector["in"])) { text in
        text.hasPrefix("#") ? BigInteger(String(text.dropFirst())).bigEndianBytes : Array(text.utf8)
      }
      #expect(try item.encoded() == vector.bytes("out"), "\(name)")
      #expect(try RLPItem(decoding: vector.bytes("out")) == item, "\(name)")
    }
  }

  @Test func `every invalid item of the Ethereum tests is refused`() throws {
    for (name, vector) in try Vectors.namedCases("ethereum-tests/invalidRLPTest") {
      #expect(throws: EthereumError.self, "\(name)") { try RLPItem(decoding: vector.bytes("out")) }
    }
  }
}

extension RLPItem {
  init(vector: JSONValue, text: (String) throws -> [UInt8]) throws {
    switch vector {
    case .string(let string): self = .bytes(try text(string))
    case .number(let number): self = .integer(UInt64(try #require(number.integer)))
    case .array(let values): self = .list(try values.map { try RLPItem(vector: $0, text: text) })
    default: throw UnexpectedVector(value: vector)
    }
  }
}
