import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// A proposal that answers the one that stands.
struct ProposalTests {
  let terms: OptionTerms
  var escrow: Escrow { terms.escrow }
  var from: UInt64 { escrow.settleFrom }

  init() throws { terms = try Sample.terms() }

  /// The seller's proposal of the clause's amounts stands from settleFrom on.
  private func standing() throws -> History {
    var history = try History(terms, reaching: .active)
    let claim = try history.claim(by: "seller")
    let event = EscrowEvent.proposed(
      proposer: escrow.seller, evidenceDigest: claim.evidenceDigest, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
      at: from)
    try history.take(.happened(event, History.fact("proposal", at: from)), at: from)
    return history
  }

  private func sign(_ claim: Proposal, by name: String) throws -> Signed<Proposal> {
    try Sample.sign(claim, by: name, in: terms.domain)
  }

  private func code(_ history: History, _ claim: Proposal, by name: String, at now: UInt64) throws -> String? {
    var next = history
    let signed = try sign(claim, by: name)
    do throws(SettlementError) {
      _ = try next.take(.proposalSigned(signed), at: now)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `the other party's equal proposal is carried at once, and nothing but it`() throws {
    var history = try standing()
    #expect(try history.trade?.nextRoute(at: from + 60) == nil)
    let answer = try sign(try history.claim(by: "buyer", validUntil: from + 1_000), by: "buyer")
    try history.take(.proposalSigned(answer), at: from + 60)
    let trade = try #require(history.trade)
    #expect(try trade.nextRoute(at: from + 60) == .propose)
    let agreement = try #require(trade.agreement)
    let evidence = try Evidence(trade.observations, for: agreement)
    #expect(
      try trade.call(for: .propose, at: from + 60) == .proposing(answer, of: agreement, evidence: evidence))
    // Valid no longer, it waits for the window's end like any other.
    #expect(try trade.nextRoute(at: from + 1_000) == nil)
    #expect(try trade.nextRoute(at: from + escrow.disputeWindow) == .finalise)

    try history.take(.due(.propose), at: from + 60)
    let fact = History.fact("answer", at: from + 72)
    try history.take(.instructed(.propose, transaction: fact.transaction), at: from + 60)
    let actions = try history.take(
      .happened(.settled(.agreed, toBuyer: 2_560_000_000, toSeller: 7_490_000_000), fact), at: from + 72)
    #expect(actions == [.prove])
    #expect(history.trade?.phase.name == "closed")
    #expect(history.trade?.instruction == nil)
    #expect(try Journal(replaying: history.journal.entries).trade == history.trade)
  }

  @Test func `what both handed in beforehand needs no window either`() throws {
    var history = try History(terms, reaching: .active)
    for name in ["buyer", "seller"] {
      try history.take(.proposalSigned(sign(try history.claim(by: name), by: name)), at: from)
    }
    try history.take(.due(.propose), at: from)
    let claim = try history.claim(by: "buyer")
    let fact = History.fact("proposal", at: from)
    try history.take(.instructed(.propose, transaction: fact.transaction), at: from)
    let event = EscrowEvent.proposed(
      proposer: escrow.buyer, evidenceDigest: claim.evidenceDigest, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
      at: from)
    try history.take(.happened(event, fact), at: from)
    let trade = try #require(history.trade)
    #expect(try trade.nextRoute(at: from + 1) == .propose)
    #expect(trade.carriableProposals(at: from + 1).map(\.signer) == [escrow.seller])
  }

  @Test func `an answer is the other party's, equal, on the evidence held, and inside the window`() throws {
    let history = try standing()
    let good = try history.claim(by: "buyer")
    func changed(_ change: (inout Proposal) -> Void) -> Proposal {
      var claim = good
      change(&claim)
      return claim
    }
    let (end, now) = (from + escrow.disputeWindow, from + 60)
    #expect(try code(history, good, by: "buyer", at: now) == nil)
    #expect(try code(history, good, by: "buyer", at: end - 1) == nil)
    #expect(try code(history, good, by: "buyer", at: end) == "expired")
    #expect(try code(history, try history.claim(by: "seller"), by: "seller", at: now) == "out_of_place")
    #expect(try code(history, changed { $0.toBuyer = 1 }, by: "buyer", at: now) == "other_proposal")
    #expect(try code(history, changed { $0.toSeller = 1 }, by: "buyer", at: now) == "other_proposal")
    #expect(try code(history, changed { $0.evidenceDigest = .zero }, by: "buyer", at: now) == "other_evidence")
    #expect(try code(history, changed { $0.version = 2 }, by: "buyer", at: now) == "other_agreement")
    #expect(try code(history, changed { $0.validUntil = now }, by: "buyer", at: now) == "expired")
    let watcher = changed { $0.proposer = (try? Sample.address("buyer watcher")) ?? .zero }
    #expect(try code(history, watcher, by: "buyer watcher", at: now) == "not_a_party")
  }

  @Test func `no answer after settleBy, though the window is open`() throws {
    let terms = try terms.changed { _, escrow in escrow.settleBy = escrow.settleFrom + 600 }
    let history = try ProposalTests(terms).standing()
    let good = try history.claim(by: "buyer", validUntil: from + 9_000)
    #expect(try ProposalTests(terms).code(history, good, by: "buyer", at: from + 599) == nil)
    #expect(try ProposalTests(terms).code(history, good, by: "buyer", at: from + 600) == "expired")
  }

  @Test func `who accepts a wrong proposal accepts it, but a dispute goes first`() throws {
    var history = try History(terms, reaching: .proposed)
    let now = from + 60
    let accepting = try history.claim(by: "buyer", toBuyer: history.lieToBuyer)
    try history.take(.proposalSigned(sign(accepting, by: "buyer")), at: now)
    #expect(try history.trade?.nextRoute(at: now) == .propose)
    let dispute = Dispute(counter: try history.claim(by: "buyer"))
    try history.take(.disputeSigned(Sample.sign(dispute, by: "buyer", in: terms.domain)), at: now)
    #expect(try history.trade?.nextRoute(at: now) == .dispute)
  }

  private init(_ terms: OptionTerms) { self.terms = terms }
}
