import Arithmetic
import Clauses

/// Runs the machine on values that a solver or a search suggests. What it does not show is no counterexample.
struct Replay {
  private let program: Program
  private let inputs: ClauseInputs
  private let graph: Graph
  private let admitted: Valuation

  init(_ problem: Problem) {
    program = problem.program
    inputs = problem.inputs
    graph = problem.graph
    admitted = Valuation(of: problem.assumptions.map(\.condition), in: problem.graph)
  }

  /// What the machine shows for these values, if they are admitted and it shows what the theorem is about.
  func show(_ theorem: Theorem, _ values: [String: Int256]) -> Proof.Counterexample? {
    guard admitted.allHold(values) else { return nil }
    let given = machineInputs(values)
    let outcome: Result<Evaluation, Trap>
    do throws(Trap) {
      outcome = .success(try Machine.run(program, inputs: given.mapValues(InputValue.number)))
    } catch {
      outcome = .failure(error)
    }
    guard let words = words(theorem, outcome, values) else { return nil }
    return Proof.Counterexample(inputs: given, others: nil, outcome: words)
  }

  /// Whether terms and evidence may have these values.
  func admits(_ values: [String: Int256]) -> Bool { admitted.allHold(values) }

  /// The inputs that the variables stand for; what is not known is left out.
  private func machineInputs(_ values: [String: Int256]) -> [String: Int256] {
    var given: [String: Int256] = [:]
    for entry in inputs.entries where value(entry.isKnown, values) == .one {
      given[entry.name] = value(entry.value, values)
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

  private func words(
    _ theorem: Theorem, _ outcome: Result<Evaluation, Trap>, _ values: [String: Int256]
  ) -> String? {
    switch (theorem.sign, outcome) {
    case (.fault(let places, let kind), .failure(let trap)):
      guard let instruction = trap.instruction, places.contains(instruction), trap.kind.name == kind.trapName else {
        return nil
      }
      if case .negativePart(let party, _) = trap.kind, (party == .buyer) != (kind == .negativeBuyer) { return nil }
      return trap.description
    case (.missing, .failure(let trap)):
      return trap.kind.name == "missingInput" && inputs.entries.allSatisfy { value($0.isKnown, values) == .one }
        ? trap.description : nil
    case (.escrow, .success(let evaluation)):
      guard Valuation(of: [theorem.condition], in: graph).allHold(values), let paid = evaluation.payments else {
        return nil
      }
      return "buyer \(paid.toBuyer), seller \(paid.toSeller)"
    case (.promised, .success): return "the run ends well"
    case (.promised, .failure(let trap)): return trap.kind.name == "givenBroken" ? nil : trap.description
    case (.open(let route), .success(let evaluation)):
      return evaluation.routes[route].isOpen ? "\(evaluation.routes[route].name) is open" : nil
    case (.stuck, .success(let evaluation)):
      guard Valuation(of: [theorem.condition], in: graph).allHold(values),
        !evaluation.routes.contains(where: { $0.isOpen && $0.payments != nil })
      else { return nil }
      return "no route that pays is open"
    default: return nil
    }
  }
}
