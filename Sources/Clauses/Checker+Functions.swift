import Arithmetic

/// The functions of the language between values, and `known`.
extension Checker {
  mutating func call(_ function: Name, _ arguments: [Expression], _ range: SourceRange) -> TypedExpression? {
    switch function.text {
    case "min", "max":
      return sameType(function, arguments, range, function.text == "min" ? .min : .max, "\(function.text)(a, b)")
    case "clamp": return sameType(function, arguments, range, .clamp, "clamp(value, low, high)")
    case "floor", "ceiling": return rounded(function, arguments, range)
    case "amount": return amount(function, arguments, range)
    case "coins": return coins(function, arguments, range)
    case "known": return known(function, arguments, range)
    case "remainder":
      return fixed(function, arguments, range, .remainder, [.int, .int], "remainder(a, b)")
    case "delivery": return fixed(function, arguments, range, .delivery, [.quantity], "delivery(quantity)")
    case "fresh": return fresh(function, arguments, range)
    case "count", "sum", "average", "highest", "lowest", "at": return list(function, arguments, range)
    default:
      for argument in arguments { use(argument) }
      let nearest = Self.nearest(function.text, among: Words.functions)
      report(.unknownFunction(function.text, nearest: nearest), at: function.range)
      return nil
    }
  }

  private mutating func sameType(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange, _ opcode: Opcode, _ form: String
  ) -> TypedExpression? {
    let values = arguments.map { check($0) }
    guard arguments.count == opcode.row.pops else {
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let known = values.compactMap(\.self)
    guard known.count == values.count else { return nil }
    guard let type = known.first?.type, type.isNumber, known.allSatisfy({ $0.type == type }) else {
      report(.arguments(function.text, known.map(\.type), form: form), at: range)
      return nil
    }
    return make(.apply(opcode, known), type, range, known)
  }

  /// A function of values whose types are always the same.
  private mutating func fixed(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange, _ opcode: Opcode, _ types: [ClauseType],
    _ form: String
  ) -> TypedExpression? {
    let values = arguments.map { check($0) }
    guard arguments.count == types.count else {
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let known = values.compactMap(\.self)
    guard known.count == values.count else { return nil }
    guard known.map(\.type) == types, let type = opcode.result(of: types) else {
      report(.arguments(function.text, known.map(\.type), form: form), at: range)
      return nil
    }
    return make(.apply(opcode, known), type, range, known)
  }

  private mutating func fresh(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange
  ) -> TypedExpression? {
    let form = "fresh(value, observedAt, asOf, maxAge)"
    let values = arguments.map { check($0) }
    guard arguments.count == 4 else {
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let known = values.compactMap(\.self)
    guard known.count == values.count else { return nil }
    guard let type = Opcode.fresh.result(of: known.map(\.type)) else {
      report(.arguments(function.text, known.map(\.type), form: form), at: range)
      return nil
    }
    return make(.apply(.fresh, known), type, range, known)
  }

  /// `floor(x / y)`: when `x` is a product its two factors go into the division unrounded and unbounded.
  private mutating func rounded(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange
  ) -> TypedExpression? {
    guard arguments.count == 1 else {
      for argument in arguments { use(argument) }
      report(.argumentCount(function.text, found: arguments.count, form: "\(function.text)(x / y)"), at: range)
      return nil
    }
    guard case .binary(.divide, let numerator, let denominator) = arguments[0].node else {
      if check(arguments[0]) != nil { report(.roundingNeedsDivision(function.text), at: range) }
      return nil
    }
    var factors = [numerator]
    if case .binary(.multiply, let left, let right) = numerator.node { factors = [left, right] }
    let values = factors.map { check($0) }
    let divisor = check(denominator)
    var typedFactors = values.compactMap(\.self)
    guard typedFactors.count == factors.count, let divisor else { return nil }
    if typedFactors.count == 1 {
      guard let one = make(.constant(.one), .int, range) else { return nil }
      typedFactors.append(one)
    }
    guard let type = ClauseType.quotient(typedFactors[0].type, typedFactors[1].type, by: divisor.type) else {
      report(.quotient(typedFactors.prefix(factors.count).map(\.type), by: divisor.type), at: arguments[0].range)
      return nil
    }
    let operands = typedFactors + [divisor]
    return make(
      .apply(function.text == "floor" ? .mulDivFloor : .mulDivCeiling, operands), type, range, operands)
  }

  private mutating func amount(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange
  ) -> TypedExpression? {
    let form = "amount(quantity, price, floor)"
    guard arguments.count == 3 else {
      for argument in arguments { use(argument) }
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let (quantity, price) = (check(arguments[0]), check(arguments[1]))
    guard let rounding = rounding(arguments[2]) else { return nil }
    usesScale = true
    guard let quantity, let price else { return nil }
    guard quantity.type == .quantity, price.type == .price else {
      report(.arguments(function.text, [quantity.type, price.type], form: form), at: range)
      return nil
    }
    guard let up = make(.input("scaleUp"), .int, range), let down = make(.input("scaleDown"), .int, range) else {
      return nil
    }
    let operands = [quantity, price, up, down]
    return make(.apply(rounding == .floor ? .amountFloor : .amountCeiling, operands), .amount, range, operands)
  }

  private mutating func coins(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange
  ) -> TypedExpression? {
    let form = "coins(quantity, numerator, denominator, floor)"
    guard arguments.count == 4 else {
      for argument in arguments { use(argument) }
      report(.argumentCount(function.text, found: arguments.count, form: form), at: range)
      return nil
    }
    let values = arguments.prefix(3).map { check($0) }
    guard let rounding = rounding(arguments[3]) else { return nil }
    usesCoins = true
    var operands = values.compactMap(\.self)
    guard operands.count == 3 else { return nil }
    guard operands.map(\.type) == [.quantity, .price, .price] else {
      report(.arguments(function.text, operands.map(\.type), form: form), at: range)
      return nil
    }
    operands += ["coinUp", "coinDown"].compactMap { make(.input($0), .int, range) }
    return make(.apply(rounding == .floor ? .coinsFloor : .coinsCeiling, operands), .amount, range, operands)
  }

  /// The rounding that an argument names; nil, reported, when it names none.
  mutating func rounding(_ argument: Expression) -> Rounding? {
    if case .name(let name) = argument.node {
      if name == "floor" { return .floor }
      if name == "ceiling" { return .ceiling }
    }
    report(.roundingName, at: argument.range)
    return nil
  }

  private mutating func known(
    _ function: Name, _ arguments: [Expression], _ range: SourceRange
  ) -> TypedExpression? {
    guard arguments.count == 1, case .name(let name) = arguments[0].node else {
      report(.argumentCount(function.text, found: arguments.count, form: "known(fact)"), at: range)
      return nil
    }
    guard let input = declared[name] else {
      if check(arguments[0]) != nil { report(.knownNeedsFact(name), at: arguments[0].range) }
      return nil
    }
    used.insert(name)
    guard input.group == .facts || input.group == .state else {
      report(.knownNeedsFact(name), at: arguments[0].range)
      return nil
    }
    return make(.known(name), .bool, range)
  }
}
