import Arithmetic
import Clauses
import Proving
import TestSupport

/// A clause over the full ranges of its types as a script, and what it says against what the machine does.
struct EncodedClause {
  let program: Program
  private let encoding: ClauseEncoding
  private let truths: SMTScript
  private let numbers: SMTScript
  private let everything: SMTScript
  private let lemmas: SMTScript
  private let truthEvaluator: ScriptEvaluator
  private let numberEvaluator: ScriptEvaluator
  private let lemmaEvaluator: ScriptEvaluator

  init(_ program: Program) {
    var graph = Graph()
    let inputs = ClauseInputs(of: program, ranges: [:], in: &graph)
    encoding = SymbolicRun.encode(program, inputs, in: &graph)
    let conditions = encoding.sites.map(\.condition) + encoding.payments.map(\.condition) + encoding.routes
    let amounts = encoding.payments.flatMap { [$0.toBuyer, $0.toSeller] }
    self.program = program
    truths = SMTScript(conditions, in: graph, .exact)
    numbers = SMTScript(amounts, in: graph, .exact)
    everything = SMTScript(conditions + amounts, in: graph, .exact)
    truthEvaluator = ScriptEvaluator(truths.definitions)
    numberEvaluator = ScriptEvaluator(numbers.definitions)
    lemmas = SMTScript(Lemmas.about(conditions + amounts, in: &graph), in: graph, .exact)
    lemmaEvaluator = ScriptEvaluator(lemmas.definitions)
  }

  // MARK: Values

  private func given(_ inputs: [String: Int256]) -> [String: ScriptEvaluator.Value] {
    var values: [String: ScriptEvaluator.Value] = [:]
    for input in program.inputs {
      let value = inputs[input.name] ?? input.type.range.lowerBound
      values["in.\(input.name)"] =
        input.type == .bool ? .truth(value == .one) : .number(BigInteger(value))
      if input.mayBeMissing { values["known.\(input.name)"] = .truth(inputs[input.name] != nil) }
    }
    return values
  }

  func brokenLemmas(_ inputs: [String: Int256]) -> Int {
    lemmaEvaluator.values(of: lemmas.roots, where: given(inputs)).count { $0?.isTrue != true }
  }

  // MARK: Agreement

  /// What differs between the machine and the script as the tests' own evaluator reads it; nil when nothing does.
  func difference(_ inputs: [String: Int256]) -> String? {
    let values = given(inputs)
    let holds = truthEvaluator.values(of: truths.roots, where: values).map { $0?.isTrue ?? false }
    return difference(inputs, holds) { index in
      numberEvaluator.values(of: [numbers.roots[index]], where: values)[0]?.number?.description ?? "none"
    }
  }

  /// The same as a solver reads it.
  func difference(_ inputs: [String: Int256], by solver: Solver) -> String? {
    var text = everything.definitions
    for (name, value) in given(inputs) where everything.variables.contains(name) {
      text += "(assert (= \(name) \(Self.literal(value))))\n"
    }
    guard case .satisfiable(let values) = solver.check(text, variables: everything.roots) else { return "no answer" }
    let holds = truths.roots.map { values[$0] == .one }
    return difference(inputs, holds) { values[numbers.roots[$0]]?.description ?? "none" }
  }

  private func difference(_ inputs: [String: Int256], _ holds: [Bool], _ number: (Int) -> String) -> String? {
    let faults = zip(encoding.sites, holds).filter(\.1).map { site, _ in "\(site.instruction) \(site.fault.trapName)" }
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(program, inputs: inputs.mapValues(InputValue.number))
    } catch {
      let fault = "\(error.instruction ?? -1) \(error.kind.name)"
      return faults.contains(fault) ? nil : "the machine ends in fault \(fault), the encoding in \(faults)"
    }
    guard faults.isEmpty else { return "the machine has no fault, the encoding \(faults)" }
    let found = outcome(holds.dropFirst(encoding.sites.count), number)
    let expected = Self.outcome(evaluation)
    return found == expected ? nil : "the machine says \(expected), the encoding \(found)"
  }

  private func outcome(_ holds: ArraySlice<Bool>, _ number: (Int) -> String) -> [String] {
    let paid = Array(holds.prefix(encoding.payments.count))
    let open = program.kind == .payoff ? [true] : Array(holds.dropFirst(encoding.payments.count))
    return open.enumerated().map { decision, isOpen in
      guard isOpen else { return "closed" }
      let payment = encoding.payments.indices.first { paid[$0] && encoding.payments[$0].decision == decision }
      return payment.map { "\(number(2 * $0)) \(number(2 * $0 + 1))" } ?? "open"
    }
  }

  private static func outcome(_ evaluation: Evaluation) -> [String] {
    func words(_ payments: Payments?) -> String { payments.map { "\($0.toBuyer) \($0.toSeller)" } ?? "open" }
    if let payments = evaluation.payments { return [words(payments)] }
    return evaluation.routes.map { $0.isOpen ? words($0.payments) : "closed" }
  }

  private static func literal(_ value: ScriptEvaluator.Value) -> String {
    switch value {
    case .truth(let value): return "\(value)"
    case .number(let value):
      let text = value.description
      return text.hasPrefix("-") ? "(- \(text.dropFirst()))" : text
    }
  }
}
