import Arithmetic
import Clauses
import Foundation
import JSON
import Testing

/// A clause of the library, and the golden cases beside it.
enum ClauseFile: String, CaseIterable, CustomTestStringConvertible {
  case call = "payoff/european-call"
  case put = "payoff/european-put"
  case vault = "escrow/vault"

  var testDescription: String { rawValue }

  var source: String {
    get throws { try String(contentsOf: url("clause"), encoding: .utf8) }
  }

  var program: Program {
    get throws { try Program(compiling: source) }
  }

  var cases: [GoldenCase] {
    get throws {
      let document = try JSONValue(parsing: [UInt8](Data(contentsOf: url("cases.json"))))
      return try (document["cases"]?.asArray ?? []).map { try GoldenCase($0) }
    }
  }

  private func url(_ suffix: String) -> URL {
    var package = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { package.deleteLastPathComponent() }
    return package.appendingPathComponent("Contracts/Clauses/\(rawValue).\(suffix)")
  }
}

/// Inputs, and what the clause says of them.
struct GoldenCase {
  let name: String
  let inputs: [String: Int256]
  /// What is expected, in one line.
  let expected: String

  init(_ value: JSONValue) throws {
    name = value["name"]?.asString ?? "?"
    var inputs: [String: Int256] = [:]
    for member in value["inputs"]?.asObject?.members ?? [] {
      inputs[member.name] = try Int256(decimal: member.value.asString ?? "")
    }
    self.inputs = inputs
    if let fault = value["fault"]?.asString {
      expected = "fault \(fault)"
    } else if let routes = value["routes"]?.asObject {
      expected = routes.members.map { "\($0.name) \(Self.words($0.value))" }.joined(separator: ", ")
    } else {
      expected = Self.words(value["payments"] ?? .null)
    }
  }

  private static func words(_ release: JSONValue) -> String {
    if let word = release.asString { return word }
    return "\(release["toBuyer"]?.asString ?? "?") + \(release["toSeller"]?.asString ?? "?")"
  }

  /// What the machine says, in one line.
  func answer(of program: Program) -> String {
    do {
      return Answer(try Machine.run(program, inputs: inputs)).text
    } catch {
      return "fault \(error.kind.name)"
    }
  }
}
