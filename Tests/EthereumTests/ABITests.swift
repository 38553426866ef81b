import Arithmetic
import Ethereum
import JSON
import Testing

@Suite struct ABITests {
  @Test func `a call of the Solidity documentation encodes as printed there`() throws {
    let sam = try ABIFunction(signature: "sam(bytes,bool,uint256[])")
    let data = try sam.encodeCall([.bytes(Array("dave".utf8)), .bool(true), .array([.uint(1), .uint(2), .uint(3)])])
    let words = [
      "0000000000000000000000000000000000000000000000000000000000000060",
      "0000000000000000000000000000000000000000000000000000000000000001",
      "00000000000000000000000000000000000000000000000000000000000000a0",
      "0000000000000000000000000000000000000000000000000000000000000004",
      "6461766500000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000003",
      "0000000000000000000000000000000000000000000000000000000000000001",
      "0000000000000000000000000000000000000000000000000000000000000002",
      "0000000000000000000000000000000000000000000000000000000000000003",
    ]
    #expect(Hex.encode(data) == "0xa5643bf2" + words.joined())
    #expect(
      try sam.decodeCall(data) == [.bytes(Array("dave".utf8)), .bool(true), .array([.uint(1), .uint(2), .uint(3)])])
  }

  @Test(arguments: [
    ("uint", "uint256"), ("int", "int256"), ("bytes32[2][]", "bytes32[2][]"),
    ("(address,(uint8,string)[3])[]", "(address,(uint8,string)[3])[]"), ("function[2]", "function[2]"),
  ])
  func `types have one canonical text`(text: String, canonical: String) throws {
    #expect(try ABIType(parsing: text).description == canonical)
  }

  @Test(arguments: [
    ("", ABITypeFault.badSyntax), ("uint7", .badSize), ("uint264", .badSize), ("uint0", .badSize), ("uint08", .badSize),
    ("bytes33", .badSize), ("bytes0", .badSize), ("uint256[0]", .badSize), ("uint256[01]", .badSize),
    ("uint256[-1]", .badSyntax), ("uint256[", .badSyntax), ("uint256]", .badSyntax), ("()", .badSyntax),
    ("(uint256", .badSyntax), ("(uint256,)", .badSyntax), ("address payable", .badSyntax), ("Uint256", .unknown),
    ("fixed128x18", .unknown), ("uint8[1000000][1000000]", .tooLarge), ("string[1000000]", .tooLarge),
    (String(repeating: "(", count: 100) + "bool" + String(repeating: ")", count: 100), .tooDeep),
    ("bool" + String(repeating: "[]", count: 100), .tooDeep), (String(repeating: "a", count: 10_000), .tooLarge),
  ])
  func `text that is no type is refused`(text: String, fault: ABITypeFault) {
    let error = #expect(throws: EthereumError.self) { try ABIType(parsing: text) }
    guard case .abiType(fault, _) = error else {
      Issue.record("\(text.prefix(40)): \(String(describing: error)) instead of \(fault)")
      return
    }
  }

  /// Encodings that a lenient decoder takes, and that mean the same as another one.
  @Test(arguments: [
    ("(uint8)", ["0100"], ABIFault.outOfRange), ("(bool)", ["02"], .outOfRange), ("(int8)", ["80"], .outOfRange),
    ("(address)", ["010000000000000000000000000000000000000000"], .dirtyPadding), ("(bytes1)", ["01"], .dirtyPadding),
    ("(uint256)", ["01", "00"], .trailingBytes), ("(uint256)", [], .truncated),
    ("(bytes)", ["40", "00", "00"], .badOffset), ("(bytes)", ["20", "01", "01"], .dirtyPadding),
    ("(bytes)", ["20", "01"], .truncated), ("(bytes)", ["20", "ffffffffffffffff"], .truncated),
    ("(bytes)", ["20", "010000000000000000"], .truncated), ("(bytes)", ["20", "00", "00"], .trailingBytes),
    ("(uint256[])", ["20", "0fffffffffffffff"], .truncated), ("(bytes,bytes)", ["40", "40", "00"], .badOffset),
    ("(bytes,bytes)", ["60", "40", "00", "00"], .badOffset), ("(bytes[])", ["20", "01", "40", "00", "00"], .badOffset),
  ])
  func `an encoding that is not canonical is refused`(signature: String, words: [String], fault: ABIFault) throws {
    let types = try ABIFunction(signature: "f" + signature).inputs
    let padded = words.map { String(repeating: "0", count: 64 - $0.count) + $0 }
    let error = #expect(throws: EthereumError.self) {
      try ABIValue.decode(Hex.decode("0x" + padded.joined()), as: types)
    }
    guard case .abi(fault, _) = error else {
      Issue.record("\(signature): \(String(describing: error)) instead of \(fault)")
      return
    }
  }

  /// Solidity documentation: "an address (20 bytes) followed by a function selector (4 bytes). Encoded identical to
  /// bytes24."
  @Test func `a function is encoded like 24 bytes, and typed data has none`() throws {
    let value = ABIValue.fixedBytes([UInt8](repeating: 7, count: 24))
    let data = try ABIValue.encode([value], as: ["function"])
    #expect(try data == ABIValue.encode([value], as: ["bytes24"]))
    #expect(try ABIValue.decode(data, as: ["function"]) == [value])
    #expect(try ABIFunction(signature: "f(function)").signature == "f(function)")
    #expect(throws: EthereumError.self) {
      try TypedData(["types": ["T": [["name": "f", "type": "function"]]], "domain": [:], "message": ["f": "0x"]])
    }
  }

  @Test func `text that is not UTF-8 is refused`() throws {
    let bytes = try ABIValue.encode([.bytes([0xff])], as: [ABIType(parsing: "bytes")])
    #expect(throws: EthereumError.abi(.badUTF8, offset: 64)) {
      try ABIValue.decode(bytes, as: [ABIType(parsing: "string")])
    }
  }

  @Test(arguments: [
    ("uint8", ABIValue.uint(256)), ("int8", .int(128)), ("int8", .int(-129)), ("uint256", .int(1)),
    ("bytes2", .bytes([1, 2])),
    ("bytes2", .fixedBytes([1])), ("bool[2]", .array([.bool(true)])), ("(bool)", .tuple([])),
    ("address", .fixedBytes([])),
  ])
  func `a value of another type or range is refused`(type: String, value: ABIValue) throws {
    let type = try ABIType(parsing: type)
    #expect(throws: EthereumError.abiMismatch(type: type.description)) { try ABIValue.encode([value], as: [type]) }
  }
}
