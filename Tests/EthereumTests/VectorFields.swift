import Arithmetic
import Ethereum
import JSON
import Testing

/// The fields of a vector case, as the types under test. A field that is missing or of another kind fails the test.
extension JSONValue {
  func text(_ name: String) throws -> String { try #require(self[name]?.asString, "\(name) is a string") }
  func bytes(_ name: String) throws -> [UInt8] { try Hex.decode(text(name)) }
  func digest(_ name: String) throws -> Digest { try Digest(hex: text(name)) }

  /// An integer: a number, or a hexadecimal string with or without zeros in front; zero where it is missing.
  func quantity(_ name: String) throws -> UInt256 {
    switch self[name] {
    case nil: return .zero
    case .number(let number): return UInt256(UInt64(try #require(number.integer)))
    case .string(let text):
      let digits = text.dropFirst(2)
      return try UInt256(bigEndian: Hex.decode("0x" + (digits.count.isMultiple(of: 2) ? "" : "0") + digits))
    default: throw UnexpectedVector(value: self)
    }
  }

  /// Text as bytes: hexadecimal after `0x`, else as it stands.
  var looseBytes: [UInt8] {
    get throws {
      let text = try #require(asString)
      return text.hasPrefix("0x") ? try Hex.decode(text) : Array(text.utf8)
    }
  }
}

/// A vector of a shape that its reader does not know.
struct UnexpectedVector: Error {
  let value: JSONValue
}
