import Clauses
import Testing

/// What is said of faulty lists, folds, matches, stages and second tokens.
@Suite struct FormDiagnosticTests {
  /// An arbitration rule that finds one expression, which stands in line 9 from column 13 on.
  private static func finding(_ expression: String, _ said: String...) -> FaultyText {
    FaultyText(
      expression,
      """
      arbitration A language 1
      enum Side = Long | Short
      facts
        side : Side
        prices : List of Price up to 365
        n : Int
      let used = known(side) and known(prices) and known(n)
      find all = used
      find it   = \(expression)
      """, said)
  }

  static let expressions = [
    finding(
      "match side case Long then 1 case Short then 2 case Long then 3",
      "9:64 `case Long` is never reached | remove it: the first `case` decides"),
    finding(
      "match side case Long then 1 case Short then 2 else 3", "9:13 `else` is never reached | remove the `else`"),
    finding("match side case Long then 1", "9:13 this `match` leaves values open | add `case Short then …`"),
    finding(
      "match side case Long or Short then 1", "9:13 this `match` decides nothing | write the value alone"),
    finding(
      "match side case Lung then 1 else 2", "9:29 `Lung` is no value of Side | did you mean `Long`?"),
    finding(
      "match n case Long then 1 else 2",
      "9:19 `match` tells the values of an enumeration apart | use `if … then … else` for anything else"),
    finding(
      "match side case Long then 1 else 2 Price",
      "9:46 `then` and `else` give different types | give the number its unit, such as `0 Price`"),
    finding(
      "match side else 1",
      "9:24 `case` is expected here | write `match value case First then … case Second or Third "
        + "then … else …`"),
    finding(
      "prices",
      "9:13 `prices` is a list, not one value | take one value of it, such as `highest(prices)`, `at(prices, 0)` "
        + "or a `fold`"),
    finding(
      "sum(n)",
      "9:17 `n` is no list | declare it as `n : List of Price up to 365`, or name a list"),
    finding("sum(used)", "9:17 `used` is no list | declare it as `used : List of Price up to 365`, or name a list"),
    finding("sum(prises)", "9:17 `prises` is not declared | did you mean `prices`?"),
    finding(
      "average(prices)", "9:13 `average` takes other arguments | write `average(list, floor)`"),
    finding(
      "average(prices, n)",
      "9:29 the rounding has to be named | write `amount(quantity, price, floor)`; what the buyer receives is rounded down"
    ),
    finding(
      "at(prices, 1 Price)",
      "9:24 the place in a list must be an Int | give the number its unit, such as `0 Price`"),
    finding(
      "fold x = 0 over p in prices with x + p",
      "9:46 an Int and a Price cannot be added | give the number its unit, such as `0 Price`"),
    finding(
      "fold x = 0 over p in prices with p",
      "9:46 what each round gives must be an Int | give the number its unit, such as `0 Price`"),
    finding(
      "fold x = zebra over p in prices with x",
      "9:22 `zebra` is not declared | declare it under `terms`, `facts` or "
        + "`state`, or define it with `let`"),
    finding("fold n = 0 over p in prices with n", "9:18 `n` is already taken | choose another name for this one"),
    finding("fold x = 0 over x in prices with 1", "9:18 `x` is already taken | choose another name for this one"),
    finding(
      "fold x = 0 over sum in prices with 1",
      "9:29 `sum` is a word of the language | choose another name, such as "
        + "`mySum`"),
    finding(
      "fold x = 0 over i below 3, p in prices with x + i",
      "9:29 `below` stands alone | count along a list with `i in indices(list)`"),
    finding(
      "fold x = 0 over i below 1_000_001 with x + i",
      "9:37 a fold has a bound from 1 to 1000000 | write the number of rounds as a literal: `i below 100`"),
    finding(
      "fold x = 0 over i below n with x",
      "9:37 how many rounds there are is expected here | write the number of "
        + "rounds: `i below 100`"),
    finding(
      "any p in prices with p",
      "9:34 the condition after `with` must be a Bool | make it a condition with a "
        + "comparison: `a == b`"),
    finding("n + any p in prices with true", "9:17 a value is expected here | put `any …` in brackets here"),
    finding(
      "fold x = 0 over i below 1_000_000 with fold y = x over j below 1_000 with y + j",
      "9:13 this fold may cost too much | lower the bounds of the lists or rounds; a fold inside a fold multiplies"),
    finding(
      "remainder(n, 1 Price)",
      "9:13 `remainder` does not take these types | use values of one numeric type; give literals their unit, such as "
        + "`0 Price`"),
    finding(
      "coins(n, n, n)", "9:13 `coins` takes other arguments | write `coins(quantity, numerator, denominator, floor)`"),
    finding("0x12", "9:13 `0x12` is neither an address nor a digest | compare with where it was copied from"),
    finding(
      "if side == 1 then 1 else 2",
      "9:16 a Side and an Int cannot be compared with `==` | use a Side here: it is a "
        + "name, not a number"),
    finding(
      "if side < Long then 1 else 2",
      "9:16 two values of type Side cannot be compared with `<` | use `==` or `!=`: "
        + "values of type Side have no order"),
  ]

  static let files = [
    FaultyText(
      "declarations",
      """
      arbitration A language 1
      enum Side = Long | Short | Long
      enum Open = A
      enum Never = X | Y
      facts
        a : List of Price up to 0
        b : List of Prise up to 3
        c : Amount of gold
      find it = a == b
      """,
      [
        "2:28 `Long` is already taken | choose another name for this one",
        "3:6 `Open` is a word of the language | choose another name, such as `myOpen`",
        "6:7 a list has a bound from 1 to 1024 | write how many elements there may be: `List of Price up to 365`",
        "7:7 `Prise` is not a type | did you mean `Price`?",
        "8:14 the end of the type is expected here | write `Amount`, or `Amount of token` or `Amount of deliveryToken`",
      ]),
    FaultyText(
      "promises and claims",
      """
      payoff P language 1
      terms
        a : Amount
      facts
        p : Amount
        known1 : Bool
      let twice = p + p
      given twice > a
      given a
      escrow a
      pay buyer if known1 then p else a
      pay seller remainder
      find it = a
      claim buyer rises with p
      claim buyer falls with p
      claim buyer rises with known1
      claim buyer rises with twice
      """,
      [
        "8:7 what a payoff is given is about terms only | a promise about evidence is not the parties' to give: use `if`",
        "9:7 what is given must be a Bool | make it a condition with a comparison: `a == b`",
        "13:6 `find` does not belong in a payoff | say what is paid with `pay buyer amount` and `pay seller remainder`",
        "15:24 `claim buyer … with p` is said twice | keep one of the two; alternatives belong in one `if … then … else`",
        "16:24 a payment cannot rise or fall with `known1` | name a price, an amount or another number",
        "17:24 `twice` is not declared | declare it under `terms`, `facts` or `state`, or define it with `let`",
      ]),
    FaultyText(
      "stages",
      """
      escrow E language 1
      terms
        t : Time
        a : Amount
      state
        status : Status
      escrow a
      stage First
        while status
        until t
        route r
          open
          pays buyer a
        route r
          open
          pays nothing
      end
      stage Second
        while status == Open
        after
        route r
          open
          pays nothing
      end
      stage First
        while status == Open
      end
      """,
      [
        "9:9 the condition of a stage must be a Bool | make it a condition with a comparison: `a == b`",
        "10:9 a stage that ends needs the clock | declare `now : Time` above the stage",
        "14:9 `r` is already taken | choose another name for this one",
        "20:3 `after` needs an end of the stage | say when the stage ends with `until instant`, or remove `after`",
        "25:7 `First` is already taken | choose another name for this one",
        "25:7 the stage `First` has no route | add a route, or remove the stage",
      ]),
    FaultyText(
      "a stage left open", "escrow E language 1\nstage S\n  while true\nroute r open pays nothing",
      ["2:7 the stage `S` is not closed | write `end` behind its last route"]),
    FaultyText(
      "out of place", "escrow E language 1\nend\nafter\nroute r open pays nothing",
      [
        "2:1 a statement is expected here | `end` closes a stage: remove it",
        "3:1 `route` or `end` is expected here | `after` stands once in a stage, between the routes before and behind its "
          + "end",
        "4:14 `when` is expected here | say when the route is open: `open when condition`",
      ]),
    FaultyText(
      "two tokens",
      """
      escrow E language 1
      terms
        a : Amount
        d : Amount of deliveryToken
      escrow a
      escrow d
      route r
        open when true
        pays buyer a
      route s
        open when true
        pays buyer d pays buyer a
      """,
      [
        "7:7 `r` pays one token of two | add `pays buyer 0 Amount of deliveryToken` if the buyer has none: the rest goes "
          + "to the seller",
        "12:14 what the buyer is paid must be an Amount | use an Amount here, or convert it with a named rounding",
        "12:27 what the buyer is paid of the delivery token must be an Amount of deliveryToken | use an Amount of "
          + "deliveryToken here, or convert it with a named rounding",
      ]),
    FaultyText(
      "no second token",
      "payoff P language 1\nescrow 1 Amount\npay buyer 1 Amount\npay seller remainder\npay seller remainder of deliveryToken",
      [
        "5:1 there is no second token to share | say how much of it there is with a second `escrow`, or remove this payment"
      ]),
    FaultyText(
      "nothing found", "arbitration A language 1\nescrow 1 Amount",
      [
        "2:1 `escrow` does not belong in an arbitration rule | say what is found with `find name = value`",
        "2:16 an arbitration rule needs `find name = value` | an arbitration rule says `find name = value` for each result",
      ]),
  ]

  @Test(arguments: expressions + files)
  func `each faulty form is refused with all that is wrong with it`(_ text: FaultyText) {
    do {
      _ = try Program(compiling: text.source)
      Issue.record("accepted: \(text.source)")
    } catch {
      #expect(error.diagnostics.map { "\($0.range) \($0.message) | \($0.suggestion)" } == text.said)
    }
  }

  @Test func `a fold that is too dear is shown at its place, with its cost`() throws {
    let source = """
      payoff P language 1
      let a = fold x = 0 over i below 1_000_000 with (fold y = x over j below 1_000_000 with y)
      escrow 1 Amount * a
      pay buyer 0 Amount
      pay seller remainder
      """
    let error = try #require(throws: ClauseErrors.self) { try Program(compiling: source) }
    #expect(
      error.description == """
        2:9: this fold may cost too much
         2 | let a = fold x = 0 over i below 1_000_000 with (fold y = x over j below 1_000_000 with y)
           |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
           found     3000005000000
           expected  at most 20000000 for the whole clause
           try       lower the bounds of the lists or rounds; a fold inside a fold multiplies
        """)
  }

  @Test func `forms nested without end are refused in time`() {
    let nests = [
      ("fold x0 = 0 over i0 below 9 with ", "1"), ("match side case Long then 1 else ", "2"),
      ("any p in prices with ", "true"),
    ]
    for (opening, end) in nests {
      let expression = String(repeating: opening, count: 500) + end
      do {
        _ = try Program(compiling: Self.finding(expression).source)
        Issue.record("accepted")
      } catch {
        #expect(error.diagnostics.contains { $0.fault == .nestedTooDeep })
      }
    }
    // Values of matches in matches are shared: what they compile to does not double.
    var subject = "side"
    for _ in 0..<20 { subject = "match \(subject) case Long then Short else Long" }
    #expect(throws: Never.self) { try Program(compiling: Self.finding(subject).source) }
  }
}
