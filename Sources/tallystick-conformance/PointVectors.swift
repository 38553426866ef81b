import Ethereum
import JSON
import Signing

/// Points of the curve: which bytes are one, and how they add up.
enum PointVectors {
  static let suites = [
    Suite("points") { document, report, _ in
      for part in ["valid", "invalid"] {
        for kind in try document.field(part).members {
          report.checkEach(try kind.value.elements, prefix: "\(part) \(kind.name) ") { vector in
            if part == "valid" { try checkValid(kind.name, vector) } else { try checkInvalid(kind.name, vector) }
          }
        }
      }
    }
  ]

  private static func checkValid(_ kind: String, _ vector: JSONValue) throws {
    if kind == "isPoint" {
      let isPoint = (try? CurvePoint(bytes: vector.bytes("P"))) != nil
      return try expectEqual(isPoint, vector["expected"] == true, "whether it is a point")
    }
    let expected = vector["expected"] ?? .null
    guard expected != .null else {
      return try expect(try result(kind, vector) == nil, "a point where infinity is expected")
    }
    let bytes = try scalarOrPoint(kind, expected)
    let isCompressed = vector["compress"]?.asBool ?? (bytes.count == 33)
    try expectEqual(try result(kind, vector)?.bytes(isCompressed: isCompressed) ?? [], bytes, kind)
  }

  private static func checkInvalid(_ kind: String, _ vector: JSONValue) throws {
    try expectRefusal("an invalid argument") { try result(kind, vector) }
  }

  /// The result, nil for infinity.
  private static func result(_ kind: String, _ vector: JSONValue) throws -> CurvePoint? {
    switch kind {
    case "pointAdd": try CurvePoint(bytes: vector.bytes("P")).adding(CurvePoint(bytes: vector.bytes("Q")))
    case "pointAddScalar": try CurvePoint(bytes: vector.bytes("P")).adding(scalar: vector.bytes("d"))
    case "pointMultiply": try CurvePoint(bytes: vector.bytes("P")).multiplied(by: vector.bytes("d"))
    case "pointCompress": try CurvePoint(bytes: vector.bytes("P"))
    case "pointFromScalar": try CurvePoint(scalar: padded(vector.field("d")))
    // The file negates the scalar; the point follows.
    case "pointNegate": try CurvePoint(scalar: padded(vector.field("d"))).negated
    default: throw Skip(reason: "the operation \(kind) is not known")
    }
  }

  private static func scalarOrPoint(_ kind: String, _ expected: JSONValue) throws -> [UInt8] {
    guard kind == "pointNegate" else { return try expected.bytes }
    return try CurvePoint(scalar: padded(expected)).bytes(isCompressed: true)
  }

  /// One scalar of the file lacks its first zero.
  private static func padded(_ value: JSONValue) throws -> [UInt8] {
    let digits = try value.text
    return try Hex.decode("0x" + String(repeating: "0", count: max(0, 64 - digits.count)) + digits)
  }
}
