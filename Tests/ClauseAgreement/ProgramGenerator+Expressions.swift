/// Expressions of a wanted type.
extension ProgramGenerator {
  mutating func expression(_ sort: Sort, _ depth: Int) -> String {
    guard depth > 0, !dice.chance(15) else { return leaf(sort) }
    switch dice.below(100) {
    case 0..<7:
      return
        "(if \(expression(.bool, depth - 1)) then \(expression(sort, depth - 1)) else \(expression(sort, depth - 1)))"
    case 7..<12: return match(sort, depth - 1)
    case 12..<19: return fold(sort, depth - 1) ?? leaf(sort)
    case 19..<23: return item(sort, depth - 1) ?? leaf(sort)
    case 23..<25: return fresh(sort, depth - 1)
    default: break
    }
    switch sort {
    case .bool: return truth(depth - 1)
    case .status, .enumeration, .address, .digest: return leaf(sort)
    default: return number(sort, depth - 1)
    }
  }

  mutating func leaf(_ sort: Sort) -> String {
    let candidates = entries.filter { $0.sort == sort && ($0.isFixed || !isFixed) }
    let binders = candidates.filter(\.isBinder)
    if !binders.isEmpty, dice.chance(60) { return dice.pick(binders).name }
    if !candidates.isEmpty, dice.chance(75) {
      let entry = dice.pick(candidates)
      if !entry.isBinder { used.insert(entry.name) }
      if !entry.isFixed { readsMore = true }
      return entry.name
    }
    return literal(sort)
  }

  private mutating func literal(_ sort: Sort) -> String {
    switch sort {
    case .bool: return dice.pick(["true", "false"])
    case .status, .enumeration:
      used.insert(sort.name)
      return dice.pick(sort.cases)
    case .address, .digest:
      let digits = sort == .address ? 40 : 64
      // Few of them, so that two are equal now and then.
      let number = String(repeating: "0", count: digits - 1) + dice.pick(["0", "1", "2"])
      return "0x" + (dice.chance(30) ? String(repeating: dice.pick(["f", "a", "7"]), count: digits) : number)
    case .int: return "\(value(.int, magnitude: true))"
    default: return "\(value(sort)) \(dice.pick(sort.names))"
    }
  }

  private mutating func truth(_ depth: Int) -> String {
    switch dice.below(16) {
    case 0...2: return "(\(expression(.bool, depth)) and \(expression(.bool, depth)))"
    case 3...5: return "(\(expression(.bool, depth)) or \(expression(.bool, depth)))"
    case 6: return "(not \(expression(.bool, depth)))"
    case 7 where !asked.isEmpty && !isFixed:
      let name = dice.pick(asked)
      used.insert(name)
      readsMore = true
      return "known(\(name))"
    case 8...9:
      let sort = dice.pick(Sort.numbers + [.bool, .address, .digest, .status] + enumerations)
      return "(\(expression(sort, depth)) \(dice.pick(["==", "!="])) \(expression(sort, depth)))"
    case 10...11: return search(depth) ?? leaf(.bool)
    default:
      let sort = dice.pick(Sort.numbers)
      return "(\(expression(sort, depth)) \(dice.pick(["<", "<=", ">", ">="])) \(expression(sort, depth)))"
    }
  }

  private mutating func number(_ sort: Sort, _ depth: Int) -> String {
    switch dice.below(18) {
    case 0: return "min(\(expression(sort, depth)), \(expression(sort, depth)))"
    case 1: return "max(\(expression(sort, depth)), \(expression(sort, depth)))"
    case 2:
      let low = leaf(sort)
      // Mostly there is room.
      let high = dice.chance(80) ? "max(\(low), \(expression(sort, depth)))" : expression(sort, depth)
      return "clamp(\(expression(sort, depth)), \(low), \(high))"
    case 3...5: return sum(sort, depth)
    case 6...7 where sort == .amount: return amount(depth)
    case 8...9 where sort == .amount: return coins(depth)
    case 6...8 where sort == .delivery: return "delivery(\(expression(.quantity, depth)))"
    case 6 where sort != .time:
      return dice.chance(50)
        ? "(\(expression(.int, depth)) * \(expression(sort, depth)))"
        : "(\(expression(sort, depth)) * \(expression(.int, depth)))"
    case 7 where sort != .time: return "(-\(expression(sort, depth)))"
    case 8...10 where sort != .time: return "\(rounding())(\(quotient(sort, depth)))"
    case 11...12: return aggregate(sort) ?? sum(sort, depth)
    case 13 where sort == .int: return count() ?? leaf(sort)
    case 14 where sort == .int: return "remainder(\(expression(.int, depth)), \(divisor(.int, depth)))"
    default: return sum(sort, depth)
    }
  }

  /// Mostly of an observation that is not stale.
  private mutating func fresh(_ sort: Sort, _ depth: Int) -> String {
    let asOf = expression(.time, depth)
    let observedAt = dice.chance(75) ? asOf : expression(.time, depth)
    let maxAge = dice.chance(75) ? "3600 Duration" : expression(.duration, depth)
    return "fresh(\(expression(sort, depth)), \(observedAt), \(asOf), \(maxAge))"
  }

  mutating func rounding() -> String { dice.pick(["floor", "ceiling"]) }

  /// A divisor: mostly not zero.
  private mutating func divisor(_ sort: Sort, _ depth: Int) -> String {
    let unit = sort == .int ? "" : " \(sort.name)"
    return dice.chance(60) ? "max(\(expression(sort, depth)), 1\(unit))" : expression(sort, depth)
  }

  private mutating func amount(_ depth: Int) -> String {
    "amount(\(expression(.quantity, depth)), \(expression(.price, depth)), \(rounding()))"
  }

  private mutating func coins(_ depth: Int) -> String {
    "coins(\(expression(.quantity, depth)), \(expression(.price, depth)), \(divisor(.price, depth)), \(rounding()))"
  }

  private mutating func sum(_ sort: Sort, _ depth: Int) -> String {
    let sign = dice.pick(["+", "-"])
    switch (sort, sign) {
    case (.time, "+") where dice.chance(50): return "(\(expression(.duration, depth)) + \(expression(.time, depth)))"
    case (.time, _): return "(\(expression(.time, depth)) \(sign) \(expression(.duration, depth)))"
    case (.duration, "-") where dice.chance(50): return "(\(expression(.time, depth)) - \(expression(.time, depth)))"
    default: return "(\(expression(sort, depth)) \(sign) \(expression(sort, depth)))"
    }
  }

  private mutating func quotient(_ sort: Sort, _ depth: Int) -> String {
    let other = dice.pick(Sort.scalable)
    switch dice.below(3) {
    case 0 where sort == .int: return "\(expression(other, depth)) / \(divisor(other, depth))"
    case 1: return "\(expression(sort, depth)) * \(expression(other, depth)) / \(divisor(other, depth))"
    case 2: return "\(expression(other, depth)) * \(expression(sort, depth)) / \(divisor(other, depth))"
    default: return "\(expression(sort, depth)) / \(divisor(.int, depth))"
    }
  }

  private mutating func match(_ sort: Sort, _ depth: Int) -> String {
    let scrutinee = dice.pick(([.status] + enumerations + enumerations).filter { $0.cases.count > 1 })
    var cases = dice.shuffle(scrutinee.cases)
    let isExhaustive = dice.chance(40)
    if !isExhaustive { cases.removeLast(dice.within(1...cases.count - 1)) }
    var text = "(match \(expression(scrutinee, depth))"
    var isFirst = isExhaustive
    while !cases.isEmpty {
      // A match has two arms at least.
      let group = cases.prefix(dice.within(1...(isFirst ? cases.count - 1 : cases.count)))
      isFirst = false
      cases.removeFirst(group.count)
      text += " case \(group.joined(separator: " or ")) then \(expression(sort, depth))"
    }
    return text + (isExhaustive ? ")" : " else \(expression(sort, depth)))")
  }
}
