/// Statements, one after the other.
extension Parser {
  mutating func readStatement() throws(LocatedFault) {
    guard case .word(let word) = current.kind, opensStatement else {
      throw unexpected("an operator or a statement", "a statement begins with \(Self.statements)")
    }
    let keyword = current.range
    switch word {
    case "terms": try readDeclarations(.terms)
    case "facts": try readDeclarations(.facts)
    case "state": try readDeclarations(.state)
    case "now": try readDeclaration(.now)
    case "enum": try readEnumeration()
    case "let": file.definitions.append(try readDefinition("let"))
    case "find": file.finds.append(try readDefinition("find"))
    case "claim": try readClaim()
    case "pay": try readPayment()
    case "stage": try readStage()
    case "route": try readRoute()
    case "after": try readAfter()
    case "end": try readEnd()
    case "given":
      advance()
      file.givens.append(expressionOrInvalid())
    default:
      advance()
      file.wholes.append((keyword, expressionOrInvalid()))
    }
  }

  private static let statements =
    "`terms`, `facts`, `state`, `now :`, `enum`, `given`, `let`, `find`, `claim`, `escrow`, `pay`, `stage` or `route`"

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
    file.declarations.append(SourceFile.Declaration(group: group, name: name, type: try typeName()))
  }

  private mutating func readEnumeration() throws(LocatedFault) {
    advance()
    let form = "write `enum Name = First | Second`"
    let name = try name("the name of the type", form)
    try expect(.define, form)
    var cases: [Name] = []
    repeat { cases.append(try self.name("the name of a value", form)) } while accept(.bar)
    file.enumerations.append(SourceFile.EnumerationDeclaration(name: name, cases: cases))
  }

  private mutating func readDefinition(_ keyword: String) throws(LocatedFault) -> SourceFile.Definition {
    advance()
    let form = "write `\(keyword) name = value`"
    let name = try name("a name", form)
    try expect(.define, form)
    return SourceFile.Definition(name: name, value: expressionOrInvalid())
  }

  private mutating func readClaim() throws(LocatedFault) {
    advance()
    let form = "write `claim buyer rises with input` or `claim buyer falls with input`"
    try expect("buyer", form)
    let rises = isWord("rises")
    guard rises || isWord("falls") else { throw unexpected("`rises` or `falls`", form) }
    advance()
    try expect("with", form)
    file.claims.append(SourceFile.ClaimStatement(rises: rises, input: try name("the name of an input", form)))
  }

  private mutating func readPayment() throws(LocatedFault) {
    let start = current.range
    advance()
    let form = "write `pay buyer amount` and `pay seller remainder`"
    let party = try party(form)
    guard isWord("remainder"), following.kind != .symbol(.leftParenthesis) else {
      let amount = expressionOrInvalid()
      file.payments.append(
        SourceFile.Payment(party: party, amount: amount, isDelivery: false, range: start.through(amount.range)))
      return
    }
    var range = start.through(current.range)
    advance()
    let isDelivery = accept("of")
    if isDelivery {
      range = range.through(current.range)
      try expect("deliveryToken", "write `pay seller remainder of deliveryToken`; of the first token it is `remainder`")
    }
    file.payments.append(SourceFile.Payment(party: party, amount: nil, isDelivery: isDelivery, range: range))
  }

  private mutating func party(_ form: String) throws(LocatedFault) -> Name {
    guard isWord("buyer") || isWord("seller") else { throw unexpected("`buyer` or `seller`", form) }
    return try name("`buyer` or `seller`", form)
  }

  // MARK: Stages and routes

  private mutating func readStage() throws(LocatedFault) {
    if stage != nil { throw unexpected("`end`", "close the stage before with `end`: stages do not nest") }
    advance()
    let form = "write `stage Name`, `while condition`, `until instant` if it ends, its routes, and `end`"
    let name = try name("the name of the stage", form)
    try expect("while", form)
    let condition = expressionOrInvalid()
    if case .invalid = condition.node { while !isWord("until"), !opensStatement { advance() } }
    let until = accept("until") ? expressionOrInvalid() : nil
    stage = file.stages.count
    isAfter = false
    file.stages.append(SourceFile.Stage(name: name, condition: condition, until: until))
  }

  private mutating func readAfter() throws(LocatedFault) {
    guard let stage, !isAfter else {
      throw unexpected(
        "`route` or `end`", "`after` stands once in a stage, between the routes before and behind its end")
    }
    file.stages[stage].after = current.range
    isAfter = true
    advance()
  }

  private mutating func readEnd() throws(LocatedFault) {
    guard stage != nil else { throw unexpected("a statement", "`end` closes a stage: remove it") }
    stage = nil
    isAfter = false
    advance()
  }

  private mutating func readRoute() throws(LocatedFault) {
    advance()
    let name = try name("the name of the route", "write `route name`, then `open when`, then `pays`")
    let opening =
      stage == nil
      ? "say when the route is open: `open when condition`"
      : "say when the route is open: `open`, or `open when condition`"
    try expect("open", opening)
    var condition: Expression?
    if stage == nil { try expect("when", opening) }
    if stage == nil || accept("when") {
      let expression = expressionOrInvalid()
      // After a fault in the condition, what the route pays may still be read.
      if case .invalid = expression.node { while !isWord("pays"), !opensStatement { advance() } }
      condition = expression
    }
    let form = "say what the route releases: `pays nothing` or `pays buyer amount`; the seller has the remainder"
    try expect("pays", form)
    var parts: [Expression] = []
    if !accept("nothing") {
      guard accept("buyer") else { throw unexpected("`nothing` or `buyer`", form) }
      parts.append(expressionOrInvalid())
      if accept("pays") {
        try expect("buyer", "a second `pays buyer amount` is of the delivery token")
        parts.append(expressionOrInvalid())
      }
    }
    file.routes.append(
      SourceFile.Route(
        name: name, condition: condition, toBuyer: parts.first, deliveredToBuyer: parts.count > 1 ? parts[1] : nil,
        stage: stage, isAfter: isAfter))
  }
}
