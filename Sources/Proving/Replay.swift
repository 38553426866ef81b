import Arithmetic
import Clauses

/// Runs the machine on values that a solver or a search suggests. What it does not show is no counterexample.
struct Replay {
  private let program: Program
  private let inputs: ClauseInputs
  private let others: [Claim: ClauseInputs]
  private let graph: Graph
  private let admitted: Valuation

  init(_ problem: Problem) {
    program = problem.program
    inputs = problem.inputs
    others = problem.others
    graph = problem.graph
    admitted = Valuation(of: problem.assumptions.map(\.condition), in: problem.graph)
  }

  /// Whether terms and evidence may have these values.
  func admits(_ values: [String: Int256]) -> Bool { admitted.allHold(values) }

  /// What the machine shows for these values, if they are admitted and it shows what the theorem is about.
  func show(_ theorem: Theorem, _ values: [String: Int256]) -> Proof.Counterexample? {
    guard admits(values) else { return nil }
    let given = machineInputs(inputs, values)
    if case .moves(let claim) = theorem.sign { return compare(theorem, claim, given, values) }
    guard let words = words(theorem, run(given), values) else { return nil }
    return Proof.Counterexample(inputs: given, others: nil, outcome: words)
  }

  private func run(_ given: [String: InputValue]) -> Result<Evaluation, Trap> {
    do throws(Trap) {
      return .success(try Machine.run(program, inputs: given))
    } catch {
      return .failure(error)
    }
  }

  private func compare(
    _ theorem: Theorem, _ claim: Claim, _ given: [String: InputValue], _ values: [String: Int256]
  ) -> Proof.Counterexample? {
    guard let second = others[claim] else { return nil }
    let othersGiven = machineInputs(second, values)
    guard case .number(let less)? = given[claim.input], case .number(let more)? = othersGiven[claim.input], less < more,
      case .success(let first) = run(given), case .success(let other) = run(othersGiven),
      let paid = first.payments?.toBuyer, let otherPaid = other.payments?.toBuyer,
      claim.direction == .rises ? otherPaid < paid : paid < otherPaid,
      Valuation(of: [theorem.condition], in: graph).allHold(values)
    else { return nil }
    return Proof.Counterexample(
      inputs: given, others: othersGiven,
      outcome: "the buyer is paid \(paid) with \(claim.input) at \(less), \(otherPaid) with it at \(more)")
  }

  // MARK: Inputs

  /// The inputs that the variables stand for; what is not known is left out.
  private func machineInputs(_ inputs: ClauseInputs, _ values: [String: Int256]) -> [String: InputValue] {
    var given: [String: InputValue] = [:]
    for entry in inputs.entries where value(entry.isKnown, values) == .one {
      if let list = entry.list {
        let count = value(list.count, values)?.asInt64.map { Int($0) } ?? 0
        given[entry.name] = .list(list.elements.prefix(count).map { value($0, values) ?? .zero })
      } else {
        given[entry.name] = value(entry.value, values).map { .number($0) }
      }
    }
    return given
  }

  private func value(_ leaf: Expression, _ values: [String: Int256]) -> Int256? {
    switch graph[leaf] {
    case .number(let value): value
    case .truth(let value): value ? .one : .zero
    case .variable(let index): values[graph.variables[index].name]
    default: nil
    }
  }

  // MARK: Outcomes

  private func words(
    _ theorem: Theorem, _ outcome: Result<Evaluation, Trap>, _ values: [String: Int256]
  ) -> String? {
    switch (theorem.sign, outcome) {
    case (.fault(let places, let kind), .failure(let trap)): return fault(trap, places, kind)
    case (.missing, .failure(let trap)):
      return trap.kind.name == "missingInput" && holds(theorem, values) ? trap.description : nil
    case (.escrow, .success(let evaluation)):
      return holds(theorem, values) ? evaluation.payments.map { "buyer \($0.toBuyer), seller \($0.toSeller)" } : nil
    case (.promised, .success): return "the run ends well"
    case (.promised, .failure(let trap)):
      return ["givenBroken", "missingInput"].contains(trap.kind.name) ? nil : trap.description
    case (.open(let route), .success(let evaluation)):
      return evaluation.routes[route].isOpen && holds(theorem, values)
        ? "\(evaluation.routes[route].name) is open" : nil
    case (.stuck, .success(let evaluation)):
      return !evaluation.routes.contains { $0.isOpen && $0.payments != nil } && holds(theorem, values)
        ? "no route that pays is open" : nil
    case (.found(let name, let value), .success(let evaluation)):
      return evaluation[name] == value ? "\(name) is \(value)" : nil
    default: return nil
    }
  }

  private func holds(_ theorem: Theorem, _ values: [String: Int256]) -> Bool {
    Valuation(of: [theorem.condition], in: graph).allHold(values)
  }

  private func fault(_ trap: Trap, _ places: Set<Int>, _ kind: FaultKind) -> String? {
    guard let instruction = trap.instruction, places.contains(instruction), trap.kind.name == kind.trapName else {
      return nil
    }
    if case .negativePart(let party, _) = trap.kind, (party == .buyer) != (kind == .negativeBuyer) { return nil }
    return trap.description
  }
}
