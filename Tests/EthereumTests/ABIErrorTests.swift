import Arithmetic
import Ethereum
import JSON
import Testing

@Suite struct ABIErrorTests {
  @Test func `what a contract gives when it undoes a call is read by its signature`() throws {
    #expect(ABIError.message.selector.hex == "0x08c379a0")
    #expect(ABIError.panic.selector.hex == "0x4e487b71")
    let data = try ABIError.message.encode([.string("too late")])
    #expect(try ABIError.message.decode(data) == [.string("too late")])
    #expect(throws: EthereumError.abi(.wrongSelector, offset: 0)) { try ABIError.panic.decode(data) }
    let custom: ABIError = "InsufficientBalance(uint256,uint256)"
    #expect(custom.selector.hex == "0xcf479181")
    #expect(try custom.decode(custom.encode([.uint(1), .uint(2)])) == [.uint(1), .uint(2)])
    #expect(ABIError.panicMeaning(0x11) == "arithmetic overflow")
    #expect(ABIError.panicMeaning(0x99) == nil)
  }

  @Test func `values have no packed form inside arrays of dynamic values or tuples`() {
    #expect(throws: EthereumError.self) { try ABIValue.packed([.array([.string("a")])], as: ["string[]"]) }
    #expect(throws: EthereumError.self) { try ABIValue.packed([.tuple([.bool(true)])], as: ["(bool)"]) }
    #expect(throws: EthereumError.self) { try ABIValue.packed([.array([.bool(true)])], as: ["bool[2]"]) }
  }

  static let faults: [(JSONValue, ABIType, String)] = [
    ("1e3", "uint8", "x: found the string \"1e3\"; write a whole number in the range of uint8, as text or as a number"),
    (256, "uint8", "x: found the number 256; write a whole number in the range of uint8, as text or as a number"),
    ("", "int8", "x: found the string \"\"; write a whole number in the range of int8, as text or as a number"),
    ([true, 1], "bool[]", "x[1]: found the number 1; write true or false"),
    ([true], "bool[2]", "x: found an array of 1 element; write an array of 2 elements"),
    (
      [1], "(uint8,uint8)", "x: found an array of 1 element; write an array of 2 elements, the members of (uint8,uint8)"
    ),
  ]

  @Test(arguments: faults) func `JSON that is no value of a type is refused with its place`(
    value: JSONValue, type: ABIType, message: String
  ) {
    #expect {
      try ABIValue(value, as: type, at: "x")
    } throws: {
      ($0 as? EthereumError)?.description == message
    }
  }

  @Test func `values survive their JSON`() throws {
    let types: [ABIType] = ["uint256", "int256", "address", "bool", "bytes3", "bytes", "string", "(bool,int8[])[1]"]
    let values: [ABIValue] = [
      .uint(.max), .int(.min), .address(.zero), .bool(true), .fixedBytes([1, 2, 3]), .bytes([]), .string("é"),
      .array([.tuple([.bool(false), .array([.int(-1)])])]),
    ]
    for (value, type) in zip(values, types) { #expect(try ABIValue(value.document, as: type) == value) }
  }
}
