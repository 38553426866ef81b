import Foundation
import JSON
import TestSupport
import Testing

/// RFC 8259 as JSONTestSuite judges it, with the limits every stranger meets.
struct ConformanceTests {
  /// Files that must be taken by the standard, and are refused here by a rule of ours.
  static let refusedByRule: [String: JSONError.Kind] = [
    "y_object_duplicated_key.json": .duplicateName("a"),
    "y_object_duplicated_key_and_value.json": .duplicateName("a"),
  ]

  @Test(.enabled(if: Vectors.areThere)) func `JSONTestSuite's verdicts are ours`() throws {
    var counts: [String: Int] = [:]
    for vector in try Vectors.cases("JSONTestSuite/test_parsing") {
      let name = try #require(vector["name"]?.asString)
      let verdict = try #require(vector["expect"]?.asString)
      let bytes = try Self.bytes(of: vector)
      var fault: JSONError?
      do { _ = try JSONValue(parsing: bytes) } catch { fault = error }
      counts[verdict, default: 0] += 1
      switch verdict {
      case "accept": #expect(fault?.kind == Self.refusedByRule[name], "\(name)")
      case "reject": #expect(fault != nil, "\(name)")
      // What the standard leaves open: numbers no double has, half surrogate pairs, bytes that are not UTF-8, more
      // levels than the limit. All of it is refused here.
      case "either": #expect(fault != nil, "\(name)")
      default: Issue.record("\(name): unknown verdict \(verdict)")
      }
    }
    #expect(["accept", "reject", "either"].allSatisfy { counts[$0, default: 0] > 0 }, "\(counts)")
  }

  @Test(.enabled(if: Vectors.areThere)) func `what is taken survives canonical and pretty writing`() throws {
    for vector in try Vectors.cases("JSONTestSuite/test_parsing") {
      let bytes = try Self.bytes(of: vector)
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      let canonical = value.canonicalBytes()
      #expect(try JSONValue(parsingCanonical: canonical).canonicalBytes() == canonical)
      #expect(try JSONValue(parsing: value.prettyText()).canonicalBytes() == canonical)
    }
  }

  private static func bytes(of vector: JSONValue) throws -> [UInt8] {
    let base64 = try #require(vector["base64"]?.asString)
    return [UInt8](try #require(Data(base64Encoded: base64)))
  }

  /// Documents on which readers differ: what ours makes of them.
  static let transforms: [(String, JSONError.Kind?)] = [
    ("[-9223372036854775808]", .inexactNumber("-9223372036854775808")),
    ("[9223372036854775807]", .inexactNumber("9223372036854775807")),
    ("[9007199254740991, -9007199254740991]", nil),
    ("[9007199254740992]", .inexactNumber("9007199254740992")),
    ("[-9007199254740992]", .inexactNumber("-9007199254740992")),
    ("[1000000000000000]", nil),
    ("[1.0]", nil),
    ("[1E-999]", .inexactNumber("1E-999")),
    ("[1e400]", .inexactNumber("1e400")),
    ("[0.12345678901234567890]", .inexactNumber("0.12345678901234567890")),
    ("[9.007199254740993e15]", .inexactNumber("9.007199254740993e15")),
    ("[333333333.33333329]", .inexactNumber("333333333.33333329")),
    (#"{"a":1,"a":2}"#, .duplicateName("a")),
    (#"{"a":1,"\u0061":2}"#, .duplicateName("a")),
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", .duplicateName("e\u{301}")),
    (#"["\uD800"]"#, .loneSurrogate),
    (#"["\uDC00\uD800"]"#, .loneSurrogate),
    (#"["\uD83D\uDE00"]"#, nil),
  ]

  @Test(arguments: transforms) func `documents on which readers differ`(text: String, kind: JSONError.Kind?) {
    var fault: JSONError?
    do { _ = try JSONValue(parsing: text) } catch { fault = error }
    #expect(fault?.kind == kind)
  }

  @Test func `an object of many members still refuses a name given twice`() throws {
    let names = (0..<500).map { "\"n\($0)\":0" }
    #expect(try JSONValue(parsing: "{" + names.joined(separator: ",") + "}").asObject?.members.count == 500)
    for again in [0, 15, 16, 17, 499] {
      #expect {
        try JSONValue(parsing: "{" + (names + ["\"n\(again)\":1"]).joined(separator: ",") + "}")
      } throws: {
        ($0 as? JSONError)?.kind == .duplicateName("n\(again)")
      }
    }
  }
}
