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
  private var truthEvaluator: ScriptEvaluator
  private var numberEvaluator: ScriptEvaluator
  private var lemmaEvaluator: ScriptEvaluator

  init(_ program: Program) {
    var graph = Graph()
    let inputs = ClauseInputs(of: program, ranges: [:], in: &graph)
    encoding = SymbolicRun.encode(program, inputs, in: &graph)
    let conditions = encoding.sites.map(\.condition) + encoding.payments.map(\.condition) + encoding.routes
    var amounts = encoding.payments.flatMap { [$0.toBuyer, $0.toSeller] }
    for finding in encoding.findings {
      amounts.append(graph.isTruth(finding) ? graph.choice(finding, graph.number(1), graph.number(0)) : finding)
    }
    self.program = program
    truths = SMTScript(conditions, in: graph, .exact)
    numbers = SMTScript(amounts, in: graph, .exact)
    everything = SMTScript(conditions + amounts, in: graph, .exact)
    truthEvaluator = ScriptEvaluator(truths.definitions)
    numberEvaluator = ScriptEvaluator(numbers.definitions)
    lemmas = SMTScript(Lemmas.about(conditions + amounts, encoding.invariants, in: &graph), in: graph, .exact)
    lemmaEvaluator = ScriptEvaluator(lemmas.definitions)
  }

  // MARK: Values

  /// The elements that a list does not have are free, and read by nothing but lemmas.
  private func given(_ inputs: [String: InputValue], isWhole: Bool = false) -> [String: ScriptEvaluator.Value] {
    var values: [String: ScriptEvaluator.Value] = [:]
    for input in program.inputs {
      if input.mayBeMissing { values["known.\(input.name)"] = .truth(inputs[input.name] != nil) }
      let least = input.type.range.lowerBound
      if case .list(let element, let bound) = input.type {
        var list: [Int256] = []
        if case .list(let given)? = inputs[input.name] { list = given }
        values["count.\(input.name)"] = .small(list.count)
        for place in 0..<(isWhole ? bound : list.count) {
          values["in.\(input.name).\(place)"] = Self.value(list.indices.contains(place) ? list[place] : least, element)
        }
      } else {
        var value = least
        if case .number(let given)? = inputs[input.name] { value = given }
        values["in.\(input.name)"] = Self.value(value, input.type)
      }
    }
    return values
  }

  private static func value(_ value: Int256, _ type: ClauseType) -> ScriptEvaluator.Value {
    type == .bool ? .truth(value == .one) : .number(value)
  }

  mutating func brokenLemmas(_ inputs: [String: InputValue]) -> Int {
    lemmaEvaluator.values(of: lemmas.roots, where: given(inputs, isWhole: true)).count { $0?.isTrue != true }
  }

  // MARK: Agreement

  /// What differs between the machine and the script as the tests' own evaluator reads it; nil when nothing does.
  mutating func difference(_ inputs: [String: InputValue]) -> String? {
    let values = given(inputs)
    let holds = truthEvaluator.values(of: truths.roots, where: values).map { $0?.isTrue ?? false }
    guard !holds.prefix(encoding.sites.count).contains(true) else { return difference(inputs, holds) { _ in "" } }
    let amounts = numberEvaluator.values(of: numbers.roots, where: values)
    return difference(inputs, holds) { amounts[$0]?.number?.description ?? "none" }
  }

  /// The same as Z3 reads it, for several inputs at once.
  func differences(_ samples: [[String: InputValue]]) throws -> [String?] {
    let needed = Set(everything.variables)
    var text = everything.definitions
    for inputs in samples {
      text += "(push)\n"
      for (name, value) in given(inputs) where needed.contains(name) {
        text += "(assert (= \(name) \(value.literal)))\n"
      }
      text += "(check-sat)\n(get-value (\(everything.roots.joined(separator: " "))))\n(pop)\n"
    }
    let answers = SMTReader.nodes(try LibraryClause.solve(text)) ?? []
    guard answers.count == 2 * samples.count else { return ["\(answers.count) answers to \(samples.count) questions"] }
    return samples.enumerated().map { place, inputs in
      let values = Self.values(answers[2 * place + 1])
      guard answers[2 * place] == .word("sat") else { return "no answer" }
      let holds = truths.roots.map { values[$0] == .word("true") || $0 == "true" }
      return difference(inputs, holds) { index in
        switch values[numbers.roots[index]] {
        case .word(let digits): digits
        case .list(let parts): parts.map { if case .word(let word) = $0 { word } else { "?" } }.joined()
        case nil: numbers.roots[index]
        }
      }
    }
  }

  private static func values(_ answer: SMTReader.Node) -> [String: SMTReader.Node] {
    var values: [String: SMTReader.Node] = [:]
    guard case .list(let pairs) = answer else { return [:] }
    for case .list(let pair) in pairs where pair.count == 2 {
      if case .word(let name) = pair[0] { values[name] = pair[1] }
    }
    return values
  }

  private func difference(_ inputs: [String: InputValue], _ holds: [Bool], _ number: (Int) -> String) -> String? {
    let faults = zip(encoding.sites, holds).filter(\.1).map { site, _ in "\(site.instruction) \(site.fault.trapName)" }
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(program, inputs: inputs)
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
    let decided = open.enumerated().map { decision, isOpen in
      guard isOpen else { return "closed" }
      let parts = encoding.payments.indices.filter { paid[$0] && encoding.payments[$0].decision == decision }
      return (["open"] + parts.map { "\(number(2 * $0)) \(number(2 * $0 + 1))" }).joined(separator: ", ")
    }
    let first = 2 * encoding.payments.count
    return decided + program.finds.indices.map { "\(program.finds[$0].name) \(number(first + $0))" }
  }

  private static func outcome(_ evaluation: Evaluation) -> [String] {
    func words(_ parts: [Payments?]) -> String {
      (["open"] + parts.compactMap { $0 }.map { "\($0.toBuyer) \($0.toSeller)" }).joined(separator: ", ")
    }
    var decided = evaluation.routes.map { $0.isOpen ? words([$0.payments, $0.deliveries]) : "closed" }
    if let payments = evaluation.payments { decided = [words([payments, evaluation.deliveries])] }
    if case .findings = evaluation.result { decided = [] }
    return decided + evaluation.findings.map { "\($0.name) \($0.value)" }
  }
}
