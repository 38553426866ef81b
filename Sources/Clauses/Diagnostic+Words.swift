extension Diagnostic: CustomStringConvertible {
  /// The diagnostic as text of several lines: position and message, the source line with a caret, what was found,
  /// what was expected, and what to try.
  public var description: String {
    let number = String(range.line)
    let margin = String(repeating: " ", count: number.count)
    let width = sourceLine.unicodeScalars.count
    let room = Swift.max(1, width - (range.column - 1))
    let carets = String(repeating: "^", count: Swift.min(Swift.max(1, range.bytes.count), room))
    let indent = String(repeating: " ", count: range.column - 1)
    var lines = ["\(range): \(message)", " \(number) | \(sourceLine)", " \(margin) | \(indent)\(carets)"]
    let words = words
    if !words.found.isEmpty { lines.append(" \(margin) found     \(words.found)") }
    if !words.expected.isEmpty { lines.append(" \(margin) expected  \(words.expected)") }
    lines.append(" \(margin) try       \(words.suggestion)")
    return lines.joined(separator: "\n")
  }

  /// The fault in one line.
  public var message: String { words.message }
  /// What stands in the source; may be empty.
  public var found: String { words.found }
  /// What the language wants there; may be empty.
  public var expected: String { words.expected }
  /// What to write instead.
  public var suggestion: String { words.suggestion }

  private struct Words {
    let message: String
    let found: String
    let expected: String
    let suggestion: String

    init(_ message: String, found: String = "", expected: String = "", suggestion: String) {
      self.message = message
      self.found = found
      self.expected = expected
      self.suggestion = suggestion
    }
  }

  private var words: Words {
    switch fault {
    case .sourceTooLong, .unexpectedCharacter, .hiddenCharacter, .malformedNumber, .numberTooLarge, .nestedTooDeep:
      wordsForText
    case .unexpected, .languageVersion, .tooMany, .missingStatement, .repeatedStatement, .misplacedStatement, .payment,
      .unsharedEscrow,
      .program:
      wordsForForm
    case .reservedName, .nameTooLong, .repeatedName, .unknownName, .usedBeforeDefinition, .unknownType,
      .unknownFunction, .functionWithoutArguments, .unusedName, .misplacedInput, .nowType, .knownNeedsFact:
      wordsForNames
    case .operands, .operand, .type, .branches, .unit, .argumentCount, .arguments, .bareDivision, .quotient,
      .roundingNeedsDivision, .roundingName:
      wordsForTypes
    }
  }

  private var wordsForText: Words {
    switch fault {
    case .sourceTooLong(let count):
      Words(
        "the source is too long", found: "\(count) bytes", expected: "at most \(Limits.sourceByteCountMax) bytes",
        suggestion: "split the rule in two clauses")
    case .unexpectedCharacter(let text):
      Words(
        "`\(text)` is not part of the language", found: "`\(text)`", suggestion: Self.suggestion(forCharacter: text))
    case .hiddenCharacter:
      Words(
        "a hidden mark changes the order in which this line is read", found: "a text direction control",
        expected: "text that reads as it stands", suggestion: "delete the invisible character")
    case .malformedNumber(let text):
      Words(
        "`\(text)` is not a whole number", found: "`\(text)`", expected: "decimal digits, such as 1000 or 1_000",
        suggestion: text.contains(".")
          ? "there are no fractions: write base units, or a ratio with `floor(x / y)`"
          : "write digits without leading zero, with single underscores between them if you like")
    case .numberTooLarge(let digits, let type):
      Words(
        "\(digits) is too large for \(type.withArticle)", found: digits,
        expected: "at most \(type.range.upperBound)", suggestion: "check the number of zeros")
    default:
      Words(
        "the expression is nested too deeply", found: "more than \(Limits.expressionDepthMax) levels",
        expected: "at most \(Limits.expressionDepthMax) levels, definitions expanded",
        suggestion: "split it with `let`, and keep chains of definitions short")
    }
  }

  private static func suggestion(forCharacter text: String) -> String {
    switch text {
    case "&", "&&": "write `and`"
    case "|", "||": "write `or`"
    case "!": "write `not`, or `!=` for unequal"
    case ";": "a statement ends where the next begins: delete the `;`"
    case "[", "]", "{", "}": "group with round brackets"
    case "#": "a comment starts with `--`"
    case "%": "write a ratio of whole numbers, such as `floor(x * 5 / 100)`"
    case "\"", "'": "there is no text in clauses: delete it, or make it a comment with `--`"
    default: "delete it, or put it in a comment after `--`"
    }
  }

  private var wordsForForm: Words {
    switch fault {
    case .unexpected(let found, let expected, let suggestion):
      Words("\(expected) is expected here", found: found, expected: expected, suggestion: suggestion)
    case .languageVersion(let version):
      Words(
        "this language version is not known", found: version, expected: "1",
        suggestion: "write `language 1`, or use a newer compiler")
    case .tooMany(let what, let found, let max):
      Words(
        "too many \(what)", found: "\(found)", expected: "at most \(max)", suggestion: "split the rule in two clauses")
    case .missingStatement(let kind, let form):
      Words(
        "\(kind.withArticle) needs `\(form)`", found: "none", expected: "`\(form)`",
        suggestion: kind == .payoff
          ? "a payoff says `escrow whole`, `pay buyer amount` and `pay seller remainder`"
          : "an escrow rule says `escrow whole`, then each `route`")
    case .repeatedStatement(let form, let firstLine):
      Words(
        "`\(form)` is said twice", found: "a second one", expected: "one, as on line \(firstLine)",
        suggestion: "keep one of the two; alternatives belong in one `if … then … else`")
    case .misplacedStatement(let form, let kind):
      Words(
        "`\(form)` does not belong in \(kind.withArticle)", found: "`\(form)`",
        expected: kind == .payoff ? "`pay buyer` and `pay seller`" : "`route … open when … pays …`",
        suggestion: kind == .payoff
          ? "say what is paid with `pay buyer amount` and `pay seller remainder`"
          : "say what each route pays with `pays buyer amount` or `pays nothing`")
    case .payment(let party, let isRemainder):
      Words(
        "the \(party.rawValue) is not paid \(isRemainder ? "the remainder" : "an amount")",
        found: "`pay \(party.rawValue) \(isRemainder ? "remainder" : "amount")`",
        expected: party == .buyer ? "`pay buyer amount`" : "`pay seller remainder`",
        suggestion: "the buyer is paid an amount and the seller the remainder, so that the parts sum to the whole")
    case .unsharedEscrow:
      Words(
        "no route pays, so the escrow is never shared", found: "`escrow` with routes that pay nothing",
        suggestion: "remove it, or say what a route pays with `pays buyer amount`")
    case .program(let error):
      Words(
        "the program is refused: \(error)", suggestion: "make the rule smaller: shorter expressions, fewer branches")
    default:
      Words("the text is not understood", suggestion: "compare with the clauses of the library")
    }
  }

  private var wordsForNames: Words {
    switch fault {
    case .reservedName(let name):
      Words(
        "`\(name)` is a word of the language", found: "`\(name)`", expected: "a name of your own",
        suggestion: "choose another name, such as `my\(name.prefix(1).uppercased())\(name.dropFirst())`")
    case .nameTooLong(let name):
      Words(
        "a name is too long", found: "\(name.utf8.count) characters",
        expected: "at most \(Limits.nameByteCountMax)", suggestion: "shorten it")
    case .repeatedName(let name, let firstLine):
      Words(
        "`\(name)` is already taken", found: "a second `\(name)`", expected: "one, as on line \(firstLine)",
        suggestion: "choose another name for this one")
    case .unknownName(let name, let nearest):
      Words(
        "`\(name)` is not declared", found: "`\(name)`", expected: "an input, or a definition from above",
        suggestion: name == "now"
          ? "an escrow rule declares `now : Time`; a payoff has no clock"
          : nearest.map { "did you mean `\($0)`?" }
            ?? "declare it under `terms`, `facts` or `state`, or define it with `let`")
    case .usedBeforeDefinition(let name, let line):
      Words(
        "`\(name)` is defined further down", found: "a use before line \(line)",
        expected: "definitions that use only what stands above them", suggestion: "move `let \(name)` up")
    case .unknownType(let name, let nearest):
      Words(
        "`\(name)` is not a type", found: "`\(name)`", expected: Parser.typeNames,
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "choose one of these types")
    case .unknownFunction(let name, let nearest):
      Words(
        "`\(name)` is not a function", found: "`\(name)(…)`",
        expected: "min, max, clamp, floor, ceiling, amount or known",
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "multiply with `*`, or choose one of these functions")
    case .functionWithoutArguments(let name):
      Words(
        "`\(name)` is a function", found: "`\(name)` alone", expected: "`\(name)(…)`",
        suggestion: "give it its arguments in brackets")
    case .unusedName(let name, let isInput):
      Words(
        "`\(name)` is never used", found: isInput ? "an input that nothing reads" : "a definition that nothing reads",
        suggestion: "remove it: what is signed holds only what decides money")
    case .misplacedInput(let group, let kind):
      Words(
        "\(kind.withArticle) has no `\(group)`", found: "`\(group)`",
        expected: "`terms` and `facts`",
        suggestion: group == .now
          ? "a payoff has no clock: take the time as a fact that evidence establishes"
          : "take it from `terms` or `facts`, or write an escrow rule")
    case .nowType(let type):
      Words(
        "`now` is a Time", found: "\(type)", expected: "Time", suggestion: "write `now : Time`")
    case .knownNeedsFact(let name):
      Words(
        "`known` asks about facts and state only", found: "`\(name)`", expected: "the name of a fact or of state",
        suggestion: "terms, `now` and definitions are always there: leave `known(\(name))` out")
    default:
      Words("the name is not understood", suggestion: "compare with the clauses of the library")
    }
  }

  private var wordsForTypes: Words {
    switch fault {
    case .operands(let operation, let left, let right):
      Words(
        Self.message(operation, left, right), found: "\(left) \(operation.rawValue) \(right)",
        expected: Self.expectation(operation), suggestion: Self.suggestion(operation, left, right))
    case .operand(let operation, let type):
      Words(
        "`\(operation)` does not apply to \(type.withArticle)", found: "\(operation) \(type)",
        expected: operation == "not" ? "a Bool" : "an Int, Amount, Price, Quantity or Duration",
        suggestion: operation == "not" ? "compare first: `not (a == b)`" : "leave the sign out")
    case .type(let found, let expected, let place):
      Words(
        "\(place) must be \(expected.withArticle)", found: found.withArticle, expected: expected.withArticle,
        suggestion: Self.conversion(from: found, to: expected))
    case .branches(let first, let second):
      Words(
        "`then` and `else` give different types", found: "\(first) and \(second)", expected: "one type",
        suggestion: Self.conversion(from: second, to: first))
    case .unit(let type):
      Words(
        "a literal \(type) is written in another way", found: "a number with the unit \(type)",
        expected: "Amount, Price, Quantity, Time or Duration",
        suggestion: type == .int ? "an Int has no unit: write the number alone" : "write the value by its name")
    case .argumentCount(let function, let found, let form):
      Words(
        "`\(function)` takes other arguments", found: "\(found)", expected: "`\(form)`", suggestion: "write `\(form)`")
    case .arguments(let function, let types, let form):
      Words(
        "`\(function)` does not take these types", found: types.map(\.description).joined(separator: ", "),
        expected: "`\(form)`", suggestion: Self.suggestion(forArguments: types, of: function))
    case .bareDivision:
      Words(
        "a division must name its rounding", found: "`/` alone", expected: "`floor(x / y)` or `ceiling(x / y)`",
        suggestion: "write `floor(x / y)` to round down, `ceiling(x / y)` to round up")
    case .quotient(let factors, let divisor):
      Words(
        "these dimensions do not divide", found: "\(factors.map(\.description).joined(separator: " * ")) / \(divisor)",
        expected: "a divisor that is an Int or cancels a factor",
        suggestion: factors.contains(.price) && factors.contains(.quantity)
          ? "`amount(quantity, price, floor)` turns a quantity at a price into an Amount"
          : "divide by an Int, or by a value of the same type")
    case .roundingNeedsDivision(let name):
      Words(
        "`\(name)` rounds a division", found: "no division", expected: "`\(name)(x / y)`",
        suggestion: "write the division inside the brackets, or leave `\(name)` out: everything else is exact")
    default:
      Words(
        "the rounding has to be named", expected: "`floor` or `ceiling`",
        suggestion: "write `amount(quantity, price, floor)`; what the buyer receives is rounded down")
    }
  }

  private static func message(_ operation: BinaryOperator, _ left: ClauseType, _ right: ClauseType) -> String {
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

  private static func expectation(_ operation: BinaryOperator) -> String {
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

  private static func suggestion(_ operation: BinaryOperator, _ left: ClauseType, _ right: ClauseType) -> String {
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

  private static func suggestion(forArguments types: [ClauseType], of function: String) -> String {
    function == "amount"
      ? "the quantity comes first, then the price, then `floor` or `ceiling`"
      : "use values of one numeric type; give literals their unit, such as `0 Price`"
  }

  private static func conversion(from found: ClauseType, to expected: ClauseType) -> String {
    let types = Set([found, expected])
    if types == [.amount, .price] || types == [.amount, .quantity] {
      return "`amount(quantity, price, floor)` turns a quantity at a price into an Amount"
    }
    if types == [.time, .duration] {
      return "the difference of two Times is a Duration; a Time plus a Duration is a Time"
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
  var withArticle: String { self == .amount || self == .int ? "an \(self)" : "a \(self)" }
}

extension ClauseKind {
  /// "a payoff", "an escrow rule".
  var withArticle: String { self == .payoff ? "a payoff" : "an escrow rule" }
}
