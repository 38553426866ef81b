import Arithmetic
import Ethereum
import JSON

/// The fields of a case, as the types under test; a field that is missing or of another kind fails the case.
extension JSONValue {
  func field(_ name: String) throws -> JSONValue {
    guard let value = self[name] else { throw Mismatch(description: "the case has no \(name)") }
    return value
  }

  var text: String {
    get throws {
      guard let text = asString else { throw Mismatch(description: "\(summary) where a text is expected") }
      return text
    }
  }

  var elements: [JSONValue] {
    get throws {
      guard let elements = asArray else { throw Mismatch(description: "\(summary) where an array is expected") }
      return elements
    }
  }

  var members: [JSONObject.Member] {
    get throws {
      guard let object = asObject else { throw Mismatch(description: "\(summary) where an object is expected") }
      return object.members
    }
  }

  /// Bytes in hexadecimal, with or without `0x`.
  var bytes: [UInt8] {
    get throws {
      let text = try text
      return try Hex.decode(text.hasPrefix("0x") ? text : "0x" + text)
    }
  }

  /// A whole number: as a number, as decimal text, or as hexadecimal text with zeros in front or not.
  var integer: UInt256 {
    get throws {
      if case .uint(let value) = try ABIValue(self, as: "uint256") { return value }
      throw Mismatch(description: "\(summary) where a whole number is expected")
    }
  }

  func text(_ name: String) throws -> String { try field(name).text }
  func bytes(_ name: String) throws -> [UInt8] { try field(name).bytes }
  func digest(_ name: String) throws -> Digest { try Digest(bytes(name)) }
  func address(_ name: String) throws -> Address { try Address(hex: text(name)) }
  func elements(_ name: String) throws -> [JSONValue] { try field(name).elements }
  func integer(_ name: String) throws -> UInt256 { try field(name).integer }

  /// The case's own name, or else its place in the file.
  func name(at index: Int) -> String {
    let given = self["name"]?.asString ?? self["description"]?.asString ?? self["test"]?.asString
    return given.map { "\($0) (\(index))" } ?? "\(index)"
  }

  /// This object with another value under a name, or without it.
  func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
    guard var object = asObject else { return self }
    object[name] = value
    return .object(object)
  }
}

extension Report {
  /// Each element of an array as one case.
  func checkEach(_ cases: [JSONValue], prefix: String = "", _ body: (JSONValue) throws -> Void) {
    for (index, vector) in cases.enumerated() { check(prefix + vector.name(at: index)) { try body(vector) } }
  }

  /// Each member of an object as one case.
  func checkEach(_ cases: [JSONObject.Member], _ body: (JSONValue) throws -> Void) {
    for member in cases { check(member.name) { try body(member.value) } }
  }
}
