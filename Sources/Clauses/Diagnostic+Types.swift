/// What is said of types that do not go together.
extension Diagnostic {
  static func message(_ operation: BinaryOperator, _ left: ClauseType, _ right: ClauseType) -> String {
    let pair = left == right ? "two values of type \(left)" : "\(left.withArticle) and \(right.withArticle)"
    return switch operation {
    case .add: "\(pair) cannot be added"
    case .subtract: "\(right.withArticle) cannot be taken from \(left.withArticle)"
    case .multiply: "\(pair) cannot be multiplied"
    case .divide: "\(left.withArticle) cannot be divided by \(right.withArticle)"
    case .and, .or: "`\(operation.rawValue)` joins two conditions"
    default: "\(pair) cannot be compared with `\(operation.rawValue)`"
    }
  }

  static func expectation(_ operation: BinaryOperator) -> String {
    switch operation {
    case .add: "two values of one dimension, or a Time and a Duration"
    case .subtract: "two values of one dimension, or a Duration taken from a Time"
    case .multiply: "an Int on one side"
    case .divide: "`floor(x / y)` or `ceiling(x / y)`"
    case .and, .or: "Bool \(operation.rawValue) Bool"
    case .equal, .notEqual: "two values of one type"
    default: "two numbers of one type"
    }
  }

  static func suggestion(_ operation: BinaryOperator, _ left: ClauseType, _ right: ClauseType) -> String {
    let types = [left, right]
    if operation == .multiply, types.contains(.price), types.contains(.quantity) {
      return "`amount(quantity, price, floor)` turns a quantity at a price into an Amount"
    }
    switch operation {
    case .and, .or: return "compare first: `a == b \(operation.rawValue) c < d`"
    case .multiply: return "multiply by a plain number, or cancel with `floor(x * y / z)`"
    case .add where left == .time && right == .time:
      return "add a Duration to a Time; the difference of two Times is a Duration"
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      if left == right { return "use `==` or `!=`: values of type \(left) have no order" }
    default: break
    }
    if types.contains(.time), types.contains(.int) {
      return "give the number its unit, such as `60 Duration`"
    }
    return conversion(from: right, to: left)
  }

  static func suggestion(forArguments types: [ClauseType], of function: String) -> String {
    function == "amount"
      ? "the quantity comes first, then the price, then `floor` or `ceiling`"
      : "use values of one numeric type; give literals their unit, such as `0 Price`"
  }

  static func conversion(from found: ClauseType, to expected: ClauseType) -> String {
    let types = Set([found, expected])
    if types == [.amount, .price] || types == [.amount, .quantity] {
      return "`amount(quantity, price, floor)` turns a quantity at a price into an Amount"
    }
    if types == [.time, .duration] {
      return "the difference of two Times is a Duration; a Time plus a Duration is a Time"
    }
    if types.contains(where: { !$0.isNumber }), found.isNumber, expected != .bool, found != .bool {
      return "use \(expected.withArticle) here: it is a name, not a number"
    }
    if types.contains(.int), let unit = types.first(where: { $0 != .int && $0.isNumber }) {
      return "give the number its unit, such as `0 \(unit)`"
    }
    if expected == .bool { return "make it a condition with a comparison: `a == b`" }
    return "use \(expected.withArticle) here, or convert it with a named rounding"
  }
}

extension ClauseType {
  /// "an Amount", "a Price".
  var withArticle: String {
    let name = description
    return name.first.map { "AEIO".contains($0) } ?? false ? "an \(name)" : "a \(name)"
  }
}

extension ClauseKind {
  /// "a payoff", "an escrow rule".
  var withArticle: String {
    switch self {
    case .payoff: "a payoff"
    case .escrow: "an escrow rule"
    case .arbitration: "an arbitration rule"
    }
  }

  /// What such a file consists of.
  var outline: String {
    switch self {
    case .payoff: "a payoff says `escrow whole`, `pay buyer amount` and `pay seller remainder`"
    case .escrow: "an escrow rule says `escrow whole`, then each `route`"
    case .arbitration: "an arbitration rule says `find name = value` for each result"
    }
  }

  /// The statements that say its result.
  var statements: String {
    switch self {
    case .payoff: "`pay buyer` and `pay seller`"
    case .escrow: "`route … open when … pays …`"
    case .arbitration: "`find name = value`"
    }
  }

  /// How it says its result.
  var advice: String {
    switch self {
    case .payoff: "say what is paid with `pay buyer amount` and `pay seller remainder`"
    case .escrow: "say what each route pays with `pays buyer amount` or `pays nothing`"
    case .arbitration: "say what is found with `find name = value`"
    }
  }
}
