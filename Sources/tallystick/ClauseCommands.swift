import Arithmetic
import Clauses
import Console
import Ethereum
import JSON
import Settlement

/// Clauses: checked, compiled, run.
enum ClauseCommands {
  private static let file = Operand("CLAUSE", "the clause's source; - for standard input")

  private static func program(_ arguments: Arguments) throws -> Program {
    try Program(compiling: try Files.text(arguments.operand(file.name)))
  }

  static let all = [
    Command("clause check", "check a clause and print what it reads and its worst-case cost", operands: [file]) {
      arguments in
      let program = try program(arguments)
      let inputs = program.inputs.map { "  \($0.name): \($0.type)" }
      var lines = ["\(program.kind), cost at most \(program.costBound), reads"] + inputs
      if !program.finds.isEmpty { lines += ["finds"] + program.finds.map { "  \($0.name): \($0.type)" } }
      if !program.claims.isEmpty {
        lines += ["claims"] + program.claims.map { "  the buyer's payment \($0.direction.rawValue) with \($0.input)" }
      }
      return Reply(text: lines.joined(separator: "\n"), data: summary(of: program))
    },
    Command(
      "clause compile", "print the digest of a clause's bytecode, which terms name", operands: [file],
      options: [.flag("listing", "print the bytecode's listing instead")]
    ) { arguments in
      let program = try program(arguments)
      return Reply(
        text: arguments.flag("listing") ? program.listing : program.digest.hex, data: summary(of: program))
    },
    Command(
      "clause format", "print a clause in the one layout of its language", operands: [file],
      options: [
        .flag("check", "print nothing, and end with status 3 where the file has another layout"),
        .flag("write", "replace the file"),
      ]
    ) { arguments in try format(arguments) },
    Command(
      "clause run", "run a clause on inputs of one's own", operands: [file],
      options: [
        .value(
          "input", "NAME=VALUE", isRepeatable: true,
          "one input: an integer, a list of them as 1,2,3, or the name of a value"),
        .value(
          "inputs", "FILE", "many runs: a JSON object of inputs on each line, and on each line of the answer its result"
        ),
        .flag("trace", "print every step as well"),
      ]
    ) { arguments in
      let program = try program(arguments)
      if let file = arguments.value("inputs") {
        let rows = try ClauseBatch.rows(program, file: file)
        let lines = rows.map { String(decoding: $0.canonicalBytes(), as: UTF8.self) }
        return Reply(text: lines.joined(separator: "\n"), data: ["results": .array(rows)])
      }
      var inputs: [String: InputValue] = [:]
      for text in arguments.values("input") {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw InputError.value(name: "--input", expected: "NAME=VALUE") }
        inputs[parts[0]] = try value(parts[1], of: program.inputs.first { $0.name == parts[0] }?.type)
      }
      return run(program, inputs, tracing: arguments.flag("trace"))
    },
  ]

  private static func format(_ arguments: Arguments) throws -> Reply {
    let path = arguments.operand(file.name)
    let source = try Files.text(path)
    let text = try Formatter.format(source)
    let data: JSONValue = ["changed": .bool(text != source)]
    if arguments.flag("check") {
      let failure = Failure(
        .refused, code: "clause_layout", "\(path) has another layout; write it with `clause format --write`")
      return Reply(text: "", data: data, failure: text == source ? nil : failure)
    }
    guard arguments.flag("write") else { return Reply(text: String(text.dropLast()), data: ["text": .string(text)]) }
    guard path != "-" else { throw InputError.value(name: file.name, expected: "a file to be written") }
    if text != source { try Files.write(Array(text.utf8), to: path, replacing: true) }
    return Reply(text: "", data: data)
  }

  /// An input's value as it is written: numbers in decimal or after `0x`, the names of an enumeration, and for a list
  /// its elements with commas between.
  private static func value(_ text: String, of type: ClauseType?) throws -> InputValue {
    if let element = type?.element {
      return .list(try text.split(separator: ",").map { try number(String($0), of: element) })
    }
    return .number(try number(text, of: type))
  }

  private static func number(_ text: String, of type: ClauseType?) throws -> Int256 {
    if let place = type?.caseNames?.firstIndex(of: text) { return Int256(Int64(place)) }
    if type == .bool, let place = ["false", "true"].firstIndex(of: text) { return Int256(Int64(place)) }
    if text.hasPrefix("0x"), let bytes = try? Hex.decode(text), let bits = try? UInt256(bigEndian: bytes) {
      return Int256(bits: bits)
    }
    guard let value = try? Int256(decimal: text) else {
      throw InputError.value(name: "--input", expected: "NAME=INTEGER, NAME=1,2,3 for a list, or the name of a value")
    }
    return value
  }

  /// A value as a person reads it.
  private static func words(_ value: Int256, _ type: ClauseType) -> String {
    if let names = type.caseNames, let place = value.asInt64, names.indices.contains(Int(place)) {
      return names[Int(place)]
    }
    return switch type {
    case .bool: value == .zero ? "false" : "true"
    case .address: Hex.encode(value.bits.bigEndianBytes.suffix(20))
    case .digest: Hex.encode(value.bits.bigEndianBytes)
    default: value.description
    }
  }

  private static func summary(of program: Program) -> JSONValue {
    [
      "kind": .string("\(program.kind)"), "digest": .string(program.digest.hex),
      "bytecode": .string(Hex.encode(program.bytecode)), "costBound": .string(String(program.costBound)),
      "inputs": .array(
        program.inputs.map { ["name": .string($0.name), "type": .string($0.type.description)] }),
      "finds": .array(
        program.finds.map { ["name": .string($0.name), "type": .string($0.type.description)] }),
    ]
  }

  private static func run(_ program: Program, _ inputs: [String: InputValue], tracing: Bool) -> Reply {
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(program, inputs: inputs, tracing: tracing)
    } catch {
      return Reply(
        text: "no outcome", data: ["fault": .string(error.kind.name)],
        failure: Failure(.refused, code: "clause_fault", error.description))
    }
    var lines: [String] = []
    for step in evaluation.trace?.steps ?? [] {
      lines.append(
        "\(step.instruction)\t\(step.opcode)\t\(step.source?.description ?? "")\t\(step.value?.description ?? "")")
    }
    var members: [(String, JSONValue)] = [("cost", .string(String(evaluation.cost)))]
    if let payments = evaluation.payments {
      lines.append("buyer \(payments.toBuyer), seller \(payments.toSeller)")
      members.append(("toBuyer", .string(payments.toBuyer.description)))
      members.append(("toSeller", .string(payments.toSeller.description)))
    }
    if let deliveries = evaluation.deliveries {
      lines.append("delivered: buyer \(deliveries.toBuyer), seller \(deliveries.toSeller)")
      members.append(("deliveredToBuyer", .string(deliveries.toBuyer.description)))
      members.append(("deliveredToSeller", .string(deliveries.toSeller.description)))
    }
    for finding in evaluation.findings { lines.append("\(finding.name) = \(words(finding.value, finding.type))") }
    if !evaluation.findings.isEmpty {
      let found = evaluation.findings.map { ($0.name, JSONValue.string(words($0.value, $0.type))) }
      members.append(("findings", .object(JSONObject(found))))
    }
    for route in evaluation.routes {
      var pays = route.payments.map { ", buyer \($0.toBuyer), seller \($0.toSeller)" } ?? ""
      if let deliveries = route.deliveries {
        pays += ", delivered: buyer \(deliveries.toBuyer), seller \(deliveries.toSeller)"
      }
      lines.append("\(route.name): \(route.isOpen ? "open" : "closed")\(pays)")
    }
    lines.append("cost \(evaluation.cost)")
    return Reply(text: lines.joined(separator: "\n"), data: .object(JSONObject(members)))
  }
}
