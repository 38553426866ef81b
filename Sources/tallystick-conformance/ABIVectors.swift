import Arithmetic
import Ethereum
import JSON

/// The contract ABI: values both ways, packed values, selectors, and the interfaces of real contracts.
enum ABIVectors {
  static let suites = [
    Suite("abi", shape: ["type", "verbose", "encoded"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let type = try ABIType(parsing: vector.text("type"))
        let value = try ABIValue(try plain(vector.field("verbose")), as: type)
        let encoded = try vector.bytes("encoded")
        try expectEqual(ABIValue.encode([value], as: [type]), encoded, "encoding")
        try expectEqual(ABIValue.decode(encoded, as: [type]), [value], "decoding")
      }
    },
    Suite("ABITests_basic", shape: ["types", "args", "result"]) { document, report, _ in
      report.checkEach(try document.members) { vector in
        let types = try vector.elements("types").map { try ABIType(parsing: $0.text) }
        let values = try zip(vector.elements("args"), types).map { value, type in
          // Bytes are written as the letters that they are.
          let isBytes = type.description.hasPrefix("bytes")
          return try ABIValue(isBytes ? .string(Hex.encode(Array(value.text.utf8))) : value, as: type)
        }
        let encoded = try vector.bytes("result")
        try expectEqual(ABIValue.encode(values, as: types), encoded, "encoding")
        try expectEqual(ABIValue.decode(encoded, as: types), values, "decoding")
      }
    },
    Suite("solidity-hashes", shape: ["types", "values", "keccak256"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let types = try vector.elements("types").map { try ABIType(parsing: $0.text) }
        let values = try zip(vector.elements("values"), types).map { try ABIValue($0, as: $1) }
        let packed = try ABIValue.packed(values, as: types)
        try expectEqual(Keccak256.hash(packed), vector.digest("keccak256"), "keccak256 of the packed values")
      }
    },
    Suite("solc_method_selectors") { document, report, _ in
      for member in try document.members {
        report.check(member.name) {
          let function = try ABIFunction(signature: member.name)
          try expectEqual(function.selector.bytes, member.value.bytes, "selector")
          try expectEqual(function.signature, member.name, "canonical signature")
        }
      }
    },
    Suite("contract_abis") { document, report, _ in
      for member in try document.members { report.check(member.name) { try checkInterface(member.value) } }
    },
  ]

  /// The value in ethers' form, which names the kind of each part, as plain JSON.
  private static func plain(_ verbose: JSONValue) throws -> JSONValue {
    let value = try verbose.field("value")
    switch try verbose.text("type") {
    case "array", "object": return .array(try value.elements.map { try plain($0) })
    default: return value
    }
  }

  /// Every function, event and error has a signature that reads, and none of a kind bears another's selector.
  private static func checkInterface(_ contract: JSONValue) throws {
    var selectors: [String: String] = [:]
    let entries = contract.asArray ?? contract["abi"]?.asArray ?? [contract]
    for entry in entries {
      let kind = entry["type"]?.asString ?? "function"
      guard let name = entry["name"]?.asString, ["function", "event", "error"].contains(kind) else { continue }
      let inputs = try entry.elements("inputs")
      // A library's functions name types of its own, which stand for no bytes.
      if try inputs.contains(where: { try $0.text("type").contains { ". ".contains($0) } }) { continue }
      let signature = try name + "(" + inputs.map { try canonical($0) }.joined(separator: ",") + ")"
      let selector: String
      switch kind {
      case "event":
        let parameters = try inputs.map { try canonical($0) + ($0["indexed"] == true ? " indexed" : "") }
        let event = try ABIEvent(signature: name + "(" + parameters.joined(separator: ",") + ")")
        try expectEqual(event.topic, Keccak256.hash(Array(signature.utf8)), "topic of \(signature)")
        selector = event.topic.hex
      case "error":
        let error = try ABIError(signature: signature)
        try expectEqual(error.signature, signature, "signature")
        selector = error.selector.hex
      default:
        let function = try ABIFunction(signature: signature)
        try expectEqual(function.signature, signature, "signature")
        selector = function.selector.hex
      }
      let known = selectors.updateValue(signature, forKey: kind + selector)
      try expect(known == nil || known == signature, "\(signature) and \(known ?? "") have one selector")
    }
  }

  /// The type of a parameter, tuples written out.
  private static func canonical(_ parameter: JSONValue) throws -> String {
    let type = try parameter.text("type")
    guard type.hasPrefix("tuple") else { return type }
    let members = try parameter.elements("components").map { try canonical($0) }
    return "(" + members.joined(separator: ",") + ")" + type.dropFirst("tuple".count)
  }
}
