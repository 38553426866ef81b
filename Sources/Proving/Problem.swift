import Arithmetic
import Clauses

/// Everything to be shown of a clause: its inputs and what holds of them, its runs as expressions, its theorems.
struct Problem {
  let program: Program
  let ranges: [Proof.Range]
  var graph = Graph()
  let inputs: ClauseInputs
  let encoding: ClauseEncoding
  let assumptions: [AdmittedTerms.Assumption]
  /// What is known of folds, in both runs where two are compared.
  private(set) var invariants: [ClauseEncoding.Invariant]
  private(set) var theorems: [Theorem] = []
  /// For a claim the inputs of the second run.
  private(set) var others: [Claim: ClauseInputs] = [:]

  init(
    _ program: Program, narrowed: [String: ClosedRange<Int256>], constants: [String: InputValue]
  ) throws(ProvingError) {
    self.program = program
    ranges = try Self.ranges(of: program, narrowed, constants)
    let values = Dictionary(uniqueKeysWithValues: ranges.map { ($0.name, $0.values) })
    inputs = ClauseInputs(of: program, ranges: values, in: &graph)
    assumptions = AdmittedTerms.assumptions(inputs, in: &graph)
    encoding = SymbolicRun.encode(program, inputs, in: &graph)
    invariants = encoding.invariants
    guard !encoding.isTooLong else { throw .tooManyRounds }
    stateInputs()
    stateSites()
    switch program.kind {
    case .payoff: statePayoff()
    case .escrow: stateRoutes()
    case .arbitration: break
    }
    stateFindings()
  }

  private static func ranges(
    of program: Program, _ narrowed: [String: ClosedRange<Int256>], _ constants: [String: InputValue]
  ) throws(ProvingError) -> [Proof.Range] {
    for name in narrowed.keys.sorted() where !program.inputs.contains(where: { $0.name == name }) {
      throw .noSuchInput(name)
    }
    var ranges: [Proof.Range] = []
    for input in program.inputs {
      let admitted = AdmittedTerms.range(of: input)
      var constant: ClosedRange<Int256>?
      if input.group == .terms, case .number(let value)? = constants[input.name] { constant = value...value }
      let values = constant ?? narrowed[input.name] ?? admitted
      guard admitted.contains(values.lowerBound), admitted.contains(values.upperBound) else {
        throw .rangeTooWide(input.name, admitted)
      }
      ranges.append(
        Proof.Range(
          name: input.name, type: input.type, values: values, isNarrowed: constant == nil && values != admitted))
    }
    return ranges
  }

  /// Where the promises of the clause stand.
  var givens: [SourceRange] {
    program.code.indices.filter { program.code[$0].opcode == .given }.compactMap { program.sourceMap?[$0] }
  }

  private mutating func state(
    _ name: String, at instruction: Int? = nil, aim: Theorem.Aim = .impossible, _ condition: Expression, _ sign: Sign
  ) {
    theorems.append(Theorem(name: name, instruction: instruction, aim: aim, condition: condition, sign: sign))
  }

  private func conditions(of fault: FaultKind) -> [Expression] {
    encoding.sites.filter { $0.fault == fault }.map(\.condition)
  }

  /// That there are inputs at all, and that facts suffice.
  private mutating func stateInputs() {
    let broken = graph.any(conditions(of: .givenBroken))
    state("there are inputs as terms admit and the clause is given", aim: .possible, graph.not(broken), .promised)
    let missing = conditions(of: .missingInput)
    if !missing.isEmpty {
      let due = inputs.entries.filter { !AdmittedTerms.optionalFacts.contains($0.name) }
      let isComplete = graph.all(due.map(\.isKnown))
      state(
        "complete: with every fact present there is an outcome", graph.and(isComplete, graph.any(missing)), .missing)
    }
  }

  /// One theorem for each place and fault: what the source says once, the code may say several times.
  private mutating func stateSites() {
    var sites: [ClauseEncoding.Site] = []
    var places: [Set<Int>] = []
    for site in encoding.sites where !site.fault.isOfInputs {
      if let known = sites.firstIndex(where: { isSamePlace($0, site) }) {
        sites[known].condition = graph.or(sites[known].condition, site.condition)
        places[known].insert(site.instruction)
      } else {
        sites.append(site)
        places.append([site.instruction])
      }
    }
    for (site, instructions) in zip(sites, places) {
      let opcode = program.code[site.instruction].opcode
      state(site.fault.theorem(of: opcode), at: site.instruction, site.condition, .fault(at: instructions, site.fault))
    }
  }

  private func isSamePlace(_ a: ClauseEncoding.Site, _ b: ClauseEncoding.Site) -> Bool {
    guard a.fault == b.fault, let map = program.sourceMap else { return false }
    return program.code[a.instruction].opcode == program.code[b.instruction].opcode
      && map[a.instruction] == map[b.instruction]
  }

  // MARK: Payoffs

  private mutating func statePayoff() {
    for payment in encoding.payments {
      let sum = graph.sum(payment.toBuyer, payment.toSeller)
      state(
        "the parts sum to the escrow", at: payment.instruction,
        graph.and(payment.condition, graph.not(graph.equal(sum, payment.whole))), .escrow)
      let collaterals =
        payment.isDelivery ? ["buyerDelivery", "sellerDelivery"] : ["buyerCollateral", "sellerCollateral"]
      let parts = collaterals.compactMap { inputs[$0]?.value }
      guard parts.count == 2 else { continue }
      let escrowed = graph.sum(parts[0], parts[1])
      state(
        "the escrow is both collaterals", at: payment.instruction,
        graph.and(payment.condition, graph.not(graph.equal(escrowed, payment.whole))), .escrow)
    }
    for claim in program.claims { stateClaim(claim) }
  }

  /// Two runs that share all inputs but one.
  private mutating func stateClaim(_ claim: Claim) {
    guard let range = ranges.first(where: { $0.name == claim.input }), let first = inputs[claim.input] else { return }
    let second = inputs.replacing(claim.input, range: range.values, in: &graph)
    guard let other = second[claim.input] else { return }
    let otherAssumptions = AdmittedTerms.assumptions(second, in: &graph).map(\.condition)
    let otherEncoding = SymbolicRun.encode(program, second, in: &graph)
    invariants += otherEncoding.invariants
    let (paid, isPaid) = buyersPayment(encoding)
    let (otherPaid, isOtherPaid) = buyersPayment(otherEncoding)
    let isBroken = claim.direction == .rises ? graph.less(otherPaid, paid) : graph.less(paid, otherPaid)
    let isMore = graph.less(first.value, other.value)
    others[claim] = second
    state(
      "the buyer's payment \(claim.direction) with \(claim.input)",
      graph.all(otherAssumptions + [isPaid, isOtherPaid, isMore, isBroken]), .moves(claim))
  }

  private mutating func buyersPayment(_ encoding: ClauseEncoding) -> (Expression, Expression) {
    let payments = encoding.payments.filter { !$0.isDelivery }
    var paid = payments.first?.toBuyer ?? graph.number(0)
    for payment in payments.dropFirst() { paid = graph.choice(payment.condition, payment.toBuyer, paid) }
    return (paid, graph.any(payments.map(\.condition)))
  }

  // MARK: Escrow and arbitration rules

  private mutating func stateRoutes() {
    for opening in encoding.openings {
      let name = program.routes[opening.decision]
      state(
        "route \(name) can be open", at: opening.instruction, aim: .possible,
        graph.all(encoding.ends + [opening.condition]), .open(opening.decision))
    }
    let paying = encoding.payments.filter { !$0.isDelivery }.map(\.condition)
    guard let now = inputs["now"], !paying.isEmpty, !encoding.deadlines.isEmpty else { return }
    let isLate = graph.all(encoding.deadlines.map { graph.lessOrEqual($0, now.value) })
    let isPaid = graph.any(paying)
    let final = program.finds.firstIndex { $0.name == "final" && $0.type == .bool }
    let isFinal = final.map { encoding.findings[$0] } ?? graph.truth(false)
    state(
      "after the last deadline a route that pays is open",
      graph.all(encoding.ends + [isLate, graph.not(isPaid), graph.not(isFinal)]), .stuck)
  }

  /// Each value of an enumeration that is declared for results is the value of one.
  private mutating func stateFindings() {
    for enumeration in program.enumerations {
      let places = program.finds.indices.filter { program.finds[$0].type == .enumeration(enumeration) }
      guard let place = places.first, places.count == 1 else { continue }
      for (value, name) in enumeration.cases.enumerated() {
        let isFound = graph.equal(encoding.findings[place], graph.number(Int256(Int64(value))))
        state(
          "\(program.finds[place].name) can be \(name)", aim: .possible, graph.all(encoding.ends + [isFound]),
          .found(program.finds[place].name, Int256(Int64(value))))
      }
    }
  }
}
