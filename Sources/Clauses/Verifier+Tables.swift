/// What can be said without following the paths: the tables, what is read, where folds begin and end.
extension Verifier {
  func checkTables() throws(ClauseError) {
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
    let hasState = parts.kind != .payoff
    for input in parts.inputs {
      let isClock = input.group == .now
      guard isClock == (input.name == "now"), !isClock || input.type == .time,
        hasState || !(isClock || input.group == .state)
      else { throw .misplacedInput(input.name) }
      if case .list(_, let bound) = input.type, !(1...Limits.listCountMax).contains(bound) { throw .listBounds }
    }
    guard (parts.kind == .escrow) == !parts.routes.isEmpty, parts.routes.count <= Limits.routeCountMax else {
      throw .routeCount(found: parts.routes.count, parts.kind)
    }
    guard parts.kind == .escrow || (parts.kind == .arbitration) == !parts.finds.isEmpty else {
      throw .findCount(found: parts.finds.count, parts.kind)
    }
    var names: Set<String> = []
    for route in parts.routes where !names.insert(route).inserted { throw .repeatedRoute(route) }
    try checkNames()
  }

  private func checkNames() throws(ClauseError) {
    var finds: Set<String> = []
    for find in parts.finds where !finds.insert(find.name).inserted { throw .repeatedName(find.name) }
    var names: Set<String> = []
    var used = parts.inputs.map { $0.type.element ?? $0.type } + parts.finds.map(\.type)
    used += parts.constants.map(\.type)
    let types = Set(used)
    for enumeration in parts.enumerations {
      for name in [enumeration.name] + enumeration.cases where !names.insert(name).inserted {
        throw .repeatedName(name)
      }
      guard types.contains(.enumeration(enumeration)) else { throw .unusedEnumeration(enumeration.name) }
    }
  }

  /// Inputs exist and are all read, slots are numbered in the order in which they are first filled, and what a payoff
  /// checks before it begins are terms.
  mutating func checkUse() throws(ClauseError) {
    var read: Set<Int> = []
    let lastGiven = parts.kind == .payoff ? parts.code.lastIndex { $0.opcode == .given } ?? 0 : 0
    for (index, instruction) in parts.code.enumerated() {
      var places: [Int] = []
      switch instruction.opcode {
      case .load, .known, .count, .item: places = [instruction.argument]
      case .paired: places = [instruction.argument, instruction.second]
      case .foldList: places = [instruction.second]
      case .jump, .jumpUnless:
        guard instruction.argument > index, instruction.argument <= parts.code.count else {
          throw .jumpTarget(instruction: index)
        }
      default: break
      }
      for place in places {
        guard parts.inputs.indices.contains(place) else { throw .noSuchInput(instruction: index) }
        guard index >= lastGiven || parts.inputs[place].group == .terms else { throw .givenOrder(instruction: index) }
        read.insert(place)
      }
      try countSlots(instruction, at: index)
    }
    for (index, input) in parts.inputs.enumerated() where !read.contains(index) { throw .unusedInput(input.name) }
  }

  private mutating func countSlots(_ instruction: Instruction, at index: Int) throws(ClauseError) {
    let filled: Int
    switch instruction.opcode {
    case .keep, .store: filled = 1
    case .fold, .foldList: filled = 2
    default: return
    }
    guard instruction.argument <= findings.slotCount else { throw .slotOrder(instruction: index) }
    findings.slotCount = Swift.max(findings.slotCount, instruction.argument + filled)
    guard findings.slotCount <= Limits.slotCountMax else {
      throw .tooMany("slots", found: findings.slotCount, max: Limits.slotCountMax)
    }
  }

  /// Each fold ends with a `next` of its own, bodies lie inside one another, and no jump leaves or enters one. Promises
  /// are checked before anything is decided, and not in a body.
  mutating func checkFolds() throws(ClauseError) {
    var open: [(fold: Int, next: Int)] = []
    var hasDecided = false
    for (index, instruction) in parts.code.enumerated() {
      frames.append(open.last?.fold ?? -1)
      switch instruction.opcode {
      case .fold, .foldList:
        let next = instruction.target - 1
        guard next > index, next < parts.code.count, parts.code[next].opcode == .next, next < open.last?.next ?? Int.max
        else { throw .foldBorder(instruction: index) }
        if instruction.opcode == .fold {
          guard (1...Limits.roundCountMax).contains(instruction.second) else { throw .foldRounds(instruction: index) }
        } else if parts.inputs[instruction.second].type.element == nil {
          throw .types(instruction: index, instruction.opcode, [parts.inputs[instruction.second].type])
        }
        open.append((index, next))
      case .next:
        guard open.popLast()?.next == index else { throw .foldBorder(instruction: index) }
      case .pay, .nothing, .closed, .find: hasDecided = true
      case .given:
        guard !hasDecided, open.isEmpty else { throw .givenOrder(instruction: index) }
      default: break
      }
    }
    frames.append(-1)
    for (index, instruction) in parts.code.enumerated() where instruction.opcode.row.operand == .distance {
      guard frames[instruction.argument] == frames[index] else { throw .foldBorder(instruction: index) }
    }
  }
}
