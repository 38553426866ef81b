import Arithmetic
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Terms meet their clause: what it declares, what it is given, what it costs.
struct PayoffClauseTests {
  private static let spread = """
    payoff Spread language 1

    terms
      strikePrice      : Price
      upperStrike      : Price
      quantity         : Quantity
      buyerCollateral  : Amount
      sellerCollateral : Amount

    facts
      settlementPrice : Price

    given strikePrice
        < upperStrike

    escrow buyerCollateral + sellerCollateral
    pay buyer buyerCollateral + clamp(
      amount(quantity, min(settlementPrice, upperStrike) - strikePrice, floor), 0 Amount, sellerCollateral)
    pay seller remainder

    """

  private func terms(_ clause: PayoffClause, _ parameters: String) throws -> OptionTerms {
    try Sample.terms().changed { economics, escrow in
      economics.parameters = parameters
      escrow.clause = clause.digest
    }
  }

  private func refusal(_ source: String, _ parameters: String) throws -> String? {
    let clause = try PayoffClause(source: source)
    let terms = try terms(clause, parameters)
    do throws(SettlementError) {
      try clause.check(against: terms)
      return nil
    } catch {
      #expect(error.code == "unfit_clause")
      return error.description
    }
  }

  @Test func `terms that hold the parameters of the clause fit`() throws {
    #expect(try refusal(Self.spread, "upperStrike 260000000000 price\n") == nil)
  }

  @Test(arguments: [
    ("", "no parameter upperStrike"), ("upperStrike 260000000000 amount\n", "declared as Price"),
    ("another 1 price\nupperStrike 260000000000 price\n", "declares no parameter another"),
    ("strikePrice 1 price\nupperStrike 260000000000 price\n", "declares no parameter strikePrice"),
    ("upperStrike 250000000000 price\n", "strikePrice < upperStrike (line 13)"),
    ("upperStrike 1 price\n", "strikePrice < upperStrike (line 13)"),
  ])
  func `terms that do not are refused with what is missing or broken`(_ parameters: String, _ words: String) throws {
    let refusal = try #require(try refusal(Self.spread, parameters))
    #expect(refusal.contains(words), "\(refusal)")
  }

  @Test func `an agreement holds nothing but terms that fit`() throws {
    let clause = try PayoffClause(source: Self.spread)
    let terms = try terms(clause, "upperStrike 1 price\n")
    #expect(throws: SettlementError.self) {
      try Agreement(
        terms, clause: clause, buyerSignature: Sample.key("buyer").sign(terms.digest),
        sellerSignature: Sample.key("seller").sign(terms.digest))
    }
    #expect(throws: SettlementError.self) {
      try Lifecycle.step(nil, .submitted(terms, clause), at: terms.escrow.acceptBy - 1)
    }
  }

  @Test func `a schedule longer than the clause's lists is refused`() throws {
    let source = """
      payoff Average language 1
      terms
        buyerCollateral  : Amount
        sellerCollateral : Amount
      facts
        fixings : List of Price up to 3
      escrow buyerCollateral + sellerCollateral
      pay buyer if average(fixings, floor) > 0 Price then buyerCollateral else 0 Amount
      pay seller remainder

      """
    func schedule(_ count: Int) throws -> String {
      let start = try Sample.terms().escrow.expirationTime - 100
      return "fixingCount \(count) count\nfixingInterval 1 duration\nfixingStart \(start) time\n"
    }
    #expect(try refusal(source, schedule(3)) == nil)
    #expect(try refusal(source, schedule(4))?.contains("up to 3 fixings") == true)
  }

  @Test(arguments: [
    ("terms\n  settlementPrice : Price", "settlementPrice > 0 Price"),
    ("facts\n  strikePrice : Price", "strikePrice > 0 Price"),
    ("terms\n  flag : Bool", "flag"), ("facts\n  fixings : List of Amount up to 3", "count(fixings) > 0"),
    ("facts\n  fixings : Price", "fixings > 0 Price"), ("facts\n  exercisedAt : Price", "exercisedAt > 0 Price"),
  ])
  func `an input of another group or type than what is given for it is refused`(
    _ declaration: String, _ condition: String
  ) throws {
    let source = """
      payoff Odd language 1
      terms
        sellerCollateral : Amount
      \(declaration)
      escrow sellerCollateral
      pay buyer if \(condition) then sellerCollateral else 0 Amount
      pay seller remainder

      """
    let error = try #require(throws: SettlementError.self) { try PayoffClause(source: source) }
    #expect(error.code == "unfit_clause", "\(error)")
  }

  @Test func `a clause that costs more than a verifier should bear is refused`() throws {
    let source = """
      payoff Dear language 1
      terms
        sellerCollateral : Amount
      escrow sellerCollateral
      pay buyer fold total = 0 Amount over i below ROUNDS with if i < 0 then total + 1 Amount else total
      pay seller remainder

      """
    #expect(throws: Never.self) { try PayoffClause(source: source.replacing("ROUNDS", with: "1000")) }
    let error = try #require(throws: SettlementError.self) {
      try PayoffClause(source: source.replacing("ROUNDS", with: "1000000"))
    }
    #expect(error.code == "unfit_clause" && error.description.contains("1000000"))
  }
}
