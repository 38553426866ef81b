import Arithmetic
import Clauses
import Testing

/// What the forms of the language compute. Expected values are worked out by hand.
@Suite struct LanguageTests {
  /// An arbitration rule over lists, an enumeration and two numbers that finds what one expression says.
  private func finding(_ expression: String) throws -> Program {
    try Program(
      compiling: """
        arbitration A language 1
        enum Side = Long | Short | Flat
        facts
          side : Side
          prices : List of Price up to 5
          times : List of Time up to 5
          n : Int
          observed : Time
        let six = n * 2
        let used = known(side) and known(prices) and known(times) and known(n) and known(observed) and six == six
        find used = known(n) or used
        find it = \(expression)
        """)
  }

  static let inputs: [String: InputValue] = [
    "side": 1, "prices": [30, 10, 20], "times": [1, 5, 9], "n": 3, "observed": 90,
  ]

  @Test(
    arguments: [
      ("match side case Long then 1 case Short then 2 case Flat then 3", 2),
      ("match side case Long or Short then 1 else 3", 1), ("match side case Flat then 1 else 3", 3),
      ("1 + (match side case Short then match side case Long then 7 else 8 case Long or Flat then 9)", 9),
      ("if side == Short and side != Flat then 1 else 0", 1),
      ("fold high = 0 Price over p in prices with max(high, p)", 30),
      ("fold x = 1 over i below 5 with x * 2 + i", 58),
      ("fold x = 0 over p in prices, t in times with if t > 1 Time then x + 1 else x", 2),
      ("fold x = 0 over i in indices(prices), p in prices with x + i * floor(p / 10 Price)", 5),
      ("fold x = 0 over i below 3 with x + (fold y = 0 over j below 4 with y + i * j)", 18),
      ("fold x = 0 over i below 2 with x + six", 12),
      ("count(prices)", 3), ("sum(prices)", 60), ("average(prices, floor)", 20), ("highest(prices)", 30),
      ("lowest(prices)", 10), ("highest(times)", 9), ("at(prices, n - 1)", 20),
      ("average(prices, ceiling) + 0 Price", 20),
      ("any p in prices with p < 15 Price", 1), ("all p in prices with p < 15 Price", 0),
      ("any i below 3 with i == 2", 1), ("all t in times, p in prices with t < 10 Time and p > 9 Price", 1),
      ("(any p in prices with p == 20 Price) and known(side)", 1),
      ("remainder(0 - 7, 2)", 1), ("remainder(7, 0 - 2)", -1), ("remainder(0 - 7, 0 - 2)", -1), ("remainder(7, n)", 1),
      ("fresh(n, observed, 100 Time, 10 Duration)", 3), ("fresh(7 Price, observed, 90 Time, 0 Duration)", 7),
      ("if 0x00000000000000000000000000000000000000ff == 0x00000000000000000000000000000000000000FF then 1 else 0", 1),
    ] as [(String, Int256)])
  func `each form computes what it says`(_ expression: String, _ expected: Int256) throws {
    let evaluation = try Machine.run(finding(expression), inputs: Self.inputs)
    #expect(evaluation["it"] == expected)
    #expect(evaluation["used"] == 1)
    #expect(evaluation["other"] == nil)
  }

  @Test(
    arguments: [
      ("average(prices, floor)", ["prices": []], .divisionByZero(.mulDivFloor, operands: [0, 1, 0])),
      ("highest(prices)", ["prices": []], .noSuchItem("prices", index: 0, count: 0)),
      ("at(prices, n)", [:], .noSuchItem("prices", index: 3, count: 3)),
      ("at(prices, 0 - 1)", [:], .noSuchItem("prices", index: -1, count: 3)),
      ("at(prices, n * 18446744073709551616)", [:], .noSuchItem("prices", index: 0x3_0000_0000_0000_0000, count: 3)),
      (
        "any p in prices, t in times with p > 0 Price and t > 0 Time", ["times": [1]],
        .unevenLists(["prices", "times"], counts: [3, 1])
      ),
      (
        "fresh(n, observed, 100 Time, 9 Duration)", [:],
        .staleObservation(observedAt: 90, asOf: 100, maxAge: 9)
      ),
      ("fresh(n, observed, 89 Time, 9 Duration)", [:], .staleObservation(observedAt: 90, asOf: 89, maxAge: 9)),
      ("remainder(n, 0)", [:], .divisionByZero(.remainder, operands: [3, 0])),
      ("n", ["prices": [1, 2, 3, 4, 5, 6]], .listTooLong("prices", count: 6, max: 5)),
      ("n", ["prices": [1, -2]], .inputOutOfRange("prices", -2)), ("n", ["prices": 1], .inputForm("prices", price)),
      ("n", ["n": [1]], .inputForm("n", .int)), ("n", ["side": 3], .inputOutOfRange("side", 3)),
    ] as [(String, [String: InputValue], Trap.Kind)])
  func `each form's fault has its values`(
    _ expression: String, _ others: [String: InputValue], _ kind: Trap.Kind
  ) throws {
    let program = try finding(expression)
    let inputs = Self.inputs.merging(others) { $1 }
    let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: inputs) }
    #expect(trap.kind == kind)
    #expect(!trap.description.isEmpty)
    // The first two are refused before a step, the others name the place.
    #expect((trap.instruction == nil) == ["listTooLong", "inputForm", "inputOutOfRange"].contains(kind.name))
  }

  private static let price = ClauseType.list(of: .price, upTo: 5)

  @Test func `an empty list leaves what a fold starts from, and the body's definitions are computed all the same`()
    throws
  {
    let empty = Self.inputs.merging(["prices": [], "times": []]) { $1 }
    #expect(
      try Machine.run(finding("fold x = 7 over p in prices with if p > 0 Price then 1 else x"), inputs: empty)["it"]
        == 7)
    #expect(try Machine.run(finding("any p in prices with p > 0 Price"), inputs: empty)["it"] == 0)
    #expect(try Machine.run(finding("all p in prices with p > 0 Price"), inputs: empty)["it"] == 1)
    let program = try Program(
      compiling: """
        arbitration A language 1
        facts
          n : Int
          many : List of Int up to 3
        let inverse = floor(1 / n)
        find it = fold x = 7 over p in many with p + inverse
        """)
    let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: ["n": 0, "many": []]) }
    #expect(trap.kind == .divisionByZero(.mulDivFloor, operands: [1, 1, 0]))
  }

  @Test func `a definition in a body is computed once`() throws {
    let program = try Program(
      compiling: """
        arbitration A language 1
        facts
          n : Int
        let square = n * n
        find it = fold x = 0 over i below 4 with x + square
        """)
    let trace = try #require(try Machine.run(program, inputs: ["n": 3], tracing: true).trace)
    #expect(trace.steps.count { $0.opcode == .multiply } == 1)
    #expect(trace.steps.filter { $0.opcode == .next }.map(\.value) == [9, 18, 27, 36])
  }

  @Test func `a promise is checked before everything else`() throws {
    let program = try Program(
      compiling: """
        payoff P language 1
        terms
          a : Amount
          b : Amount
        given a > 0 Amount
        given b <= a
        escrow a
        pay buyer floor(a * 1 Amount / (a - b))
        pay seller remainder
        claim buyer rises with b
        claim buyer falls with a
        """)
    #expect(program.claims.map(\.input) == ["b", "a"])
    #expect(program.claims.map(\.direction) == [.rises, .falls])
    #expect(try Program(bytecode: program.bytecode).claims == [])
    let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: ["a": 4, "b": 5]) }
    #expect(trap.description == "6:7: what the clause is given does not hold for these inputs")
    #expect(try Machine.run(program, inputs: ["a": 4, "b": 2]).payments?.toBuyer == 2)
  }

  @Test func `two tokens are shared, each in its own parts`() throws {
    let source = """
      payoff P language 1
      terms
        a : Amount of token
        d : Amount of deliveryToken
        q : Quantity of underlying
        p : Price of underlying in priceCurrency
      escrow a
      escrow d
      pay buyer coins(q, p, 3 Price, ceiling)
      pay seller remainder
      pay buyer delivery(q)
      pay seller remainder of deliveryToken
      """
    let program = try Program(compiling: source)
    #expect(program.inputs.map(\.name) == ["a", "coinDown", "coinUp", "d", "p", "q"])
    let inputs: [String: InputValue] = ["a": 100, "d": 50, "q": 7, "p": 4, "coinUp": 10, "coinDown": 2]
    let evaluation = try Machine.run(program, inputs: inputs)
    // 7 * 10 * 4 / (3 * 2) is 46 and two thirds.
    #expect(evaluation.payments.map { [$0.toBuyer, $0.toSeller] } == [47, 53])
    #expect(evaluation.deliveries.map { [$0.toBuyer, $0.toSeller] } == [7, 43])
    let short = inputs.merging(["d": 6]) { $1 }
    let trap = try #require(throws: Trap.self) { try Machine.run(program, inputs: short) }
    #expect(trap.kind == .negativePart(.seller, -1))
  }

  @Test func `stages open and close by the second, and the first open arm of a route decides`() throws {
    let program = try Program(
      compiling: """
        escrow E language 1
        terms
          end1 : Time
          whole : Amount
        state
          status : Status
        now : Time
        escrow whole
        stage First
          while status == Open
          until end1
          route early
            open when now > 5 Time
            pays buyer 1 Amount
          after
          route late
            open
            pays buyer 2 Amount
        end
        stage Second
          while status == Ruled or status == Appealed
          route late
            open
            pays nothing
        end
        route always
          open when true
          pays buyer 3 Amount
        find final = status == Closed
        """)
    #expect(program.routes == ["early", "late", "always"])
    func open(_ status: InputValue, _ now: InputValue) throws -> [UInt256?] {
      let evaluation = try Machine.run(
        program, inputs: ["end1": 10, "whole": 9, "status": status, "now": now])
      return evaluation.routes.map { $0.isOpen ? $0.toBuyer ?? 0 : nil }
    }
    #expect(try open(1, 5) == [nil, nil, 3])
    #expect(try open(1, 6) == [1, nil, 3])
    #expect(try open(1, 9) == [1, nil, 3])
    #expect(try open(1, 10) == [nil, 2, 3])
    #expect(try open(5, 10) == [nil, 0, 3])
    #expect(try open(6, 0) == [nil, 0, 3])
    #expect(try open(4, 0) == [nil, nil, 3])
  }

  @Test(arguments: [
    "fold x = 0 over p in prices, t in times with if t > 1 Time then x + floor(p / 1 Price) else x",
    "match side case Long then 1 case Short then fold x = 0 over i below 9 with x + i case Flat then 3",
    "all p in prices with fold ok = true over t in times with ok and t > 3 Time and p > 5 Price",
  ])
  func `no run costs more than the bound, and the dearest costs just that`(_ expression: String) throws {
    let program = try finding(expression)
    let lists: [InputValue] = [[], [1], [9, 9, 9, 9, 9]]
    var dearest = 0
    for list in lists {
      for side: InputValue in [0, 1, 2] {
        let inputs = Self.inputs.merging(["prices": list, "times": list, "side": side]) { $1 }
        let evaluation = try Machine.run(program, inputs: inputs, tracing: true)
        let charged = evaluation.trace?.steps.reduce(0) { $0 + $1.opcode.cost }
        #expect(evaluation.cost == charged)
        #expect(evaluation.cost <= program.costBound)
        dearest = max(dearest, evaluation.cost)
      }
    }
    #expect(dearest * 10 > program.costBound * 7)
  }
}
