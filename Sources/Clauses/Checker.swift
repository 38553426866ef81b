import Arithmetic

/// Names and dimensions. The checker goes through a whole file and collects every fault; an expression that is already
/// reported has no type, and what depends on it is not reported again.
struct Checker {
  private let file: SourceFile
  private var faults: [LocatedFault] = []
  var declared: [String: (type: ClauseType?, group: InputGroup, range: SourceRange)] = [:]
  private var definitions: [String: Int] = [:]
  private var typed: [TypedExpression?] = []
  var used: Set<String> = []
  var usesScale = false
  private var isWhole = true

  /// The typed clause, or every fault found. A clause is given only when there is no fault.
  ///
  /// - Parameter isWhole: false when part of the text could not be read; then nothing is said of what is missing or
  ///   unused.
  static func check(_ file: SourceFile, isWhole: Bool) -> (clause: TypedClause?, faults: [LocatedFault]) {
    var checker = Checker(file: file)
    checker.isWhole = isWhole
    let clause = checker.check()
    return (checker.faults.isEmpty ? clause : nil, checker.faults)
  }

  private init(file: SourceFile) {
    self.file = file
  }

  mutating func report(_ fault: Diagnostic.Fault, at range: SourceRange) {
    faults.append(LocatedFault(fault, at: range))
  }

  private mutating func check() -> TypedClause? {
    declareInputs()
    checkDefinitions()
    let whole = checkWhole()
    // Without a kind the header is at fault, and already reported.
    guard let kind = file.kind else { return nil }
    let routes = kind == .payoff ? checkPayments() : checkRoutes()
    if isWhole { reportUnused() }
    guard let routes, whole != nil || file.wholes.isEmpty else { return nil }
    let definitions = typed.compactMap(\.self)
    guard definitions.count == typed.count else { return nil }
    return TypedClause(kind: kind, inputs: inputs(), definitions: definitions, whole: whole, routes: routes)
  }

  // MARK: Declarations

  private mutating func declareInputs() {
    if file.declarations.count > Limits.inputCountMax - 2 {
      report(
        .tooMany("inputs", found: file.declarations.count, max: Limits.inputCountMax - 2),
        at: file.declarations[Limits.inputCountMax - 2].name.range)
    }
    for declaration in file.declarations {
      let type = ClauseType(name: declaration.type.text)
      if type == nil {
        let nearest = Self.nearest(declaration.type.text, among: ClauseType.allCases.map(\.description))
        report(.unknownType(declaration.type.text, nearest: nearest), at: declaration.type.range)
      }
      if file.kind == .payoff, declaration.group == .state || declaration.group == .now {
        report(.misplacedInput(declaration.group, .payoff), at: declaration.name.range)
      }
      if declaration.group == .now, let type, type != .time { report(.nowType(type), at: declaration.type.range) }
      if claim(declaration.name, isNow: declaration.group == .now) {
        declared[declaration.name.text] = (type, declaration.group, declaration.name.range)
      }
    }
  }

  /// Reports a name that cannot be taken; true when it can.
  private mutating func claim(_ name: Name, isNow: Bool = false) -> Bool {
    if Parser.reserved.contains(name.text), !isNow {
      report(.reservedName(name.text), at: name.range)
      return false
    }
    if name.text.utf8.count > Limits.nameByteCountMax { report(.nameTooLong(name.text), at: name.range) }
    let first = declared[name.text]?.range ?? definitions[name.text].map { file.definitions[$0].name.range }
    if let first {
      report(.repeatedName(name.text, firstLine: first.line), at: name.range)
      return false
    }
    return true
  }

  private mutating func checkDefinitions() {
    if file.definitions.count > Limits.definitionCountMax {
      report(
        .tooMany("definitions", found: file.definitions.count, max: Limits.definitionCountMax),
        at: file.definitions[Limits.definitionCountMax].name.range)
    }
    for (index, definition) in file.definitions.enumerated() {
      let value = check(definition.value)
      typed.append(value)
      if claim(definition.name) { definitions[definition.name.text] = index }
    }
  }

  private mutating func reportUnused() {
    for declaration in file.declarations where declared[declaration.name.text]?.range == declaration.name.range {
      if !used.contains(declaration.name.text) {
        report(.unusedName(declaration.name.text, isInput: true), at: declaration.name.range)
      }
    }
    for (index, definition) in file.definitions.enumerated() where definitions[definition.name.text] == index {
      if !used.contains(definition.name.text) {
        report(.unusedName(definition.name.text, isInput: false), at: definition.name.range)
      }
    }
  }

  /// The input table in canonical order, which is that of the names' bytes.
  private func inputs() -> [Input] {
    var inputs = declared.compactMap { name, entry in
      entry.type.map { Input(name: name, type: $0, group: entry.group) }
    }
    if usesScale {
      inputs += ["scaleUp", "scaleDown"].map { Input(name: $0, type: .int, group: .terms) }
    }
    return inputs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  // MARK: Statements

  private mutating func checkWhole() -> TypedExpression? {
    for extra in file.wholes.dropFirst() {
      report(.repeatedStatement(form: "escrow", firstLine: file.wholes[0].keyword.line), at: extra.keyword)
    }
    let someRoutePays = file.routes.contains { $0.toBuyer != nil }
    guard let first = file.wholes.first else {
      if let kind = file.kind, isWhole, kind == .payoff || someRoutePays {
        report(.missingStatement(kind, form: "escrow amount"), at: file.end)
      }
      return nil
    }
    if file.kind == .escrow, isWhole, !someRoutePays { report(.unsharedEscrow, at: first.keyword) }
    return check(first.amount, is: .amount, in: "the escrow")
  }

  private mutating func checkPayments() -> [TypedClause.Route]? {
    for route in file.routes { report(.misplacedStatement(form: "route", .payoff), at: route.name.range) }
    var toBuyer: TypedExpression?
    var first: [String: SourceRange] = [:]
    for payment in file.payments {
      let amount = payment.amount.flatMap { check($0, is: .amount, in: "what the buyer is paid") }
      if let line = first[payment.party.text]?.line {
        report(.repeatedStatement(form: "pay \(payment.party.text)", firstLine: line), at: payment.range)
        continue
      }
      first[payment.party.text] = payment.range
      let party: Party = payment.party.text == "buyer" ? .buyer : .seller
      if (party == .seller) != (payment.amount == nil) {
        report(.payment(party: party, isRemainder: payment.amount == nil), at: payment.range)
      }
      if party == .buyer { toBuyer = amount }
    }
    for (party, form) in [("buyer", "pay buyer amount"), ("seller", "pay seller remainder")]
    where isWhole && first[party] == nil {
      report(.missingStatement(.payoff, form: form), at: file.end)
    }
    guard let toBuyer else { return nil }
    return [TypedClause.Route(name: nil, condition: nil, toBuyer: toBuyer, range: first["buyer"] ?? file.end)]
  }

  private mutating func checkRoutes() -> [TypedClause.Route]? {
    for payment in file.payments { report(.misplacedStatement(form: "pay", .escrow), at: payment.range) }
    if isWhole, file.routes.isEmpty { report(.missingStatement(.escrow, form: "route name"), at: file.end) }
    if file.routes.count > Limits.routeCountMax {
      report(
        .tooMany("routes", found: file.routes.count, max: Limits.routeCountMax),
        at: file.routes[Limits.routeCountMax].name.range)
    }
    var first: [String: SourceRange] = [:]
    var routes: [TypedClause.Route] = []
    for route in file.routes {
      if let line = first[route.name.text]?.line {
        report(.repeatedName(route.name.text, firstLine: line), at: route.name.range)
      }
      if route.name.text.utf8.count > Limits.nameByteCountMax {
        report(.nameTooLong(route.name.text), at: route.name.range)
      }
      first[route.name.text] = route.name.range
      let condition = check(route.condition, is: .bool, in: "the condition of a route")
      let toBuyer = route.toBuyer.flatMap { check($0, is: .amount, in: "what the buyer is paid") }
      guard let condition, (toBuyer == nil) == (route.toBuyer == nil) else { continue }
      routes.append(
        TypedClause.Route(name: route.name.text, condition: condition, toBuyer: toBuyer, range: route.name.range))
    }
    return routes.count == file.routes.count ? routes : nil
  }

  // MARK: Expressions

  /// The typed expression if it has the wanted type; otherwise nil, reported.
  mutating func check(
    _ expression: Expression, is wanted: ClauseType, in place: String
  ) -> TypedExpression? {
    guard let typed = check(expression) else { return nil }
    guard typed.type == wanted else {
      report(.type(found: typed.type, expected: wanted, place: place), at: expression.range)
      return nil
    }
    return typed
  }

  mutating func make(
    _ node: TypedExpression.Node, _ type: ClauseType, _ range: SourceRange, _ children: [TypedExpression] = []
  ) -> TypedExpression? {
    make(node, type, range, depth: 1 + (children.map(\.depth).max() ?? 0))
  }

  mutating func make(
    _ node: TypedExpression.Node, _ type: ClauseType, _ range: SourceRange, depth: Int
  ) -> TypedExpression? {
    guard depth <= Limits.expressionDepthMax else {
      report(.nestedTooDeep, at: range)
      return nil
    }
    return TypedExpression(node: node, type: type, range: range, depth: depth)
  }

  mutating func check(_ expression: Expression) -> TypedExpression? {
    let range = expression.range
    switch expression.node {
    case .invalid: return nil
    case .number(let digits, let unit): return number(digits, unit, range)
    case .name(let name): return reference(name, range)
    case .not(let operand): return prefix(.not, "not", operand, range) { $0 == .bool }
    case .negate(let operand): return prefix(.negate, "-", operand, range) { $0.isScalable }
    case .binary(let operation, let left, let right): return binary(operation, left, right, range)
    case .conditional(let condition, let first, let second): return conditional(condition, first, second, range)
    case .call(let function, let arguments): return call(function, arguments, range)
    }
  }

  private mutating func number(_ digits: String, _ unit: Name?, _ range: SourceRange) -> TypedExpression? {
    let type = unit.flatMap { ClauseType(name: $0.text) } ?? .int
    if let unit, type == .int || !type.isNumber {
      report(.unit(type), at: unit.range)
      return nil
    }
    guard let value = try? Int256(decimal: digits), type.range.contains(value) else {
      report(.numberTooLarge(digits: digits, type), at: range)
      return nil
    }
    return make(.constant(value), type, range)
  }

  static let functions = ["min", "max", "clamp", "floor", "ceiling", "amount", "known"]

  private mutating func reference(_ name: String, _ range: SourceRange) -> TypedExpression? {
    if let input = declared[name] {
      used.insert(name)
      return input.type.flatMap { make(.input(name), $0, range) }
    }
    if let index = definitions[name] {
      used.insert(name)
      return typed[index].flatMap { make(.definition(index), $0.type, range, depth: 1 + $0.depth) }
    }
    if name == "true" || name == "false" { return make(.constant(name == "true" ? 1 : 0), .bool, range) }
    if let index = ClauseType.statusNames.firstIndex(of: name) {
      return make(.constant(Int256(Int64(index))), .status, range)
    }
    if Self.functions.contains(name) {
      report(.functionWithoutArguments(name), at: range)
    } else if let later = file.definitions.dropFirst(typed.count).first(where: { $0.name.text == name }) {
      // Reported as used, so that the order of definitions is the one fault.
      used.insert(name)
      report(.usedBeforeDefinition(name, definedAtLine: later.name.range.line), at: range)
    } else {
      let names = Array(declared.keys) + Array(definitions.keys) + ClauseType.statusNames
      report(.unknownName(name, nearest: Self.nearest(name, among: names)), at: range)
    }
    return nil
  }

  private mutating func prefix(
    _ opcode: Opcode, _ sign: String, _ operand: Expression, _ range: SourceRange, _ allowed: (ClauseType) -> Bool
  ) -> TypedExpression? {
    guard let value = check(operand) else { return nil }
    guard allowed(value.type) else {
      report(.operand(sign, value.type), at: range)
      return nil
    }
    return make(.apply(opcode, [value]), value.type, range, [value])
  }

  private static let opcodes: [BinaryOperator: Opcode] = [
    .add: .add, .subtract: .subtract, .multiply: .multiply, .equal: .equal, .notEqual: .notEqual, .less: .less,
    .lessOrEqual: .lessOrEqual, .greater: .greater, .greaterOrEqual: .greaterOrEqual,
  ]

  private mutating func binary(
    _ operation: BinaryOperator, _ leftSide: Expression, _ rightSide: Expression, _ range: SourceRange
  ) -> TypedExpression? {
    let (left, right) = (check(leftSide), check(rightSide))
    if operation == .divide {
      report(.bareDivision, at: range)
      return nil
    }
    guard let left, let right else { return nil }
    let type: ClauseType? =
      switch operation {
      case .or, .and: left.type == .bool && right.type == .bool ? .bool : nil
      case .equal, .notEqual: left.type == right.type ? .bool : nil
      case .less, .lessOrEqual, .greater, .greaterOrEqual: left.type == right.type && left.type.isNumber ? .bool : nil
      case .add: .sum(left.type, right.type)
      case .subtract: .difference(left.type, right.type)
      case .multiply: .product(left.type, right.type)
      case .divide: nil
      }
    guard let type else {
      report(.operands(operation, left.type, right.type), at: range)
      return nil
    }
    if let opcode = Self.opcodes[operation] { return make(.apply(opcode, [left, right]), type, range, [left, right]) }
    return make(operation == .and ? .both(left, right) : .either(left, right), type, range, [left, right])
  }

  private mutating func conditional(
    _ condition: Expression, _ first: Expression, _ second: Expression, _ range: SourceRange
  ) -> TypedExpression? {
    let test = check(condition, is: .bool, in: "the condition after `if`")
    let (then, otherwise) = (check(first), check(second))
    guard let then, let otherwise else { return nil }
    guard then.type == otherwise.type else {
      report(.branches(then.type, otherwise.type), at: range)
      return nil
    }
    guard let test else { return nil }
    return make(.conditional(test, then: then, else: otherwise), then.type, range, [test, then, otherwise])
  }

  /// Counts the names in an expression as used, where the expression itself is not checked any more.
  mutating func use(_ expression: Expression) {
    if case .name(let name) = expression.node { used.insert(name) }
    for child in expression.children { use(child) }
  }
}
