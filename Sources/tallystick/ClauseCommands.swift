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
      return Reply(
        text: (["\(program.kind), cost at most \(program.costBound), reads"] + inputs).joined(separator: "\n"),
        data: summary(of: program))
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
      "clause run", "run a clause on inputs of one's own", operands: [file],
      options: [
        .value("input", "NAME=VALUE", isRepeatable: true, "one input, an integer; booleans are 0 and 1"),
        .flag("trace", "print every step as well"),
      ]
    ) { arguments in
      let program = try program(arguments)
      var inputs: [String: Int256] = [:]
      for text in arguments.values("input") {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let value = try? Int256(decimal: parts[1]) else {
          throw InputError.value(name: "--input", expected: "NAME=INTEGER")
        }
        inputs[parts[0]] = value
      }
      return run(program, inputs, tracing: arguments.flag("trace"))
    },
  ]

  private static func summary(of program: Program) -> JSONValue {
    [
      "kind": .string("\(program.kind)"), "digest": .string(program.digest.hex),
      "bytecode": .string(Hex.encode(program.bytecode)), "costBound": .string(String(program.costBound)),
      "inputs": .array(
        program.inputs.map { ["name": .string($0.name), "type": .string($0.type.description)] }),
    ]
  }

  private static func run(_ program: Program, _ inputs: [String: Int256], tracing: Bool) -> Reply {
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
    for route in evaluation.routes {
      let pays = route.payments.map { ", buyer \($0.toBuyer), seller \($0.toSeller)" } ?? ""
      lines.append("\(route.name): \(route.isOpen ? "open" : "closed")\(pays)")
    }
    lines.append("cost \(evaluation.cost)")
    return Reply(text: lines.joined(separator: "\n"), data: .object(JSONObject(members)))
  }
}
