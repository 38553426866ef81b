import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Prices fixed at several instants: which observations count, what they establish, and what the clause makes of it.
struct ScheduleTests {
  private static let source = """
    payoff AverageCall language 1

    terms
      strikePrice      : Price
      quantity         : Quantity
      buyerCollateral  : Amount
      sellerCollateral : Amount

    facts
      fixings : List of Price up to 30

    let gain = max(average(fixings, floor) - strikePrice, 0 Price)

    escrow buyerCollateral + sellerCollateral
    pay buyer buyerCollateral + min(amount(quantity, gain, floor), sellerCollateral)
    pay seller remainder

    """

  let agreement: Agreement
  let start: UInt64

  init() throws {
    let clause = try PayoffClause(source: Self.source)
    let start = try Sample.terms().escrow.expirationTime - 120
    let terms = try Sample.terms().changed { economics, escrow in
      economics.parameters = "fixingCount 3 count\nfixingInterval 60 duration\nfixingStart \(start) time\n"
      escrow.clause = clause.digest
    }
    self.start = start
    agreement = try Agreement(
      terms, clause: clause, buyerSignature: Sample.key("buyer").sign(terms.digest),
      sellerSignature: Sample.key("seller").sign(terms.digest))
  }

  private func observations(_ prices: [[UInt64?]]) throws -> [Signed<Observation>] {
    var all: [Signed<Observation>] = []
    for (round, row) in prices.enumerated() {
      for (observer, price) in row.enumerated() {
        guard let price else { continue }
        let time = start + UInt64(round) * 60
        all.append(
          try Sample.observation(
            agreement.terms, by: "observer \(observer)", price: price, observedAt: time, publishedAt: time + 1))
      }
    }
    return all
  }

  private let strike: UInt64 = 250_000_000_000

  @Test func `each instant has its own quorum`() throws {
    let evidence = try Evidence(
      observations([[strike, strike + 2, strike + 4], [strike + 10, nil, nil], [strike + 20, strike + 20, nil]]),
      for: agreement)
    #expect(evidence.fixings.map(\.time) == [start, start + 60, start + 120])
    #expect(evidence.fixings.map(\.finding.price) == [UInt256(strike + 2), nil, UInt256(strike + 20)])
    #expect(evidence.price == evidence.fixings[2].finding)
    #expect(evidence.fixings[1].finding == .tooFew(count: 1, threshold: 2))
  }

  @Test func `the clause is given the established prices alone`() throws {
    // 2600.00 and 2700.00; the one in between has no quorum. 2650.00 is 150.00 above the strike.
    let evidence = try Evidence(
      observations([
        [260_000_000_000, 260_000_000_000, nil], [900_000_000_000, nil, nil],
        [270_000_000_000, 270_000_000_000, nil],
      ]), for: agreement)
    let outcome = try Outcome(of: agreement, given: evidence)
    let terms = agreement.terms
    let worth = try UInt256.product(
      try terms.economics.quantity.multiplied(by: terms.scale.up), 15_000_000_000, dividedBy: terms.scale.down,
      rounding: .floor)
    #expect(terms.economics.strikePrice == 250_000_000_000)
    #expect(outcome.toBuyer == (try worth.adding(terms.escrow.buyerCollateral)))
    #expect(outcome.settlementPrice == 270_000_000_000)
  }

  @Test func `no price at all is no outcome, and no price at the end is none to name`() throws {
    let nothing = try Evidence([], for: agreement)
    let error = try #require(throws: SettlementError.self) { try Outcome(of: agreement, given: nothing) }
    #expect(error.meansNoOutcome)
    let early = try Evidence(observations([[strike, strike, nil]]), for: agreement)
    let outcome = try Outcome(of: agreement, given: early)
    #expect(outcome.settlementPrice == nil)
    #expect(outcome.toBuyer == agreement.terms.escrow.buyerCollateral)
  }

  @Test func `who signs two prices for one instant is absent there and nowhere else`() throws {
    var all = try observations([[strike, strike, nil], [strike + 1, strike + 1, nil]])
    all.append(
      try Sample.observation(
        agreement.terms, by: "observer 0", price: strike + 9, observedAt: start, publishedAt: start + 1))
    let evidence = try Evidence(all, for: agreement)
    #expect(evidence.equivocators == [try Sample.address("observer 0")])
    #expect(evidence.fixings[0].finding == .tooFew(count: 1, threshold: 2))
    #expect(evidence.fixings[1].finding.price == UInt256(strike + 1))
  }

  @Test(arguments: [-60, -1, 1, 59, 61, 180] as [Int]) func `an instant between the fixings is none`(
    _ offset: Int
  ) throws {
    let time = UInt64(Int(start) + offset)
    let observation = try Sample.observation(
      agreement.terms, by: "observer 0", price: 1, observedAt: time, publishedAt: time)
    #expect(
      throws: SettlementError.inadmissible(
        observer: observation.signer, reason: .notOnTheSchedule(agreement.terms.fixings, found: time))
    ) { try Evidence([observation], for: agreement) }
  }

  @Test func `the largest manifest that a schedule allows fits the escrow's 32 KiB`() throws {
    let clause = try PayoffClause(source: Self.source)
    let end = try Sample.terms().escrow.expirationTime
    let terms = try Sample.terms().changed { economics, escrow in
      let count = TermsLimits.quoteCountMax / UInt64(escrow.observers.members.count)
      economics.parameters =
        "fixingCount \(min(count, 30)) count\nfixingInterval 1 duration\nfixingStart \(end - 29) time\n"
      escrow.clause = clause.digest
    }
    // Every observer of every fixing twice, with the widest price: 132 bytes each at most.
    let agreement = try Agreement(
      terms, clause: clause, buyerSignature: Sample.key("buyer").sign(terms.digest),
      sellerSignature: Sample.key("seller").sign(terms.digest))
    let one = try Sample.sign(
      Observation(
        feed: terms.escrow.feed, observedAt: end, publishedAt: TermsLimits.unixSecondsMax,
        value: (UInt256.one << 128).subtracting(1)), by: "observer 0", in: terms.domain)
    let manifest = RLPItem.list([
      .bytes([1]), .bytes(one.signature.bytes), .bytes(one.message.feed.bytes),
      .integer(UInt256(one.message.observedAt)), .integer(UInt256(one.message.publishedAt)),
      .integer(one.message.value),
    ]).encoded()
    let most = Int(TermsLimits.quoteCountMax) * SettlementLimits.observationsPerFixingMax
    #expect(manifest.count * most + 4 <= 32 * 1024)
    #expect(agreement.terms.fixings.count == 30)
  }
}
