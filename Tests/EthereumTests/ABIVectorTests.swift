import Arithmetic
import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct ABIVectorTests {
  @Test func `every value of ethers encodes and decodes`() throws {
    for vector in try Vectors.cases("ethers/abi") {
      let name = try vector.text("name")
      let type = try ABIType(parsing: vector.text("type"))
      let value = try ABIValue(verbose: #require(vector["verbose"]), as: type)
      let encoded = try vector.bytes("encoded")
      #expect(try ABIValue.encode([value], as: [type]) == encoded, "\(name)")
      #expect(try ABIValue.decode(encoded, as: [type]) == [value], "\(name)")
    }
  }

  /// Only one encoding of a value is accepted: whatever is decoded after a change is encoded to the changed bytes.
  @Test func `a changed encoding is refused or means another value`() throws {
    var random = SeededGenerator("ABI encodings changed in one byte")
    for vector in try Vectors.cases("ethers/abi") {
      let type = try ABIType(parsing: vector.text("type"))
      var encoded = try vector.bytes("encoded")
      let position = Int.random(in: 0..<encoded.count, using: &random)
      encoded[position] ^= UInt8.random(in: 1...255, using: &random)
      guard let values = try? ABIValue.decode(encoded, as: [type]) else { continue }
      #expect(try ABIValue.encode(values, as: [type]) == encoded, "\(type), byte \(position)")
    }
  }

  @Test func `every selector of solc is ours`() throws {
    for (signature, selector) in try Vectors.namedCases("optimism/solc_method_selectors") {
      #expect(try ABIFunction(signature: signature).selector.hex == selector.asString)
    }
  }

  @Test func `the examples of the Ethereum tests encode`() throws {
    for (name, vector) in try Vectors.namedCases("ethereum-tests/ABITests_basic") {
      let types = try #require(vector["types"]?.asArray).map { try ABIType(parsing: #require($0.asString)) }
      let values = try zip(#require(vector["args"]?.asArray), types).map { try ABIValue(plain: $0, as: $1) }
      #expect(try Hex.encode(ABIValue.encode(values, as: types)) == "0x" + vector.text("result"), "\(name)")
    }
  }
}

extension ABIValue {
  /// A value in the form of ethers, which names the kind of each part; the type tells integers and bytes apart.
  init(verbose: JSONValue, as type: ABIType) throws {
    let description = type.description
    switch try verbose.text("type") {
    case "number":
      let digits = try verbose.text("value")
      self = description.hasPrefix("u") ? .uint(try UInt256(decimal: digits)) : .int(try Int256(decimal: digits))
    case "hexstring":
      let bytes = try verbose.bytes("value")
      self = description == "bytes" ? .bytes(bytes) : .fixedBytes(bytes)
    case "string": self = .string(try verbose.text("value"))
    case "boolean": self = .bool(verbose["value"] == true)
    case "address": self = .address(try Address(hex: verbose.text("value")))
    case "array":
      let open = try #require(description.lastIndex(of: "["))
      let element = try ABIType(parsing: String(description[..<open]))
      self = .array(try #require(verbose["value"]?.asArray).map { try ABIValue(verbose: $0, as: element) })
    case "object":
      let members = try ABIFunction(signature: "f" + description).inputs
      self = .tuple(
        try zip(#require(verbose["value"]?.asArray), members).map { try ABIValue(verbose: $0, as: $1) })
    default: throw UnexpectedVector(value: verbose)
    }
  }

  /// A value in the form of the Ethereum tests.
  init(plain: JSONValue, as type: ABIType) throws {
    switch type.description {
    case "address": self = .address(try Address(hex: #require(plain.asString)))
    case "bytes": self = .bytes(Array(try #require(plain.asString).utf8))
    case "bytes10": self = .fixedBytes(Array(try #require(plain.asString).utf8))
    case "uint256", "uint32": self = .uint(UInt256(UInt64(try #require(plain.asInteger))))
    case "uint32[]": self = .array(try #require(plain.asArray).map { try ABIValue(plain: $0, as: "uint32") })
    default: throw UnexpectedVector(value: plain)
    }
  }
}
