import Arithmetic
import Clauses
import Foundation
import JSON
import Testing

/// A clause of the library, and the golden cases beside it.
struct ClauseFile: Hashable, Sendable, CustomTestStringConvertible {
  /// Its place in the library, such as `payoff/european-call`.
  let name: String

  static let call = ClauseFile(name: "payoff/european-call")

  /// Every clause there is, by name. A library that cannot be read is empty, which a test notices.
  static let allCases: [ClauseFile] = {
    let kinds = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let names = kinds.flatMap { kind in
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(kind).path)) ?? []
      return files.filter { $0.hasSuffix(".clause") }.map { "\(kind)/\($0.dropLast(".clause".count))" }
    }
    return names.sorted().map { ClauseFile(name: $0) }
  }()

  var testDescription: String { name }

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

  private static let folder: URL = {
    var package = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { package.deleteLastPathComponent() }
    return package.appendingPathComponent("Contracts/Clauses")
  }()

  private func url(_ suffix: String) -> URL { Self.folder.appendingPathComponent("\(name).\(suffix)") }
}

/// Inputs, and what the clause says of them.
struct GoldenCase {
  let name: String
  let inputs: [String: InputValue]
  /// What is expected, in one line.
  let expected: String

  init(_ value: JSONValue) throws {
    name = value["name"]?.asString ?? "?"
    var inputs: [String: InputValue] = [:]
    for member in value["inputs"]?.asObject?.members ?? [] {
      inputs[member.name] = .number(try Int256(decimal: member.value.asString ?? ""))
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
