/// Accepts the parts of a program only if every run of them is well-typed and bounded. It knows nothing of the
/// compiler: it follows every path once (jumps go forward, so one pass meets each instruction after all that lead to
/// it; a fold's body is followed once, because each round begins as the first) and holds what is known at each
/// instruction: the types on the stack, the types in the slots, the results decided.
struct Verifier {
  /// What a run needs, and what each instruction makes.
  struct Findings {
    var stackDepth = 0
    var slotCount = 0
    var cost = 0
    /// The type of the value each instruction leaves on the stack, if it leaves one.
    var types: [ClauseType?] = []
    /// The route or the named result that each instruction decides, if it decides one.
    var decides: [Int?] = []
  }

  struct State {
    var stack: [ClauseType] = []
    var slots: [ClauseType?] = []
    var routes = 0
    var finds = 0
    /// Whether the route decided last pays, and may pay the delivery token too.
    var mayDeliver = false
    /// Whether a payoff has paid the delivery token.
    var delivered = false
  }

  /// A fold whose body is being followed.
  struct Body {
    let next: Int
    let type: ClauseType
    /// What was known before the first round, its value taken.
    let before: State
  }

  let parts: ProgramParts
  var findings = Findings()
  /// For each instruction, and for the end, the fold in whose body it stands: the place of the fold, or -1.
  var frames: [Int] = []
  private var bodies: [Body] = []
  private var pending: [Int: State] = [:]

  /// What is found, or the first reason to refuse. The stated cost is not compared here.
  static func verify(_ parts: ProgramParts) throws(ClauseError) -> Findings {
    var verifier = Verifier(parts: parts)
    try verifier.checkTables()
    try verifier.checkUse()
    try verifier.checkFolds()
    try verifier.follow()
    try verifier.addCosts()
    return verifier.findings
  }

  private init(parts: ProgramParts) {
    self.parts = parts
  }

  private mutating func follow() throws(ClauseError) {
    var state: State? = State(slots: Array(repeating: nil, count: findings.slotCount))
    for (index, instruction) in parts.code.enumerated() {
      try join(&state, at: index)
      guard var current = state else { throw .unreachable(instruction: index) }
      state = nil
      let (routes, finds) = (current.routes, current.finds)
      try apply(instruction, at: index, to: &current)
      findings.decides.append(current.routes > routes ? routes : current.finds > finds ? finds : nil)
      findings.stackDepth = Swift.max(findings.stackDepth, current.stack.count)
      guard current.stack.count <= Limits.stackDepthMax else { throw .stackOverflow(instruction: index) }
      findings.types.append(instruction.opcode.row.pushes == 1 ? current.stack.last : nil)
      if instruction.opcode.row.operand == .distance {
        var target: State? = current
        try join(&target, at: instruction.argument)
        pending[instruction.argument] = target
        if instruction.opcode == .jump { continue }
      }
      state = current
    }
    try join(&state, at: parts.code.count)
    let routeCount = parts.kind == .payoff ? 1 : parts.routes.count
    guard let end = state, end.stack.isEmpty, end.routes == routeCount, end.finds == parts.finds.count else {
      throw .unfinished(
        stack: state?.stack.count ?? 0,
        routes: routeCount - (state?.routes ?? 0) + parts.finds.count - (state?.finds ?? 0))
    }
  }

  /// Joins a state with what earlier jumps bring to the same instruction: stacks and results must agree, and a slot is
  /// filled only if it is on both sides.
  private mutating func join(_ state: inout State?, at index: Int) throws(ClauseError) {
    guard let other = pending.removeValue(forKey: index) else { return }
    guard var joined = state else {
      state = other
      return
    }
    state = nil
    guard joined.stack == other.stack, joined.routes == other.routes, joined.finds == other.finds,
      parts.kind != .payoff || joined.delivered == other.delivered
    else { throw .paths(instruction: index) }
    for slot in joined.slots.indices where joined.slots[slot] != other.slots[slot] { joined.slots[slot] = nil }
    joined.mayDeliver = joined.mayDeliver && other.mayDeliver
    state = joined
  }

  private mutating func apply(
    _ instruction: Instruction, at index: Int, to state: inout State
  ) throws(ClauseError) {
    let opcode = instruction.opcode
    guard state.stack.count >= opcode.row.pops else { throw .stackUnderflow(instruction: index) }
    let operands = Array(state.stack.suffix(opcode.row.pops))
    state.stack.removeLast(opcode.row.pops)
    switch opcode {
    case .push: state.stack.append(parts.constants[instruction.argument].type)
    case .load, .count, .item, .known, .paired: try read(instruction, operands, at: index, &state)
    case .get:
      guard state.slots.indices.contains(instruction.argument), let type = state.slots[instruction.argument] else {
        throw .unassignedSlot(instruction: index)
      }
      state.stack.append(type)
    case .keep, .store:
      guard state.slots[instruction.argument] == nil else { throw .assignedSlot(instruction: index) }
      state.slots[instruction.argument] = operands[0]
      if opcode == .keep { state.stack.append(operands[0]) }
    case .jump: break
    case .jumpUnless, .given:
      guard operands == [.bool] else { throw .types(instruction: index, opcode, operands) }
    case .fold, .foldList:
      guard state.slots[instruction.argument] == nil, state.slots[instruction.argument + 1] == nil else {
        throw .assignedSlot(instruction: index)
      }
      bodies.append(Body(next: instruction.target - 1, type: operands[0], before: state))
      // A list without elements leaves the value it started from.
      findings.stackDepth = Swift.max(findings.stackDepth, state.stack.count + 1)
      state.slots[instruction.argument] = operands[0]
      state.slots[instruction.argument + 1] = .int
    case .next:
      guard let body = bodies.popLast(), body.next == index else { throw .foldBorder(instruction: index) }
      guard operands == [body.type], state.stack == body.before.stack else {
        throw .types(instruction: index, opcode, operands)
      }
      state = body.before
      state.stack.append(body.type)
    case .pay, .nothing, .closed, .find: try decide(opcode, operands, at: index, &state)
    default:
      guard let type = opcode.result(of: operands) else { throw .types(instruction: index, opcode, operands) }
      state.stack.append(type)
    }
  }

  /// An instruction that reads an input.
  private func read(
    _ instruction: Instruction, _ operands: [ClauseType], at index: Int, _ state: inout State
  ) throws(ClauseError) {
    let input = parts.inputs[instruction.argument]
    let element = input.type.element
    switch instruction.opcode {
    case .load where element == nil: state.stack.append(input.type)
    case .known:
      guard input.mayBeMissing else { throw .knownOfTerm(instruction: index) }
      state.stack.append(.bool)
    case .count where element != nil: state.stack.append(.int)
    case .item where operands == [.int]:
      guard let element else { throw .types(instruction: index, instruction.opcode, [input.type]) }
      state.stack.append(element)
    case .paired where element != nil && parts.inputs[instruction.second].type.element != nil: break
    default: throw .types(instruction: index, instruction.opcode, operands.isEmpty ? [input.type] : operands)
    }
  }

  /// An instruction that decides a route, a payoff or a named result; never inside a fold.
  private func decide(
    _ opcode: Opcode, _ operands: [ClauseType], at index: Int, _ state: inout State
  ) throws(ClauseError) {
    guard bodies.isEmpty else { throw .foldBorder(instruction: index) }
    if opcode == .find {
      guard state.finds < parts.finds.count else { throw .findOrder(instruction: index) }
      guard operands == [parts.finds[state.finds].type] else { throw .types(instruction: index, opcode, operands) }
      state.finds += 1
      return
    }
    if operands == [.delivery, .delivery] {
      guard state.mayDeliver else { throw .routeOrder(instruction: index) }
      state.mayDeliver = false
      state.delivered = true
      return
    }
    guard operands.allSatisfy({ $0 == .amount }) else { throw .types(instruction: index, opcode, operands) }
    let isPayoff = parts.kind == .payoff
    guard state.routes < (isPayoff ? 1 : parts.routes.count), !isPayoff || opcode == .pay else {
      throw .routeOrder(instruction: index)
    }
    state.routes += 1
    state.mayDeliver = opcode == .pay
  }

  /// The cost of the dearest path, from the end backwards; a body counts as often as it may run.
  private mutating func addCosts() throws(ClauseError) {
    var ahead = Array(repeating: 0, count: parts.code.count + 1)
    for index in parts.code.indices.reversed() {
      let instruction = parts.code[index]
      switch instruction.opcode {
      case .jump: ahead[index] = ahead[instruction.argument]
      case .jumpUnless: ahead[index] = Swift.max(ahead[index + 1], ahead[instruction.argument])
      // What follows is counted where the fold is.
      case .next: ahead[index] = 0
      case .fold, .foldList:
        let (product, isOver) = ahead[index + 1].multipliedReportingOverflow(by: rounds(of: instruction))
        let cost = isOver ? Int.max : product
        guard cost <= Limits.costMax else { throw .foldTooDear(instruction: index, cost: cost) }
        ahead[index] = cost + ahead[instruction.target]
      default: ahead[index] = ahead[index + 1]
      }
      ahead[index] += instruction.opcode.cost
    }
    findings.cost = ahead[0]
    guard findings.cost <= Limits.costMax else { throw .costTooHigh(findings.cost) }
  }

  /// How often a fold's body may run.
  private func rounds(of fold: Instruction) -> Int {
    guard fold.opcode == .foldList else { return fold.second }
    if case .list(_, let bound) = parts.inputs[fold.second].type { return bound }
    return 0
  }
}

extension Opcode {
  /// The type that an operation on the stack gives for these operands, or nil if it does not take them.
  func result(of operands: [ClauseType]) -> ClauseType? {
    switch self {
    case .add: ClauseType.sum(operands[0], operands[1])
    case .subtract: ClauseType.difference(operands[0], operands[1])
    case .multiply: ClauseType.product(operands[0], operands[1])
    case .remainder: operands == [.int, .int] ? .int : nil
    case .negate: operands[0].isScalable ? operands[0] : nil
    case .mulDivFloor, .mulDivCeiling: ClauseType.quotient(operands[0], operands[1], by: operands[2])
    case .amountFloor, .amountCeiling: operands == [.quantity, .price, .int, .int] ? .amount : nil
    case .coinsFloor, .coinsCeiling: operands == [.quantity, .price, .price, .int, .int] ? .amount : nil
    case .delivery: operands == [.quantity] ? .delivery : nil
    case .fresh: operands.dropFirst() == [.time, .time, .duration] ? operands[0] : nil
    case .min, .max, .clamp:
      operands[0].isNumber && operands.allSatisfy { $0 == operands[0] } ? operands[0] : nil
    case .equal, .notEqual: operands[0] == operands[1] ? .bool : nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      operands[0] == operands[1] && operands[0].isNumber ? .bool : nil
    case .not: operands == [.bool] ? .bool : nil
    default: nil
    }
  }
}
