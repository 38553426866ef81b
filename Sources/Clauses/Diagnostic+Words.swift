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

  struct Sentences {
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

  private var words: Sentences {
    switch fault {
    case .sourceTooLong, .unexpectedCharacter, .hiddenCharacter, .malformedNumber, .malformedWord, .numberTooLarge,
      .nestedTooDeep:
      wordsForText
    case .unexpected, .languageVersion, .tooMany, .missingStatement, .repeatedStatement, .misplacedStatement, .payment,
      .unsharedEscrow, .program:
      wordsForForm
    case .noDeliveryEscrow, .missingDelivery, .unfinishedStage, .emptyStage, .stageNeedsNow, .afterNeedsUntil,
      .givenReads,
      .claimInput:
      wordsForRules
    case .listBound, .listAsValue, .notAList, .roundCount, .mixedRounds, .foldTooDear:
      wordsForFolds
    case .matchSubject, .unknownCase, .unreachableCase, .unreachableElse, .missingCases, .singleArm:
      wordsForMatches
    case .reservedName, .nameTooLong, .repeatedName, .unknownName, .usedBeforeDefinition, .unknownType,
      .unknownFunction, .functionWithoutArguments, .unusedName, .misplacedInput, .nowType, .knownNeedsFact:
      wordsForNames
    case .operands, .operand, .type, .branches, .unit, .argumentCount, .arguments, .bareDivision, .quotient,
      .roundingNeedsDivision, .roundingName:
      wordsForTypes
    }
  }

  var wordsForText: Sentences {
    switch fault {
    case .sourceTooLong(let count):
      Sentences(
        "the source is too long", found: "\(count) bytes", expected: "at most \(Limits.sourceByteCountMax) bytes",
        suggestion: "split the rule in two clauses")
    case .unexpectedCharacter(let text):
      Sentences(
        "`\(text)` is not part of the language", found: "`\(text)`", suggestion: Self.suggestion(forCharacter: text))
    case .hiddenCharacter:
      Sentences(
        "a hidden mark changes the order in which this line is read", found: "a text direction control",
        expected: "text that reads as it stands", suggestion: "delete the invisible character")
    case .malformedNumber(let text):
      Sentences(
        "`\(text)` is not a whole number", found: "`\(text)`", expected: "decimal digits, such as 1000 or 1_000",
        suggestion: text.contains(".")
          ? "there are no fractions: write base units, or a ratio with `floor(x / y)`"
          : "write digits without leading zero, with single underscores between them if you like")
    case .malformedWord(let text):
      Sentences(
        "`\(text)` is neither an address nor a digest",
        found: "\(Swift.max(0, text.utf8.count - 2)) characters after 0x",
        expected: "40 hexadecimal digits for an Address, 64 for a Digest",
        suggestion: "compare with where it was copied from")
    case .numberTooLarge(let digits, let type):
      Sentences(
        "\(digits) is too large for \(type.withArticle)", found: digits,
        expected: "at most \(type.range.upperBound)", suggestion: "check the number of zeros")
    default:
      Sentences(
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

  var wordsForForm: Sentences {
    switch fault {
    case .unexpected(let found, let expected, let suggestion):
      Sentences("\(expected) is expected here", found: found, expected: expected, suggestion: suggestion)
    case .languageVersion(let version):
      Sentences(
        "this language version is not known", found: version, expected: "1",
        suggestion: "write `language 1`, or use a newer compiler")
    case .tooMany(let what, let found, let max):
      Sentences(
        "too many \(what)", found: "\(found)", expected: "at most \(max)", suggestion: "split the rule in two clauses")
    case .missingStatement(let kind, let form):
      Sentences(
        "\(kind.withArticle) needs `\(form)`", found: "none", expected: "`\(form)`",
        suggestion: kind.outline)
    case .repeatedStatement(let form, let firstLine):
      Sentences(
        "`\(form)` is said twice", found: "a second one", expected: "one, as on line \(firstLine)",
        suggestion: "keep one of the two; alternatives belong in one `if … then … else`")
    case .misplacedStatement(let form, let kind):
      Sentences(
        "`\(form)` does not belong in \(kind.withArticle)", found: "`\(form)`",
        expected: kind.statements, suggestion: kind.advice)
    case .payment(let party, let isRemainder):
      Sentences(
        "the \(party.rawValue) is not paid \(isRemainder ? "the remainder" : "an amount")",
        found: "`pay \(party.rawValue) \(isRemainder ? "remainder" : "amount")`",
        expected: party == .buyer ? "`pay buyer amount`" : "`pay seller remainder`",
        suggestion: "the buyer is paid an amount and the seller the remainder, so that the parts sum to the whole")
    case .unsharedEscrow:
      Sentences(
        "no route pays, so the escrow is never shared", found: "`escrow` with routes that pay nothing",
        suggestion: "remove it, or say what a route pays with `pays buyer amount`")
    case .program(let error):
      Sentences(
        "the program is refused: \(error)", suggestion: "make the rule smaller: shorter expressions, fewer branches")
    default:
      Sentences("the text is not understood", suggestion: "compare with the clauses of the library")
    }
  }

  var wordsForNames: Sentences {
    switch fault {
    case .reservedName(let name):
      Sentences(
        "`\(name)` is a word of the language", found: "`\(name)`", expected: "a name of your own",
        suggestion: "choose another name, such as `my\(name.prefix(1).uppercased())\(name.dropFirst())`")
    case .nameTooLong(let name):
      Sentences(
        "a name is too long", found: "\(name.utf8.count) characters",
        expected: "at most \(Limits.nameByteCountMax)", suggestion: "shorten it")
    case .repeatedName(let name, let firstLine):
      Sentences(
        "`\(name)` is already taken", found: "a second `\(name)`", expected: "one, as on line \(firstLine)",
        suggestion: "choose another name for this one")
    case .unknownName(let name, let nearest):
      Sentences(
        "`\(name)` is not declared", found: "`\(name)`", expected: "an input, or a definition from above",
        suggestion: name == "now"
          ? "an escrow rule declares `now : Time`; a payoff has no clock"
          : nearest.map { "did you mean `\($0)`?" }
            ?? "declare it under `terms`, `facts` or `state`, or define it with `let`")
    case .usedBeforeDefinition(let name, let line):
      Sentences(
        "`\(name)` is defined further down", found: "a use before line \(line)",
        expected: "definitions that use only what stands above them", suggestion: "move `let \(name)` up")
    case .unknownType(let name, let nearest):
      Sentences(
        "`\(name)` is not a type", found: "`\(name)`", expected: Words.types,
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "choose one of these types")
    case .unknownFunction(let name, let nearest):
      Sentences(
        "`\(name)` is not a function", found: "`\(name)(…)`",
        expected: Words.functions.dropLast().joined(separator: ", ") + " or at",
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "multiply with `*`, or choose one of these functions")
    case .functionWithoutArguments(let name):
      Sentences(
        "`\(name)` is a function", found: "`\(name)` alone", expected: "`\(name)(…)`",
        suggestion: "give it its arguments in brackets")
    case .unusedName(let name, let isInput):
      Sentences(
        "`\(name)` is never used", found: isInput ? "an input that nothing reads" : "a definition that nothing reads",
        suggestion: "remove it: what is signed holds only what decides money")
    case .misplacedInput(let group, let kind):
      Sentences(
        "\(kind.withArticle) has no `\(group)`", found: "`\(group)`",
        expected: "`terms` and `facts`",
        suggestion: group == .now
          ? "a payoff has no clock: take the time as a fact that evidence establishes"
          : "take it from `terms` or `facts`, or write an escrow rule")
    case .nowType(let type):
      Sentences(
        "`now` is a Time", found: "\(type)", expected: "Time", suggestion: "write `now : Time`")
    case .knownNeedsFact(let name):
      Sentences(
        "`known` asks about facts and state only", found: "`\(name)`", expected: "the name of a fact or of state",
        suggestion: "terms, `now` and definitions are always there: leave `known(\(name))` out")
    default:
      Sentences("the name is not understood", suggestion: "compare with the clauses of the library")
    }
  }

  var wordsForTypes: Sentences {
    switch fault {
    case .operands(let operation, let left, let right):
      Sentences(
        Self.message(operation, left, right), found: "\(left) \(operation.rawValue) \(right)",
        expected: Self.expectation(operation), suggestion: Self.suggestion(operation, left, right))
    case .operand(let operation, let type):
      Sentences(
        "`\(operation)` does not apply to \(type.withArticle)", found: "\(operation) \(type)",
        expected: operation == "not" ? "a Bool" : "an Int, Amount, Price, Quantity or Duration",
        suggestion: operation == "not" ? "compare first: `not (a == b)`" : "leave the sign out")
    case .type(let found, let expected, let place):
      Sentences(
        "\(place) must be \(expected.withArticle)", found: found.withArticle, expected: expected.withArticle,
        suggestion: Self.conversion(from: found, to: expected))
    case .branches(let first, let second):
      Sentences(
        "`then` and `else` give different types", found: "\(first) and \(second)", expected: "one type",
        suggestion: Self.conversion(from: second, to: first))
    case .unit(let type):
      Sentences(
        "a literal \(type) is written in another way", found: "a number with the unit \(type)",
        expected: "Amount, Price, Quantity, Time or Duration",
        suggestion: type == .int ? "an Int has no unit: write the number alone" : "write the value by its name")
    case .argumentCount(let function, let found, let form):
      Sentences(
        "`\(function)` takes other arguments", found: "\(found)", expected: "`\(form)`", suggestion: "write `\(form)`")
    case .arguments(let function, let types, let form):
      Sentences(
        "`\(function)` does not take these types", found: types.map(\.description).joined(separator: ", "),
        expected: "`\(form)`", suggestion: Self.suggestion(forArguments: types, of: function))
    case .bareDivision:
      Sentences(
        "a division must name its rounding", found: "`/` alone", expected: "`floor(x / y)` or `ceiling(x / y)`",
        suggestion: "write `floor(x / y)` to round down, `ceiling(x / y)` to round up")
    case .quotient(let factors, let divisor):
      Sentences(
        "these dimensions do not divide", found: "\(factors.map(\.description).joined(separator: " * ")) / \(divisor)",
        expected: "a divisor that is an Int or cancels a factor",
        suggestion: factors.contains(.price) && factors.contains(.quantity)
          ? "`amount(quantity, price, floor)` turns a quantity at a price into an Amount"
          : "divide by an Int, or by a value of the same type")
    case .roundingNeedsDivision(let name):
      Sentences(
        "`\(name)` rounds a division", found: "no division", expected: "`\(name)(x / y)`",
        suggestion: "write the division inside the brackets, or leave `\(name)` out: everything else is exact")
    default:
      Sentences(
        "the rounding has to be named", expected: "`floor` or `ceiling`",
        suggestion: "write `amount(quantity, price, floor)`; what the buyer receives is rounded down")
    }
  }
}
