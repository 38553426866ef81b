/// Folds, and what is made of them.
extension ProgramGenerator {
  private static let foldDepthMax = 2

  private var readable: [Declaration] { lists.filter { $0.group == .terms || !isFixed } }

  private mutating func read(_ list: Declaration) -> String {
    used.insert(list.name)
    if list.group != .terms { readsMore = true }
    return list.name
  }

  private mutating func bind(_ sort: Sort) -> String {
    let name = "b\(binders)"
    binders += 1
    // A list of facts was read already; a binder makes nothing worse.
    entries.append(Entry(name: name, sort: sort, isFixed: true, isBinder: true))
    return name
  }

  /// What a fold goes over, with its names in scope; nil where there is nothing.
  private mutating func binding(counting: Bool) -> String? {
    let lists = readable
    if counting, lists.isEmpty || dice.chance(25) {
      let rounds = foldDepth == 1 && dice.chance(3) ? "1_00" : "\(dice.within(1...(foldDepth == 1 ? 7 : 3)))"
      return "\(bind(.int)) below \(rounds)"
    }
    guard let first = lists.isEmpty ? nil : dice.pick(lists) else { return nil }
    var parts = ["\(bind(first.sort)) in \(read(first))"]
    if dice.chance(35) {
      let second = dice.pick(lists.filter { $0.bound == first.bound } + [dice.pick(lists)])
      parts.append("\(bind(second.sort)) in \(read(second))")
    }
    if dice.chance(25) { parts.append("\(bind(.int)) in indices(\(read(first)))") }
    return dice.shuffle(parts).joined(separator: ", ")
  }

  /// A text with the names that it binds in scope while it is made.
  private mutating func inside(_ make: (inout ProgramGenerator) -> String?) -> String? {
    guard foldDepth < Self.foldDepthMax else { return nil }
    let count = entries.count
    foldDepth += 1
    defer {
      foldDepth -= 1
      entries.removeSubrange(count...)
    }
    return make(&self)
  }

  mutating func fold(_ sort: Sort, _ depth: Int) -> String? {
    guard foldDepth < Self.foldDepthMax else { return nil }
    let start = expression(sort, depth)
    return inside { generator in
      guard let binding = generator.binding(counting: true) else { return nil }
      let result = generator.bind(sort)
      return "(fold \(result) = \(start) over \(binding) with \(generator.expression(sort, depth)))"
    }
  }

  mutating func search(_ depth: Int) -> String? {
    inside { generator in
      let word = generator.dice.pick(["any", "all"])
      guard let binding = generator.binding(counting: generator.dice.chance(30)) else { return nil }
      return "(\(word) \(binding) with \(generator.expression(.bool, depth)))"
    }
  }

  private mutating func list(of sort: Sort) -> String? {
    let lists = readable.filter { $0.sort == sort }
    return lists.isEmpty ? nil : read(dice.pick(lists))
  }

  mutating func item(_ sort: Sort, _ depth: Int) -> String? {
    guard let list = list(of: sort) else { return nil }
    let indices = entries.filter { $0.isBinder && $0.sort == .int }
    if !indices.isEmpty, dice.chance(60) { return "at(\(list), \(dice.pick(indices).name))" }
    return "at(\(list), \(dice.chance(80) ? "\(dice.below(5))" : expression(.int, depth)))"
  }

  mutating func aggregate(_ sort: Sort) -> String? {
    guard let list = list(of: sort) else { return nil }
    let choice = dice.below(sort == .time ? 2 : 5)
    switch choice {
    case 0: return "highest(\(list))"
    case 1: return "lowest(\(list))"
    case 2: return "sum(\(list))"
    default: return "average(\(list), \(rounding()))"
    }
  }

  mutating func count() -> String? {
    let lists = readable
    return lists.isEmpty ? nil : "count(\(read(dice.pick(lists))))"
  }
}
