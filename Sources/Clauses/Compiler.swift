import Arithmetic

/// Typed tree to code.
///
/// A definition is an abbreviation: it is computed where it is first needed, and only there. If it is needed again on
/// the same path its value is taken from a slot. So what a closed route or an untaken branch would need is never
/// computed; except that what a fold's body names is computed once before its first round.
struct Compiler {
  private let clause: TypedClause
  private let places: [String: Int]
  private let uses: [Int]
  private var code: [Instruction] = []
  private var constants: [Constant] = []
  private var ranges: [SourceRange] = []
  /// The slot of each value that has one: definitions by their places, then the two escrows, then what matches share.
  private var slots: [Int: Int] = [:]
  private var slotCount = 0
  /// The values whose slots are filled on every path to here.
  private var kept: Set<Int> = []
  /// The first of the two slots of a fold, by how many folds it stands in.
  private var foldSlots: [Int] = []
  private var foldDepth = 0
  /// The first slot of each fold that is being compiled, by its number.
  private var active: [Int: Int] = [:]

  /// The program's parts and the source range of each instruction. The cost is left at 0.
  static func compile(_ clause: TypedClause) -> (parts: ProgramParts, ranges: [SourceRange]) {
    var compiler = Compiler(clause)
    for condition in clause.givens {
      compiler.compile(condition)
      compiler.emit(.given, at: condition.range)
    }
    for find in clause.finds {
      compiler.compile(find.value)
      compiler.emit(.find, at: find.value.range)
    }
    for route in clause.routes { compiler.compile(route.arms[...]) }
    let parts = ProgramParts(
      kind: clause.kind, inputs: clause.inputs, routes: clause.routes.compactMap(\.name), cost: 0,
      code: compiler.code, constants: compiler.constants, enumerations: clause.enumerations,
      finds: clause.finds.map { Find(name: $0.name, type: $0.value.type) })
    return (parts, compiler.ranges)
  }

  private init(_ clause: TypedClause) {
    self.clause = clause
    places = Dictionary(clause.inputs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var uses = Array(repeating: 0, count: clause.definitions.count)
    var seen: Set<Int> = []
    let arms = clause.routes.flatMap(\.arms)
    var roots = clause.definitions + [clause.whole, clause.deliveryWhole].compactMap(\.self)
    roots += clause.givens + clause.finds.map(\.value)
    for arm in arms { roots += [arm.condition, arm.toBuyer, arm.deliveredToBuyer].compactMap(\.self) }
    for root in roots { Self.count(root, into: &uses, &seen) }
    self.uses = uses + [arms.count { $0.toBuyer != nil }, arms.count { $0.deliveredToBuyer != nil }]
  }

  private static func count(_ expression: TypedExpression, into uses: inout [Int], _ seen: inout Set<Int>) {
    switch expression.node {
    case .definition(let index): uses[index] += 1
    case .shared(let number, _): if !seen.insert(number).inserted { return }
    default: break
    }
    for child in expression.children { count(child, into: &uses, &seen) }
  }

  /// Past the limit nothing more is compiled; the verifier then refuses the program for its size.
  private var isFull: Bool { code.count > Limits.instructionCountMax }

  private mutating func emit(_ opcode: Opcode, _ argument: Int = 0, second: Int = 0, at range: SourceRange) {
    code.append(Instruction(opcode: opcode, argument: argument, second: second))
    ranges.append(range)
  }

  private mutating func newSlots(_ count: Int) -> Int {
    slotCount += count
    return slotCount - count
  }

  private func place(_ input: String) -> Int { places[input] ?? 0 }

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

  /// A route: the first open arm decides.
  private mutating func compile(_ arms: ArraySlice<TypedClause.Arm>) {
    guard let arm = arms.first else { return }
    guard let condition = arm.condition else { return release(arm) }
    branch(on: condition, at: arm.range, { $0.release(arm) }) {
      arms.count > 1 ? $0.compile(arms.dropFirst()) : $0.emit(.closed, at: arm.range)
    }
  }

  private mutating func release(_ arm: TypedClause.Arm) {
    guard let toBuyer = arm.toBuyer, let whole = clause.whole else { return emit(.nothing, at: arm.range) }
    compile(whole, as: clause.definitions.count)
    compile(toBuyer)
    emit(.pay, at: toBuyer.range)
    guard let delivered = arm.deliveredToBuyer, let deliveryWhole = clause.deliveryWhole else { return }
    compile(deliveryWhole, as: clause.definitions.count + 1)
    compile(delivered)
    emit(.pay, at: delivered.range)
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
    fill(definition, with: .keep, at: value.range)
  }

  /// Puts what is on the stack into the slot of a value.
  private mutating func fill(_ value: Int, with opcode: Opcode, at range: SourceRange) {
    guard !isFull else { return }
    let slot = slots[value] ?? newSlots(1)
    slots[value] = slot
    kept.insert(value)
    emit(opcode, slot, at: range)
  }

  private mutating func compile(_ expression: TypedExpression) {
    guard !isFull else { return }
    let range = expression.range
    switch expression.node {
    case .constant(let value): push(Constant(type: expression.type, value: value), at: range)
    case .input(let name): emit(.load, place(name), at: range)
    case .known(let name): emit(.known, place(name), at: range)
    case .count(let name): emit(.count, place(name), at: range)
    case .item(let name, let index):
      compile(index)
      emit(.item, place(name), at: range)
    case .accumulator(let fold): emit(.get, active[fold] ?? 0, at: range)
    case .index(let fold): emit(.get, (active[fold] ?? 0) + 1, at: range)
    case .fold(let fold): compile(fold, at: range)
    case .shared(let number, let value):
      let place = clause.definitions.count + 2 + number
      if kept.contains(place), let slot = slots[place] { return emit(.get, slot, at: range) }
      compile(value)
      fill(place, with: .keep, at: range)
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

  /// What is named in the body is computed before the first round; the lists are compared; then the value to start from.
  private mutating func compile(_ fold: TypedFold, at range: SourceRange) {
    for definition in definitions(in: fold.body) where !kept.contains(definition) {
      let value = clause.definitions[definition]
      compile(value)
      fill(definition, with: .store, at: value.range)
    }
    if case .list(let first) = fold.rounds {
      for other in fold.paired { emit(.paired, place(first), second: place(other), at: range) }
    }
    compile(fold.initial)
    guard !isFull else { return }
    if foldSlots.count == foldDepth { foldSlots.append(newSlots(2)) }
    let slot = foldSlots[foldDepth]
    let start = code.count
    switch fold.rounds {
    case .below(let count): emit(.fold, slot, second: count, at: range)
    case .list(let list): emit(.foldList, slot, second: place(list), at: range)
    }
    let outside = kept
    active[fold.number] = slot
    foldDepth += 1
    compile(fold.body)
    emit(.next, at: range)
    foldDepth -= 1
    kept = outside
    code[start].target = code.count
  }

  /// The definitions that a fold's body names, in their order; those that only give another name to a literal or to
  /// whether a fact is known are as cheap where they stand.
  private func definitions(in body: TypedExpression) -> [Int] {
    var found: Set<Int> = []
    var seen: Set<Int> = []
    var pending = [body]
    while let next = pending.popLast() {
      switch next.node {
      case .definition(let index):
        switch clause.definitions[index].node {
        case .constant, .known: break
        default: found.insert(index)
        }
      case .shared(let number, _): if !seen.insert(number).inserted { continue }
      default: break
      }
      pending += next.children
    }
    return found.sorted()
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
