import Arithmetic
import Ethereum
import Settlement
import Terms
import Testing
import TradeSamples

/// Prices that the vault holds, and rulings: what follows from them, and what is carried.
struct PanelLifecycleTests {
  let observable: OptionTerms
  let appealable: OptionTerms
  var escrow: Escrow { observable.escrow }

  init() throws {
    observable = try Sample.terms().changed { _, escrow in escrow.payoffKind = 1 }
    appealable = try Sample.terms().changed { _, escrow in
      escrow.fallbackArbitrators = Panel(members: [try Sample.address("fallback")], threshold: 1)
    }
  }

  /// Open, with nothing observed.
  private func opened(_ terms: OptionTerms) throws -> History {
    var history = History(terms)
    try history.submit()
    try history.sign()
    try history.open()
    return history
  }

  private func hold(_ history: inout History, _ observer: Int, _ price: UInt64) throws {
    let at = escrow.expirationTime + 30
    try history.take(.happened(history.held(observer, price), History.fact("held \(observer)", at: at)), at: at)
  }

  // MARK: Observed prices

  @Test func `prices are shown once they establish one, until evidence closes`() throws {
    var history = try opened(observable)
    let (from, closes) = (escrow.expirationTime + 12, escrow.evidenceCloses)
    try history.observe([275_000_000_000])
    #expect(try history.trade?.nextRoute(at: from) == nil, "one of three is no price")
    try history.observe([275_000_000_000, 275_100_000_000])
    #expect(try history.trade?.nextRoute(at: from) == .observe)
    #expect(try history.trade?.nextRoute(at: closes - 1) == .observe)
    #expect(try history.trade?.nextRoute(at: closes) == nil)
    let call = try #require(try history.trade?.call(for: .observe, at: from))
    let both = try (0..<2).map { index in
      try Sample.observation(observable, by: "observer \(index)", price: 275_000_000_000 + UInt64(index) * 100_000_000)
    }
    let agreement = try Sample.agreement(observable)
    #expect(try call == .observing(Evidence(both, for: agreement).observations, of: agreement))
    #expect(try history.take(.due(.observe), at: from) == [.carry(.observe)])
    try hold(&history, 0, 275_000_000_000)
    #expect(history.trade?.instruction == nil)
    try hold(&history, 1, 275_100_000_000)
    #expect(try history.trade?.nextRoute(at: from) == nil, "the vault holds them")
    #expect(throws: SettlementError.self) { try history.trade?.call(for: .observe, at: from) }
  }

  @Test func `what changes no price is not shown`() throws {
    let (from, low, middle, high) = (
      escrow.expirationTime + 12, 275_000_000_000 as UInt64, 275_100_000_000 as UInt64, 275_200_000_000 as UInt64
    )
    // A third price below the lower of two leaves the lower median where it is.
    var below = try opened(observable)
    try below.observe([middle, high, low])
    for (observer, price) in [(0, middle), (1, high)] { try hold(&below, observer, price) }
    #expect(try below.trade?.nextRoute(at: from) == nil)
    // One between them moves it.
    var between = try opened(observable)
    try between.observe([low, high, middle])
    for (observer, price) in [(0, low), (1, high)] { try hold(&between, observer, price) }
    #expect(try between.trade?.nextRoute(at: from) == .observe)
    let third = try Sample.observation(observable, by: "observer 2", price: middle)
    #expect(
      try between.trade?.call(for: .observe, at: from)
        == .observing([third], of: Sample.agreement(observable)))
    // A price that is dated later than the block is not taken by the contract yet.
    var early = try opened(observable)
    for index in 0..<2 {
      let later = try Sample.observation(
        observable, by: "observer \(index)", price: middle, publishedAt: escrow.expirationTime + 100)
      try early.take(.observed(later), at: from)
    }
    #expect(try early.trade?.nextRoute(at: escrow.expirationTime + 99) == nil)
    #expect(try early.trade?.nextRoute(at: escrow.expirationTime + 100) == .observe)
  }

  @Test func `an observer's second price is shown where the vault still counts the first`() throws {
    var history = try opened(observable)
    let from = escrow.expirationTime + 12
    try history.observe([275_000_000_000, 275_100_000_000])
    for (observer, price) in [(0, 275_000_000_000), (1, 275_100_000_000)] as [(Int, UInt64)] {
      try hold(&history, observer, price)
    }
    let second = try Sample.observation(observable, by: "observer 1", price: 299_000_000_000)
    try history.take(.observed(second), at: from)
    #expect(try history.trade?.nextRoute(at: from) == .observe)
    #expect(
      try history.trade?.call(for: .observe, at: from) == .observing([second], of: Sample.agreement(observable)))
    try history.take(
      .happened(
        .equivocated(observer: second.signer, first: 275_100_000_000, second: 299_000_000_000),
        History.fact("equivocation", at: from)), at: from)
    #expect(history.trade?.heldPrices[second.signer]?.isEquivocated == true)
    #expect(try history.trade?.observed() == nil)
    #expect(try history.trade?.nextRoute(at: escrow.evidenceCloses) == nil)
    #expect(try history.trade?.nextRoute(at: escrow.settleBy) == .settleByDefault)
  }

  @Test func `held prices settle in every state from the second in which evidence closes`() throws {
    for stage in [History.Stage.active, .proposed, .disputed] {
      var history = try History(observable, reaching: stage)
      for (observer, price) in [(1, 275_100_000_000), (2, 275_200_000_000)] as [(Int, UInt64)] {
        try hold(&history, observer, price)
      }
      // 10 x (2751 - 2500) and the buyer's collateral of 50; the escrow is 10,050.
      let observed = try #require(try history.trade?.observed())
      #expect(observed.price == 275_100_000_000)
      #expect(observed.toBuyer == 2_560_000_000 && observed.toSeller == 7_490_000_000)
      #expect(try history.trade?.nextRoute(at: escrow.evidenceCloses - 1) != .observed)
      #expect(try history.trade?.nextRoute(at: escrow.evidenceCloses) == .observed)
      #expect(try history.trade?.call(for: .observed, at: 0) == .settlingObserved(Sample.agreement(observable)))
    }
    // Of terms whose payoff the contract does not know it holds no prices, and nothing follows from any.
    var other = try History(Sample.terms(), reaching: .active)
    for observer in 0..<3 { try hold(&other, observer, 275_100_000_000) }
    #expect(try other.trade?.observed() == nil)
    #expect(try other.trade?.nextRoute(at: escrow.evidenceCloses) == nil)
  }

  @Test func `an observer has one price in the vault`() throws {
    var history = try opened(observable)
    try hold(&history, 0, 5)
    #expect(throws: SettlementError.self) { try hold(&history, 0, 6) }
    #expect(history.trade?.heldPrices[try Sample.address("observer 0")]?.value == 5)
  }

  // MARK: Rulings

  @Test func `a ruling is upheld after the time to appeal, an appeal that meets silence likewise`() throws {
    let (at, dispute, window) = (
      appealable.escrow.settleFrom, appealable.escrow.disputeWindow, appealable.escrow.rulingWindow
    )
    let ruled = try History(appealable, reaching: .ruled)
    #expect(try ruled.trade?.nextRoute(at: at + 120 + dispute - 1) == nil)
    #expect(try ruled.trade?.nextRoute(at: at + 120 + dispute) == .uphold)
    let appealed = try History(appealable, reaching: .appealed)
    #expect(try appealed.trade?.nextRoute(at: at + 180 + window - 1) == nil)
    #expect(try appealed.trade?.nextRoute(at: at + 180 + window) == .uphold)
    #expect(try appealed.trade?.call(for: .uphold, at: 0) == .upholding(Sample.agreement(appealable)))
  }

  @Test func `the settlement names the ruling that it paid`() throws {
    for (stage, round) in [(History.Stage.ruled, 1), (.appealed, 1), (.appealed, 2), (.disputed, 1)]
      as [(
        History.Stage, UInt8
      )]
    {
      var history = try History(appealable, reaching: stage)
      let now = appealable.escrow.settleBy
      if stage == .disputed || round == 2 {
        try history.take(.happened(history.ruling(round: round), History.fact("second", at: now)), at: now)
        #expect(history.trade?.phase.name == "ruled")
      }
      let paid = EscrowEvent.settled(.ruled, toBuyer: 2_560_000_000, toSeller: 7_490_000_000)
      #expect(try history.take(.happened(paid, History.fact("paid", at: now)), at: now) == [.prove])
      guard case .closed(_, let settled) = history.trade?.phase else {
        Issue.record("not closed")
        continue
      }
      #expect(settled.ruling?.decision.round == round)
      #expect(settled.ruling?.decision.toBuyer == 2_560_000_000)
      #expect((settled.ruling?.appeal != nil) == (stage == .appealed))
      #expect((settled.ruling?.overruled != nil) == (round == 2))
      #expect(settled.proposal == nil)
    }
  }

  @Test func `the journal replays what panels did`() throws {
    var history = try History(appealable, reaching: .appealed)
    let now = appealable.escrow.settleBy
    for event in [
      try history.held(0, 7), .equivocated(observer: try Sample.address("observer 0"), first: 7, second: 8),
      try history.ruling(round: 2, bondTo: .each), .priced(7),
      .settled(.ruled, toBuyer: 2_560_000_000, toSeller: 7_490_000_000),
    ] { try history.take(.happened(event, History.fact("event", at: now)), at: now) }
    let again = try Journal(replaying: history.journal.entries)
    #expect(again == history.journal)
    #expect(again.trade == history.trade)
  }
}
