/// Values for inputs and literals, around the edges.
extension ProgramGenerator {
  /// A value for an input of a run.
  enum Given {
    case number(Integer)
    case list([Integer])
  }

  /// The terms that no source text declares: scales of `amount` and `coins`.
  static let scales = ["scaleUp", "scaleDown", "coinUp", "coinDown"]

  /// Mostly ordinary values, some missing, a few out of range.
  mutating func inputs(for declarations: [Declaration]) -> [String: Given] {
    var inputs: [String: Given] = [:]
    // Lists mostly go together: empty, full, or something between.
    let share = dice.pick([0, 25, 50, 75, 100, 100])
    for declaration in declarations where !dice.chance(Self.mayMiss(declaration) ? 4 : 0) {
      if declaration.group == .terms, dice.below(200) == 0 { continue }
      if dice.below(1_000) == 0 {
        // A list for a number, or a number for a list.
        inputs[declaration.name] = declaration.bound == nil ? .list([.one]) : .number(.one)
      } else if let bound = declaration.bound {
        inputs[declaration.name] = .list(list(declaration.sort, bound, share))
      } else {
        inputs[declaration.name] = .number(
          dice.below(1_000) == 0 ? strange(declaration.sort) : value(declaration.sort))
      }
    }
    for scale in Self.scales where dice.below(100) != 0 {
      inputs[scale] = .number(Integer(dice.below(40) == 0 ? 0 : dice.pick([1, 1, 1, 1, 10, 10, 1_000_000, -3])))
    }
    return inputs
  }

  private static func mayMiss(_ declaration: Declaration) -> Bool {
    declaration.group == .facts || declaration.group == .state
  }

  private mutating func list(_ sort: Sort, _ bound: Int, _ share: Int) -> [Integer] {
    var count = (bound > 8 && !dice.chance(10) ? 8 : bound) * share / 100
    if dice.chance(4) { count = dice.within(0...bound) }
    if dice.below(400) == 0 { count = bound + 1 }
    var items = (0..<count).map { _ in dice.chance(70) ? Integer(dice.below(200)) : value(sort) }
    if !sort.cases.isEmpty || sort == .bool { items = items.map { _ in value(sort) } }
    if !items.isEmpty, dice.below(500) == 0 { items[dice.below(items.count)] = strange(sort) }
    return items
  }

  /// The first number that is not of this type.
  private static func end(_ sort: Sort) -> Integer {
    switch sort {
    case .bool: Integer(2)
    case .status, .enumeration: Integer(sort.cases.count)
    case .time, .duration: Integer(digits: "10000000000000000", base: 16)
    case .address: Integer(digits: "1" + String(repeating: "0", count: 40), base: 16)
    case .int, .digest: Integer(digits: "8" + String(repeating: "0", count: 63), base: 16)
    default: Integer(digits: "1" + String(repeating: "0", count: 32), base: 16)
    }
  }

  /// Out of the range of its type, except for those that have all of 256 bits.
  private mutating func strange(_ sort: Sort) -> Integer {
    if sort == .int || sort == .digest { return value(sort) }
    return dice.pick([Integer(-1), Self.end(sort), Self.end(.int) - .one, -Self.end(.int)])
  }

  mutating func value(_ sort: Sort, magnitude: Bool = false) -> Integer {
    let end = Self.end(sort)
    switch sort {
    case .bool: return Integer(dice.below(2))
    case .status, .enumeration: return Integer(dice.below(sort.cases.count))
    case .address where dice.chance(60), .digest where dice.chance(60): return Integer(dice.below(3))
    default: break
    }
    let isSigned = (sort == .int || sort == .digest) && !magnitude
    switch dice.below(24) {
    case 0: return end - .one
    case 1: return isSigned ? -end : .zero
    case 2: return .zero
    case 3:
      // A product of two or three of these fits just so, or just not.
      let part = (end - .one).floor(dividedBy: Integer(dice.pick([1, 2, 3, 10, 200])))
      return dice.chance(50) ? part : min(part + .one, end - .one)
    case 4 where sort == .int: return Integer(digits: dice.pick(["1", "2"]) + String(repeating: "0", count: 38))
    case 5...6 where isSigned: return Integer(-dice.below(2_000))
    case 7...8: return Integer(dice.below(4))
    case 9:
      let words = (0..<4).map { _ in dice.next() >> 1 }
      let wide = Integer(words: words)
      let value = wide - wide.floor(dividedBy: end) * end
      return isSigned && dice.chance(50) ? -value : value
    default: return Integer(dice.below(2_000))
    }
  }
}
