import Arithmetic

/// Expressions: what each part is, and whether its parts go together.
extension Checker {
  /// The typed expression if it has the wanted type; otherwise nil, reported.
  mutating func check(
    _ expression: Expression, is wanted: ClauseType, in place: String
  ) -> TypedExpression? {
    guard let typed = check(expression) else { return nil }
    return require(typed, wanted, in: place, at: expression.range)
  }

  mutating func require(
    _ typed: TypedExpression, _ wanted: ClauseType, in place: String, at range: SourceRange
  ) -> TypedExpression? {
    guard typed.type == wanted else {
      report(.type(found: typed.type, expected: wanted, place: place), at: range)
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
    case .hexadecimal(let digits): return word(digits, range)
    case .match(let subject, let arms, let otherwise): return match(subject, arms, otherwise, range)
    case .fold(let fold): return self.fold(fold, range)
    case .quantified(let quantifier, let binders, let condition):
      return quantified(quantifier, binders, condition, range)
    }
  }

  private mutating func number(_ digits: String, _ unit: TypeName?, _ range: SourceRange) -> TypedExpression? {
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

  private mutating func word(_ digits: String, _ range: SourceRange) -> TypedExpression? {
    var bits = UInt256.zero
    for digit in digits.utf8.compactMap({ Character(UnicodeScalar($0)).hexDigitValue }) {
      bits = (bits << 4) | UInt256(UInt64(digit))
    }
    return make(.constant(Int256(bits: bits)), digits.utf8.count == 40 ? .address : .digest, range)
  }

  private mutating func reference(_ name: String, _ range: SourceRange) -> TypedExpression? {
    if let local = scope[name] { return local.node.flatMap { make($0, local.type, range) } }
    if let input = declared[name] {
      used.insert(name)
      if let type = input.type, !type.isValue {
        report(.listAsValue(name), at: range)
        return nil
      }
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
    for enumeration in enumerations {
      guard let index = enumeration.cases.firstIndex(of: name) else { continue }
      used.insert(enumeration.name)
      return make(.constant(Int256(Int64(index))), .enumeration(enumeration), range)
    }
    if Words.functions.contains(name) {
      report(.functionWithoutArguments(name), at: range)
    } else if let later = file.definitions.dropFirst(typed.count).first(where: { $0.name.text == name }) {
      // Reported as used, so that the order of definitions is the one fault.
      used.insert(name)
      report(.usedBeforeDefinition(name, definedAtLine: later.name.range.line), at: range)
    } else {
      let names =
        Array(declared.keys) + Array(definitions.keys) + Array(scope.keys) + ClauseType.statusNames
        + enumerations.flatMap(\.cases)
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
      case .equal, .notEqual: left.type == right.type && left.type.isValue ? .bool : nil
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

  mutating func conditional(
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
