import Arithmetic

/// Typed tree to code.
///
/// A definition is an abbreviation: it is computed where it is first needed, and only there. If it is needed again on
/// the same path its value is taken from a slot. So what a closed route or an untaken branch would need is never
/// computed.
struct Compiler {
  private let clause: TypedClause
  private let places: [String: Int]
  private let uses: [Int]
  private var code: [Instruction] = []
  private var constants: [Constant] = []
  private var ranges: [SourceRange] = []
  /// The slot of each definition that has one; the escrow's whole counts as one more definition.
  private var slots: [Int: Int] = [:]
  /// The definitions whose slots are filled on every path to here.
  private var kept: Set<Int> = []

  /// The program's parts and the source range of each instruction. The cost is left at 0.
  static func compile(_ clause: TypedClause) -> (parts: ProgramParts, ranges: [SourceRange]) {
    var compiler = Compiler(clause)
    for route in clause.routes { compiler.compile(route) }
    let parts = ProgramParts(
      kind: clause.kind, inputs: clause.inputs, routes: clause.routes.compactMap(\.name), cost: 0,
      code: compiler.code, constants: compiler.constants)
    return (parts, compiler.ranges)
  }

  private init(_ clause: TypedClause) {
    self.clause = clause
    places = Dictionary(clause.inputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var uses = Array(repeating: 0, count: clause.definitions.count)
    for expression in clause.definitions + [clause.whole].compactMap(\.self) { Self.count(expression, into: &uses) }
    for route in clause.routes {
      for expression in [route.condition, route.toBuyer].compactMap(\.self) { Self.count(expression, into: &uses) }
    }
    self.uses = uses + [clause.routes.count { $0.toBuyer != nil }]
  }

  private static func count(_ expression: TypedExpression, into uses: inout [Int]) {
    switch expression.node {
    case .constant, .input, .known: break
    case .definition(let index): uses[index] += 1
    case .apply(_, let operands): for operand in operands { count(operand, into: &uses) }
    case .both(let left, let right), .either(let left, let right):
      count(left, into: &uses)
      count(right, into: &uses)
    case .conditional(let condition, let first, let second):
      for part in [condition, first, second] { count(part, into: &uses) }
    }
  }

  /// Past the limit nothing more is compiled; the verifier then refuses the program for its size.
  private var isFull: Bool { code.count > Limits.instructionCountMax }

  private mutating func emit(_ opcode: Opcode, _ argument: Int = 0, at range: SourceRange) {
    code.append(Instruction(opcode: opcode, argument: argument))
    ranges.append(range)
  }

  private mutating func push(_ truth: Bool, at range: SourceRange) {
    push(Constant(type: .bool, value: truth ? 1 : 0), at: range)
  }

  private mutating func push(_ constant: Constant, at range: SourceRange) {
    emit(.push, constants.count, at: range)
    constants.append(constant)
  }

  /// Emits a jump whose target is not known yet, and gives its place.
  private mutating func leap(_ opcode: Opcode, at range: SourceRange) -> Int {
    emit(opcode, at: range)
    return code.count - 1
  }

  /// Lets the jumps of a failed condition go to the next instruction, where only what all of them kept is still there.
  private mutating func land(_ failure: Failure) {
    for jump in failure.jumps { land(jump) }
    kept = failure.kept
  }

  /// Lets a jump go to the next instruction.
  private mutating func land(_ jump: Int) {
    code[jump] = Instruction(opcode: code[jump].opcode, argument: code.count)
  }

  private mutating func compile(_ route: TypedClause.Route) {
    guard let condition = route.condition else { return release(route) }
    branch(on: condition, at: route.range, { $0.release(route) }, { $0.emit(.closed, at: route.range) })
  }

  private mutating func release(_ route: TypedClause.Route) {
    guard let toBuyer = route.toBuyer, let whole = clause.whole else { return emit(.nothing, at: route.range) }
    compile(whole, as: clause.definitions.count)
    compile(toBuyer)
    emit(.pay, at: toBuyer.range)
  }

  /// A definition's value: from its slot, or computed here and kept if it is used in more than one place.
  private mutating func compile(_ value: TypedExpression, as definition: Int) {
    if kept.contains(definition), let slot = slots[definition] { return emit(.get, slot, at: value.range) }
    compile(value)
    switch value.node {
    case .constant, .input, .known, .definition: return
    default: break
    }
    guard uses[definition] > 1 else { return }
    let slot = slots[definition] ?? slots.count
    slots[definition] = slot
    kept.insert(definition)
    emit(.keep, slot, at: value.range)
  }

  private mutating func compile(_ expression: TypedExpression) {
    guard !isFull else { return }
    let range = expression.range
    switch expression.node {
    case .constant(let value): push(Constant(type: expression.type, value: value), at: range)
    case .input(let name): emit(.load, places[name] ?? 0, at: range)
    case .known(let name): emit(.known, places[name] ?? 0, at: range)
    case .definition(let index): compile(clause.definitions[index], as: index)
    case .apply(let opcode, let operands):
      for operand in operands { compile(operand) }
      emit(opcode, at: range)
    case .both(let left, let right):
      branch(on: left, at: range, { $0.compile(right) }, { $0.push(false, at: range) })
    case .either(let left, let right):
      branch(on: left, at: range, { $0.push(true, at: range) }, { $0.compile(right) })
    case .conditional(let condition, let first, let second):
      branch(on: condition, at: range, { $0.compile(first) }, { $0.compile(second) })
    }
  }

  private mutating func branch(
    on condition: TypedExpression, at range: SourceRange, _ first: (inout Compiler) -> Void,
    _ second: (inout Compiler) -> Void
  ) {
    let failed = test(condition)
    first(&self)
    let afterFirst = kept
    let end = leap(.jump, at: range)
    land(failed)
    second(&self)
    land(end)
    kept.formIntersection(afterFirst)
  }

  /// The jumps that leave a condition when it is false, and what is kept at all of them.
  private struct Failure {
    var jumps: [Int]
    var kept: Set<Int>
  }

  /// Evaluates a condition for its jumps alone: falls through when it is true.
  private mutating func test(_ condition: TypedExpression) -> Failure {
    switch condition.node {
    case _ where isFull: return Failure(jumps: [], kept: kept)
    case .both(let left, let right):
      let first = test(left)
      let second = test(right)
      return Failure(jumps: first.jumps + second.jumps, kept: first.kept.intersection(second.kept))
    case .either(let left, let right):
      let first = test(left)
      let afterFirst = kept
      let holds = leap(.jump, at: condition.range)
      land(first)
      let second = test(right)
      land(holds)
      kept.formIntersection(afterFirst)
      return second
    default:
      compile(condition)
      return Failure(jumps: [leap(.jumpUnless, at: condition.range)], kept: kept)
    }
  }
}
