import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// What arbitrators sign, and the notices of parties: what is taken, and when it is carried.
struct PanelMessageTests {
  let terms: OptionTerms
  var escrow: Escrow { terms.escrow }
  /// Between the dispute and the end of the arbitrators' window.
  var early: UInt64 { escrow.settleFrom + 100 }
  /// In the fallback panel's window after the arbitrators' silence.
  var late: UInt64 { escrow.settleFrom + 60 + escrow.rulingWindow }

  init() throws {
    terms = try Sample.terms().changed { _, escrow in
      escrow.fallbackArbitrators = Panel(members: [try Sample.address("fallback")], threshold: 1)
    }
  }

  private func code(
    _ history: History, _ event: Event, at now: UInt64
  ) -> String? {
    var next = history
    do throws(SettlementError) {
      _ = try next.take(event, at: now)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `a ruling is carried once enough of the panel signed the same one`() throws {
    var history = try History(terms, reaching: .disputed)
    let others = try history.signedRuling(by: "arbitrator 2", bondTo: 2)
    try history.take(.rulingSigned(history.signedRuling(by: "arbitrator 1")), at: early)
    try history.take(.rulingSigned(others), at: early)
    #expect(try history.trade?.nextRoute(at: early) == nil, "two of two different ones")
    #expect(throws: SettlementError.self) { try history.trade?.call(for: .rule, at: early) }
    try history.take(.rulingSigned(history.signedRuling(by: "arbitrator 0")), at: early)
    #expect(try history.trade?.nextRoute(at: early) == .rule)
    let held = try #require(history.trade?.rulings.first)
    #expect(
      try Set(held.signatures.keys) == [Sample.address("arbitrator 0"), Sample.address("arbitrator 1")])
    let agreement = try Sample.agreement(terms)
    #expect(try history.trade?.call(for: .rule, at: early) == .ruling(held, of: agreement))
    // Its round is over: whatever was signed for it is worth nothing.
    #expect(try history.trade?.nextRoute(at: late - 1) == .rule)
    #expect(try history.trade?.nextRoute(at: late) == nil)
    #expect(try history.take(.due(.rule), at: early) == [.carry(.rule)])
    let fact = History.fact("ruled", at: early)
    try history.take(.happened(history.ruling(), fact), at: early)
    #expect(history.trade?.instruction == nil && history.trade?.phase.name == "ruled")
    #expect(try Journal(replaying: history.journal.entries).trade == history.trade)
  }

  @Test func `only the open round's panel is heard, on the whole and as the clause says`() throws {
    let history = try History(terms, reaching: .disputed)
    let rows: [(Signed<Ruling>, UInt64, String?)] = [
      (try history.signedRuling(by: "arbitrator 0"), early, nil),
      (try history.signedRuling(by: "arbitrator 0"), late - 1, nil),
      (try history.signedRuling(by: "arbitrator 0"), late, "other_round"),
      (try history.signedRuling(by: "fallback", round: 2), late, nil),
      (try history.signedRuling(by: "fallback", round: 2), late - 1, "other_round"),
      (try history.signedRuling(by: "fallback", round: 2), late + escrow.rulingWindow, "out_of_place"),
      (try history.signedRuling(by: "fallback"), early, "not_an_arbitrator"),
      (try history.signedRuling(by: "buyer"), early, "not_an_arbitrator"),
      (try history.signedRuling(by: "arbitrator 0", round: 2), late, "not_an_arbitrator"),
      (try history.signedRuling(by: "arbitrator 0", toBuyer: 1), early, "other_amounts"),
    ]
    for (signed, now, expected) in rows {
      #expect(code(history, .rulingSigned(signed), at: now) == expected, "\(signed.message.round) at \(now)")
    }
    var message = try history.signedRuling(by: "arbitrator 0").message
    message.toSeller = 1
    var signed = try Sample.sign(message, by: "arbitrator 0", in: terms.domain)
    #expect(code(history, .rulingSigned(signed), at: early) == "not_the_whole")
    message.version = 2
    signed = try Sample.sign(message, by: "arbitrator 0", in: terms.domain)
    #expect(code(history, .rulingSigned(signed), at: early) == "other_agreement")
  }

  @Test func `where the evidence has no outcome the panel's finding stands for itself`() throws {
    var history = History(terms)
    try history.submit()
    try history.sign()
    try history.open()
    let from = escrow.settleFrom
    try history.take(.happened(history.lie, History.fact("p", at: from)), at: from)
    try history.take(.happened(history.dispute, History.fact("d", at: from + 60)), at: from + 60)
    let signed = try history.signedRuling(by: "arbitrator 0", toBuyer: 1)
    #expect(code(history, .rulingSigned(signed), at: early) == nil)
  }

  @Test func `an appeal by a party is carried while it may, and the ruling upheld otherwise`() throws {
    var history = try History(terms, reaching: .ruled)
    let ends = escrow.settleFrom + 120 + escrow.disputeWindow
    func appeal(by name: String, validUntil: UInt64 = .max) throws -> Signed<Appeal> {
      try Sample.sign(
        Appeal(
          agreementID: AgreementID(terms.digest), version: 1, appellant: Sample.address(name), validUntil: validUntil),
        by: name, in: terms.domain)
    }
    #expect(code(history, .appealSigned(try appeal(by: "buyer watcher")), at: ends - 1) == "not_a_party")
    #expect(code(history, .appealSigned(try appeal(by: "buyer", validUntil: ends - 1)), at: ends - 1) == "expired")
    #expect(code(history, .appealSigned(try appeal(by: "buyer")), at: ends) == "out_of_place")
    let signed = try appeal(by: "seller", validUntil: ends - 1)
    try history.take(.appealSigned(signed), at: ends - 10)
    #expect(try history.trade?.nextRoute(at: ends - 2) == .appeal)
    #expect(try history.trade?.call(for: .appeal, at: ends - 2) == .appealing(signed, of: Sample.agreement(terms)))
    #expect(try history.trade?.nextRoute(at: ends - 1) == nil, "it is not valid any more")
    #expect(try history.trade?.nextRoute(at: ends) == .uphold)
    try history.take(.due(.appeal), at: ends - 2)
    try history.take(.happened(history.appeal, History.fact("appeal", at: ends - 2)), at: ends - 2)
    #expect(history.trade?.instruction == nil && history.trade?.phase.name == "appealed")
  }

  @Test func `the buyer's notice is carried in the time of exercise, once`() throws {
    let terms = try terms.changed { economics, escrow in
      economics.exerciseStyle = .american
      escrow.exerciseStart = escrow.expirationTime - 1_000
    }
    var history = History(terms)
    try history.submit()
    try history.sign()
    try history.open()
    let (start, end) = (terms.escrow.exerciseStart, terms.escrow.expirationTime)
    func notice(by name: String, validUntil: UInt64 = .max) throws -> Signed<ExerciseNotice> {
      try Sample.sign(
        ExerciseNotice(
          agreementID: AgreementID(terms.digest), version: 1, holder: Sample.address(name), validUntil: validUntil),
        by: name, in: terms.domain)
    }
    #expect(code(history, .exerciseSigned(try notice(by: "seller")), at: start) == "wrong_signer")
    #expect(code(history, .exerciseSigned(try notice(by: "stranger")), at: start) == "not_a_party")
    #expect(code(history, .exerciseSigned(try notice(by: "buyer", validUntil: start)), at: start) == "expired")
    #expect(code(history, .exerciseSigned(try notice(by: "buyer")), at: end) == "expired")
    let signed = try notice(by: "buyer")
    try history.take(.exerciseSigned(signed), at: start - 500)
    #expect(try history.trade?.nextRoute(at: start - 1) == nil)
    #expect(try history.trade?.nextRoute(at: start) == .exercise)
    #expect(try history.trade?.nextRoute(at: end) == nil)
    #expect(try history.trade?.call(for: .exercise, at: start) == .exercising(signed, of: Sample.agreement(terms)))
    try history.take(.due(.exercise), at: start)
    try history.take(
      .happened(.exercised(holder: terms.escrow.buyer, at: start + 5), History.fact("e", at: start + 5)), at: start + 5)
    #expect(history.trade?.exercisedAt == start + 5 && history.trade?.instruction == nil)
    #expect(try history.trade?.nextRoute(at: start + 6) == nil)
    #expect(code(history, .exerciseSigned(signed), at: start + 6) == "out_of_place")
    #expect(try Journal(replaying: history.journal.entries).trade == history.trade)
  }
}
