/// What is said of stages, second tokens, promises, folds and matches.
extension Diagnostic {
  var wordsForRules: Sentences {
    switch fault {
    case .noDeliveryEscrow:
      Sentences(
        "there is no second token to share", found: "a payment of the delivery token", expected: "a second `escrow`",
        suggestion: "say how much of it there is with a second `escrow`, or remove this payment")
    case .missingDelivery(let route):
      Sentences(
        "`\(route)` pays one token of two", found: "one `pays buyer`",
        expected: "a second `pays buyer` of the delivery token",
        suggestion: "add `pays buyer 0 Amount of deliveryToken` if the buyer has none: the rest goes to the seller")
    case .unfinishedStage(let name):
      Sentences(
        "the stage `\(name)` is not closed", found: "the end of the file", expected: "`end`",
        suggestion: "write `end` behind its last route")
    case .emptyStage(let name):
      Sentences(
        "the stage `\(name)` has no route", found: "none", expected: "`route name`, `open`, `pays …`",
        suggestion: "add a route, or remove the stage")
    case .stageNeedsNow:
      Sentences(
        "a stage that ends needs the clock", found: "`until` without `now`", expected: "`now : Time`",
        suggestion: "declare `now : Time` above the stage")
    case .afterNeedsUntil:
      Sentences(
        "`after` needs an end of the stage", found: "`after` without `until`",
        expected: "`until instant` behind `while`",
        suggestion: "say when the stage ends with `until instant`, or remove `after`")
    case .givenReads(let name):
      Sentences(
        "what a payoff is given is about terms only", found: "`\(name)`, which is established later",
        expected: "a condition of terms", suggestion: "a promise about evidence is not the parties' to give: use `if`")
    case .claimInput(let name, let type):
      Sentences(
        "a payment cannot rise or fall with `\(name)`", found: type.withArticle, expected: "an input that is a number",
        suggestion: "name a price, an amount or another number")
    default:
      Sentences("the rule is not understood", suggestion: "compare with the clauses of the library")
    }
  }

  var wordsForFolds: Sentences {
    switch fault {
    case .listBound(let digits):
      Sentences(
        "a list has a bound from 1 to \(Limits.listCountMax)", found: digits, expected: "1 to \(Limits.listCountMax)",
        suggestion: "write how many elements there may be: `List of Price up to 365`")
    case .listAsValue(let name):
      Sentences(
        "`\(name)` is a list, not one value", found: "a list", expected: "one value",
        suggestion: "take one value of it, such as `highest(\(name))`, `at(\(name), 0)` or a `fold`")
    case .notAList(let name):
      Sentences(
        "`\(name)` is no list", found: "`\(name)`", expected: "the name of an input that is a list",
        suggestion: "declare it as `\(name) : List of Price up to 365`, or name a list")
    case .roundCount(let digits):
      Sentences(
        "a fold has a bound from 1 to \(Limits.roundCountMax)", found: digits, expected: "1 to \(Limits.roundCountMax)",
        suggestion: "write the number of rounds as a literal: `i below 100`")
    case .mixedRounds:
      Sentences(
        "`below` stands alone", found: "`below` beside another name", expected: "`i below n`, or lists side by side",
        suggestion: "count along a list with `i in indices(list)`")
    default:
      Sentences(
        "this fold may cost too much", found: cost, expected: "at most \(Limits.costMax) for the whole clause",
        suggestion: "lower the bounds of the lists or rounds; a fold inside a fold multiplies")
    }
  }

  private var cost: String {
    if case .foldTooDear(let cost) = fault { cost == Int.max ? "more than can be counted" : "\(cost)" } else { "" }
  }

  var wordsForMatches: Sentences {
    switch fault {
    case .matchSubject(let type):
      Sentences(
        "`match` tells the values of an enumeration apart", found: type.withArticle, expected: "an `enum`, or Status",
        suggestion: "use `if … then … else` for anything else")
    case .unknownCase(let name, let type, let nearest):
      Sentences(
        "`\(name)` is no value of \(type)", found: "`\(name)`", expected: Self.listed(type.caseNames ?? []),
        suggestion: nearest.map { "did you mean `\($0)`?" } ?? "name one of its values")
    case .unreachableCase(let name, let firstLine):
      Sentences(
        "`case \(name)` is never reached", found: "a second `\(name)`", expected: "one, as on line \(firstLine)",
        suggestion: "remove it: the first `case` decides")
    case .unreachableElse:
      Sentences(
        "`else` is never reached", found: "`else` behind a `case` for every value", expected: "one of the two",
        suggestion: "remove the `else`")
    case .missingCases(let names):
      Sentences(
        "this `match` leaves values open", found: "no `case` for \(Self.listed(names))",
        expected: "every value, or `else`",
        suggestion: "add `case \(names.joined(separator: " or ")) then …`")
    default:
      Sentences(
        "this `match` decides nothing", found: "one value for every case", expected: "two values or more",
        suggestion: "write the value alone")
    }
  }

  private static func listed(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}
