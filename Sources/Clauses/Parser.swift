/// Tokens to a tree. A fault ends its statement, not the reading: the parser goes on at the next statement.
package struct Parser {
  private let tokens: [Token]
  private var position = 0
  private var faults: [LocatedFault]
  private var file: SourceFile

  /// Words that open a statement. `now` opens one only before a colon.
  private static let openings: Set<String> = ["terms", "facts", "state", "let", "escrow", "pay", "route"]

  /// Words that no input, definition or function may be called, some of them kept for later versions.
  static let reserved: Set<String> = openings.union([
    "payoff", "arbitration", "language", "now", "if", "then", "else", "and", "or", "not", "true", "false", "pays",
    "buyer", "seller", "remainder", "nothing", "open", "when", "min", "max", "clamp", "floor", "ceiling", "amount",
    "known", "scaleUp", "scaleDown", "match", "case", "fold", "over", "from", "with", "in", "stage", "until", "enum",
    "list", "sum", "count",
  ]).union(ClauseType.allCases.map(\.description)).union(ClauseType.statusNames)

  /// Reads a source text, and reports everything in it that is not of the language's form.
  package static func parse(_ bytes: [UInt8]) -> (file: SourceFile, faults: [LocatedFault]) {
    let (tokens, faults) = Lexer.read(bytes)
    var parser = Parser(tokens: tokens, faults: faults)
    parser.readFile()
    return (parser.file, parser.faults)
  }

  private init(tokens: [Token], faults: [LocatedFault]) {
    self.tokens = tokens
    self.faults = faults
    file = SourceFile(end: tokens[tokens.count - 1].range)
  }

  // MARK: Tokens

  private var current: Token { tokens[position] }

  private var following: Token { tokens[Swift.min(position + 1, tokens.count - 1)] }

  private mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  private func isWord(_ text: String) -> Bool { current.kind == .word(text) }

  private var opensStatement: Bool {
    guard case .word(let text) = current.kind else { return current.kind == .end }
    return Self.openings.contains(text) || (text == "now" && following.kind == .symbol(.colon))
  }

  private mutating func accept(_ symbol: Token.Symbol) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  private func unexpected(_ expected: String, _ suggestion: String) -> LocatedFault {
    LocatedFault(.unexpected(found: current.words, expected: expected, suggestion: suggestion), at: current.range)
  }

  private mutating func expect(_ symbol: Token.Symbol, _ suggestion: String) throws(LocatedFault) {
    if !accept(symbol) { throw unexpected("`\(symbol.rawValue)`", suggestion) }
  }

  private mutating func expect(_ word: String, _ suggestion: String) throws(LocatedFault) {
    guard isWord(word) else { throw unexpected("`\(word)`", suggestion) }
    advance()
  }

  private mutating func name(_ expected: String, _ suggestion: String) throws(LocatedFault) -> Name {
    guard case .word(let text) = current.kind else { throw unexpected(expected, suggestion) }
    let name = Name(text: text, range: current.range)
    advance()
    return name
  }

  // MARK: Statements

  private mutating func readFile() {
    attempt { parser throws(LocatedFault) in try parser.readHeader() }
    while current.kind != .end {
      attempt { parser throws(LocatedFault) in try parser.readStatement() }
    }
  }

  /// Runs one reading; after a fault, skips to the next statement.
  private mutating func attempt(_ read: (inout Parser) throws(LocatedFault) -> Void) {
    do {
      try read(&self)
    } catch {
      faults.append(error)
      while !opensStatement { advance() }
    }
  }

  private mutating func readHeader() throws(LocatedFault) {
    let form = "begin the file with `payoff NAME language 1` or `escrow NAME language 1`"
    let kind = ClauseKind.allCases.first { isWord($0.description) }
    guard let kind, case .word = following.kind else { throw unexpected("`payoff` or `escrow` and a name", form) }
    advance()
    file.kind = kind
    file.name = try name("a name", form)
    try expect("language", form)
    guard case .number(let version) = current.kind else { throw unexpected("the number of the language version", form) }
    if version != "1" { faults.append(LocatedFault(.languageVersion(version), at: current.range)) }
    advance()
  }

  private mutating func readStatement() throws(LocatedFault) {
    guard case .word(let word) = current.kind, opensStatement else {
      throw unexpected(
        "an operator or a statement",
        "a statement begins with `terms`, `facts`, `state`, `now :`, `let`, `escrow`, `pay` or `route`")
    }
    let keyword = current.range
    switch word {
    case "terms": try readDeclarations(.terms)
    case "facts": try readDeclarations(.facts)
    case "state": try readDeclarations(.state)
    case "now": try readDeclaration(.now)
    case "let": try readDefinition()
    case "pay": try readPayment()
    case "route": try readRoute()
    default:
      advance()
      file.wholes.append((keyword, expressionOrInvalid()))
    }
  }

  private mutating func readDeclarations(_ group: InputGroup) throws(LocatedFault) {
    advance()
    guard case .word = current.kind, !opensStatement else {
      throw unexpected("an input", "write `name : Type`, one a line, or remove the empty heading")
    }
    while case .word = current.kind, !opensStatement { try readDeclaration(group) }
  }

  private mutating func readDeclaration(_ group: InputGroup) throws(LocatedFault) {
    let form = "write `name : Type`"
    let name = try name("the name of an input", form)
    try expect(.colon, form)
    file.declarations.append(
      SourceFile.Declaration(group: group, name: name, type: try self.name("a type", "the types are \(Self.typeNames)"))
    )
  }

  static let typeNames = ClauseType.allCases.map(\.description).joined(separator: ", ")

  private mutating func readDefinition() throws(LocatedFault) {
    advance()
    let form = "write `let name = value`"
    let name = try name("a name", form)
    try expect(.define, form)
    file.definitions.append(SourceFile.Definition(name: name, value: expressionOrInvalid()))
  }

  private mutating func readPayment() throws(LocatedFault) {
    let start = current.range
    advance()
    let form = "write `pay buyer amount` and `pay seller remainder`"
    let party = try party(form)
    if isWord("remainder") {
      let range = start.through(current.range)
      advance()
      file.payments.append(SourceFile.Payment(party: party, amount: nil, range: range))
    } else {
      let amount = expressionOrInvalid()
      file.payments.append(SourceFile.Payment(party: party, amount: amount, range: start.through(amount.range)))
    }
  }

  private mutating func party(_ form: String) throws(LocatedFault) -> Name {
    guard isWord("buyer") || isWord("seller") else { throw unexpected("`buyer` or `seller`", form) }
    return try name("`buyer` or `seller`", form)
  }

  private mutating func readRoute() throws(LocatedFault) {
    advance()
    let name = try name("the name of the route", "write `route name`, then `open when`, then `pays`")
    try expect("open", "say when the route is open: `open when condition`")
    try expect("when", "say when the route is open: `open when condition`")
    let condition = expressionOrInvalid()
    let form = "say what the route releases: `pays nothing` or `pays buyer amount`; the seller has the remainder"
    // After a fault in the condition, what the route pays may still be read.
    if case .invalid = condition.node { while !isWord("pays"), !opensStatement { advance() } }
    try expect("pays", form)
    if isWord("nothing") {
      advance()
      file.routes.append(SourceFile.Route(name: name, condition: condition, toBuyer: nil))
    } else {
      guard isWord("buyer") else { throw unexpected("`nothing` or `buyer`", form) }
      advance()
      file.routes.append(SourceFile.Route(name: name, condition: condition, toBuyer: expressionOrInvalid()))
    }
  }

  // MARK: Expressions, loosest binding first

  /// An expression; a fault in it is recorded here, and the statement keeps its other parts and its name.
  private mutating func expressionOrInvalid() -> Expression {
    let start = current.range
    do {
      return try expression(0)
    } catch {
      faults.append(error)
      while !opensStatement, !isWord("pays") { advance() }
      return Expression(.invalid, at: start)
    }
  }

  /// `level` counts open brackets, branches and prefixes: it bounds the parser's own recursion.
  private mutating func expression(_ level: Int) throws(LocatedFault) -> Expression {
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: current.range) }
    guard isWord("if") else { return try disjunction(level) }
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

  private func checked(
    _ node: Expression.Node, at range: SourceRange, _ children: [Expression]
  ) throws(LocatedFault) -> Expression {
    let expression = Expression(node, at: range, over: children)
    guard expression.depth <= Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: range) }
    return expression
  }

  private func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression
  ) throws(LocatedFault) -> Expression {
    try checked(.binary(operation, left, right), at: left.range.through(right.range), [left, right])
  }

  private mutating func disjunction(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try conjunction(level)
    while isWord("or") {
      advance()
      left = try binary(.or, left, try conjunction(level))
    }
    return left
  }

  private mutating func conjunction(_ level: Int) throws(LocatedFault) -> Expression {
    var left = try negation(level)
    while isWord("and") {
      advance()
      left = try binary(.and, left, try negation(level))
    }
    return left
  }

  private mutating func negation(_ level: Int) throws(LocatedFault) -> Expression {
    guard isWord("not") else { return try comparison(level) }
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: current.range) }
    let start = current.range
    advance()
    let operand = try negation(level + 1)
    return try checked(.not(operand), at: start.through(operand.range), [operand])
  }

  private func comparisonOperator() -> BinaryOperator? {
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

  private mutating func comparison(_ level: Int) throws(LocatedFault) -> Expression {
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

  private mutating func sum(_ level: Int) throws(LocatedFault) -> Expression {
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

  private mutating func product(_ level: Int) throws(LocatedFault) -> Expression {
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

  private mutating func prefix(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    guard accept(.minus) else { return try primary(level) }
    guard level < Limits.expressionDepthMax else { throw LocatedFault(.nestedTooDeep, at: start) }
    let operand = try prefix(level + 1)
    return try checked(.negate(operand), at: start.through(operand.range), [operand])
  }

  private mutating func primary(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current
    switch start.kind {
    case .number(let digits):
      advance()
      guard case .word(let unit) = current.kind, ClauseType(name: unit) != nil else {
        return Expression(.number(digits, unit: nil), at: start.range)
      }
      let name = Name(text: unit, range: current.range)
      advance()
      return Expression(.number(digits, unit: name), at: start.range.through(name.range))
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

  /// Reserved words that may stand where a value stands.
  private static let valueWords: Set<String> = Set(
    ["now", "true", "false", "min", "max", "clamp", "floor", "ceiling", "amount", "known", "scaleUp", "scaleDown"]
      + ClauseType.statusNames)

  private mutating func word(_ text: String, _ level: Int) throws(LocatedFault) -> Expression {
    if text == "if" || text == "not" {
      throw unexpected("a value", "put `\(text) …` in brackets here")
    }
    guard !Self.reserved.contains(text) || Self.valueWords.contains(text) else {
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

extension Expression {
  /// The expressions directly inside this one.
  package var children: [Expression] {
    switch node {
    case .invalid, .number, .name: []
    case .not(let operand), .negate(let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .conditional(let condition, let first, let second): [condition, first, second]
    case .call(_, let arguments): arguments
    }
  }
}
