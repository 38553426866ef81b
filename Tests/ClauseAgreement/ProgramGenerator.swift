/// Random well-typed clauses of all kinds, as source text, and random inputs for them.
package struct ProgramGenerator {
  /// What an expression may name.
  struct Entry {
    let name: String
    let sort: Sort
    /// Whether it depends on terms alone.
    var isFixed = false
    var isBinder = false
  }

  enum Kind: String, CaseIterable { case payoff, escrow, arbitration }

  /// A program, and what it may be given.
  struct Sample {
    let source: String
    let declarations: [Declaration]
  }

  var dice: Dice
  var entries: [Entry] = []
  var lists: [Declaration] = []
  var asked: [String] = []
  var enumerations: [Sort] = []
  /// The names that the text written last has read.
  var used: Set<String> = []
  /// Whether only terms may be read.
  var isFixed = false
  /// Whether something else than terms was read.
  var readsMore = false
  var binders = 0
  var foldDepth = 0
  private var kind = Kind.payoff
  /// How deep the expressions of statements go.
  private var depth = 3
  /// Whether what is shared is of two tokens.
  private var isPhysical = false
  private var someRoutePays = false

  init(_ dice: Dice) {
    self.dice = dice
  }

  /// The programs of a seed, one after the other.
  package init(seed: UInt64) {
    self.init(Dice(seed: seed, block: 0))
  }

  // MARK: Programs

  /// A source text. Nothing but its size speaks against it.
  package mutating func program() -> String { sample().source }

  mutating func sample() -> Sample {
    kind = dice.pick([.payoff, .payoff, .escrow, .escrow, .arbitration])
    depth = dice.pick([2, 3, 3, 4, 5])
    (binders, entries, lists, asked) = (0, [], [], [])
    enumerations = (0..<dice.pick([0, 0, 1, 1, 2])).map { .enumeration($0, count: dice.pick([1, 2, 3, 3, 5])) }
    let declared = declarations()
    entries = declared.filter { $0.bound == nil }.map {
      Entry(name: $0.name, sort: $0.sort, isFixed: $0.group == .terms)
    }
    lists = declared.filter { $0.bound != nil }
    asked = declared.filter { $0.group == .facts || $0.group == .state }.map(\.name)
    let givens = givens()
    let definitions = definitions()
    used = givens.uses
    let statements: [String] =
      switch kind {
      case .payoff: payments()
      case .escrow: rules()
      case .arbitration: finds(1...4)
      }
    var lets: [String] = []
    for definition in definitions.reversed() where used.contains(definition.name) {
      used.formUnion(definition.uses)
      lets.insert("let \(definition.name) = \(definition.text)", at: 0)
    }
    let inputs = declared.filter { used.contains($0.name) }
    used.formUnion(inputs.map(\.sort.name))
    let lines =
      head() + heading(inputs) + claims(inputs) + (dice.chance(50) ? givens.lines + lets : lets + givens.lines)
    return Sample(source: (lines + statements).joined(separator: "\n") + "\n", declarations: inputs)
  }

  private mutating func head() -> [String] {
    ["\(kind.rawValue) Random language 1"]
      + enumerations.filter { used.contains($0.name) }.map { "enum \($0.name) = \($0.cases.joined(separator: " | "))" }
  }

  private mutating func heading(_ inputs: [Declaration]) -> [String] {
    var lines: [String] = []
    for group in [Declaration.Group.terms, .facts, .state] {
      let members = inputs.filter { $0.group == group }
      if !members.isEmpty { lines.append(group.rawValue) }
      for member in members {
        let type = dice.pick(member.sort.names)
        lines.append("  \(member.name) : " + (member.bound.map { "List of \(type) up to \($0)" } ?? type))
      }
    }
    if inputs.contains(where: { $0.group == .now }) { lines.append("now : Time") }
    return lines
  }

  private mutating func claims(_ inputs: [Declaration]) -> [String] {
    guard kind == .payoff, dice.chance(15) else { return [] }
    let numbers = inputs.filter(\.sort.isNumber)
    guard !numbers.isEmpty else { return [] }
    return ["claim buyer \(dice.pick(["rises", "falls"])) with \(dice.pick(numbers).name)"]
  }

  private mutating func declarations() -> [Declaration] {
    let groups: [Declaration.Group] = kind == .payoff ? [.terms, .facts] : [.terms, .facts, .state]
    let sorts = Sort.numbers + [.bool, .address, .digest, .status] + enumerations
    var declared: [Declaration] = []
    for sort in sorts {
      for _ in 0..<dice.pick([0, 1, 1, 2]) {
        let name = "x\(declared.count)"
        declared.append(Declaration(name: name, sort: sort, bound: nil, group: dice.pick(groups)))
      }
    }
    let usual = dice.pick([1, 2, 3, 5, 8])
    for _ in 0..<dice.pick([0, 1, 2, 3, 4]) {
      let bound = dice.chance(2) ? dice.pick([365, 1_024]) : dice.chance(75) ? usual : dice.pick([1, 2, 3, 5, 8])
      let sort = dice.chance(70) ? dice.pick(Sort.numbers) : dice.pick(sorts)
      declared.append(
        Declaration(name: "list\(declared.count)", sort: sort, bound: bound, group: dice.pick(groups)))
    }
    if kind != .payoff { declared.append(Declaration(name: "now", sort: .time, bound: nil, group: .now)) }
    return declared
  }

  /// Promises: most of them hold.
  private mutating func givens() -> (lines: [String], uses: Set<String>) {
    used = []
    guard dice.chance(30) else { return ([], []) }
    isFixed = kind == .payoff
    defer { isFixed = false }
    return ((0..<dice.pick([1, 1, 2])).map { _ in "given \(promise())" }, used)
  }

  private mutating func promise() -> String {
    if dice.chance(10) { return expression(.bool, 2) }
    let sort = dice.pick(Sort.numbers)
    let side = expression(sort, 1)
    return dice.chance(50) ? "\(side) == \(side)" : "(\(side) >= \(leaf(sort)) or \(side) <= \(side))"
  }

  private mutating func definitions() -> [(name: String, text: String, uses: Set<String>)] {
    var definitions: [(name: String, text: String, uses: Set<String>)] = []
    for index in 0..<dice.below(6) {
      let sort = dice.pick(Sort.numbers + [.bool, .bool, .status, .address] + enumerations)
      (used, readsMore) = ([], false)
      let text = expression(sort, depth)
      definitions.append(("d\(index)", text, used))
      entries.append(Entry(name: "d\(index)", sort: sort, isFixed: !readsMore))
    }
    return definitions
  }

  // MARK: Statements

  private mutating func part(_ token: Sort) -> String {
    dice.chance(75)
      ? "clamp(\(expression(token, depth)), 0 \(token.name), 1_000_000 \(token.name))" : expression(token, depth)
  }

  private mutating func whole(_ token: Sort) -> String {
    dice.chance(85) ? "max(\(expression(token, 1)), 1000000 \(token.name))" : expression(token, 2)
  }

  private mutating func payments() -> [String] {
    let first = ["escrow \(whole(.amount))"]
    let payments = ["pay buyer \(part(.amount))", "pay seller remainder"]
    guard dice.chance(30) else { return first + payments }
    let remainders = dice.shuffle(["pay seller remainder", "pay seller remainder of deliveryToken"])
    return first + ["escrow \(whole(.delivery))", payments[0], "pay buyer \(part(.delivery))"] + remainders
  }

  private mutating func rules() -> [String] {
    isPhysical = dice.chance(30)
    someRoutePays = false
    var lines: [String] = []
    let names = dice.shuffle(["first", "second", "third", "fourth"])
    let free = dice.below(3)
    for name in names.prefix(free) { lines += route(name, "  ", isStaged: false) }
    for index in 0..<(free == 0 ? dice.within(1...2) : dice.below(3)) {
      lines += stage("Stage\(index)", Array(names.dropFirst(free)))
    }
    var wholes: [String] = []
    if someRoutePays { wholes.append("escrow \(whole(.amount))") }
    if someRoutePays, isPhysical { wholes.append("escrow \(whole(.delivery))") }
    return wholes + (dice.chance(40) ? finds(1...2) : []) + lines
  }

  private mutating func finds(_ count: ClosedRange<Int>) -> [String] {
    (0..<dice.within(count)).map { index in
      let sort = dice.pick(Sort.numbers + [.bool, .bool, .status, .address, .digest] + enumerations)
      return "find f\(index) = \(expression(sort, depth))"
    }
  }

  private mutating func stage(_ name: String, _ routes: [String]) -> [String] {
    var lines = ["stage \(name)", "  while \(condition())"]
    let chosen = dice.shuffle(routes).prefix(dice.within(1...2))
    var isAfter = false
    let hasEnd = dice.chance(65)
    if hasEnd {
      lines.append("  until \(expression(.time, 2))")
      used.insert("now")
    }
    for (index, route) in chosen.enumerated() {
      if hasEnd, !isAfter, index > 0 || chosen.count == 1, dice.chance(60) {
        lines.append("  after")
        isAfter = true
      }
      lines += self.route(route, "    ", isStaged: true)
    }
    return lines + ["end"]
  }

  private mutating func condition() -> String { dice.chance(40) ? "true or \(leaf(.bool))" : expression(.bool, 2) }

  private mutating func route(_ name: String, _ indent: String, isStaged: Bool) -> [String] {
    var lines = ["\(indent)route \(name)"]
    lines.append(isStaged && dice.chance(60) ? "\(indent)  open" : "\(indent)  open when \(expression(.bool, depth))")
    if dice.chance(30) { return lines + ["\(indent)  pays nothing"] }
    someRoutePays = true
    lines.append("\(indent)  pays buyer \(part(.amount))")
    if isPhysical { lines.append("\(indent)  pays buyer \(part(.delivery))") }
    return lines
  }
}
