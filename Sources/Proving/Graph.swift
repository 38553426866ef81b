package import Arithmetic

/// A place in a ``Graph``: an integer or a truth value.
package struct Expression: Hashable, Sendable {
  package let index: Int
}

/// Expressions over unbounded integers and truth values, each held once. Making one simplifies what is decided by
/// constants or by intervals alone; nothing else is clever here.
package struct Graph: Sendable {
  /// What an expression is made of.
  package enum Shape: Hashable, Sendable {
    case truth(Bool)
    case number(Int256)
    /// A place in ``Graph/variables``.
    case variable(Int)
    case sum(Expression, Expression)
    case difference(Expression, Expression)
    case product(Expression, Expression)
    /// Rounded toward the named infinity whatever the signs; zero for a zero divisor.
    case quotient(Expression, Expression, Rounding)
    case choice(Expression, Expression, Expression)
    case equal(Expression, Expression)
    case less(Expression, Expression)
    case lessOrEqual(Expression, Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case not(Expression)
  }

  /// A number or truth value that is not computed.
  package struct Variable: Hashable, Sendable {
    package let name: String
    /// The declared range; nil for a truth value.
    package let range: Interval?
  }

  package private(set) var shapes: [Shape] = []
  package private(set) var variables: [Variable] = []
  /// The bounds of each integer; nil for a truth value.
  package private(set) var intervals: [Interval?] = []
  private var places: [Shape: Expression] = [:]

  package init() {}

  package subscript(_ expression: Expression) -> Shape { shapes[expression.index] }

  package func interval(_ expression: Expression) -> Interval { intervals[expression.index] ?? .all }

  package func isTruth(_ expression: Expression) -> Bool { intervals[expression.index] == nil }

  /// The value of a number.
  package func number(_ expression: Expression) -> Int256? {
    if case .number(let value) = self[expression] { value } else { nil }
  }

  private func truth(_ expression: Expression) -> Bool? {
    if case .truth(let value) = self[expression] { value } else { nil }
  }

  private mutating func place(_ shape: Shape, _ interval: Interval?) -> Expression {
    if let known = places[shape] { return known }
    let expression = Expression(index: shapes.count)
    shapes.append(shape)
    intervals.append(interval)
    places[shape] = expression
    return expression
  }

  // MARK: Leaves

  package mutating func variable(_ name: String, range: Interval?) -> Expression {
    variables.append(Variable(name: name, range: range))
    return place(.variable(variables.count - 1), range)
  }

  package mutating func number(_ value: Int256) -> Expression { place(.number(value), .only(value)) }

  package mutating func truth(_ value: Bool) -> Expression { place(.truth(value), nil) }

  // MARK: Integers

  package mutating func sum(_ a: Expression, _ b: Expression) -> Expression {
    if let x = number(a), let y = number(b), let value = try? x.adding(y) { return number(value) }
    if number(a) == .zero { return b }
    if number(b) == .zero { return a }
    return place(.sum(a, b), interval(a).adding(interval(b)))
  }

  package mutating func difference(_ a: Expression, _ b: Expression) -> Expression {
    if let x = number(a), let y = number(b), let value = try? x.subtracting(y) { return number(value) }
    if number(b) == .zero { return a }
    if a == b { return number(0) }
    return place(.difference(a, b), interval(a).subtracting(interval(b)))
  }

  package mutating func product(_ a: Expression, _ b: Expression) -> Expression {
    if let x = number(a), let y = number(b), let value = try? x.multiplied(by: y) { return number(value) }
    for (factor, other) in [(a, b), (b, a)] {
      if number(factor) == .zero { return number(0) }
      if number(factor) == .one { return other }
    }
    let (first, second) = number(a) != nil || (number(b) == nil && a.index <= b.index) ? (a, b) : (b, a)
    return place(.product(first, second), interval(a).multiplied(by: interval(b)))
  }

  package mutating func quotient(_ a: Expression, _ b: Expression, _ rounding: Rounding) -> Expression {
    if let x = number(a), let y = number(b), let value = try? x.divided(by: y, rounding: rounding) {
      return number(value)
    }
    if number(b) == .one { return a }
    if number(b) == .zero { return number(0) }
    return place(.quotient(a, b, rounding), interval(a).divided(by: interval(b), rounding: rounding))
  }

  /// `a` where the condition holds, else `b`; both integers or both truth values.
  package mutating func choice(_ condition: Expression, _ a: Expression, _ b: Expression) -> Expression {
    if a == b { return a }
    if let decided = truth(condition) { return decided ? a : b }
    guard isTruth(a) else { return place(.choice(condition, a, b), interval(a).union(interval(b))) }
    if let whenTrue = truth(a) {
      return whenTrue ? or(condition, b) : and(not(condition), b)
    }
    if let whenFalse = truth(b) {
      return whenFalse ? or(not(condition), a) : and(condition, a)
    }
    return place(.choice(condition, a, b), nil)
  }

  package mutating func lesser(_ a: Expression, _ b: Expression) -> Expression {
    let (x, y) = (interval(a), interval(b))
    let bounds = Interval(low: x.union(y).low, high: tighter(x.high, y.high, Swift.min))
    return extreme(lessOrEqual(a, b), a, b, bounds)
  }

  package mutating func greater(_ a: Expression, _ b: Expression) -> Expression {
    let (x, y) = (interval(a), interval(b))
    let bounds = Interval(low: tighter(x.low, y.low, Swift.max), high: x.union(y).high)
    return extreme(lessOrEqual(b, a), a, b, bounds)
  }

  private mutating func extreme(
    _ condition: Expression, _ a: Expression, _ b: Expression, _ bounds: Interval
  ) -> Expression {
    if a == b { return a }
    if let decided = truth(condition) { return decided ? a : b }
    return place(.choice(condition, a, b), bounds)
  }

  private func tighter(_ a: Int256?, _ b: Int256?, _ choose: (Int256, Int256) -> Int256) -> Int256? {
    guard let a, let b else { return a ?? b }
    return choose(a, b)
  }

  // MARK: Truth values

  package mutating func equal(_ a: Expression, _ b: Expression) -> Expression {
    if a == b { return truth(true) }
    if isTruth(a) {
      if let value = truth(a) { return value ? b : not(b) }
      if let value = truth(b) { return value ? a : not(a) }
    } else {
      let (x, y) = (interval(a), interval(b))
      if let low = x.low, let high = y.high, low > high { return truth(false) }
      if let low = y.low, let high = x.high, low > high { return truth(false) }
      if let x = number(a), let y = number(b) { return truth(x == y) }
    }
    return a.index <= b.index ? place(.equal(a, b), nil) : place(.equal(b, a), nil)
  }

  package mutating func less(_ a: Expression, _ b: Expression) -> Expression {
    if a == b { return truth(false) }
    let (x, y) = (interval(a), interval(b))
    if let high = x.high, let low = y.low, high < low { return truth(true) }
    if let low = x.low, let high = y.high, low >= high { return truth(false) }
    return place(.less(a, b), nil)
  }

  package mutating func lessOrEqual(_ a: Expression, _ b: Expression) -> Expression {
    if a == b { return truth(true) }
    let (x, y) = (interval(a), interval(b))
    if let high = x.high, let low = y.low, high <= low { return truth(true) }
    if let low = x.low, let high = y.high, low > high { return truth(false) }
    return place(.lessOrEqual(a, b), nil)
  }

  package mutating func and(_ a: Expression, _ b: Expression) -> Expression {
    if let value = truth(a) { return value ? b : a }
    if let value = truth(b) { return value ? a : b }
    if a == b { return a }
    if isOpposite(a, b) { return truth(false) }
    return place(.and(a, b), nil)
  }

  package mutating func or(_ a: Expression, _ b: Expression) -> Expression {
    if let value = truth(a) { return value ? a : b }
    if let value = truth(b) { return value ? b : a }
    if a == b { return a }
    if isOpposite(a, b) { return truth(true) }
    return place(.or(a, b), nil)
  }

  package mutating func not(_ a: Expression) -> Expression {
    switch self[a] {
    case .truth(let value): truth(!value)
    case .not(let inner): inner
    case .less(let x, let y): lessOrEqual(y, x)
    case .lessOrEqual(let x, let y): less(y, x)
    default: place(.not(a), nil)
    }
  }

  private func isOpposite(_ a: Expression, _ b: Expression) -> Bool {
    switch (self[a], self[b]) {
    case (.not(let inner), _) where inner == b: true
    case (_, .not(let inner)) where inner == a: true
    case (.less(let x, let y), .lessOrEqual(let z, let w)), (.lessOrEqual(let z, let w), .less(let x, let y)):
      x == w && y == z
    default: false
    }
  }

  package mutating func implies(_ a: Expression, _ b: Expression) -> Expression { or(not(a), b) }

  package mutating func all(_ conditions: [Expression]) -> Expression {
    var result = truth(true)
    for condition in conditions { result = and(result, condition) }
    return result
  }

  package mutating func any(_ conditions: [Expression]) -> Expression {
    var result = truth(false)
    for condition in conditions { result = or(result, condition) }
    return result
  }

  // MARK: Walking

  /// What an expression is made of directly.
  package func parts(_ expression: Expression) -> [Expression] {
    switch self[expression] {
    case .truth, .number, .variable: []
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b, _),
      .equal(let a, let b), .less(let a, let b), .lessOrEqual(let a, let b), .and(let a, let b), .or(let a, let b):
      [a, b]
    case .choice(let condition, let a, let b): [condition, a, b]
    case .not(let a): [a]
    }
  }

  /// Everything that the roots are made of, parts before what is made of them.
  package func cone(_ roots: [Expression]) -> [Expression] {
    var isNeeded = Array(repeating: false, count: shapes.count)
    for root in roots { isNeeded[root.index] = true }
    // A part is always older than what is made of it.
    for index in shapes.indices.reversed() where isNeeded[index] {
      for part in parts(Expression(index: index)) { isNeeded[part.index] = true }
    }
    return shapes.indices.filter { isNeeded[$0] }.map { Expression(index: $0) }
  }

  /// Whether linear arithmetic cannot say this: a product of two variables, or a division by one.
  package func isNonlinear(_ expression: Expression) -> Bool {
    switch self[expression] {
    case .product(let a, let b): number(a) == nil && number(b) == nil
    case .quotient(_, let divisor, _): number(divisor) == nil
    default: false
    }
  }
}
