public import Arithmetic
public import Clauses

/// Shows, for all inputs at once, what a clause must do: from its bytecode, with Z3.
public struct Prover {
  /// One question to the solver, as a file that stands on its own.
  public struct Query: Sendable {
    /// A name that is unique in the proof and fits a file.
    public let name: String
    /// The script, with what it asks as comments.
    public let text: String
  }

  private static let unknownTries = 4_000
  private let problem: Problem
  private let solver: Solver
  private let replay: Replay
  private var search: Search
  private let program: Program
  private let record: ((Query) -> Void)?

  /// Proves a clause, or says why not.
  ///
  /// - Parameters:
  ///   - program: compiled here or verified.
  ///   - narrowed: fewer values than terms and evidence may have, by input.
  ///   - constants: the terms' values, where they are agreed already.
  ///   - solverPath: the Z3 to start.
  ///   - record: is handed every question.
  /// - Throws: `ProvingError` for ranges that do not fit, `SolverError` where there is no solver.
  public static func prove(
    _ program: Program, narrowed: [String: ClosedRange<Int256>] = [:], constants: [String: InputValue] = [:],
    solverPath: String, record: ((Query) -> Void)? = nil
  ) throws -> Proof {
    let start = Solver.now()
    let problem = try Problem(program, narrowed: narrowed, constants: constants)
    var prover = Prover(problem: problem, solver: try Solver(path: solverPath), record: record)
    let theorems = problem.theorems.enumerated().map { prover.prove($1, number: $0 + 1) }
    return Proof(
      solver: prover.solver.version, ranges: problem.ranges,
      assumptions: problem.assumptions.map(\.text), givens: problem.givens, theorems: theorems,
      milliseconds: Solver.now() - start)
  }

  private init(problem: Problem, solver: Solver, record: ((Query) -> Void)?) {
    self.problem = problem
    self.solver = solver
    self.record = record
    program = problem.program
    replay = Replay(problem)
    search = Search(problem.graph)
  }

  private mutating func prove(_ theorem: Theorem, number: Int) -> Proof.Theorem {
    let start = Solver.now()
    let verdict = decide(theorem, number: number)
    return Proof.Theorem(
      name: theorem.name, source: theorem.instruction.flatMap { program.sourceMap?[$0] }, verdict: verdict,
      milliseconds: Solver.now() - start)
  }

  private mutating func decide(_ theorem: Theorem, number: Int) -> Proof.Verdict {
    let (answer, graph) = ask(theorem, number: number)
    switch (answer, theorem.aim) {
    case (.unsatisfiable, .impossible): return .proved
    case (.unsatisfiable, .possible): return .refuted(nil)
    case (.satisfiable(let model), _):
      return settle(theorem, shown: example(of: theorem, near: model, in: graph), reason: "no inputs show either")
    case (.unknown(let reason), _):
      return settle(theorem, shown: example(of: theorem, near: [:], in: graph), reason: reason)
    }
  }

  private func settle(_ theorem: Theorem, shown: Proof.Counterexample?, reason: String) -> Proof.Verdict {
    guard let shown else { return .unknown(reason) }
    return theorem.aim == .possible ? .proved : .refuted(shown)
  }

  /// Asks with products as unknown numbers and lemmas about them.
  private func ask(_ theorem: Theorem, number: Int) -> (SMTAnswer, Graph) {
    var graph = problem.graph
    let conditions = relevant(to: theorem, in: graph) + [theorem.condition]
    let lemmas = Lemmas.about(conditions, problem.invariants, in: &graph)
    let script = SMTScript(conditions + lemmas, in: graph, .abstract)
    if let record {
      let name = Self.fileName(theorem, number)
      record(Query(name: name, text: file(theorem, script.assertions, expects: theorem.aim)))
      let exact = SMTScript(conditions, in: graph, .exact)
      if !lemmas.isEmpty {
        record(Query(name: name + ".exact", text: file(theorem, exact.assertions, expects: theorem.aim)))
      }
    }
    return (solver.check(script.assertions, variables: script.variables), graph)
  }

  /// The assumptions about inputs that the theorem depends on, if only through another assumption. To leave others out
  /// makes a theorem harder to prove, never easier.
  private func relevant(to theorem: Theorem, in graph: Graph) -> [Expression] {
    func variables(_ expression: Expression) -> Set<Expression> {
      Set(graph.cone([expression]).filter { if case .variable = graph[$0] { true } else { false } })
    }
    if theorem.sign == .promised { return problem.assumptions.map(\.condition) }
    var reached = variables(theorem.condition)
    var rest = problem.assumptions.map { ($0.condition, variables($0.condition)) }
    var relevant: [Expression] = []
    while let place = rest.firstIndex(where: { !$0.1.isDisjoint(with: reached) }) {
      let (condition, others) = rest.remove(at: place)
      relevant.append(condition)
      reached.formUnion(others)
    }
    return relevant
  }

  private static func fileName(_ theorem: Theorem, _ number: Int) -> String {
    let digits = String(number)
    let words = theorem.name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.prefix(8)
    return String(repeating: "0", count: Swift.max(0, 3 - digits.count)) + digits + "-" + words.joined(separator: "-")
  }

  private func file(_ theorem: Theorem, _ assertions: String, expects aim: Theorem.Aim) -> String {
    let place = theorem.instruction.flatMap { program.sourceMap?[$0] }.map { ", \($0)" } ?? ""
    let meaning = aim == .impossible ? "unsat proves it" : "sat proves it"
    return "; \(theorem.name)\(place): \(meaning)\n(set-logic ALL)\n\(assertions)(check-sat)\n"
  }

  // MARK: Counterexamples

  /// Inputs for which the machine shows the condition: the solver's own, then near them, then of narrower questions.
  private mutating func example(
    of theorem: Theorem, near model: [String: Int256], in graph: Graph
  ) -> Proof.Counterexample? {
    let ordinary = search.ordinary
    let suggested = ordinary.merging(model) { _, new in new }
    if let shown = replay.show(theorem, suggested) { return shown }
    if let shown = vary(theorem, [suggested, ordinary], tries: Self.unknownTries) { return shown }
    for round in 0..<8 {
      guard let values = narrowed(theorem, suggested, round) else { continue }
      if let shown = replay.show(theorem, ordinary.merging(values) { _, new in new }) { return shown }
    }
    return nil
  }

  private mutating func vary(
    _ theorem: Theorem, _ starts: [[String: Int256]], tries: Int
  ) -> Proof.Counterexample? {
    for start in starts {
      var values = start
      for index in 0..<tries {
        let varied = search.varied(values)
        if let shown = replay.show(theorem, varied) { return shown }
        // A walk that starts again now and then.
        values = index % 16 == 15 ? start : replay.admits(varied) ? varied : values
      }
    }
    return nil
  }

  /// Asks exactly, with some variables fixed so that products become linear.
  private mutating func narrowed(
    _ theorem: Theorem, _ values: [String: Int256], _ round: Int
  ) -> [String: Int256]? {
    var graph = problem.graph
    var conditions = problem.assumptions.map(\.condition) + [theorem.condition]
    for expression in graph.cone(conditions) where round > 0 {
      guard case .variable(let index) = graph[expression], graph.variables[index].range != nil else { continue }
      let name = graph.variables[index].name
      let isScale = name.hasPrefix("in.scale") || name.hasPrefix("in.coin")
      guard isScale || search.below(2) == 0, let value = values[name] else { continue }
      conditions.append(graph.equal(expression, graph.number(value)))
    }
    let script = SMTScript(conditions, in: graph, .exact)
    let answer = solver.check(script.assertions, variables: script.variables, milliseconds: round == 0 ? 2_000 : 500)
    if case .satisfiable(let model) = answer { return model }
    return nil
  }
}
