/// Expressions, loosest binding first.
extension Parser {
  /// Whether another part of the statement begins here.
  private var isPart: Bool {
    if case .word(let text) = current.kind { Words.parts.contains(text) } else { false }
  }

  /// An expression; a fault in it is recorded here, and the statement keeps its other parts and its name.
  mutating func expressionOrInvalid() -> Expression {
    let start = current.range
    do {
      return try expression(0)
    } catch {
      faults.append(error)
      while !opensStatement, !isPart { advance() }
      return Expression(.invalid, at: start)
    }
  }

  /// `level` counts open brackets, branches and prefixes: it bounds the parser's own recursion.
  mutating func expression(_ level: Int) throws(LocatedFault) -> Expression {
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: current.range) }
    guard case .word(let word) = current.kind else { return try disjunction(level) }
    switch word {
    case "if": return try conditional(level)
    case "match": return try match(level)
    case "fold": return try fold(level)
    case "any": return try quantified(.any, level)
    case "all": return try quantified(.all, level)
    default: return try disjunction(level)
    }
  }

  private mutating func conditional(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    let form = "write `if condition then value else value`"
    advance()
    let condition = try expression(level + 1)
    try expect("then", form)
    let first = try expression(level + 1)
    try expect("else", form)
    let second = try expression(level + 1)
    return try checked(
      .conditional(condition, then: first, else: second), at: start.through(second.range), [condition, first, second])
  }

  func checked(
    _ node: Expression.Node, at range: SourceRange, _ children: [Expression]
  ) throws(LocatedFault) -> Expression {
    let expression = Expression(node, at: range, over: children)
    guard expression.depth <= Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: range) }
    return expression
  }

  func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression
  ) throws(LocatedFault) -> Expression {
    try checked(.binary(operation, left, right), at: left.range.through(right.range), [left, right])
  }

  mutating func disjunction(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try conjunction(level)
    while isWord("or") {
      advance()
      left = try binary(.or, left, try conjunction(level))
    }
    return left
  }

  mutating func conjunction(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try negation(level)
    while isWord("and") {
      advance()
      left = try binary(.and, left, try negation(level))
    }
    return left
  }

  mutating func negation(_ level: Int) throws(LocatedFault) -> Expression {
    guard isWord("not") else { return try comparison(level) }
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: current.range) }
    let start = current.range
    advance()
    let operand = try negation(level + 1)
    return try checked(.not(operand), at: start.through(operand.range), [operand])
  }

  func comparisonOperator() -> BinaryOperator? {
    switch current.kind {
    case .symbol(.equal): .equal
    case .symbol(.notEqual): .notEqual
    case .symbol(.less): .less
    case .symbol(.lessOrEqual): .lessOrEqual
    case .symbol(.greater): .greater
    case .symbol(.greaterOrEqual): .greaterOrEqual
    default: nil
    }
  }

  mutating func comparison(_ level: Int) throws(LocatedFault) -> Expression {
    let left = try sum(level)
    if current.kind == .symbol(.define) { throw unexpected("`==`", "compare with `==`; `=` belongs to `let`") }
    guard let operation = comparisonOperator() else { return left }
    advance()
    let right = try sum(level)
    guard comparisonOperator() == nil else {
      throw unexpected("one comparison", "join two comparisons with `and`: `a < b and b < c`")
    }
    return try binary(operation, left, right)
  }

  mutating func sum(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try product(level)
    while true {
      if accept(.plus) {
        left = try binary(.add, left, try product(level))
      } else if accept(.minus) {
        left = try binary(.subtract, left, try product(level))
      } else {
        return left
      }
    }
  }

  mutating func product(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try prefix(level)
    while true {
      if accept(.times) {
        left = try binary(.multiply, left, try prefix(level))
      } else if accept(.over) {
        left = try binary(.divide, left, try prefix(level))
      } else {
        return left
      }
    }
  }

  mutating func prefix(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    guard accept(.minus) else { return try primary(level) }
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: start) }
    let operand = try prefix(level + 1)
    return try checked(.negate(operand), at: start.through(operand.range), [operand])
  }

  mutating func primary(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current
    switch start.kind {
    case .number(let digits):
      advance()
      guard case .word(let word) = current.kind, ClauseType(name: word) != nil else {
        return Expression(.number(digits, unit: nil), at: start.range)
      }
      let unit = try elementType("a unit", "give the number its unit, such as `0 Amount`")
      return Expression(.number(digits, unit: unit), at: start.range.through(unit.range))
    case .hexadecimal(let digits):
      advance()
      return Expression(.hexadecimal(digits), at: start.range)
    case .symbol(.leftParenthesis):
      advance()
      let inner = try expression(level + 1)
      let end = current.range
      try expect(.rightParenthesis, "close the bracket opened at \(start.range)")
      return try checked(inner.node, at: start.range.through(end), inner.children)
    case .word(let text):
      return try word(text, level)
    default:
      throw unexpected("a value", "write a number, a name, a function or an expression in brackets")
    }
  }

  private mutating func word(_ text: String, _ level: Int) throws(LocatedFault) -> Expression {
    if Words.prefixes.contains(text) {
      throw unexpected("a value", "put `\(text) …` in brackets here")
    }
    guard !Words.reserved.contains(text) || Words.values.contains(text) else {
      throw unexpected("a value", "`\(text)` is a word of the language: finish the expression before it")
    }
    let name = Name(text: text, range: current.range)
    advance()
    guard current.kind == .symbol(.leftParenthesis) else { return Expression(.name(text), at: name.range) }
    let opening = current.range
    advance()
    var arguments: [Expression] = []
    if current.kind != .symbol(.rightParenthesis) {
      repeat { arguments.append(try expression(level + 1)) } while accept(.comma)
    }
    let end = current.range
    try expect(.rightParenthesis, "separate arguments with commas and close the bracket opened at \(opening)")
    return try checked(.call(name, arguments), at: name.range.through(end), arguments)
  }
}
