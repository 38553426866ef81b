import Arithmetic
import Ethereum
import Settlement
import Terms
import Testing
import TradeSamples

/// A vault that holds other terms than those that were submitted.
struct ChangeTests {
  private func changed(_ event: EscrowEvent) throws -> History {
    let terms = try Sample.terms()
    var history = try History(terms, reaching: .active)
    let now = terms.escrow.settleFrom
    try history.take(.happened(event, History.fact("change", at: now)), at: now)
    return history
  }

  private let terms = Keccak256.hash(Array("other terms".utf8))

  @Test func `nothing is taken any more but what the vault says`() throws {
    var history = try changed(.amended(terms: terms, version: 2))
    let escrow = history.terms.escrow
    let now = escrow.settleFrom
    #expect(history.trade?.phase.name == "amended")
    #expect(history.trade?.change?.version == 2 && history.trade?.change?.terms == terms)
    let refusal = SettlementError.changedTerms(version: 2, terms: terms)
    #expect(refusal.code == "changed_terms" && refusal.description.contains(terms.hex))
    for event in [
      Event.outcomeSigned(try history.outcome(1, by: "buyer")),
      .proposalSigned(try Sample.sign(history.claim(by: "buyer"), by: "buyer", in: history.terms.domain)),
      .due(.settleByDefault), .lapsed, .happened(.opened, History.fact("again", at: now)),
    ] { #expect(throws: refusal) { try history.take(event, at: now) } }
    #expect(try history.trade?.nextRoute(at: escrow.settleBy) == nil)
    #expect(try history.trade?.routes(at: escrow.settleBy).allSatisfy { !$0.isOpen } == true)
    // What is done under the terms that hold says nothing here.
    for event in [history.lie, history.dispute, try history.ruling(), try history.held(0, 5), .priced(5)] {
      try history.take(.happened(event, History.fact("unknown", at: now)), at: now)
      #expect(history.trade?.phase.name == "amended")
    }
    #expect(history.trade?.heldPrices.isEmpty == true)
  }

  @Test func `a change may follow another, and the end names the last`() throws {
    var history = try changed(.amended(terms: .zero, version: 2))
    let escrow = history.terms.escrow
    let now = escrow.settleBy
    let novated = EscrowEvent.novated(
      terms: terms, transferor: escrow.seller, transferee: try Sample.address("heir"), version: 3)
    try history.take(.happened(novated, History.fact("novation", at: now)), at: now)
    #expect(history.trade?.phase.name == "novated")
    let paid = EscrowEvent.settled(.agreed, toBuyer: 5, toSeller: 6)
    #expect(try history.take(.happened(paid, History.fact("paid", at: now)), at: now) == [], "nothing can be proved")
    guard case .closed(_, let settled) = history.trade?.phase else {
      Issue.record("not closed")
      return
    }
    #expect(settled.change?.version == 3 && settled.toBuyer == 5)
    #expect(
      settled.change?.kind == .novated(transferor: escrow.seller, transferee: try Sample.address("heir")))
    #expect(try Journal(replaying: history.journal.entries) == history.journal)
  }

  @Test func `an act under way when the terms changed ends without effect`() throws {
    var history = try History(Sample.terms(), reaching: .active)
    let now = history.terms.escrow.settleBy
    let hash = Keccak256.hash([1])
    try history.take(.due(.settleByDefault), at: now)
    try history.take(.instructed(.settleByDefault, transaction: hash), at: now)
    try history.take(
      .happened(.amended(terms: terms, version: 2), History.fact("change", at: now)), at: now)
    #expect(history.trade?.instruction != nil)
    try history.take(.withdrawn(.settleByDefault, transaction: hash), at: now)
    #expect(history.trade?.instruction == nil)
  }
}
