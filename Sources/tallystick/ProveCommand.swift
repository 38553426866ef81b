import Arithmetic
import Clauses
import Console
import Glibc
import JSON
import Proving
import Settlement
import Terms

/// `clause prove`: what a clause must do, shown for all inputs at once.
enum ProveCommand {
  private static let file = Operand("CLAUSE", "the clause's source; - for standard input")

  static let command = Command(
    "clause prove", "show for all inputs at once that a clause does what it must, with Z3", operands: [file],
    options: [
      .value("terms", "TERMS", "take the terms' values as they are agreed, and let only facts vary"),
      .value("range", "NAME=LOW..HIGH", isRepeatable: true, "fewer values of one input than it may have"),
      .value("smtlib", "DIR", "write every question to the solver into a folder; - prints them instead"),
      .value("solver", "PATH", "the Z3 to use, else z3 of PATH"),
    ]
  ) { arguments in
    let source = try Files.text(arguments.operand(file.name))
    let program = try Program(compiling: source)
    var queries: [Prover.Query] = []
    let proof = try Prover.prove(
      program, narrowed: try ranges(arguments.values("range")),
      constants: try constants(arguments.value("terms"), for: program), solverPath: solver(arguments.value("solver"))
    ) { queries.append($0) }
    if let folder = arguments.value("smtlib") {
      if folder == "-" {
        return Reply(text: queries.map(\.text).joined(separator: "(reset)\n"), data: data(of: proof, source))
      }
      for query in queries {
        try Files.write(Array(query.text.utf8), to: "\(folder)/\(query.name).smt2", replacing: true)
      }
    }
    return Reply(text: text(of: proof, source), data: data(of: proof, source), failure: failure(of: proof))
  }

  /// What terms say of the clause's inputs.
  private static func constants(_ path: String?, for program: Program) throws -> [String: InputValue] {
    guard let path else { return [:] }
    let terms = try OptionTerms(document: try Files.read(path))
    guard terms.escrow.clause == program.digest else {
      throw SettlementError.otherClause(expected: terms.escrow.clause, found: program.digest)
    }
    return try PayoffClause.inputs(of: terms)
  }

  private static func ranges(_ words: [String]) throws -> [String: ClosedRange<Int256>] {
    var ranges: [String: ClosedRange<Int256>] = [:]
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let range = range(parts[1]) else {
        throw InputError.value(name: "--range", expected: "NAME=LOW..HIGH, integers")
      }
      ranges[parts[0]] = range
    }
    return ranges
  }

  private static func range(_ text: String) -> ClosedRange<Int256>? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    guard let low = try? Int256(decimal: text[..<dots.lowerBound]),
      let high = try? Int256(decimal: text[dots.upperBound...]), low <= high
    else { return nil }
    return low...high
  }

  /// The path that was given, else the first `z3` of PATH.
  private static func solver(_ given: String?) -> String {
    if let given { return given }
    for folder in Environment.all["PATH", default: ""].split(separator: ":") {
      let path = "\(folder)/z3"
      if unsafe access(path, X_OK) == 0 { return path }
    }
    return "z3"
  }

  // MARK: The answer

  private static func text(of proof: Proof, _ source: String) -> String {
    var lines = ["solver \(proof.solver)"]
    for range in proof.ranges {
      let values =
        range.values.lowerBound == range.values.upperBound
        ? "\(range.values.lowerBound)" : "\(range.values.lowerBound) ... \(range.values.upperBound)"
      lines.append("  \(range.name): \(values)\(range.isNarrowed ? "  (narrowed)" : "")")
    }
    lines += (proof.assumptions + givens(of: proof, source)).map { "  \($0)" }
    for theorem in proof.theorems {
      let place = theorem.source.map { "\($0) " } ?? ""
      lines.append("\(word(theorem.verdict))  \(place)\(theorem.name), \(theorem.milliseconds) ms")
      if case .refuted(let example?) = theorem.verdict {
        lines.append("    \(example.outcome)")
        lines.append("    clause run \(arguments(example.inputs))")
        if let others = example.others { lines.append("    clause run \(arguments(others))") }
      }
      if case .unknown(let reason) = theorem.verdict { lines.append("    \(reason)") }
    }
    lines.append(summary(of: proof))
    return lines.joined(separator: "\n")
  }

  /// What the clause is given, in its own words.
  private static func givens(of proof: Proof, _ source: String) -> [String] {
    let bytes = Array(source.utf8)
    return proof.givens.map { "given \(String(decoding: bytes[$0.bytes.clamped(to: 0..<bytes.count)], as: UTF8.self))" }
  }

  private static func word(_ verdict: Proof.Verdict) -> String {
    switch verdict {
    case .proved: "proved "
    case .refuted: "refuted"
    case .unknown: "unknown"
    }
  }

  private static func summary(of proof: Proof) -> String {
    let tenths = (proof.milliseconds + 50) / 100
    let time = "\(tenths / 10).\(tenths % 10) s"
    let within = proof.isNarrowed ? ", within the narrowed ranges alone" : ""
    if proof.isProved { return "proved (\(proof.theorems.count) theorems, \(time))\(within)" }
    return "\(proof.refuted.count) refuted, \(proof.unknown.count) unknown "
      + "of \(proof.theorems.count) theorems, \(time)\(within)"
  }

  private static func arguments(_ inputs: [String: InputValue]) -> String {
    inputs.sorted { $0.key < $1.key }.map { "--input \($0.key)=\(words($0.value))" }.joined(separator: " ")
  }

  /// A value as `clause run` takes it.
  private static func words(_ value: InputValue) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .list(let list): list.map { "\($0)" }.joined(separator: ",")
    }
  }

  private static func failure(of proof: Proof) -> Failure? {
    if let theorem = proof.refuted.first {
      return Failure(.refused, code: "clause_refuted", "the clause breaks a theorem: \(theorem.name)")
    }
    return proof.unknown.first.map {
      Failure(.failure, code: "theorem_unknown", "neither proved nor refuted: \($0.name)")
    }
  }

  private static func data(of proof: Proof, _ source: String) -> JSONValue {
    let verdict = proof.isProved ? "proved" : proof.refuted.isEmpty ? "unknown" : "refuted"
    return [
      "verdict": .string(verdict), "solver": .string(proof.solver),
      "milliseconds": .string(String(proof.milliseconds)),
      "ranges": .array(
        proof.ranges.map {
          [
            "name": .string($0.name), "type": .string("\($0.type)"), "low": .string("\($0.values.lowerBound)"),
            "high": .string("\($0.values.upperBound)"), "narrowed": .bool($0.isNarrowed),
          ]
        }),
      "assumptions": .array((proof.assumptions + givens(of: proof, source)).map { .string($0) }),
      "theorems": .array(proof.theorems.map { data(of: $0) }),
    ]
  }

  private static func data(of theorem: Proof.Theorem) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(theorem.name)), ("place", theorem.source.map { .string("\($0)") } ?? .null),
      ("verdict", .string(word(theorem.verdict).filter { $0 != " " })),
      ("milliseconds", .string(String(theorem.milliseconds))),
    ]
    if case .refuted(let example?) = theorem.verdict {
      members.append(("outcome", .string(example.outcome)))
      members.append(("inputs", data(of: example.inputs)))
      if let others = example.others { members.append(("others", data(of: others))) }
    }
    if case .unknown(let reason) = theorem.verdict { members.append(("reason", .string(reason))) }
    return .object(JSONObject(members))
  }

  private static func data(of inputs: [String: InputValue]) -> JSONValue {
    .object(JSONObject(inputs.sorted { $0.key < $1.key }.map { ($0.key, .string(words($0.value))) }))
  }
}
