import Arithmetic
import ClauseAgreement
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
      if let elements = member.value.asArray {
        inputs[member.name] = .list(try elements.map { try Int256(decimal: $0.asString ?? "") })
      } else {
        inputs[member.name] = .number(try Int256(decimal: member.value.asString ?? ""))
      }
    }
    self.inputs = inputs
    if let fault = value["fault"]?.asString {
      expected = "fault \(fault)"
    } else {
      var parts: [String] = []
      if let payments = value["payments"] { parts.append(Self.words(payments, value["deliveries"])) }
      parts += (value["routes"]?.asObject?.members ?? []).map { "\($0.name) \(Self.words($0.value, nil))" }
      parts += (value["findings"]?.asObject?.members ?? []).map { "\($0.name) = \($0.value.asString ?? "?")" }
      expected = parts.joined(separator: ", ")
    }
  }

  private static func words(_ release: JSONValue, _ deliveries: JSONValue?) -> String {
    if let word = release.asString { return word }
    func pair(_ value: JSONValue, _ buyer: String, _ seller: String) -> String? {
      guard let toBuyer = value[buyer]?.asString, let toSeller = value[seller]?.asString else { return nil }
      return "\(toBuyer) + \(toSeller)"
    }
    let delivered =
      deliveries.flatMap { pair($0, "toBuyer", "toSeller") } ?? pair(release, "deliveryToBuyer", "deliveryToSeller")
    return (pair(release, "toBuyer", "toSeller") ?? "?") + (delivered.map { " and \($0)" } ?? "")
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
