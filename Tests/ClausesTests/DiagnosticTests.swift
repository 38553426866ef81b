import Clauses
import Testing

/// One faulty text and everything that must be said of it: "line:column message | suggestion" in order.
struct FaultyText: CustomTestStringConvertible {
  let title: String
  let source: String
  let said: [String]

  var testDescription: String { title }

  init(_ title: String, _ source: String, _ said: String...) {
    self.init(title, source, said)
  }

  init(_ title: String, _ source: String, _ said: [String]) {
    self.title = title
    self.source = source
    self.said = said
  }

  /// A payoff whose buyer's part is one expression, which stands in line 10 from column 11 on.
  init(paying expression: String, _ said: String...) {
    title = expression
    source = """
      payoff P language 1
      terms
        a : Amount
        p : Price
        q : Quantity
        t : Time
      facts
        n : Int
      escrow if p > 0 Price and q > 0 Quantity and t > 0 Time and known(n) then a else 0 Amount
      pay buyer \(expression)
      pay seller remainder
      """
    self.said = said
  }
}

@Suite struct DiagnosticTests {
  static let expressions = [
    FaultyText(
      paying: "a + p",
      "10:11 an Amount and a Price cannot be added | `amount(quantity, price, floor)` turns a quantity at a "
        + "price into an Amount"
    ),
    FaultyText(
      paying: "a - 5", "10:11 an Int cannot be taken from an Amount | give the number its unit, such as `0 Amount`"),
    FaultyText(
      paying: "q * p",
      "10:11 a Quantity and a Price cannot be multiplied | `amount(quantity, price, floor)` turns a quantity at "
        + "a price into an Amount"
    ),
    FaultyText(
      paying: "a * a",
      "10:11 two values of type Amount cannot be multiplied | multiply by a plain number, or cancel with "
        + "`floor(x * y / z)`"
    ),
    FaultyText(
      paying: "if t + t > t then a else a",
      "10:14 two values of type Time cannot be added | add a Duration to a Time; the difference of two Times is "
        + "a Duration"
    ),
    FaultyText(
      paying: "if t - 60 > t then a else a",
      "10:14 an Int cannot be taken from a Time | give the number its unit, such as `60 Duration`"),
    FaultyText(
      paying: "if t - t > t then a else a",
      "10:14 a Duration and a Time cannot be compared with `>` | the difference of two Times is a Duration; a "
        + "Time plus a Duration is a Time"
    ),
    FaultyText(
      paying: "a / 2",
      "10:11 a division must name its rounding | write `floor(x / y)` to round down, `ceiling(x / y)` to round up"),
    FaultyText(
      paying: "floor(a)",
      "10:11 `floor` rounds a division | write the division inside the brackets, or leave `floor` out: "
        + "everything else is exact"
    ),
    FaultyText(
      paying: "floor(q * p / 10)",
      "10:17 these dimensions do not divide | `amount(quantity, price, floor)` turns a quantity at a price into "
        + "an Amount"
    ),
    FaultyText(
      paying: "floor(a / p)",
      "10:17 these dimensions do not divide | divide by an Int, or by a value of the "
        + "same type"),
    FaultyText(
      paying: "floor(1 / 2, 3)", "10:11 `floor` takes other arguments | write `floor(x / y)`"),
    FaultyText(
      paying: "amount(p, q, floor)",
      "10:11 `amount` does not take these types | the quantity comes first, then the price, then `floor` or `ceiling`"),
    FaultyText(
      paying: "amount(q, p, down)",
      "10:24 the rounding has to be named | write `amount(quantity, price, floor)`; what the buyer receives is "
        + "rounded down"
    ),
    FaultyText(
      paying: "amount(q, p)", "10:11 `amount` takes other arguments | write `amount(quantity, price, floor)`"),
    FaultyText(
      paying: "max(a, 0)",
      "10:11 `max` does not take these types | use values of one numeric type; give literals their unit, such "
        + "as `0 Price`"
    ),
    FaultyText(paying: "clamp(a, a)", "10:11 `clamp` takes other arguments | write `clamp(value, low, high)`"),
    FaultyText(
      paying: "p",
      "10:11 what the buyer is paid must be an Amount | `amount(quantity, price, floor)` turns a quantity at a "
        + "price into an Amount"
    ),
    FaultyText(
      paying: "0", "10:11 what the buyer is paid must be an Amount | give the number its unit, such as `0 Amount`"),
    FaultyText(
      paying: "if a then a else a",
      "10:14 the condition after `if` must be a Bool | make it a condition with a comparison: `a == b`"),
    FaultyText(
      paying: "if true then a else 0",
      "10:11 `then` and `else` give different types | give the number its unit, such as `0 Amount`"),
    FaultyText(
      paying: "if true and a then a else a", "10:14 `and` joins two conditions | compare first: `a == b and c < d`"),
    FaultyText(
      paying: "if true < false then a else a",
      "10:14 two values of type Bool cannot be compared with `<` | use `==` or `!=`: values of type Bool have "
        + "no order"),
    FaultyText(
      paying: "if not a then a else a", "10:14 `not` does not apply to an Amount | compare first: `not (a == b)`"),
    FaultyText(paying: "if -t < t then a else a", "10:14 `-` does not apply to a Time | leave the sign out"),
    FaultyText(
      paying: "sellerCollateral",
      "10:11 `sellerCollateral` is not declared | declare it under `terms`, `facts` or `state`, or define it with `let`"
    ),
    FaultyText(paying: "amont(q, p, floor)", "10:11 `amont` is not a function | did you mean `amount`?"),
    FaultyText(paying: "max", "10:11 `max` is a function | give it its arguments in brackets"),
    FaultyText(
      paying: "if known(a) then a else a",
      "10:20 `known` asks about facts and state only | terms, `now` and definitions are always there: leave "
        + "`known(a)` out"
    ),
    FaultyText(paying: "if known(1) then a else a", "10:14 `known` takes other arguments | write `known(fact)`"),
    FaultyText(
      paying: "if now > t then a else a",
      "10:14 `now` is not declared | an escrow rule declares `now : Time`; a payoff has no clock"),
    FaultyText(
      paying: "400000000000000000000000000000000000000 Amount",
      "10:11 400000000000000000000000000000000000000 is too large for an Amount | check the number of zeros"),
    FaultyText(paying: "0 Bool", "10:13 a literal Bool is written in another way | write the value by its name"),
    FaultyText(
      paying: "1 Int * a",
      "10:13 a literal Int is written in another way | an Int has no unit: write the "
        + "number alone"),
    FaultyText(
      paying: "1.5 Amount",
      "10:11 `1.5` is not a whole number | there are no fractions: write base units, or a ratio with `floor(x / y)`"),
    FaultyText(
      paying: "1__0 Amount",
      "10:11 `1__0` is not a whole number | write digits without leading zero, with single underscores between "
        + "them if you like"
    ),
    FaultyText(
      paying: "010 Amount",
      "10:11 `010` is not a whole number | write digits without leading zero, with single underscores between "
        + "them if you like"
    ),
    FaultyText(
      paying: "a; a", "10:12 `;` is not part of the language | a statement ends where the next begins: delete the `;`",
      "10:14 an operator or a statement is expected here | a statement begins with `terms`, `facts`, `state`, "
        + "`now :`, `enum`, `given`, `let`, `find`, `claim`, `escrow`, `pay`, `stage` or `route`"
    ),
    FaultyText(paying: "if true && true then a else a", "10:19 `&&` is not part of the language | write `and`"),
    FaultyText(
      paying: "if !true then a else a", "10:14 `!` is not part of the language | write `not`, or `!=` for unequal"),
    FaultyText(paying: "(a + a", "11:1 `)` is expected here | close the bracket opened at 10:11"),
    FaultyText(
      paying: "if a = a then a else a", "10:16 `==` is expected here | compare with `==`; `=` belongs to `let`"),
    FaultyText(
      paying: "if 1 < 2 < 3 then a else a",
      "10:20 one comparison is expected here | join two comparisons with `and`: `a < b and b < c`"),
    FaultyText(
      paying: "a + if true then a else a", "10:15 a value is expected here | put `if …` in brackets here"),
    FaultyText(
      paying: "a +",
      "11:1 a value is expected here | `pay` is a word of the language: finish the expression "
        + "before it"),
    FaultyText(
      paying: "if true then a", "11:1 `else` is expected here | write `if condition then value else value`"),
  ]

  static let files = [
    FaultyText(
      "empty", "",
      "1:1 `payoff`, `escrow` or `arbitration` and a name is expected here | begin the file with `payoff NAME language "
        + "1`, `escrow NAME language 1` or `arbitration NAME language 1`"
    ),
    FaultyText(
      "another version", "payoff P language 2\nescrow 1 Amount\npay buyer 1 Amount\npay seller remainder",
      "1:19 this language version is not known | write `language 1`, or use a newer compiler"),
    FaultyText(
      "nothing after the header", "payoff P language 1\n",
      "2:1 a payoff needs `escrow amount` | a payoff says `escrow whole`, `pay buyer amount` and `pay seller "
        + "remainder`",
      "2:1 a payoff needs `pay buyer amount` | a payoff says `escrow whole`, `pay buyer amount` and `pay seller "
        + "remainder`",
      "2:1 a payoff needs `pay seller remainder` | a payoff says `escrow whole`, `pay buyer amount` and `pay "
        + "seller remainder`"
    ),
    FaultyText(
      "everything twice",
      """
      payoff P language 1
      terms
        a : Amount
      facts
        a : Amount
      let b = a
      let b = a
      escrow b
      escrow b
      pay buyer b
      pay buyer b
      pay seller remainder
      """,
      "5:3 `a` is already taken | choose another name for this one",
      "7:5 `b` is already taken | choose another name for this one",
      "9:1 `escrow` is said twice | keep one of the two; alternatives belong in one `if … then … else`",
      "11:1 `pay buyer` is said twice | keep one of the two; alternatives belong in one `if … then … else`"),
    FaultyText(
      "names",
      """
      payoff P language 1
      terms
        aNameThatIsMuchLongerThanThirtyTwoBytes : Amount
        min : Int
        b : Amont
      state
        s : Status
      now : Time
      let c = d
      let d = 1 Amount
      let e = 2 Amount
      escrow aNameThatIsMuchLongerThanThirtyTwoBytes + b + c + (if s == Open and now > 0 Time then d else d)
      pay buyer 0 Amount
      pay seller remainder
      """,
      "3:3 a name is too long | shorten it",
      "4:3 `min` is a word of the language | choose another name, such as `myMin`",
      "5:7 `Amont` is not a type | did you mean `Amount`?",
      "7:3 a payoff has no `state` | take it from `terms` or `facts`, or write an escrow rule",
      "8:1 a payoff has no `now` | a payoff has no clock: take the time as a fact that evidence establishes",
      "9:9 `d` is defined further down | move `let d` up",
      "11:5 `e` is never used | remove it: what is signed holds only what decides money"),
    FaultyText(
      "shares the wrong way round",
      "payoff P language 1\nescrow 1 Amount\npay buyer remainder\npay seller 1 Amount",
      "3:1 the buyer is not paid the remainder | the buyer is paid an amount and the seller the remainder, so "
        + "that the parts sum to the whole",
      "4:1 the seller is not paid an amount | the buyer is paid an amount and the seller the remainder, so that "
        + "the parts sum to the whole"
    ),
    FaultyText(
      "a route in a payoff",
      "payoff P language 1\nescrow 1 Amount\npay buyer 1 Amount\npay seller remainder\nroute r open when true "
        + "pays nothing",
      "5:7 `route` does not belong in a payoff | say what is paid with `pay buyer amount` and `pay seller remainder`"),
    FaultyText(
      "a payment in an escrow rule",
      "escrow E language 1\nescrow 1 Amount\nroute r open when true pays buyer 1 Amount\npay seller remainder",
      "4:1 `pay` does not belong in an escrow rule | say what each route pays with `pays buyer amount` or `pays "
        + "nothing`"
    ),
    FaultyText(
      "no routes", "escrow E language 1",
      "1:20 an escrow rule needs `route name` | an escrow rule says `escrow whole`, then each `route`"),
    FaultyText(
      "routes",
      """
      escrow E language 1
      terms
        now : Time
      now : Duration
      escrow 1 Amount
      route r
        open when 1
        pays nothing
      route r
        open when now > 0 Time
        pays nothing
      """,
      "3:3 an input is expected here | write `name : Type`, one a line, or remove the empty heading",
      "4:1 `now` is already taken | choose another name for this one",
      "4:7 `now` is a Time | write `now : Time`",
      "7:13 the condition of a route must be a Bool | make it a condition with a comparison: `a == b`",
      "9:7 `r` is already taken | choose another name for this one"),
    FaultyText(
      "routes that pay nothing",
      """
      escrow E language 1
      now : Duration
      escrow 1 Amount
      route r
        open when 1
        pays nothing
      route r
        open when now > 0 Duration
        pays nothing
      """,
      "2:7 `now` is a Time | write `now : Time`",
      "3:1 no route pays, so the escrow is never shared | remove it, or say what a route pays with `pays buyer amount`",
      "5:13 the condition of a route must be a Bool | make it a condition with a comparison: `a == b`",
      "7:7 `r` is already taken | choose another name for this one"),
    FaultyText(
      "hidden characters",
      "payoff P language 1 -- \u{202E}\nescrow 1 Amount\npay buyer 1 Amount é\npay seller remainder",
      "1:24 a hidden mark changes the order in which this line is read | delete the invisible character",
      "3:20 `é` is not part of the language | delete it, or put it in a comment after `--`"),
    FaultyText(
      "an unfinished route", "escrow E language 1\nroute r\n  open if true\nescrow 1 Amount",
      "3:8 `when` is expected here | say when the route is open: `open when condition`"),
  ]

  @Test(arguments: expressions + files)
  func `each faulty text is refused with all that is wrong with it`(_ text: FaultyText) {
    do {
      _ = try Program(compiling: text.source)
      Issue.record("accepted: \(text.source)")
    } catch {
      let said = error.diagnostics.map { "\($0.range) \($0.message) | \($0.suggestion)" }
      #expect(said == text.said)
    }
  }

  @Test func `a diagnostic shows the line, a caret, what was found, what was expected and what to try`() throws {
    let error = try #require(throws: ClauseErrors.self) {
      try Program(
        compiling:
          "payoff P language 1\nterms\n  a : Amount\n  p : Price\nescrow a\npay buyer a + p\npay seller remainder")
    }
    #expect(
      error.description == """
        6:11: an Amount and a Price cannot be added
         6 | pay buyer a + p
           |           ^^^^^
           found     Amount + Price
           expected  two values of one dimension, or a Time and a Duration
           try       `amount(quantity, price, floor)` turns a quantity at a price into an Amount
        """)
  }

  @Test func `text beyond a limit is refused, however deep or long`() throws {
    func faults(_ source: String) -> [Diagnostic.Fault] {
      do {
        _ = try Program(compiling: source)
        return []
      } catch {
        return error.diagnostics.map(\.fault)
      }
    }
    func paying(_ expression: String, _ definitions: String = "") -> String {
      "payoff P language 1\n\(definitions)\nescrow 1 Amount\npay buyer \(expression)\npay seller remainder"
    }
    for (opening, closing) in [
      ("(", ")"), ("- ", ""), ("max(", ", 1 Amount)"), ("if not true then 1 Amount else ", ""),
    ] {
      let deep = String(repeating: opening, count: 500) + "1 Amount" + String(repeating: closing, count: 500)
      #expect(faults(paying(deep)).contains(.nestedTooDeep), "\(opening)")
    }
    let negations = String(repeating: "not ", count: 2_000)
    #expect(faults(paying("if \(negations)true then 1 Amount else 2 Amount")).contains(.nestedTooDeep))
    #expect(faults(paying("1 Amount" + String(repeating: " + 1 Amount", count: 2_000))).contains(.nestedTooDeep))
    let chain = (1...120).map { "let a\($0) = a\($0 - 1) + 1 Amount" }.joined(separator: "\n")
    #expect(faults(paying("a120", "let a0 = 1 Amount\n" + chain)).contains(.nestedTooDeep))
    let doubling = (1...25).map {
      "let a\($0) = if known(f) then a\($0 - 1) else a\($0 - 1) + 1 Amount"
    }.joined(separator: "\n")
    let tooMany = faults(paying("a25", "facts\n  f : Int\nlet a0 = 1 Amount + 1 Amount\n" + doubling))
    guard case .program(.tooMany("instructions", _, _)) = tooMany.first else {
      Issue.record("\(tooMany)")
      return
    }
    let long = String(repeating: "-- a comment\n", count: 3_000)
    #expect(faults(long) == [.sourceTooLong(byteCount: 39_000)])
    let names = (0..<130).map { "a\($0)" }
    let sums = [names.prefix(65), names.suffix(65)].map { $0.joined(separator: " + ") }
    let many = names.map { "let \($0) = 1 Amount\n" }.joined() + "let b = \(sums[0])\nlet c = \(sums[1])"
    #expect(faults(paying("b + c", many)) == [.tooMany("definitions", found: 132, max: 128)])
  }
}
