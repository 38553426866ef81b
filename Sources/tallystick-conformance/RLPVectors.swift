import Arithmetic
import Ethereum
import JSON

/// RLP, both ways, and what must be refused.
enum RLPVectors {
  static let suites = [
    Suite("rlp", shape: ["decoded", "encoded"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let item = try RLPItem(vector.field("decoded")) { try $0.bytes }
        try check(item, vector.bytes("encoded"))
      }
    },
    Suite("rlptest") { document, report, _ in
      report.checkEach(try document.members) { vector in
        let item = try RLPItem(vector.field("in")) { text in
          let digits = try text.text
          return digits.hasPrefix("#") ? try bigEndian(decimal: digits.dropFirst()) : Array(digits.utf8)
        }
        try check(item, vector.bytes("out"))
      }
    },
    Suite("invalidRLPTest") { document, report, _ in
      report.checkEach(try document.members) { vector in
        let bytes = try vector.bytes("out")
        try expectRefusal("an invalid item") { try RLPItem(decoding: bytes) }
      }
    },
  ]

  private static func check(_ item: RLPItem, _ bytes: [UInt8]) throws {
    try expectEqual(item.encoded(), bytes, "encoding")
    try expectEqual(RLPItem(decoding: bytes), item, "decoding")
  }

  /// The bytes of a number of any size.
  private static func bigEndian(decimal digits: Substring) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for digit in digits.utf8 {
      var carry = Int(digit) - 48
      try expect((0...9).contains(carry), "\(digits) is no number")
      for index in bytes.indices.reversed() {
        carry += 10 * Int(bytes[index])
        bytes[index] = UInt8(carry & 255)
        carry >>= 8
      }
      if carry > 0 { bytes.insert(UInt8(carry), at: 0) }
    }
    return bytes
  }
}

extension RLPItem {
  /// Nested arrays; numbers are integers, and texts are what `text` makes of them.
  init(_ vector: JSONValue, text: (JSONValue) throws -> [UInt8]) throws {
    switch vector {
    case .string: self = .bytes(try text(vector))
    case .number: self = .integer(try vector.integer)
    case .array(let values): self = .list(try values.map { try RLPItem($0, text: text) })
    default: throw Mismatch(description: "\(vector.summary) where RLP is expected")
    }
  }
}
