import Arithmetic
import Ethereum
import JSON
import Testing

/// Documents of any types: what they mean, and what of them is refused.
@Suite struct TypedDataTests {
  static let document: JSONValue = [
    "types": [
      "Note": [
        ["name": "text", "type": "string"], ["name": "level", "type": "int8"], ["name": "mark", "type": "bytes3"],
        ["name": "next", "type": "Note"], ["name": "sides", "type": "uint16[2][]"],
      ]
    ],
    "primaryType": "Note", "domain": ["name": "Notes", "chainId": 1],
    "message": ["text": "a", "level": "-3", "mark": "0x010203", "next": .null, "sides": [[1, "0x2"], ["3", "04"]]],
  ]

  /// The document with another value at a path.
  static func changed(_ path: [String], _ value: JSONValue?) -> JSONValue {
    func set(_ document: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
      guard let name = path.first, var object = document.asObject else { return value ?? .null }
      object[name] = path.count == 1 ? value : set(object[name] ?? [:], path.dropFirst())
      return .object(object)
    }
    return set(document, path[...])
  }

  /// By hand from the EIP: each member one word, text and arrays by their hash, no struct as zeros.
  @Test func `each kind of value takes its word`() throws {
    let message = try #require(try TypedData(Self.document).message)
    let typeString = "Note(string text,int8 level,bytes3 mark,Note next,uint16[2][] sides)"
    #expect(message.typeString == typeString)
    func word(_ number: UInt64) -> [UInt8] { UInt256(number).bigEndianBytes }
    let words: [[UInt8]] = [
      Keccak256.hash(Array(typeString.utf8)).bytes, Keccak256.hash(Array("a".utf8)).bytes,
      [UInt8](repeating: 255, count: 31) + [253], [1, 2, 3] + [UInt8](repeating: 0, count: 29), word(0),
      Keccak256.hash(Keccak256.hash(word(1) + word(2)).bytes + Keccak256.hash(word(3) + word(4)).bytes).bytes,
    ]
    #expect(message.encodedData == words.flatMap { $0 })
  }

  @Test func `a struct that is missing counts as one that is null`() throws {
    let missing = Self.changed(["message", "next"], nil)
    #expect(try TypedData(missing).digest == TypedData(Self.document).digest)
    let present = Self.changed(
      ["message", "next"], ["text": "", "level": 0, "mark": "0x000000", "sides": []])
    #expect(try TypedData(present).digest != TypedData(Self.document).digest)
  }

  @Test func `the domain has the fields that are given, in their order`() throws {
    let domain = try TypedData(Self.document).domain
    #expect(domain.ownTypeString == "EIP712Domain(string name,uint256 chainId)")
    let reordered = Self.changed(["domain"], ["chainId": "0x1", "name": "Notes"])
    #expect(try TypedData(reordered).domain.structHash == domain.structHash)
  }

  @Test func `the primary type is found where one struct holds all others`() throws {
    #expect(try TypedData(Self.changed(["primaryType"], nil)).digest == TypedData(Self.document).digest)
    let two = Self.changed(["types", "Other"], [["name": "a", "type": "bool"]])
    #expect(try TypedData(two).digest == TypedData(Self.document).digest)
    var ambiguous = try #require(two.asObject)
    ambiguous["primaryType"] = nil
    #expect(throws: EthereumError.self) { try TypedData(.object(ambiguous)) }
  }

  @Test func `what no type declares is ignored, and listed`() throws {
    let extra = Self.changed(["message", "hidden"], "send everything")
    let typed = try TypedData(extra)
    #expect(typed.ignoredPaths == ["message.hidden"])
    #expect(try typed.digest == TypedData(Self.document).digest)
    #expect(try TypedData(Self.document).ignoredPaths.isEmpty)
  }

  @Test func `with the domain as primary type there is no message`() throws {
    let typed = try TypedData(Self.changed(["primaryType"], "EIP712Domain"))
    #expect(typed.message == nil)
    #expect(typed.digest == Keccak256.hash([0x19, 0x01] + typed.domain.structHash.bytes))
  }

  static let faults: [([String], JSONValue?, String)] = [
    (["message", "text"], nil, "message.text: found nothing; add it: write a text"),
    (["message", "text"], .null, "message.text: found null; write a text"),
    (["message", "text"], 5, "message.text: found the number 5; write a text"),
    (
      ["message", "level"], 128,
      "message.level: found the number 128; write a whole number in the range of int8, as text or as a number"
    ),
    (
      ["message", "mark"], "0x01",
      "message.mark: found the string \"0x01\"; write 3 bytes, 0x and 6 hexadecimal digits"
    ),
    (["message", "next"], 1, "message.next: found the number 1; write an object, the struct Note"),
    (["message", "sides"], .null, "message.sides: found null; write an array"),
    (["message", "sides"], [[1]], "message.sides[0]: found an array of 1 element; write an array of 2 elements"),
    (
      ["message", "sides"], [[1, -1]],
      "message.sides[0][1]: found the number -1; write a whole number in the range of uint16, as text or as a number"
    ),
    (["message"], "0x", "message: found the string \"0x\"; write an object"),
    (["primaryType"], "Letter", "primaryType: found the string \"Letter\"; write the name of a struct in types"),
    (["types"], [], "types: found an array of 0 elements; write an object of struct types"),
    (["types", "Note"], "x", "types.Note: found the string \"x\"; write an array of members"),
    (
      ["types", "Other"], [["name": "a", "type": "uint"]],
      "types.Other[0].type: found the string \"uint\"; write a type of EIP-712, or declare this struct in types"
    ),
    (
      ["types", "Other"], [["name": "a", "type": "Missing[]"]],
      "types.Other[0].type: found the string \"Missing[]\"; write a type of EIP-712, or declare this struct in types"
    ),
    (
      ["types", "Other"], [["name": "a", "type": "bool"], ["name": "a", "type": "bool"]],
      "types.Other[1].name: found the string \"a\"; name each member once"
    ),
    (
      ["types", "address"], [],
      "types.address: found a struct with the name of another type; give the struct another name"
    ),
    (["domain"], nil, "domain: found nothing; write an object"),
    (
      ["domain", "network"], "main",
      "domain.network: found the string \"main\"; declare it in types.EIP712Domain, or remove it"
    ),
  ]

  @Test(arguments: faults) func `a document at fault is refused with its place`(
    path: [String], value: JSONValue?, message: String
  ) {
    #expect {
      try TypedData(Self.changed(path, value))
    } throws: {
      ($0 as? EthereumError)?.description == message
    }
  }

  @Test func `every fault is listed at once`() {
    var document = Self.changed(["message", "text"], nil)
    document = .object(
      JSONObject(
        (document.asObject?.members ?? []).map { ($0.name, $0.name == "domain" ? ["chainId": "x"] : $0.value) }))
    #expect {
      try TypedData(document)
    } throws: {
      guard case .document(let faults) = $0 as? EthereumError else { return false }
      return faults.map(\.path) == ["domain.chainId", "message.text"]
    }
  }

  /// The document of a struct of ours, read again, has the struct's own digest.
  @Test func `typed data of either origin are one mechanism`() throws {
    let domain = TypedDomain(name: "Notes", version: "2", chainID: 5, verifyingContract: .zero)
    let inner = TypedStruct(name: "Inner", members: [.init("flag", "bool", .bool(true))])
    let outer = TypedStruct(
      name: "Outer",
      members: [
        .init("inner", "Inner", .structure(inner)), .init("list", "Inner[]", .array([.structure(inner)])),
        .init("low", "int16", .int(-2)), .init("data", "bytes", .bytes([1, 2])),
        .init("tag", "bytes4", .fixedBytes([1, 2, 3, 4])),
      ])
    let document: JSONValue = [
      "types": [
        "Outer": [
          ["name": "inner", "type": "Inner"], ["name": "list", "type": "Inner[]"], ["name": "low", "type": "int16"],
          ["name": "data", "type": "bytes"], ["name": "tag", "type": "bytes4"],
        ], "Inner": [["name": "flag", "type": "bool"]],
      ], "primaryType": "Outer",
      "domain": [
        "name": "Notes", "version": "2", "chainId": 5, "verifyingContract": .string(Address.zero.checksummed),
      ],
      "message": [
        "inner": ["flag": true], "list": [["flag": true]], "low": -2, "data": "0x0102", "tag": "0x01020304",
      ],
    ]
    let typed = try TypedData(document)
    #expect(typed.domain.structHash == domain.separator)
    #expect(typed.message?.typeString == outer.typeString)
    #expect(typed.digest == outer.digest(in: domain))
  }

  @Test func `a contract's description of its domain is read, and compared by its hash`() throws {
    let contract = try Address(hex: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")
    func reply(_ fields: UInt8, extensions: [ABIValue] = []) throws -> [UInt8] {
      try ABIValue.encode(
        [
          .fixedBytes([fields]), .string("Ether Mail"), .string("1"), .uint(1), .address(contract), .bytes32(.zero),
          .array(extensions),
        ], as: ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"])
    }
    let domain = TypedDomain(name: "Ether Mail", version: "1", chainID: 1, verifyingContract: contract)
    #expect(try TypedStruct(contractDomain: reply(0x0f)).structHash == domain.separator)
    #expect(
      try TypedStruct(contractDomain: reply(0x0d)).ownTypeString
        == "EIP712Domain(string name,uint256 chainId,address verifyingContract)")
    #expect(throws: EthereumError.self) { try TypedStruct(contractDomain: reply(0x2f)) }
    #expect(throws: EthereumError.self) { try TypedStruct(contractDomain: reply(0x0f, extensions: [.uint(1)])) }
    #expect(throws: EthereumError.self) { try TypedStruct(contractDomain: []) }
    #expect(TypedStruct.domainFunction.selector.hex == "0x84b0196e")
  }
}
