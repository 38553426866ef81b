import Arithmetic
import Ethereum
import JSON
import Testing
import TestSupport

/// Typed data from outside, as far as its types are among those of a `TypedStruct`.
@Suite(.enabled(if: Vectors.areThere)) struct TypedStructVectorTests {
  @Test func `structs of ethers have its encoding and digest`() throws {
    var (count, skipped) = (0, 0)
    for vector in try Vectors.cases("ethers/typed-data") {
      let reader = TypedDataReader(types: try #require(vector["types"]?.asObject))
      guard
        let structure = try reader.structure(vector.text("primaryType"), #require(vector["data"])),
        let domain = try reader.domain(#require(vector["domain"]?.asObject))
      else {
        skipped += 1
        continue
      }
      count += 1
      let name = try vector.text("name")
      #expect(try structure.structHash == Keccak256.hash(vector.bytes("encoded")), "\(name)")
      let digest = Keccak256.hash([0x19, 0x01] + domain.structHash.bytes + structure.structHash.bytes)
      #expect(try digest == vector.digest("digest"), "\(name)")
    }
    print("ethers/typed-data: \(count) compared, \(skipped) skipped for bytes, int or narrow byte types")
    #expect(count >= 10)
  }

  @Test(arguments: ["permit2/typed_data_signatures", "safe-eth-py/eip712"])
  func `documents of wallets have their digest`(file: String) throws {
    var (count, skipped) = (0, 0)
    for vector in try Vectors.cases(file) {
      let document = try #require(vector["typedData"])
      let reader = TypedDataReader(types: try #require(document["types"]?.asObject))
      guard
        let structure = try reader.structure(document.text("primaryType"), #require(document["message"])),
        let domain = try reader.domain(#require(document["domain"]?.asObject))
      else {
        skipped += 1
        continue
      }
      count += 1
      let digest = Keccak256.hash([0x19, 0x01] + domain.structHash.bytes + structure.structHash.bytes)
      #expect(try digest == vector.digest("digest"))
    }
    print("\(file): \(count) compared, \(skipped) skipped for bytes, int or narrow byte types")
    #expect(count >= 1)
  }
}

/// Builds structs from a typed-data document; nil where a type is not one of ours.
struct TypedDataReader {
  let types: JSONObject

  func structure(_ name: String, _ data: JSONValue) throws -> TypedStruct? {
    var members: [TypedStruct.Member] = []
    for field in try #require(types[name]?.asArray) {
      let (name, type) = (try field.text("name"), try field.text("type"))
      guard let value = try value(type, #require(data[name])) else { return nil }
      members.append(.init(name, type, value))
    }
    return TypedStruct(name: name, members: members)
  }

  func domain(_ domain: JSONObject) throws -> TypedStruct? {
    let declared = [
      ("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"),
      ("salt", "bytes32"),
    ]
    var members: [TypedStruct.Member] = []
    for (name, type) in declared {
      guard let given = domain[name], given != .null else { continue }
      guard let value = try value(type, given) else { return nil }
      members.append(.init(name, type, value))
    }
    return TypedStruct(name: "EIP712Domain", members: members)
  }

  private func value(_ type: String, _ data: JSONValue) throws -> TypedValue? {
    if type.hasSuffix("]") {
      let open = try #require(type.lastIndex(of: "["))
      // The structs of an empty array are not known from its values.
      guard let elements = data.asArray, !elements.isEmpty else { return nil }
      var values: [TypedValue] = []
      for element in elements {
        guard let value = try value(String(type[..<open]), element) else { return nil }
        values.append(value)
      }
      return .array(values)
    }
    switch (type, data) {
    case ("address", .string(let text)): return .address(try Address(hex: text))
    case ("bytes32", .string(let text)): return .bytes32(try Digest(hex: text))
    case ("string", .string(let text)): return .string(text)
    case ("bool", .bool(let flag)): return .bool(flag)
    case (_, .string(let text)) where type.hasPrefix("uint"):
      return .uint(try text.hasPrefix("0x") ? UInt256(hex: text) : UInt256(decimal: text))
    case (_, .number(let number)) where type.hasPrefix("uint"): return .uint(try UInt256(decimal: number.literal))
    case (_, .object): return try structure(type, data).map { .structure($0) }
    default: return nil
    }
  }
}
