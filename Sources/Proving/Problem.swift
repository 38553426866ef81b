import Arithmetic
import Clauses

/// Everything to be shown of a clause: its inputs and what holds of them, its runs as expressions, its theorems.
struct Problem {
  let program: Program
  let ranges: [Proof.Range]
  var graph = Graph()
  let inputs: ClauseInputs
  let encoding: ClauseEncoding
  private(set) var assumptions: [AdmittedTerms.Assumption]
  private(set) var theorems: [Theorem] = []

  init(
    _ program: Program, narrowed: [String: ClosedRange<Int256>], constants: [String: Int256]
  ) throws(ProvingError) {
    self.program = program
    ranges = try Self.ranges(of: program, narrowed, constants)
    let values = Dictionary(uniqueKeysWithValues: ranges.map { ($0.name, $0.values) })
    inputs = ClauseInputs(of: program, ranges: values, in: &graph)
    assumptions = AdmittedTerms.assumptions(inputs, in: &graph)
    encoding = SymbolicRun.encode(program, inputs, in: &graph)
    stateInputs()
    stateSites()
    if program.kind == .payoff { statePayoff() } else { stateRoutes() }
  }

  private static func ranges(
    of program: Program, _ narrowed: [String: ClosedRange<Int256>], _ constants: [String: Int256]
  ) throws(ProvingError) -> [Proof.Range] {
    for name in narrowed.keys.sorted() where !program.inputs.contains(where: { $0.name == name }) {
      throw .noSuchInput(name)
    }
    var ranges: [Proof.Range] = []
    for input in program.inputs {
      let admitted = AdmittedTerms.range(of: input)
      let constant = input.group == .terms ? constants[input.name] : nil
      let values = constant.map { $0...$0 } ?? narrowed[input.name] ?? admitted
      guard admitted.contains(values.lowerBound), admitted.contains(values.upperBound) else {
        throw .rangeTooWide(input.name, admitted)
      }
      ranges.append(
        Proof.Range(
          name: input.name, type: input.type, values: values, isNarrowed: constant == nil && values != admitted))
    }
    return ranges
  }

  private mutating func state(
    _ name: String, at instruction: Int? = nil, aim: Theorem.Aim = .impossible, _ condition: Expression, _ sign: Sign
  ) {
    theorems.append(Theorem(name: name, instruction: instruction, aim: aim, condition: condition, sign: sign))
  }

  /// That there are inputs at all, and that facts suffice.
  private mutating func stateInputs() {
    let broken = encoding.sites.filter { $0.fault == .givenBroken }.map(\.condition)
    if !broken.isEmpty {
      let isKept = graph.not(graph.any(broken))
      state("what is given can be", aim: .possible, isKept, .promised)
    }
    let missing = encoding.sites.filter { $0.fault == .missingInput }.map(\.condition)
    if !missing.isEmpty {
      let all = graph.all(inputs.entries.map(\.isKnown))
      state("complete: with every fact present there is an outcome", graph.and(all, graph.any(missing)), .missing)
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
  }

  private mutating func stateRoutes() {
    for (index, route) in program.routes.enumerated() where encoding.routes.indices.contains(index) {
      state("route \(route) can be open", aim: .possible, encoding.routes[index], .open(index))
    }
  }
}

extension FaultKind {
  /// What is to be shown of an instruction that could end in this fault.
  func theorem(of opcode: Opcode) -> String {
    switch self {
    case .overflow: "\(opcode) fits 256 bits"
    case .divisionByZero: "\(opcode) does not divide by zero"
    case .emptyInterval: "clamp has room between its bounds"
    case .negativeEscrow: "the escrow is not less than nothing"
    case .negativeBuyer: "the buyer is not paid less than nothing"
    case .negativeSeller: "the buyer is not paid more than the escrow"
    case .unevenLists: "the lists are of equal length"
    case .noSuchItem: "the item is there"
    case .missingInput, .givenBroken, .staleObservation: rawValue
    }
  }
}
