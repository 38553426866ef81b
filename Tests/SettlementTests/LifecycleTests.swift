import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// The life cycle: which event has a place in which phase, and what its content must be.
struct LifecycleTests {
  let terms: OptionTerms
  var escrow: Escrow { terms.escrow }

  /// With a fallback panel, so that every phase can be reached.
  init() throws {
    terms = try Sample.terms().changed { _, escrow in
      escrow.fallbackArbitrators = Panel(members: [try Sample.address("fallback")], threshold: 1)
    }
  }

  /// One event of each kind, with a time at which only the phase can refuse it, and the phases that take it.
  private func events(
    _ history: History
  ) throws -> [(name: String, event: Event, at: UInt64, allowed: Set<History.Stage>)] {
    let clause = try PayoffClause(source: Sample.clause())
    let whole = try Sign(terms, history)
    let fact = History.fact("event", at: escrow.settleFrom)
    let far = escrow.settleBy + escrow.disputeWindow + escrow.rulingWindow
    let live: Set<History.Stage> = [.active, .proposed, .disputed, .ruled, .appealed]
    return [
      ("submitted", .submitted(terms, clause), escrow.acceptBy - 1, [.unknown]),
      ("signed", .signed(.buyer, try Sample.key("buyer").sign(terms.digest)), escrow.acceptBy - 1, [.execution]),
      (
        "observed", .observed(try Sample.observation(terms, by: "observer 0", price: 275_000_000_000)),
        escrow.evidenceCloses - 1, live.union([.confirmed])
      ),
      ("outcome signed", .outcomeSigned(whole.outcome), escrow.settleFrom, live),
      ("proposal signed", .proposalSigned(whole.proposal), escrow.settleFrom, [.active]),
      ("dispute signed", .disputeSigned(whole.dispute), escrow.settleFrom + 100, [.proposed]),
      ("ruling signed", .rulingSigned(try whole.ruling()), escrow.settleFrom + 200, [.disputed, .appealed]),
      ("appeal signed", .appealSigned(whole.appeal), escrow.settleFrom + 150, [.ruled]),
      ("exercise signed", .exerciseSigned(whole.exercise), escrow.acceptBy - 1, []),
      ("due rule", .due(.rule), escrow.settleFrom + 100, []),
      ("due appeal", .due(.appeal), escrow.settleFrom + 150, []),
      ("due exercise", .due(.exercise), escrow.acceptBy - 1, []),
      ("due open", .due(.open), escrow.acceptBy - 1, [.confirmed]),
      ("due agreed", .due(.agreed), escrow.settleFrom, []),
      ("due propose", .due(.propose), escrow.settleFrom, []),
      ("due dispute", .due(.dispute), escrow.settleFrom + 100, []),
      ("due finalise", .due(.finalise), far, [.proposed]),
      ("due default", .due(.settleByDefault), far, [.active, .disputed]),
      ("due observe", .due(.observe), escrow.evidenceCloses - 1, []),
      ("due observed", .due(.observed), far, []),
      ("due uphold", .due(.uphold), far, [.ruled, .appealed]),
      ("instructed", .instructed(.open, transaction: .zero), escrow.acceptBy - 1, []),
      ("replaced", .replaced(.open, transaction: .zero, by: fact.transaction), escrow.acceptBy - 1, []),
      ("withdrawn", .withdrawn(.open, transaction: nil), escrow.acceptBy - 1, []),
      ("opened", .happened(.opened, fact), escrow.settleFrom, [.confirmed]),
      ("proposed", .happened(history.lie, fact), escrow.settleFrom, [.active]),
      ("disputed", .happened(history.dispute, fact), escrow.settleFrom, [.proposed]),
      ("ruled", .happened(try history.ruling(), fact), escrow.settleFrom, [.disputed, .appealed]),
      ("appealed", .happened(history.appeal, fact), escrow.settleFrom, [.ruled]),
      ("price held", .happened(try history.held(0, 5), fact), escrow.settleFrom, live),
      (
        "equivocated", .happened(.equivocated(observer: escrow.observers.members[0], first: 5, second: 6), fact),
        escrow.settleFrom, []
      ),
      ("priced", .happened(.priced(5), fact), escrow.settleFrom, live),
      ("exercised", .happened(.exercised(holder: escrow.buyer, at: 5), fact), escrow.settleFrom, [.active]),
      (
        "settled", .happened(.settled(.defaulted, toBuyer: .zero, toSeller: terms.escrowed), fact), far, live
      ),
      ("amended", .happened(.amended(terms: .zero, version: 2), fact), escrow.settleFrom, [.active]),
      (
        "novated",
        .happened(.novated(terms: .zero, transferor: escrow.buyer, transferee: .zero, version: 2), fact),
        escrow.settleFrom, [.active]
      ),
      ("lapsed", .lapsed, escrow.acceptBy, [.execution, .confirmed]),
    ]
  }

  private struct Sign {
    let outcome: Signed<AgreedOutcome>
    let proposal: Signed<Proposal>
    let dispute: Signed<Dispute>
    let appeal: Signed<Appeal>
    let exercise: Signed<ExerciseNotice>
    private let history: History

    /// Of the round that is open, where one is.
    func ruling() throws -> Signed<Ruling> {
      history.trade?.phase.name == "appealed"
        ? try history.signedRuling(by: "fallback", round: 2) : try history.signedRuling(by: "arbitrator 0")
    }

    init(_ terms: OptionTerms, _ history: History) throws {
      outcome = try history.outcome(60_000_000, by: "buyer")
      self.history = history
      let id = AgreementID(terms.digest)
      appeal = try Sample.sign(
        Appeal(agreementID: id, version: 1, appellant: terms.escrow.seller, validUntil: .max), by: "seller",
        in: terms.domain)
      exercise = try Sample.sign(
        ExerciseNotice(agreementID: id, version: 1, holder: terms.escrow.buyer, validUntil: .max), by: "buyer",
        in: terms.domain)
      let observed = try History(terms, reaching: .active)
      // By whom the proposal on chain is, who has nothing to add to it.
      proposal = try Sample.sign(observed.claim(by: "seller"), by: "seller", in: terms.domain)
      dispute = try Sample.sign(Dispute(counter: observed.claim(by: "buyer")), by: "buyer", in: terms.domain)
    }
  }

  @Test(arguments: History.Stage.allCases)
  func `each phase takes its events, and no other`(_ stage: History.Stage) throws {
    let history = try History(terms, reaching: stage)
    #expect((history.trade?.phase.name ?? "unknown") == stage.rawValue)
    for (name, event, now, allowed) in try events(history) {
      var next = history
      do throws(SettlementError) {
        _ = try next.take(event, at: now)
        #expect(allowed.contains(stage), "\(name) was taken")
        #expect(next.journal.entries.count == history.journal.entries.count + 1)
      } catch {
        #expect(!allowed.contains(stage), "\(name): \(error)")
        #expect(error.code == "out_of_place", "\(name): \(error)")
        #expect(next.journal == history.journal, "\(name) left a trace")
      }
    }
  }

  @Test func `acceptance ends at acceptBy, to the second`() throws {
    let clause = try PayoffClause(source: Sample.clause())
    var late = History(terms)
    #expect(throws: SettlementError.expired("acceptance", at: escrow.acceptBy, now: escrow.acceptBy)) {
      try late.take(.submitted(terms, clause), at: escrow.acceptBy)
    }
    var history = try History(terms, reaching: .execution)
    let signature = try Sample.key("buyer").sign(terms.digest)
    #expect(throws: SettlementError.expired("acceptance", at: escrow.acceptBy, now: escrow.acceptBy)) {
      try history.take(.signed(.buyer, signature), at: escrow.acceptBy)
    }
    #expect(throws: SettlementError.self) { try history.take(.lapsed, at: escrow.acceptBy - 1) }
    #expect(history.trade?.isLapsing(at: escrow.acceptBy - 1) == false)
    #expect(history.trade?.isLapsing(at: escrow.acceptBy) == true)
    try history.take(.signed(.buyer, signature), at: escrow.acceptBy - 1)
    try history.take(.lapsed, at: escrow.acceptBy)
    #expect(history.trade?.isLapsing(at: escrow.acceptBy) == false)
  }

  @Test func `a clause other than the one named is not submitted`() throws {
    let put = try PayoffClause(source: Sample.clause("european-put"))
    var history = History(terms)
    #expect(throws: SettlementError.otherClause(expected: escrow.clause, found: put.digest)) {
      try history.take(.submitted(terms, put), at: escrow.acceptBy - 1)
    }
  }

  @Test func `a party signs once, and only for itself`() throws {
    var history = try History(terms, reaching: .execution)
    let (buyer, seller) = (try Sample.key("buyer").sign(terms.digest), try Sample.key("seller").sign(terms.digest))
    let now = escrow.acceptBy - 50
    #expect(
      throws: SettlementError.wrongSigner(of: "the buyer's signature", expected: escrow.buyer, found: escrow.seller)
    ) { try history.take(.signed(.buyer, seller), at: now) }
    try history.take(.signed(.buyer, buyer), at: now)
    #expect(throws: SettlementError.alreadySigned(by: .buyer)) { try history.take(.signed(.buyer, buyer), at: now) }
    #expect(history.trade?.phase == .execution)
    try history.take(.signed(.seller, seller), at: now)
    #expect(history.trade?.agreement?.id == AgreementID(terms.digest))
  }

  @Test func `evidence closes at evidenceCloses, to the second`() throws {
    let observation = try Sample.observation(terms, by: "observer 0", price: 275_000_000_000)
    var history = try History(terms, reaching: .confirmed)
    #expect(throws: SettlementError.expired("evidence", at: escrow.evidenceCloses, now: escrow.evidenceCloses)) {
      try history.take(.observed(observation), at: escrow.evidenceCloses)
    }
    try history.take(.observed(observation), at: escrow.evidenceCloses - 1)
    #expect(history.trade?.observations == [observation])
  }

  @Test func `no observer can shut the others out`() throws {
    var history = try History(terms, reaching: .confirmed)
    let now = escrow.evidenceCloses - 1
    let max = SettlementLimits.observationsPerObserverMax
    for price in 1...UInt64(max) {
      try history.take(.observed(Sample.observation(terms, by: "observer 0", price: price)), at: now)
    }
    let more = try Sample.observation(terms, by: "observer 0", price: 99)
    #expect(throws: SettlementError.tooMany(of: "observation", by: more.signer, max: max)) {
      try history.take(.observed(more), at: now)
    }
    for index in 1...2 {
      try history.take(.observed(Sample.observation(terms, by: "observer \(index)", price: 5)), at: now)
    }
    #expect(
      try Evidence(history.trade?.observations ?? [], for: Sample.agreement(terms)).price.price == 5)
  }

  @Test func `the largest manifest fits the escrow's bound`() throws {
    let terms = try Sample.terms("full-panels")
    let observations = try (0..<15).flatMap { observer in
      try (1...SettlementLimits.observationsPerObserverMax).map {
        try Sample.observation(terms, by: "observer \(observer)", price: UInt64.max - UInt64($0))
      }
    }
    #expect(try Evidence(observations, for: Sample.agreement(terms)).manifest.count <= 32_768)
  }

  @Test func `no party can fill the journal`() throws {
    var history = try History(terms, reaching: .active)
    let max = SettlementLimits.messagesPerSignerMax
    for amount in 1...max {
      try history.take(.outcomeSigned(history.outcome(UInt256(UInt64(amount)), by: "buyer")), at: escrow.settleFrom)
    }
    let more = try history.outcome(99, by: "buyer")
    #expect(throws: SettlementError.tooMany(of: "messages", by: escrow.buyer, max: max)) {
      try history.take(.outcomeSigned(more), at: escrow.settleFrom)
    }
    try history.take(.outcomeSigned(history.outcome(99, by: "seller")), at: escrow.settleFrom)
  }

  /// The route that is wanted; nothing where the rule faults.
  private func route(_ history: History, _ now: UInt64) -> Route? {
    (try? history.trade?.nextRoute(at: now)) ?? nil
  }

  // MARK: Agreeing

  @Test func `the same outcome signed by both is carried before anything else`() throws {
    for stage in [History.Stage.active, .proposed, .disputed] {
      var history = try History(terms, reaching: stage)
      let far = escrow.settleBy + escrow.disputeWindow + escrow.rulingWindow
      for name in ["buyer", "seller"] {
        #expect(try history.trade?.nextRoute(at: far) != .agreed)
        try history.take(.outcomeSigned(history.outcome(70_000_000, by: name, validUntil: far + 1)), at: far)
      }
      #expect(try history.trade?.nextRoute(at: far) == .agreed)
      #expect(try history.trade?.nextRoute(at: far + 1) != .agreed)
      #expect(try history.take(.due(.agreed), at: far) == [.carry(.agreed)])
      #expect(try history.trade?.call(for: .agreed, at: far).route == .agreed)
    }
  }

  @Test func `different outcomes agree on nothing`() throws {
    var history = try History(terms, reaching: .active)
    try history.take(.outcomeSigned(history.outcome(70_000_000, by: "buyer")), at: escrow.settleFrom)
    try history.take(.outcomeSigned(history.outcome(70_000_001, by: "seller")), at: escrow.settleFrom)
    #expect(history.trade?.agreedOutcome == nil)
    try history.take(.outcomeSigned(history.outcome(70_000_001, by: "buyer")), at: escrow.settleFrom)
    #expect(history.trade?.agreedOutcome?.outcome.toBuyer == 70_000_001)
  }

  @Test func `what both signed stays agreed, whatever one of them signs later`() throws {
    var history = try History(terms, reaching: .active)
    for name in ["buyer", "seller"] {
      try history.take(.outcomeSigned(history.outcome(70_000_000, by: name)), at: escrow.settleFrom)
    }
    try history.take(.due(.agreed), at: escrow.settleFrom)
    let call = try history.trade?.call(for: .agreed, at: escrow.settleFrom)
    try history.take(.outcomeSigned(history.outcome(1, by: "seller")), at: escrow.settleFrom)
    #expect(history.trade?.agreedOutcome?.outcome.toBuyer == 70_000_000)
    #expect(try history.trade?.call(for: .agreed, at: escrow.settleFrom) == call)
  }

  @Test func `an outcome must be this agreement's whole, in time, by a party`() throws {
    let history = try History(terms, reaching: .active)
    var rows: [(Signed<AgreedOutcome>, String)] = []
    rows.append((try history.outcome(1, by: "observer 0"), "not_a_party"))
    rows.append((try history.outcome(1, by: "buyer", validUntil: escrow.settleFrom), "expired"))
    var message = try history.outcome(1, by: "buyer").message
    message.toSeller = terms.escrowed
    rows.append((try Sample.sign(message, by: "buyer", in: terms.domain), "not_the_whole"))
    message = try history.outcome(1, by: "buyer").message
    message.version = 2
    rows.append((try Sample.sign(message, by: "buyer", in: terms.domain), "other_agreement"))
    message.version = 1
    message.agreementID = AgreementID(.zero)
    rows.append((try Sample.sign(message, by: "buyer", in: terms.domain), "other_agreement"))
    for (signed, code) in rows {
      var next = history
      let error = try #require(throws: SettlementError.self) {
        try next.take(.outcomeSigned(signed), at: escrow.settleFrom)
      }
      #expect(error.code == code, "\(error)")
    }
  }

  // MARK: Proposing and disputing

  @Test func `a proposal is taken from evidenceCloses to settleBy, and carried from settleFrom`() throws {
    let history = try History(terms, reaching: .active)
    let proposal = try Sample.sign(history.claim(by: "seller", validUntil: .max), by: "seller", in: terms.domain)
    for (now, code) in [
      (escrow.evidenceCloses - 1, "out_of_place"), (escrow.evidenceCloses, nil), (escrow.settleBy - 1, nil),
      (escrow.settleBy, "expired"),
    ] {
      var next = history
      do throws(SettlementError) {
        _ = try next.take(.proposalSigned(proposal), at: now)
        #expect(code == nil)
        #expect(route(next, escrow.settleFrom - 1) == nil)
        #expect(route(next, escrow.settleFrom) == .propose)
        #expect(route(next, escrow.settleBy) == .settleByDefault)
      } catch {
        #expect(error.code == code, "\(error)")
      }
    }
  }

  @Test func `a claim must say what the clause says on the evidence held`() throws {
    let history = try History(terms, reaching: .active)
    let good = try history.claim(by: "buyer")
    func code(_ change: (inout Proposal) -> Void, by name: String = "buyer") throws -> String? {
      var claim = good
      change(&claim)
      claim.proposer = try Sample.address(name)
      var next = history
      let signed = try Sample.sign(claim, by: name, in: terms.domain)
      do throws(SettlementError) {
        _ = try next.take(.proposalSigned(signed), at: escrow.settleFrom)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(try code { _ in } == nil)
    #expect(try code({ _ in }, by: "seller") == nil)
    #expect(try code({ _ in }, by: "buyer watcher") == "not_a_party")
    #expect(try code { $0.evidenceDigest = .zero } == "other_evidence")
    #expect(try code { $0.toBuyer = 1 } == "other_amounts")
    #expect(try code { $0.toSeller = 1 } == "other_amounts")
    #expect(try code { $0.version = 2 } == "other_agreement")
    #expect(try code { $0.agreementID = AgreementID(.zero) } == "other_agreement")
    #expect(try code { $0.validUntil = terms.escrow.settleFrom } == "expired")
  }

  @Test func `a proposal without a price has nothing to say`() throws {
    var history = History(terms)
    try history.submit()
    try history.sign()
    try history.open()
    let claim = try history.claim(by: "buyer", toBuyer: escrow.defaultToBuyer)
    let signed = try Sample.sign(claim, by: "buyer", in: terms.domain)
    #expect(throws: SettlementError.noPrice(.tooFew(count: 0, threshold: 2))) {
      try history.take(.proposalSigned(signed), at: escrow.settleFrom)
    }
  }

  @Test func `an expired proposal is not carried, the other party's still is`() throws {
    var history = try History(terms, reaching: .active)
    let from = escrow.settleFrom
    for (name, until) in [("buyer", from + 10), ("seller", from + 20)] {
      let claim = try history.claim(by: name, validUntil: until)
      try history.take(.proposalSigned(Sample.sign(claim, by: name, in: terms.domain)), at: from)
    }
    let trade = try #require(history.trade)
    let (first, second) = (try trade.call(for: .propose, at: from + 9), try trade.call(for: .propose, at: from + 10))
    #expect(first != second)
    #expect(try trade.nextRoute(at: from + 19) == .propose)
    #expect(try trade.nextRoute(at: from + 20) == nil)
    #expect(throws: SettlementError.self) { try trade.call(for: .propose, at: from + 20) }
  }

  @Test func `a dispute comes from the other side, inside the window, and names other amounts`() throws {
    let history = try History(terms, reaching: .proposed)
    let ends = escrow.settleFrom + escrow.disputeWindow
    let rows: [(String, UInt64, String?)] = [
      ("buyer", ends - 1, nil), ("buyer watcher", ends - 1, nil), ("buyer", ends, "expired"),
      ("seller", ends - 1, "not_a_party"), ("seller watcher", ends - 1, "not_a_party"),
      ("observer 0", ends - 1, "not_a_party"),
    ]
    for (name, now, code) in rows {
      var next = history
      let dispute = try Sample.sign(Dispute(counter: history.claim(by: name)), by: name, in: terms.domain)
      do throws(SettlementError) {
        _ = try next.take(.disputeSigned(dispute), at: now)
        #expect(code == nil, "\(name)")
        #expect(route(next, now) == .dispute)
        #expect(route(next, ends) == .finalise)
      } catch {
        #expect(error.code == code, "\(name): \(error)")
      }
    }
  }

  @Test func `a true proposal cannot be disputed`() throws {
    var history = try History(terms, reaching: .active)
    let claim = try history.claim(by: "buyer")
    let event = EscrowEvent.proposed(
      proposer: escrow.buyer, evidenceDigest: claim.evidenceDigest, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
      at: escrow.settleFrom)
    try history.take(.happened(event, History.fact("p", at: escrow.settleFrom)), at: escrow.settleFrom)
    let dispute = try Sample.sign(Dispute(counter: history.claim(by: "seller")), by: "seller", in: terms.domain)
    #expect(throws: SettlementError.nothingToDispute) {
      try history.take(.disputeSigned(dispute), at: escrow.settleFrom + 1)
    }
  }

  @Test func `a proposal on no evidence is disputed with the default amounts`() throws {
    var history = History(terms)
    try history.submit()
    try history.sign()
    try history.open()
    try history.take(.happened(history.lie, History.fact("p", at: escrow.settleFrom)), at: escrow.settleFrom)
    for (amount, code) in [(escrow.defaultToBuyer, nil), (try escrow.defaultToBuyer.adding(1), "other_amounts")] {
      var next = history
      let counter = try history.claim(by: "buyer", toBuyer: amount)
      let dispute = try Sample.sign(Dispute(counter: counter), by: "buyer", in: terms.domain)
      do throws(SettlementError) {
        _ = try next.take(.disputeSigned(dispute), at: escrow.settleFrom + 1)
        #expect(code == nil)
      } catch {
        #expect(error.code == code)
      }
    }
  }

  @Test func `a window that would end beyond all time is no crash`() throws {
    var history = try History(terms, reaching: .active)
    let event = EscrowEvent.proposed(
      proposer: escrow.seller, evidenceDigest: .zero, toBuyer: .zero, toSeller: terms.escrowed, at: .max)
    try history.take(.happened(event, History.fact("p", at: .max)), at: escrow.settleFrom)
    let dispute = try Sample.sign(Dispute(counter: history.claim(by: "buyer")), by: "buyer", in: terms.domain)
    try history.take(.disputeSigned(dispute), at: escrow.settleFrom)
    #expect(try history.trade?.nextRoute(at: escrow.settleFrom) == .dispute)
  }

  // MARK: Carrying

  @Test func `one act at a time is carried, by one transaction after another`() throws {
    var history = try History(terms, reaching: .confirmed)
    let now = escrow.acceptBy - 1
    let (first, second) = (History.fact("first", at: now).transaction, History.fact("second", at: now).transaction)
    #expect(try history.take(.due(.open), at: now) == [.carry(.open)])
    #expect(try history.trade?.nextRoute(at: now) == nil)
    #expect(history.trade?.isLapsing(at: escrow.acceptBy) == false)
    #expect(throws: SettlementError.self) { try history.take(.due(.open), at: now) }
    #expect(throws: SettlementError.self) { try history.take(.instructed(.finalise, transaction: first), at: now) }
    try history.take(.instructed(.open, transaction: first), at: now)
    #expect(throws: SettlementError.self) { try history.take(.instructed(.open, transaction: second), at: now) }
    #expect(throws: SettlementError.self) { try history.take(.withdrawn(.open, transaction: second), at: now) }
    #expect(throws: SettlementError.self) { try history.take(.withdrawn(.open, transaction: nil), at: now) }
    for (route, old, new) in [(.open, second, first), (.open, first, first), (.finalise, first, second)]
      as [(Route, Digest, Digest)]
    {
      #expect(throws: SettlementError.self) { try history.take(.replaced(route, transaction: old, by: new), at: now) }
    }
    #expect(try history.take(.replaced(.open, transaction: first, by: second), at: now) == [])
    #expect(history.trade?.instruction?.transaction == second)
    #expect(throws: SettlementError.self) { try history.take(.withdrawn(.open, transaction: first), at: now) }
    try history.take(.withdrawn(.open, transaction: second), at: now)
    #expect(throws: SettlementError.self) {
      try history.take(.replaced(.open, transaction: second, by: first), at: now)
    }
    #expect(try history.trade?.nextRoute(at: now) == .open)
    #expect(try history.trade?.nextRoute(at: escrow.acceptBy) == nil)
  }

  @Test func `the chain is right whoever carried the act`() throws {
    var history = try History(terms, reaching: .active)
    let far = escrow.settleBy
    try history.take(.due(.settleByDefault), at: far)
    try history.take(.happened(history.lie, History.fact("p", at: far)), at: far)
    #expect(history.trade?.instruction?.route == .settleByDefault)
    let payment = EscrowEvent.settled(.agreed, toBuyer: .zero, toSeller: terms.escrowed)
    #expect(try history.take(.happened(payment, History.fact("s", at: far)), at: far) == [.prove])
    #expect(history.trade?.instruction == nil)
    guard case .closed(_, let settled) = history.trade?.phase else {
      Issue.record("not closed")
      return
    }
    #expect(settled.route == .agreed && settled.toSeller == terms.escrowed)
    #expect(settled.proposal?.proposer == escrow.seller)
  }

  @Test func `no call is made of what the state lacks`() throws {
    for stage in [History.Stage.execution, .lapsed] {
      let trade = try #require(try History(terms, reaching: stage).trade)
      for route in Route.allCases {
        #expect(throws: SettlementError.self) { try trade.call(for: route, at: 0) }
      }
      #expect(throws: SettlementError.self) { try trade.outcome() }
    }
    let active = try #require(try History(terms, reaching: .active).trade)
    for route in [Route.agreed, .propose, .dispute] {
      #expect(throws: SettlementError.self) { try active.call(for: route, at: 0) }
    }
    #expect(try active.outcome().toBuyer == 2_560_000_000)
  }
}
