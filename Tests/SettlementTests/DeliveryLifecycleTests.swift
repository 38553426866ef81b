import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// The life of an option that is settled by delivery, event by event.
struct DeliveryLifecycleTests {
  private func replayed(_ history: History) throws -> Journal {
    let entries = try history.journal.entries.map { entry in
      var reader = ObjectReader(try JSONValue(parsingCanonical: entry.bytes))
      let read = JournalEntry(reading: &reader)
      #expect(reader.finish().isEmpty)
      return try #require(read)
    }
    return try Journal(replaying: entries)
  }

  private func settled(_ history: History) throws -> Settled {
    guard case .closed(_, let settled) = history.trade?.phase else {
      Issue.record("\(history.trade?.phase.name ?? "nothing")")
      throw SettlementError.otherAgreement
    }
    return settled
  }

  @Test(arguments: ["call", "put"]) func `an exercise is carried, follows the chain and is proved`(
    _ option: String
  ) throws {
    var history = try History(delivering: option)
    let escrow = history.terms.escrow
    #expect(try history.trade?.nextRoute(at: escrow.exerciseStart) == nil)
    // Taken before it may be carried.
    try history.take(.exerciseSigned(history.notice()), at: escrow.acceptBy)
    #expect(try history.trade?.nextRoute(at: escrow.exerciseStart - 1) == nil)
    #expect(try history.trade?.nextRoute(at: escrow.exerciseStart) == .exercise)
    #expect(try history.trade?.nextRoute(at: escrow.expirationTime - 1) == .exercise)
    #expect(try history.trade?.nextRoute(at: escrow.expirationTime) == .expire)
    let time = escrow.exerciseStart
    try history.take(.due(.exercise), at: time)
    let fact = History.fact("exercise", at: time)
    try history.take(.instructed(.exercise, transaction: fact.transaction), at: time)
    #expect(try history.take(.happened(history.deliveryExercised(at: time), fact), at: time) == [])
    #expect(history.trade?.exercisedAt == time && history.trade?.instruction == nil)
    let (paid, delivered) = History.exercised(option)
    #expect(
      try history.take(.happened(.deliverySettled(.delivered, paid: paid, delivered: delivered), fact), at: time)
        == [.prove])
    let settled = try settled(history)
    #expect(settled.basis == "exercised" && settled.delivered == delivered && settled.toSeller == paid.toSeller)
    #expect(try replayed(history) == history.journal)
    // The clause says the same of both tokens.
    let outcome = try #require(try history.trade?.outcome())
    #expect(outcome.toBuyer == paid.toBuyer && outcome.toSeller == paid.toSeller && outcome.delivered == delivered)
    #expect(outcome.settlementPrice == nil && outcome.notes.isEmpty)
  }

  @Test(arguments: ["call", "put"]) func `what was not exercised expires without anybody`(_ option: String) throws {
    var history = try History(delivering: option)
    let end = history.terms.escrow.expirationTime
    #expect(try history.trade?.nextRoute(at: end - 1) == nil)
    try history.take(.due(.expire), at: end)
    let call = try #require(try history.trade?.call(for: .expire, at: end))
    #expect(call.to == EscrowContract.vault(of: AgreementID(history.terms.digest), under: history.terms))
    let (paid, delivered) = History.expired(option)
    let outcome = try #require(try history.trade?.outcome())
    #expect(outcome.toBuyer == paid.toBuyer && outcome.toSeller == paid.toSeller && outcome.delivered == delivered)
    let fact = History.fact("expiry", at: end)
    #expect(
      try history.take(.happened(.deliverySettled(.delivered, paid: paid, delivered: delivered), fact), at: end)
        == [.prove])
    #expect(try settled(history).basis == "expired")
    #expect(try replayed(history) == history.journal)
  }

  @Test func `what both sign comes first, and the last that both signed`() throws {
    var history = try History(delivering: "call")
    let escrow = history.terms.escrow
    let time = escrow.exerciseStart
    try history.take(.exerciseSigned(history.notice()), at: time)
    for (toBuyer, name) in [(7, "buyer"), (7, "seller"), (9, "buyer"), (9, "seller")] as [(UInt256, String)] {
      try history.take(.deliveryOutcomeSigned(history.deliveryOutcome(toBuyer, 4, by: name)), at: time)
    }
    #expect(history.trade?.deliveryCountersigned.map(\.outcome.toBuyer) == [7, 9])
    #expect(try history.trade?.nextRoute(at: time) == .agreed)
    let view = try history.trade?.routes(at: time).first { $0.route == .agreed }
    #expect(
      view?.releases
        == Release(
          toBuyer: 9, toSeller: 49_999_991, delivered: Parts(toBuyer: 4, toSeller: 2_999_999_999_999_999_996)))
    let fact = History.fact("agreed", at: time)
    let paid = Parts(toBuyer: 9, toSeller: 49_999_991)
    let delivered = Parts(toBuyer: 4, toSeller: 2_999_999_999_999_999_996)
    try history.take(.happened(.deliverySettled(.agreed, paid: paid, delivered: delivered), fact), at: time)
    #expect(try settled(history).basis == "agreed")
    #expect(try replayed(history) == history.journal)
  }

  @Test func `an outcome that does not hold is refused, and nothing changes`() throws {
    let history = try History(delivering: "call")
    let now = history.terms.escrow.exerciseStart
    var message = try history.deliveryOutcome(9, 4, by: "buyer").message
    func refuse(_ error: SettlementError, by name: String = "buyer", _ change: (inout DeliveryOutcome) -> Void) throws {
      var changed = message
      change(&changed)
      var other = history
      let signed = try Sample.sign(changed, by: name, in: history.terms.domain)
      #expect(throws: error) { try other.take(.deliveryOutcomeSigned(signed), at: now) }
      #expect(other.trade == history.trade)
    }
    try refuse(.otherAgreement) { $0.version = 2 }
    try refuse(.otherAgreement) { $0.agreementID = AgreementID(.zero) }
    try refuse(.notTheWhole(toBuyer: 10, toSeller: 49_999_991, escrowed: 50_000_000)) { $0.toBuyer = 10 }
    try refuse(
      .notTheWhole(toBuyer: 5, toSeller: 2_999_999_999_999_999_996, escrowed: 3_000_000_000_000_000_000)
    ) { $0.deliveryToBuyer = 5 }
    try refuse(.notAParty(of: DeliveryOutcome.what, found: Sample.address("stranger")), by: "stranger") { _ in }
    try refuse(.expired("the outcome's validity", at: now, now: now)) { $0.validUntil = now }
    message.validUntil = now + 1
    try refuse(.expired("the outcome's validity", at: 0, now: now)) { $0.validUntil = 0 }
  }

  @Test func `a notice is the buyer's, of this agreement, and in time`() throws {
    let history = try History(delivering: "put")
    let escrow = history.terms.escrow
    func refuse(_ notice: Signed<ExerciseNotice>, at now: UInt64) throws {
      var other = history
      #expect(throws: SettlementError.self) { try other.take(.exerciseSigned(notice), at: now) }
      #expect(other.trade == history.trade)
    }
    try refuse(history.notice(by: "seller"), at: escrow.exerciseStart)
    try refuse(history.notice(version: 2), at: escrow.exerciseStart)
    try refuse(history.notice(validUntil: escrow.exerciseStart), at: escrow.exerciseStart)
    try refuse(history.notice(validUntil: escrow.settleBy), at: escrow.expirationTime)
  }

  @Test func `an unpaid exercise gives way to the expiry`() throws {
    var history = try History(delivering: "call")
    let escrow = history.terms.escrow
    try history.take(.exerciseSigned(history.notice(validUntil: escrow.settleBy)), at: escrow.acceptBy)
    try history.take(.due(.exercise), at: escrow.exerciseStart)
    // Never signed, as the chain would not take it; at the expiration the rule wants another act.
    try history.take(.withdrawn(.exercise, transaction: nil), at: escrow.expirationTime)
    #expect(try history.trade?.nextRoute(at: escrow.expirationTime) == .expire)
  }

  // MARK: The other kind of settlement

  @Test func `what belongs to cash has no place in a delivery, in any state`() throws {
    let cash = try History(Sample.terms(), reaching: .active)
    let claim = try cash.claim(by: "buyer")
    let terms = cash.terms
    let events: [Event] = [
      .outcomeSigned(try cash.outcome(1, by: "buyer")),
      .proposalSigned(try Sample.sign(claim, by: "buyer", in: terms.domain)),
      .disputeSigned(try Sample.sign(Dispute(counter: claim), by: "buyer", in: terms.domain)),
      .rulingSigned(try cash.signedRuling(by: "arbitrator 0")),
      .observed(try Sample.observation(terms, by: "observer 0", price: 1)),
      .happened(cash.lie, History.fact("p", at: 1)),
      .happened(.settled(.agreed, toBuyer: 1, toSeller: 1), History.fact("s", at: 1)),
      .happened(.exercised(holder: terms.escrow.buyer, at: 1), History.fact("e", at: 1)),
    ]
    for option in ["call", "put"] {
      let history = try History(delivering: option)
      for event in events {
        var other = history
        #expect(throws: SettlementError.otherSettlement(act: event.name, settled: .physical)) {
          try other.take(event, at: history.terms.escrow.exerciseStart)
        }
        #expect(other.trade == history.trade)
      }
    }
  }

  @Test func `what belongs to a delivery has no place in cash`() throws {
    let delivery = try History(delivering: "call")
    let (paid, delivered) = History.exercised("call")
    for stage in History.Stage.allCases where stage != .unknown {
      let history = try History(Sample.terms(), reaching: stage)
      for event: Event in [
        .deliveryOutcomeSigned(try delivery.deliveryOutcome(1, 1, by: "buyer")),
        .happened(delivery.deliveryExercised(at: 1), History.fact("e", at: 1)),
        .happened(.deliverySettled(.delivered, paid: paid, delivered: delivered), History.fact("s", at: 1)),
      ] {
        var other = history
        #expect(throws: SettlementError.otherSettlement(act: event.name, settled: .cash)) {
          try other.take(event, at: 1)
        }
        #expect(other.trade == history.trade)
      }
    }
  }

  @Test func `what the chain cannot have said is not followed`() throws {
    let history = try History(delivering: "call")
    let time = history.terms.escrow.exerciseStart
    let fact = History.fact("e", at: time)
    let seller = history.terms.escrow.seller
    for event: EscrowEvent in [
      .deliveryExercised(holder: seller, strikePayment: 6_250_000_001, at: time),
      .deliveryExercised(holder: history.terms.escrow.buyer, strikePayment: 6_250_000_000, at: time),
    ] {
      var other = history
      #expect(throws: SettlementError.self) { try other.take(.happened(event, fact), at: time) }
    }
    var exercised = history
    try exercised.take(.happened(history.deliveryExercised(at: time), fact), at: time)
    var twice = exercised
    #expect(throws: SettlementError.self) {
      try twice.take(.happened(history.deliveryExercised(at: time), fact), at: time)
    }
    let (paid, delivered) = History.exercised("call")
    #expect(throws: SettlementError.self) {
      try exercised.take(.happened(.deliverySettled(.agreed, paid: paid, delivered: delivered), fact), at: time)
    }
  }
}
