/// `match`, `fold`, `any` and `all`: what reaches as far to the right as it can.
extension Parser {
  mutating func match(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    let form = "write `match value case First then … case Second or Third then … else …`"
    advance()
    let subject = try expression(level + 1)
    var arms: [MatchArm] = []
    while accept("case") {
      var cases: [Name] = []
      repeat { cases.append(try name("the name of a value", form)) } while accept("or")
      try expect("then", form)
      arms.append(MatchArm(cases: cases, value: try expression(level + 1)))
    }
    guard let last = arms.last else { throw unexpected("`case`", form) }
    let otherwise = accept("else") ? try expression(level + 1) : nil
    return try checked(
      .match(subject, arms: arms, otherwise: otherwise), at: start.through((otherwise ?? last.value).range),
      [subject] + arms.map(\.value) + [otherwise].compactMap(\.self))
  }

  mutating func fold(_ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    let form = "write `fold total = 0 over x in list with total + x`"
    advance()
    let accumulator = try name("a name for the value so far", form)
    try expect(.define, form)
    let initial = try expression(level + 1)
    try expect("over", form)
    let binders = try binders(form)
    try expect("with", form)
    let body = try expression(level + 1)
    let fold = Fold(accumulator: accumulator, initial: initial, binders: binders, body: body)
    return try checked(.fold(fold), at: start.through(body.range), [initial, body])
  }

  mutating func quantified(_ quantifier: Quantifier, _ level: Int) throws(LocatedFault) -> Expression {
    let start = current.range
    let form = "write `\(quantifier.rawValue) x in list with condition`"
    advance()
    let binders = try binders(form)
    try expect("with", form)
    let condition = try expression(level + 1)
    return try checked(.quantified(quantifier, binders, condition), at: start.through(condition.range), [condition])
  }

  private mutating func binders(_ form: String) throws(LocatedFault) -> [Binder] {
    var binders: [Binder] = []
    repeat { binders.append(try binder(form)) } while accept(.comma)
    return binders
  }

  private mutating func binder(_ form: String) throws(LocatedFault) -> Binder {
    let name = try name("a name for what each round reads", form)
    if accept("below") {
      let bound = try digits("how many rounds there are", "write the number of rounds: `i below 100`")
      return Binder(name: name, source: .below(bound.text, bound.range))
    }
    guard accept("in") else { throw unexpected("`in` or `below`", form) }
    guard isWord("indices") else { return Binder(name: name, source: .elements(of: try self.name("a list", form))) }
    let form = "write `i in indices(list)`"
    advance()
    try expect(.leftParenthesis, form)
    let list = try self.name("a list", form)
    try expect(.rightParenthesis, form)
    return Binder(name: name, source: .indices(of: list))
  }
}

extension Expression {
  /// The expressions directly inside this one.
  package var children: [Expression] {
    switch node {
    case .invalid, .number, .hexadecimal, .name: []
    case .not(let operand), .negate(let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .conditional(let condition, let first, let second): [condition, first, second]
    case .call(_, let arguments): arguments
    case .match(let subject, let arms, let otherwise): [subject] + arms.map(\.value) + [otherwise].compactMap(\.self)
    case .fold(let fold): [fold.initial, fold.body]
    case .quantified(_, _, let condition): [condition]
    }
  }
}
