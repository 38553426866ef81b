import Arithmetic
package import Clauses

/// Runs a program on expressions. Where paths meet, what they bring is merged, so that each instruction is met once.
///
/// A fault ends a run; here it is noted, and what follows is right wherever no site noted before holds.
package struct SymbolicRun {
  /// What is known at an instruction: the way that led there, and the machine's memory.
  private struct State {
    /// Conditions that all hold exactly on the paths that come here.
    var path: [Expression] = []
    var stack: [Expression] = []
    var slots: [Expression?]
    /// Whether each route so far is open.
    var routes: [Expression] = []
    var findings: [Expression] = []
  }

  private let program: Program
  private let inputs: ClauseInputs
  private var pending: [Int: State] = [:]
  private var encoding = ClauseEncoding()
  private let least: Expression
  private let largest: Expression

  package static func encode(_ program: Program, _ inputs: ClauseInputs, in graph: inout Graph) -> ClauseEncoding {
    var run = SymbolicRun(program: program, inputs: inputs, &graph)
    run.toEnd(&graph)
    return run.encoding
  }

  private init(program: Program, inputs: ClauseInputs, _ graph: inout Graph) {
    self.program = program
    self.inputs = inputs
    least = graph.number(.min)
    largest = graph.number(.max)
  }

  private mutating func toEnd(_ graph: inout Graph) {
    var state: State? = State(slots: Array(repeating: nil, count: program.slotCount))
    for (index, instruction) in program.code.enumerated() {
      state = join(state, at: index, &graph)
      guard var current = state else { continue }
      switch instruction.opcode {
      case .jump:
        pending[instruction.argument] = merge(pending[instruction.argument], current, &graph)
        state = nil
      case .jumpUnless:
        let condition = current.stack.removeLast()
        var skipping = current
        skipping.path.append(graph.not(condition))
        pending[instruction.argument] = merge(pending[instruction.argument], skipping, &graph)
        current.path.append(condition)
        state = current
      default:
        step(instruction, at: index, &current, &graph)
        state = current
      }
    }
    let end = join(state, at: program.code.count, &graph)
    encoding.routes = end?.routes ?? []
    encoding.findings = end?.findings ?? []
  }

  // MARK: Paths

  private mutating func join(_ state: State?, at index: Int, _ graph: inout Graph) -> State? {
    guard let other = pending.removeValue(forKey: index) else { return state }
    guard let state else { return other }
    return merge(state, other, &graph)
  }

  private func merge(_ a: State?, _ b: State, _ graph: inout Graph) -> State {
    guard let a else { return b }
    let shared = zip(a.path, b.path).prefix { $0 == $1 }.count
    let isA = graph.all(Array(a.path.dropFirst(shared)))
    let isB = graph.all(Array(b.path.dropFirst(shared)))
    var merged = a
    merged.path = Array(a.path.prefix(shared))
    let either = graph.or(isA, isB)
    if either != graph.truth(true) { merged.path.append(either) }
    merged.stack = zip(a.stack, b.stack).map { graph.choice(isA, $0, $1) }
    merged.slots = zip(a.slots, b.slots).map { x, y in
      guard let x, let y else { return nil }
      return graph.choice(isA, x, y)
    }
    merged.routes = zip(a.routes, b.routes).map { graph.choice(isA, $0, $1) }
    merged.findings = zip(a.findings, b.findings).map { graph.choice(isA, $0, $1) }
    return merged
  }

  private mutating func fault(
    _ kind: FaultKind, when condition: Expression, at index: Int, _ state: inout State, _ graph: inout Graph
  ) {
    let otherwise = graph.not(condition)
    let isDecided = otherwise == graph.truth(true) || state.path.contains(otherwise)
    let here = isDecided ? graph.truth(false) : graph.and(graph.all(state.path), condition)
    // Such a fault is none of the clause's: what follows is asked only of the runs that go on.
    if kind.isOfInputs, !isDecided { state.path.append(otherwise) }
    if let known = encoding.sites.firstIndex(where: { $0.instruction == index && $0.fault == kind }) {
      encoding.sites[known].condition = graph.or(encoding.sites[known].condition, here)
    } else {
      encoding.sites.append(ClauseEncoding.Site(instruction: index, fault: kind, condition: here))
    }
  }

  // MARK: Instructions

  private mutating func step(_ instruction: Instruction, at index: Int, _ state: inout State, _ graph: inout Graph) {
    let operands = Array(state.stack.suffix(instruction.opcode.row.pops))
    state.stack.removeLast(operands.count)
    switch instruction.opcode {
    case .push:
      let constant = program.constants[instruction.argument]
      state.stack.append(
        constant.type == .bool ? graph.truth(constant.value == .one) : graph.number(constant.value))
    case .load:
      let entry = inputs.entries[instruction.argument]
      if program.inputs[instruction.argument].mayBeMissing {
        fault(.missingInput, when: graph.not(entry.isKnown), at: index, &state, &graph)
      }
      state.stack.append(entry.value)
    case .known: state.stack.append(inputs.entries[instruction.argument].isKnown)
    case .get: state.stack.append(state.slots[instruction.argument] ?? graph.number(0))
    case .keep:
      state.slots[instruction.argument] = operands[0]
      state.stack.append(operands[0])
    case .pay: pay(operands, at: index, &state, &graph)
    case .nothing: state.routes.append(graph.truth(true))
    case .closed: state.routes.append(graph.truth(false))
    case .jump, .jumpUnless: break
    default: state.stack.append(compute(instruction.opcode, operands, at: index, &state, &graph))
    }
  }

  private mutating func compute(
    _ opcode: Opcode, _ operands: [Expression], at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let a = operands[0]
    let b = operands.count > 1 ? operands[1] : a
    if program.inputs.contains(where: { $0.group == .now }), let now = inputs["now"]?.value, !graph.isTruth(a) {
      if a == now, [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(opcode) { note(b) }
      if b == now, [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(opcode) { note(a) }
    }
    switch opcode {
    case .add: return fitting(graph.sum(a, b), at: index, &state, &graph)
    case .subtract: return fitting(graph.difference(a, b), at: index, &state, &graph)
    case .multiply: return fitting(graph.product(a, b), at: index, &state, &graph)
    case .negate: return fitting(graph.difference(graph.number(0), a), at: index, &state, &graph)
    case .mulDivFloor: return divide(graph.product(a, b), operands[2], .floor, at: index, &state, &graph)
    case .mulDivCeiling: return divide(graph.product(a, b), operands[2], .ceiling, at: index, &state, &graph)
    case .amountFloor: return amount(operands, .floor, at: index, &state, &graph)
    case .amountCeiling: return amount(operands, .ceiling, at: index, &state, &graph)
    case .min: return graph.lesser(a, b)
    case .max: return graph.greater(a, b)
    case .clamp:
      fault(.emptyInterval, when: graph.less(operands[2], b), at: index, &state, &graph)
      return graph.lesser(graph.greater(a, b), operands[2])
    case .equal: return graph.equal(a, b)
    case .notEqual: return graph.not(graph.equal(a, b))
    case .less: return graph.less(a, b)
    case .lessOrEqual: return graph.lessOrEqual(a, b)
    case .greater: return graph.less(b, a)
    case .greaterOrEqual: return graph.lessOrEqual(b, a)
    case .not: return graph.not(a)
    default: return a
    }
  }

  private mutating func note(_ deadline: Expression) {
    if !encoding.deadlines.contains(deadline) { encoding.deadlines.append(deadline) }
  }

  /// The value, with a fault where it does not fit 256 bits.
  private mutating func fitting(
    _ value: Expression, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let exceeds = graph.or(graph.less(value, least), graph.less(largest, value))
    fault(.overflow, when: exceeds, at: index, &state, &graph)
    return value
  }

  private mutating func divide(
    _ value: Expression, _ divisor: Expression, _ rounding: Rounding, at index: Int, _ state: inout State,
    _ graph: inout Graph
  ) -> Expression {
    fault(.divisionByZero, when: graph.equal(divisor, graph.number(0)), at: index, &state, &graph)
    return fitting(graph.quotient(value, divisor, rounding), at: index, &state, &graph)
  }

  /// `(quantity * scaleUp) * price / scaleDown`.
  private mutating func amount(
    _ operands: [Expression], _ rounding: Rounding, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let scaled = fitting(graph.product(operands[0], operands[2]), at: index, &state, &graph)
    return divide(graph.product(scaled, operands[1]), operands[3], rounding, at: index, &state, &graph)
  }

  private mutating func pay(_ operands: [Expression], at index: Int, _ state: inout State, _ graph: inout Graph) {
    let (whole, toBuyer) = (operands[0], operands[1])
    let zero = graph.number(0)
    fault(.negativeEscrow, when: graph.less(whole, zero), at: index, &state, &graph)
    fault(.negativeBuyer, when: graph.less(toBuyer, zero), at: index, &state, &graph)
    fault(.negativeSeller, when: graph.less(whole, toBuyer), at: index, &state, &graph)
    encoding.payments.append(
      ClauseEncoding.Payment(
        instruction: index, isDelivery: false, decision: state.routes.count, condition: graph.all(state.path),
        whole: whole, toBuyer: toBuyer, toSeller: graph.difference(whole, toBuyer)))
    state.routes.append(graph.truth(true))
  }
}
