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

  @Test func `so many of the largest observations as the terms call shown fit the escrow's 32 KiB`() throws {
    let terms = agreement.terms
    let one = try Sample.sign(
      Observation(
        feed: terms.escrow.feed, observedAt: TermsLimits.unixSecondsMax, publishedAt: TermsLimits.unixSecondsMax,
        value: (UInt256.one << 128).subtracting(1)), by: "observer 0", in: terms.domain)
    let item = RLPItem.list([
      .bytes([1]), .bytes(one.signature.bytes), .bytes(one.message.feed.bytes),
      .integer(UInt256(one.message.observedAt)), .integer(UInt256(one.message.publishedAt)),
      .integer(one.message.value),
    ])
    let most = RLPItem.list(Array(repeating: item, count: Int(TermsLimits.shownQuoteCountMax))).encoded()
    #expect(most.count <= SettlementLimits.manifestByteCountMax)
  }

  /// A knock-out call of the library, with one observer and 365 days.
  @Test func `a barrier watched for a year has its outcome, and a manifest only while it fits`() throws {
    let clause = try PayoffClause(source: Sample.clause("up-and-out-call"))
    let day: UInt64 = 86_400
    let alone = try Sample.terms("one-observer-alone")
    let first = alone.escrow.expirationTime - 364 * day
    let terms = try alone.changed { economics, escrow in
      economics.parameters =
        "barrier 300000000000 price\nfixingCount 365 count\nfixingInterval 86400 duration\nfixingStart \(first) time\n"
        + "rebate 0 amount\n"
      escrow.clause = clause.digest
    }
    let agreement = try Sample.agreement(terms, clause: "up-and-out-call")
    func observation(_ price: UInt64, on fixing: Int) throws -> Signed<Observation> {
      let time = first + UInt64(fixing) * day
      return try Sample.observation(terms, by: "observer 0", price: price, observedAt: time, publishedAt: time + 1)
    }
    let quiet = try (0..<365).map { try observation(275_000_000_000, on: $0) }
    let evidence = try Evidence(quiet, for: agreement)
    #expect(evidence.fixings.count == 365)
    #expect(evidence.manifest == [])
    // 10 units at 250 above the strike, and the buyer's collateral back.
    #expect(try Outcome(of: agreement, given: evidence).toBuyer == 2_550_000_000)
    // One day at the barrier, and the last: knocked out.
    let touched = try Evidence([observation(300_000_000_000, on: 0)] + quiet.suffix(1), for: agreement)
    #expect(try Outcome(of: agreement, given: touched).toBuyer == terms.escrow.buyerCollateral)
    #expect(!touched.manifest.isEmpty)
  }
}
