import Ethereum
import JSON
import Testing

/// How vector files write bytes and numbers.
extension JSONValue {
  /// The bytes under a name, written with or without `0x`.
  func hex(_ name: String) throws -> [UInt8] {
    let text = try #require(self[name]?.asString, "no text under \(name)")
    return try Hex.decode(text.hasPrefix("0x") ? text : "0x" + text)
  }

  /// The text under a name.
  func text(_ name: String) throws -> String {
    try #require(self[name]?.asString, "no text under \(name)")
  }
}

extension Optional {
  /// The value, or an issue.
  var required: Wrapped {
    get throws { try #require(self) }
  }
}

extension UInt8 {
  var asInteger: Int64 { Int64(self) }
}

/// The bytes that literal digits write; none where they are wrong, which is a fault of the test.
func bytes(_ digits: String) -> [UInt8] {
  (try? Hex.decode("0x" + digits)) ?? []
}
