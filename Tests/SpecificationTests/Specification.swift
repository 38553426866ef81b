import Ethereum
import Foundation
import JSON
import Settlement
import Signing
import Terms
import Testing

/// The vectors in `Fixtures/specification`, which were derived from the written specification in another language.
enum Specification {
  static func bytes(_ name: String) throws -> [UInt8] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Fixtures/specification/\(name)")
    return [UInt8](try Data(contentsOf: file))
  }

  /// The source of a payoff clause of the library.
  static func clause(_ name: String) throws -> String {
    String(decoding: try bytes("../../Contracts/Clauses/payoff/\(name).clause"), as: UTF8.self)
  }

  static func vectors() throws -> JSONValue {
    try JSONValue(parsing: bytes("vectors.json"))
  }

  /// What the other machine's steps are.
  static func traces() throws -> JSONValue {
    try JSONValue(parsing: bytes("traces.json"))
  }

  /// The terms of the trade that the vectors follow.
  static func terms() throws -> OptionTerms {
    try OptionTerms(document: vectors().at("terms", 0, "document"))
  }

  /// The journal that the vectors write, as far as its first so many entries.
  static func journal(entries count: Int = .max) throws -> Journal {
    try Journal(replaying: vectors().at("journal", "entries").list().prefix(count).map { try entry($0) })
  }

  static func entry(_ document: JSONValue) throws -> JournalEntry {
    try read(document) { JournalEntry(reading: &$0) }
  }

  static func read<T>(_ document: JSONValue, _ body: (inout ObjectReader) -> T?) throws -> T {
    var reader = ObjectReader(document, at: "")
    let value = body(&reader)
    let faults = reader.finish()
    #expect(faults.isEmpty, "\(faults)")
    return try #require(value)
  }

  static func key(_ name: String) throws -> PrivateKey {
    try PrivateKey(bytes: Hex.decode(vectors().at("keys", name, "key").text()))
  }
}

/// A step into a document.
enum Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case member(String)
  case element(Int)

  init(stringLiteral value: String) { self = .member(value) }

  init(integerLiteral value: Int) { self = .element(value) }
}

extension JSONValue {
  /// What lies at a path.
  func at(_ steps: Step...) throws -> JSONValue {
    var value = self
    for step in steps {
      switch step {
      case .member(let name): value = try #require(value[name], "no member \(name)")
      case .element(let index): value = try value.list()[index]
      }
    }
    return value
  }

  func at(_ first: String, _ second: String, _ third: String) throws -> JSONValue {
    try at(.member(first), .member(second), .member(third))
  }

  func text() throws -> String { try #require(asString) }

  func list() throws -> [JSONValue] { try #require(asArray) }

  /// The same document with another value at a path.
  func replacing(_ path: [Step], with value: JSONValue) throws -> JSONValue {
    guard let step = path.first else { return value }
    let rest = Array(path.dropFirst())
    switch step {
    case .member(let name):
      let members = try #require(asObject).members
      return .object(
        JSONObject(
          try members.map { ($0.name, $0.name == name ? try $0.value.replacing(rest, with: value) : $0.value) }))
    case .element(let index):
      var elements = try list()
      elements[index] = try elements[index].replacing(rest, with: value)
      return .array(elements)
    }
  }
}
