import Arithmetic
package import Clauses

/// Runs a program on expressions. Where paths meet, what they bring is merged, so that each instruction is met once; the
/// body of a fold is met once a round, as far as the bound of its list.
///
/// A fault ends a run; here it is noted, and what follows is right wherever no site noted before holds.
package struct SymbolicRun {
  /// What is known at an instruction: the way that led there, and the machine's memory.
  struct State {
    /// Conditions that all hold exactly on the paths that come here.
    var path: [Expression] = []
    var stack: [Expression] = []
    var slots: [Expression?]
    /// Whether each route so far is open.
    var routes: [Expression] = []
    var findings: [Expression] = []
  }

  /// Instructions that are followed, rounds multiplied out.
  private static let stepsMax = 200_000

  let program: Program
  let inputs: ClauseInputs
  var encoding = ClauseEncoding()
  private var steps = 0
  private var pending: [Int: State] = [:]
  private var sites: [Place: Int] = [:]
  private let now: Expression?

  private struct Place: Hashable {
    let instruction: Int
    let fault: FaultKind
  }

  /// What a program does for these inputs.
  package static func encode(_ program: Program, _ inputs: ClauseInputs, in graph: inout Graph) -> ClauseEncoding {
    var run = SymbolicRun(program: program, inputs: inputs)
    let start = State(slots: Array(repeating: nil, count: program.slotCount))
    let end = run.follow(0..<program.code.count, from: start, &graph)
    run.encoding.routes = end?.routes ?? []
    run.encoding.findings = end?.findings ?? []
    run.encoding.ends = end?.path ?? []
    return run.encoding
  }

  private init(program: Program, inputs: ClauseInputs) {
    self.program = program
    self.inputs = inputs
    now = program.inputs.contains { $0.group == .now } ? inputs["now"]?.value : nil
  }

  private mutating func follow(_ range: Range<Int>, from start: State?, _ graph: inout Graph) -> State? {
    var state = start
    var index = range.lowerBound
    while index < range.upperBound {
      let instruction = program.code[index]
      state = join(state, at: index, &graph)
      let place = index
      index += 1
      let isFold = instruction.opcode == .fold || instruction.opcode == .foldList
      if isFold { index = instruction.target }
      guard var current = state else { continue }
      steps += 1
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
        if isFold { fold(instruction, at: place, &current, &graph) } else { step(instruction, place, &current, &graph) }
        state = current
      }
    }
    return join(state, at: range.upperBound, &graph)
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

  mutating func fault(
    _ kind: FaultKind, when condition: Expression, at index: Int, _ state: inout State, _ graph: inout Graph
  ) {
    let otherwise = graph.not(condition)
    let isDecided = otherwise == graph.truth(true) || state.path.contains(otherwise)
    let here = isDecided ? graph.truth(false) : graph.and(graph.all(state.path), condition)
    // Such a fault is none of the clause's: what follows is asked only of the runs that go on.
    if kind.isOfInputs, !isDecided { state.path.append(otherwise) }
    let place = Place(instruction: index, fault: kind)
    if let known = sites[place] {
      encoding.sites[known].condition = graph.or(encoding.sites[known].condition, here)
    } else {
      sites[place] = encoding.sites.count
      encoding.sites.append(ClauseEncoding.Site(instruction: index, fault: kind, condition: here))
    }
  }

  mutating func missing(_ input: Int, at index: Int, _ state: inout State, _ graph: inout Graph) {
    guard program.inputs[input].mayBeMissing else { return }
    fault(.missingInput, when: graph.not(inputs.entries[input].isKnown), at: index, &state, &graph)
  }

  mutating func compare(_ a: Expression, _ b: Expression) {
    guard let now else { return }
    for deadline in [a == now ? b : nil, b == now ? a : nil].compactMap({ $0 })
    where !encoding.deadlines.contains(deadline) {
      encoding.deadlines.append(deadline)
    }
  }

  // MARK: Folds

  private mutating func fold(
    _ instruction: Instruction, at index: Int, _ state: inout State, _ graph: inout Graph
  ) {
    var value = state.stack.removeLast()
    var count: Expression?
    var rounds = instruction.second
    if instruction.opcode == .foldList {
      missing(instruction.second, at: index, &state, &graph)
      let list = inputs.entries[instruction.second].list
      count = list?.count
      rounds = list?.elements.count ?? 0
    }
    // A round that adds nothing new to follow ends the fold as well as its bound does.
    var bounds = [graph.interval(value)]
    for round in 0..<rounds {
      guard steps < Self.stepsMax else {
        encoding.isTooLong = true
        break
      }
      let number = graph.number(Int256(Int64(round)))
      let isRun = count.map { graph.less(number, $0) } ?? graph.truth(true)
      guard let result = self.round(instruction, index, number, value, isRun, &state, &graph) else { break }
      value = graph.choice(isRun, result, value)
      bounds.append(graph.interval(value))
    }
    if let count, !graph.isTruth(value) { note(value, count, bounds, &graph) }
    state.stack.append(value)
  }

  /// One round of a fold's body: the value that it leaves.
  private mutating func round(
    _ instruction: Instruction, _ index: Int, _ number: Expression, _ value: Expression, _ isRun: Expression,
    _ state: inout State, _ graph: inout Graph
  ) -> Expression? {
    var inside = state
    if isRun != graph.truth(true) { inside.path.append(isRun) }
    inside.slots[instruction.argument] = value
    inside.slots[instruction.argument + 1] = number
    guard let end = follow(index + 1..<instruction.target - 1, from: inside, &graph) else { return nil }
    // What the round found of its inputs holds wherever the round was run.
    let found = end.path.dropFirst(inside.path.count)
    if !found.isEmpty, Array(end.path.prefix(inside.path.count)) == inside.path {
      let condition = graph.implies(isRun, graph.all(Array(found)))
      if condition != graph.truth(true), !state.path.contains(condition) { state.path.append(condition) }
    }
    return end.stack.last
  }

  /// The value after as many rounds as the list is long lies within the bounds of that round. They are stated as lines
  /// above and below all of them.
  private mutating func note(
    _ value: Expression, _ count: Expression, _ bounds: [Interval], _ graph: inout Graph
  ) {
    if let start = bounds[0].high, let slope = Self.slope(bounds.map(\.high), from: start, .ceiling, Swift.max) {
      let line = graph.sum(graph.number(start), graph.product(graph.number(slope), count))
      note(value, graph.lessOrEqual(value, line), &graph)
    }
    if let start = bounds[0].low, let slope = Self.slope(bounds.map(\.low), from: start, .floor, Swift.min) {
      let line = graph.sum(graph.number(start), graph.product(graph.number(slope), count))
      note(value, graph.lessOrEqual(line, value), &graph)
    }
  }

  private mutating func note(_ value: Expression, _ condition: Expression, _ graph: inout Graph) {
    guard condition != graph.truth(true) else { return }
    encoding.invariants.append(ClauseEncoding.Invariant(subject: value, condition: condition))
  }

  private static func slope(
    _ bounds: [Int256?], from start: Int256, _ rounding: Rounding, _ choose: (Int256, Int256) -> Int256
  ) -> Int256? {
    var slope: Int256 = 0
    for (round, bound) in bounds.enumerated().dropFirst() {
      guard let bound, let rise = try? bound.subtracting(start),
        let step = try? rise.divided(by: Int256(Int64(round)), rounding: rounding)
      else { return nil }
      slope = choose(slope, step)
    }
    return slope
  }
}
