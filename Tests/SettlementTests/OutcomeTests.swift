import Arithmetic
import Clauses
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// What the clause says on the evidence, to the unit.
struct OutcomeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let terms: String
    let price: UInt64
    let payoff: UInt64
    let isCapped: Bool

    init(_ name: String, _ terms: String, at price: UInt64, pays payoff: UInt64, capped: Bool = false) {
      testDescription = name
      self.terms = terms
      self.price = price
      self.payoff = payoff
      isCapped = capped
    }
  }

  // Ten units; ten units of the price make one base unit of the token; 10,000 tokens are the seller's collateral.
  @Test(arguments: [
    Case("call at the strike", "call", at: 250_000_000_000, pays: 0),
    Case("call one below", "call", at: 249_999_999_999, pays: 0),
    Case("call one above rounds to nothing", "call", at: 250_000_000_001, pays: 0),
    Case("call nine above rounds to nothing", "call", at: 250_000_000_009, pays: 0),
    Case("call ten above is one", "call", at: 250_000_000_010, pays: 1),
    Case("call nineteen above is one", "call", at: 250_000_000_019, pays: 1),
    Case("call 251 above", "call", at: 275_100_000_000, pays: 2_510_000_000),
    Case("call one below the cap", "call", at: 349_999_999_999, pays: 9_999_999_999),
    Case("call at the cap", "call", at: 350_000_000_000, pays: 10_000_000_000, capped: true),
    Case("call above the cap", "call", at: 350_000_000_010, pays: 10_000_000_000, capped: true),
    Case("call far above", "call", at: .max, pays: 10_000_000_000, capped: true),
    Case("call at one", "call", at: 1, pays: 0),
    Case("put at the strike", "put", at: 250_000_000_000, pays: 0),
    Case("put one above", "put", at: 250_000_000_001, pays: 0),
    Case("put nine below rounds to nothing", "put", at: 249_999_999_991, pays: 0),
    Case("put ten below is one", "put", at: 249_999_999_990, pays: 1),
    Case("put one above the cap", "put", at: 150_000_000_001, pays: 9_999_999_999),
    Case("put at the cap", "put", at: 150_000_000_000, pays: 10_000_000_000, capped: true),
    Case("put at one", "put", at: 1, pays: 10_000_000_000, capped: true),
  ])
  func `the payoff is exact, floored and capped`(_ row: Case) throws {
    let terms = try Sample.terms(row.terms)
    let agreement = try Sample.agreement(terms, clause: row.terms == "put" ? "european-put" : "european-call")
    let outcome = try Outcome(of: agreement, given: evidence(agreement, row.price))
    #expect(outcome.toBuyer == UInt256(50_000_000 + row.payoff))
    #expect(outcome.toSeller == UInt256(10_000_000_000 - row.payoff))
    #expect(outcome.settlementPrice == UInt256(row.price))
    #expect(outcome.notes == (row.isCapped ? [.capReached] : []))
  }

  @Test(arguments: ["call", "asian-call", "american-put"])
  func `the amounts are those computed elsewhere`(_ name: String) throws {
    let document = try AgreementDocument(Sample.document("agreements/\(name).json"))
    let agreement = try document.agreement()
    let evidence = try document.evidence(for: agreement)
    let outcome = try Outcome(of: agreement, given: evidence, exercisedAt: document.exercisedAt)
    let expected = try Sample.document("agreements/\(name).expected.json")
    #expect(agreement.id.description == expected["agreementId"]?.asString)
    #expect(agreement.vault.checksummed == expected["vault"]?.asString)
    #expect(outcome.settlementPrice?.description == expected["settlementPrice"]?.asString)
    #expect(outcome.toBuyer.description == expected["toBuyer"]?.asString)
    #expect(outcome.toSeller.description == expected["toSeller"]?.asString)
    guard let unexercised = expected["unexercised"] else { return }
    let other = try Outcome(of: agreement, given: evidence)
    #expect(other.toBuyer.description == unexercised["toBuyer"]?.asString)
    #expect(other.toSeller.description == unexercised["toSeller"]?.asString)
  }

  @Test func `the largest terms at the largest price still have an outcome`() throws {
    let terms = try Sample.terms().changed { economics, escrow in
      economics.tokenDecimals = 26  // As many as price and quantity together: no scale divides.
      economics.quantity = .one << 127
      economics.strikePrice = 1
      escrow.sellerCollateral = try (UInt256.one << 128).subtracting(1)
      escrow.defaultToBuyer = escrow.buyerCollateral
      escrow.defaultToSeller = escrow.sellerCollateral
    }
    let agreement = try Sample.agreement(terms)
    let largest = try (UInt256.one << 128).subtracting(1)
    let signed = try (0..<2).map {
      var message = try Sample.observation(terms, by: "observer \($0)", price: 1).message
      message.value = largest
      return try Sample.sign(message, by: "observer \($0)", in: terms.domain)
    }
    let outcome = try Outcome(of: agreement, given: Evidence(signed, for: agreement))
    #expect(outcome.toSeller == .zero)
    #expect(outcome.toBuyer == terms.escrowed)
  }

  @Test func `without a quorum there is no outcome`() throws {
    let agreement = try Sample.agreement(Sample.terms())
    let one = try Evidence([Sample.observation(agreement.terms, by: "observer 0", price: 5)], for: agreement)
    let error = try #require(throws: SettlementError.self) { try Outcome(of: agreement, given: one) }
    #expect(error == .noPrice(.tooFew(count: 1, threshold: 2)))
    #expect(error.meansNoOutcome)
  }

  @Test func `a clause that faults has no outcome, rather than a wrong one`() throws {
    let source = """
      payoff Broken language 1
      terms
        buyerCollateral : Amount
        sellerCollateral : Amount
      escrow buyerCollateral + sellerCollateral
      pay buyer buyerCollateral + sellerCollateral + 1 Amount
      pay seller remainder

      """
    let clause = try PayoffClause(source: source)
    let terms = try Sample.terms().changed { _, escrow in escrow.clause = clause.digest }
    let agreement = try Agreement(
      terms, clause: clause, buyerSignature: Sample.key("buyer").sign(terms.digest),
      sellerSignature: Sample.key("seller").sign(terms.digest))
    let error = try #require(throws: SettlementError.self) {
      try Outcome(of: agreement, given: evidence(agreement, 5))
    }
    #expect(error.code == "clause_fault")
    #expect(error.meansNoOutcome)
  }

  @Test func `a clause that pays other than the escrow is refused`() throws {
    let source = """
      payoff Small language 1
      terms
        buyerCollateral : Amount
      escrow buyerCollateral
      pay buyer buyerCollateral
      pay seller remainder

      """
    let clause = try PayoffClause(source: source)
    let terms = try Sample.terms().changed { _, escrow in escrow.clause = clause.digest }
    let agreement = try Agreement(
      terms, clause: clause, buyerSignature: Sample.key("buyer").sign(terms.digest),
      sellerSignature: Sample.key("seller").sign(terms.digest))
    #expect(
      throws: SettlementError.notTheWhole(toBuyer: 50_000_000, toSeller: .zero, escrowed: 10_050_000_000)
    ) { try Outcome(of: agreement, given: evidence(agreement, 5)) }
  }

  @Test func `the trace tells runs apart, and nothing else`() throws {
    let agreement = try Sample.agreement(Sample.terms())
    let first = try Outcome(of: agreement, given: evidence(agreement, 275_100_000_000))
    let same = try Outcome(of: agreement, given: evidence(agreement, 275_100_000_000))
    let other = try Outcome(of: agreement, given: evidence(agreement, 275_100_000_001))
    #expect(first == same)
    #expect(first.traceDigest != other.traceDigest)
    #expect(first.toBuyer == other.toBuyer)
  }

  @Test func `an equivocator is named in the notes`() throws {
    let agreement = try Sample.agreement(Sample.terms())
    let terms = agreement.terms
    let observations = try [
      Sample.observation(terms, by: "observer 0", price: 5), Sample.observation(terms, by: "observer 0", price: 6),
      Sample.observation(terms, by: "observer 1", price: 5), Sample.observation(terms, by: "observer 2", price: 5),
    ]
    let outcome = try Outcome(of: agreement, given: Evidence(observations, for: agreement))
    #expect(outcome.notes == [.equivocated([try Sample.address("observer 0")])])
    #expect(outcome.notes[0].description.contains(try Sample.address("observer 0").checksummed))
  }

  private func evidence(_ agreement: Agreement, _ price: UInt64) throws -> Evidence {
    try Evidence(
      (0..<2).map { try Sample.observation(agreement.terms, by: "observer \($0)", price: price) }, for: agreement)
  }
}
