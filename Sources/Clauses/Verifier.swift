/// Accepts the parts of a program only if every run of them is well-typed and bounded. It knows nothing of the
/// compiler: it follows every path once (jumps go forward, so one pass meets each instruction after all that lead to
/// it) and holds what is known at each instruction: the types on the stack, the types in the slots, the routes decided.
struct Verifier {
  /// What a run needs, and what each instruction makes.
  struct Findings {
    var stackDepth = 0
    var slotCount = 0
    var cost = 0
    /// The type of the value each instruction leaves on the stack, if it leaves one.
    var types: [ClauseType?] = []
    /// The route that each instruction decides, if it decides one.
    var decides: [Int?] = []
  }

  private struct State: Equatable {
    var stack: [ClauseType] = []
    var slots: [ClauseType?] = []
    var routes = 0
  }

  private let parts: ProgramParts
  private var findings = Findings()
  private var pending: [Int: State] = [:]

  /// What is found, or the first reason to refuse. The stated cost is not compared here.
  static func verify(_ parts: ProgramParts) throws(ClauseError) -> Findings {
    var verifier = Verifier(parts: parts)
    try verifier.checkTables()
    try verifier.checkUse()
    try verifier.follow()
    try verifier.addCosts()
    return verifier.findings
  }

  private init(parts: ProgramParts) {
    self.parts = parts
  }

  private func checkTables() throws(ClauseError) {
    guard parts.inputs.count <= Limits.inputCountMax else {
      throw .tooMany("inputs", found: parts.inputs.count, max: Limits.inputCountMax)
    }
    guard parts.code.count <= Limits.instructionCountMax else {
      throw .tooMany("instructions", found: parts.code.count, max: Limits.instructionCountMax)
    }
    for (input, next) in zip(parts.inputs, parts.inputs.dropFirst())
    where !input.name.utf8.lexicographicallyPrecedes(next.name.utf8) {
      throw .inputsOutOfOrder(next.name)
    }
    for input in parts.inputs {
      let isClock = input.group == .now
      guard isClock == (input.name == "now"), !isClock || input.type == .time,
        parts.kind == .escrow || !(isClock || input.group == .state)
      else { throw .misplacedInput(input.name) }
    }
    guard (parts.kind == .escrow) == !parts.routes.isEmpty, parts.routes.count <= Limits.routeCountMax else {
      throw .routeCount(found: parts.routes.count, parts.kind)
    }
    var names: Set<String> = []
    for route in parts.routes where !names.insert(route).inserted { throw .repeatedRoute(route) }
  }

  /// Inputs exist and are all read, slots are numbered in the order in which they are first filled.
  private mutating func checkUse() throws(ClauseError) {
    var read: Set<Int> = []
    for (index, instruction) in parts.code.enumerated() {
      let argument = instruction.argument
      switch instruction.opcode {
      case .load, .known:
        guard parts.inputs.indices.contains(argument) else { throw .noSuchInput(instruction: index) }
        read.insert(argument)
      case .keep:
        guard argument <= findings.slotCount else { throw .slotOrder(instruction: index) }
        findings.slotCount = Swift.max(findings.slotCount, argument + 1)
      case .jump, .jumpUnless:
        guard argument > index, argument <= parts.code.count else { throw .jumpTarget(instruction: index) }
      default: break
      }
    }
    for (index, input) in parts.inputs.enumerated() where !read.contains(index) { throw .unusedInput(input.name) }
  }

  private mutating func follow() throws(ClauseError) {
    var state: State? = State(slots: Array(repeating: nil, count: findings.slotCount))
    for (index, instruction) in parts.code.enumerated() {
      try join(&state, at: index)
      guard var current = state else { throw .unreachable(instruction: index) }
      let routes = current.routes
      try apply(instruction, at: index, to: &current)
      findings.decides.append(current.routes > routes ? routes : nil)
      findings.stackDepth = Swift.max(findings.stackDepth, current.stack.count)
      guard current.stack.count <= Limits.stackDepthMax else { throw .stackOverflow(instruction: index) }
      findings.types.append(instruction.opcode.row.pushes == 1 ? current.stack.last : nil)
      state = current
      if instruction.opcode.row.operand == .distance {
        var target: State? = current
        try join(&target, at: instruction.argument)
        pending[instruction.argument] = target
        if instruction.opcode == .jump { state = nil }
      }
    }
    try join(&state, at: parts.code.count)
    let routeCount = parts.kind == .payoff ? 1 : parts.routes.count
    guard let end = state, end.stack.isEmpty, end.routes == routeCount else {
      throw .unfinished(stack: state?.stack.count ?? 0, routes: routeCount - (state?.routes ?? 0))
    }
  }

  /// Joins a state with what earlier jumps bring to the same instruction: stacks and routes must agree, and a slot is
  /// filled only if it is on both sides.
  private mutating func join(_ state: inout State?, at index: Int) throws(ClauseError) {
    guard let other = pending.removeValue(forKey: index) else { return }
    guard var joined = state else {
      state = other
      return
    }
    guard joined.stack == other.stack, joined.routes == other.routes else { throw .paths(instruction: index) }
    for slot in joined.slots.indices where joined.slots[slot] != other.slots[slot] { joined.slots[slot] = nil }
    state = joined
  }

  private func apply(_ instruction: Instruction, at index: Int, to state: inout State) throws(ClauseError) {
    let opcode = instruction.opcode
    guard state.stack.count >= opcode.row.pops else { throw .stackUnderflow(instruction: index) }
    let operands = Array(state.stack.suffix(opcode.row.pops))
    state.stack.removeLast(opcode.row.pops)
    switch opcode {
    case .push: state.stack.append(parts.constants[instruction.argument].type)
    case .load: state.stack.append(parts.inputs[instruction.argument].type)
    case .known:
      guard parts.inputs[instruction.argument].mayBeMissing else { throw .knownOfTerm(instruction: index) }
      state.stack.append(.bool)
    case .get:
      guard state.slots.indices.contains(instruction.argument), let type = state.slots[instruction.argument] else {
        throw .unassignedSlot(instruction: index)
      }
      state.stack.append(type)
    case .keep:
      guard state.slots[instruction.argument] == nil else { throw .assignedSlot(instruction: index) }
      state.slots[instruction.argument] = operands[0]
      state.stack.append(operands[0])
    case .jump: break
    case .jumpUnless:
      guard operands == [.bool] else { throw .types(instruction: index, opcode, operands) }
    case .pay, .nothing, .closed:
      guard operands.allSatisfy({ $0 == .amount }) else { throw .types(instruction: index, opcode, operands) }
      let isPayoff = parts.kind == .payoff
      guard state.routes < (isPayoff ? 1 : parts.routes.count), !isPayoff || opcode == .pay else {
        throw .routeOrder(instruction: index)
      }
      state.routes += 1
    default:
      guard let type = opcode.result(of: operands) else { throw .types(instruction: index, opcode, operands) }
      state.stack.append(type)
    }
  }

  /// The cost of the dearest path, from the end backwards.
  private mutating func addCosts() throws(ClauseError) {
    var ahead = Array(repeating: 0, count: parts.code.count + 1)
    for index in parts.code.indices.reversed() {
      let instruction = parts.code[index]
      let next: Int =
        switch instruction.opcode {
        case .jump: ahead[instruction.argument]
        case .jumpUnless: Swift.max(ahead[index + 1], ahead[instruction.argument])
        default: ahead[index + 1]
        }
      ahead[index] = instruction.opcode.cost + next
    }
    findings.cost = ahead[0]
    guard findings.cost <= Limits.costMax else { throw .costTooHigh(findings.cost) }
  }
}

extension Opcode {
  /// The type that an operation on the stack gives for these operands, or nil if it does not take them.
  func result(of operands: [ClauseType]) -> ClauseType? {
    switch self {
    case .add: ClauseType.sum(operands[0], operands[1])
    case .subtract: ClauseType.difference(operands[0], operands[1])
    case .multiply: ClauseType.product(operands[0], operands[1])
    case .negate: operands[0].isScalable ? operands[0] : nil
    case .mulDivFloor, .mulDivCeiling: ClauseType.quotient(operands[0], operands[1], by: operands[2])
    case .amountFloor, .amountCeiling: operands == [.quantity, .price, .int, .int] ? .amount : nil
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
