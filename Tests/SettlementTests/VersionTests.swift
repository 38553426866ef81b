import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// A trade whose terms are amended or novated, in every order in which signatures and the vault's word may come.
struct VersionTests {
  let terms: OptionTerms
  let amended: OptionTerms
  let agreement: Agreement
  let now: UInt64

  init() throws {
    terms = try Sample.terms()
    agreement = try Sample.agreement(terms)
    amended = try terms.changed { economics, escrow in
      economics.strikePrice = 260_000_000_000
      escrow.sellerCollateral = try escrow.sellerCollateral.adding(1_000_000)
      escrow.defaultToSeller = try escrow.defaultToSeller.adding(1_000_000)
    }
    now = terms.escrow.expirationTime + 24
  }

  private func active() throws -> History { try History(terms, reaching: .active) }

  private func clause() throws -> PayoffClause { try PayoffClause(source: Sample.clause()) }

  /// One signature of an amendment; of the history's agreement to `amended` unless something is said.
  private func amendment(
    by name: String, to other: OptionTerms? = nil, of changed: Agreement? = nil, validUntil: UInt64? = nil
  ) throws -> Event {
    let to = other ?? amended
    let message = Sample.amendment(changed ?? agreement, to: to, validUntil: validUntil)
    return .amendmentSigned(try Sample.sign(message, by: name, in: terms.domain), to, try clause())
  }

  private func novation(
    by name: String, _ changed: Agreement? = nil, consideration: UInt64 = 5_000_000
  ) throws -> Event {
    let (message, to) = try Sample.novation(changed ?? agreement, consideration: consideration)
    return .novationSigned(try Sample.sign(message, by: name, in: terms.domain), to, try clause())
  }

  private func said(_ version: UInt64 = 2, _ to: OptionTerms? = nil) -> EscrowEvent {
    .amended(terms: (to ?? amended).typed.structHash, version: version)
  }

  private func novated(_ changed: Agreement, consideration: UInt256? = 5_000_000) throws -> EscrowEvent {
    let (message, to) = try Sample.novation(changed)
    return .novated(
      terms: to.typed.structHash, transferor: message.transferor, transferee: message.transferee,
      version: message.version, consideration: consideration)
  }

  private func happen(_ history: inout History, _ event: EscrowEvent, at time: UInt64? = nil) throws {
    try history.take(.happened(event, History.fact("change", at: time ?? now)), at: time ?? now)
  }

  private func expectReplay(_ history: History) throws {
    #expect(try Journal(replaying: history.journal.entries) == history.journal)
  }

  private func refused(_ code: String, _ body: () throws -> Void) throws {
    let error = try #require(throws: SettlementError.self) { try body() }
    #expect(error.code == code, "\(error)")
  }

  // MARK: Signed, carried, adopted

  @Test func `what everybody signed is wanted, carried and adopted, and what was signed before counts no more`() throws
  {
    var history = try active()
    let outcome = try history.outcome(1, by: "buyer")
    try history.take(.outcomeSigned(outcome), at: now)
    try history.take(.outcomeSigned(history.outcome(2, by: "seller")), at: now)
    try history.take(amendment(by: "seller"), at: now)
    #expect(try history.trade?.nextRoute(at: now) == nil)
    #expect(try history.trade?.routes(at: now).contains { $0.route == .amend && $0.isOpen } == false)
    try history.take(amendment(by: "buyer"), at: now)
    #expect(try history.trade?.routes(at: now).contains { $0.route == .amend && $0.isOpen } == true)
    #expect(try history.trade?.nextRoute(at: now) == .amend)
    let change = try Sample.agreed(
      .amendment(Sample.amendment(agreement, to: amended)), to: amended, of: agreement, by: ["buyer", "seller"])
    #expect(try history.trade?.call(for: .amend, at: now) == .changing(agreement, by: change))
    try history.take(.due(.amend), at: now)
    try history.take(.instructed(.amend, transaction: .zero), at: now)
    try happen(&history, said())

    let trade = try #require(history.trade)
    #expect(trade.phase.name == "active" && trade.instruction == nil && trade.change == nil)
    #expect(trade.agreement?.version == 2 && trade.terms == amended && trade.id == agreement.id)
    #expect(trade.outcomes.isEmpty && trade.changes.isEmpty)
    #expect(trade.observations.count == 3, "a price is of a feed and a second, not of a version")
    // 10 x (2751 - 2600) and the buyer's 50.
    #expect(try trade.outcome().toBuyer == 1_560_000_000)
    #expect(try trade.outcome().toSeller == 8_491_000_000)
    try refused("other_agreement") { try history.take(.outcomeSigned(outcome), at: now) }
    try expectReplay(history)
  }

  @Test func `the whole life goes on under the new terms and version`() throws {
    var history = try active()
    for name in ["buyer", "seller"] { try history.take(amendment(by: name), at: now) }
    try happen(&history, said())
    let next = try #require(history.trade?.agreement)
    let evidence = try Evidence(#require(history.trade).observations, for: next)
    let from = terms.escrow.settleFrom
    let proposal = Proposal(
      agreementID: next.id, version: 2, proposer: terms.escrow.buyer, evidenceDigest: evidence.digest,
      toBuyer: 1_560_000_000, toSeller: 8_491_000_000, validUntil: terms.escrow.settleBy)
    try history.take(.proposalSigned(Sample.sign(proposal, by: "buyer", in: terms.domain)), at: from)
    #expect(try history.trade?.nextRoute(at: from) == .propose)
    let call = try #require(try history.trade?.call(for: .propose, at: from))
    #expect(call.to == agreement.vault)
    #expect(
      try call.data
        == Vault(first: terms, present: amended).propose(
          proposal, Sample.sign(proposal, by: "buyer", in: terms.domain).signature, manifest: evidence.manifest
        ).data)
    let standing = EscrowEvent.proposed(
      proposer: terms.escrow.buyer, evidenceDigest: evidence.digest, toBuyer: 1_560_000_000, toSeller: 8_491_000_000,
      at: from)
    try happen(&history, standing, at: from)
    try happen(&history, .settled(.finalised, toBuyer: 1_560_000_000, toSeller: 8_491_000_000), at: from + 86_400)
    #expect(history.trade?.phase.name == "closed" && history.trade?.change == nil)
    try expectReplay(history)
  }

  @Test func `a novation puts the transferee in the seller's place, and it may be followed by another change`() throws {
    var history = try active()
    for name in ["seller", "heir", "buyer"] { try history.take(novation(by: name), at: now) }
    #expect(try history.trade?.nextRoute(at: now) == .novate)
    try happen(&history, novated(agreement))
    let next = try #require(history.trade?.agreement)
    #expect(next.version == 2)
    #expect(try next.terms.escrow.seller == Sample.address("heir"))
    // The old seller is nobody any more.
    try refused("unfit_change") { try history.take(amendment(by: "seller", of: next), at: now) }
    let later = try next.terms.changed { _, escrow in escrow.settleBy += 60 }
    try refused("not_a_party") { try history.take(amendment(by: "seller", to: later, of: next), at: now) }
    for name in ["heir", "buyer"] { try history.take(amendment(by: name, to: later, of: next), at: now) }
    try happen(&history, said(3, later))
    #expect(history.trade?.agreement?.version == 3 && history.trade?.terms == later)
    try expectReplay(history)
  }

  // MARK: Refused

  @Test func `a stranger names itself transferee in vain, until a party names it`() throws {
    var history = try active()
    try refused("not_a_party") { try history.take(novation(by: "heir"), at: now) }
    try refused("not_a_party") { try history.take(novation(by: "stranger"), at: now) }
    try history.take(novation(by: "buyer"), at: now)
    try history.take(novation(by: "heir"), at: now)
    try refused("not_a_party") { try history.take(novation(by: "stranger"), at: now) }
    try refused("not_a_party") { try history.take(novation(by: "heir", consideration: 6), at: now) }
  }

  @Test func `what the vault would not take is refused`() throws {
    var history = try active()
    try refused("not_a_party") { try history.take(amendment(by: "heir"), at: now) }
    try refused("expired") { try history.take(amendment(by: "buyer", validUntil: now), at: now) }
    let other = try Sample.agreement(terms.changed { _, escrow in escrow.salt = 77 })
    try refused("other_agreement") { try history.take(amendment(by: "buyer", of: other), at: now) }
    let dearer = try terms.changed { _, escrow in escrow.premium = 1 }
    try refused("unfit_change") { try history.take(amendment(by: "buyer", to: dearer), at: now) }
    for index in 0..<SettlementLimits.changesPerSignerMax {
      try history.take(amendment(by: "buyer", validUntil: now + 100 + UInt64(index)), at: now)
    }
    try refused("too_many") { try history.take(amendment(by: "buyer"), at: now) }
    for stage in [History.Stage.execution, .confirmed, .proposed, .disputed, .ruled, .closed] {
      var other = try History(terms, reaching: stage)
      try refused("out_of_place") { try other.take(amendment(by: "buyer"), at: now) }
    }
  }

  @Test func `nothing is changed once it is exercised`() throws {
    let american = try terms.changed { economics, escrow in
      economics.exerciseStyle = .american
      escrow.exerciseStart = escrow.acceptBy
    }
    var history = History(american)
    try history.submit()
    try history.sign()
    try history.open()
    let agreement = try #require(history.trade?.agreement)
    let later = try american.changed { _, escrow in escrow.settleBy += 60 }
    let time = american.escrow.exerciseStart
    for name in ["buyer", "seller"] { try history.take(amendment(by: name, to: later, of: agreement), at: time) }
    #expect(try history.trade?.nextRoute(at: time) == .amend)
    try happen(&history, .exercised(holder: american.escrow.buyer, at: time), at: time)
    #expect(try history.trade?.nextRoute(at: time) == nil)
    try refused("out_of_place") { try history.take(amendment(by: "buyer", to: later, of: agreement), at: time) }
  }

  // MARK: What cannot be carried holds up nothing

  @Test func `a change that is open does not keep what is wanted after it from being due`() throws {
    var history = try active()
    for name in ["buyer", "seller"] {
      try history.take(amendment(by: name, validUntil: terms.escrow.settleBy + 600), at: now)
    }
    let late = terms.escrow.settleBy
    #expect(try history.trade?.dueRoutes(at: late) == [.amend, .settleByDefault])
    try history.take(.due(.settleByDefault), at: late)
    #expect(history.trade?.instruction?.route == .settleByDefault)
    #expect(try history.trade?.dueRoutes(at: late) == [])
    try expectReplay(history)

    // What both signed comes before it, and after its time it is nothing.
    var agreed = try active()
    for name in ["buyer", "seller"] {
      try agreed.take(amendment(by: name, validUntil: now + 60), at: now)
      try agreed.take(.outcomeSigned(agreed.outcome(1, by: name)), at: now)
    }
    #expect(try agreed.trade?.dueRoutes(at: now) == [.agreed])
    try refused("out_of_place") { try agreed.take(.due(.amend), at: now) }
    var past = try active()
    for name in ["buyer", "seller"] { try past.take(amendment(by: name, validUntil: now + 60), at: now) }
    #expect(try past.trade?.dueRoutes(at: now + 59) == [.amend])
    #expect(try past.trade?.dueRoutes(at: now + 60) == [])
  }

  // MARK: Known late, or otherwise

  @Test(arguments: [["buyer", "seller"], ["seller", "buyer"]])
  func `what the vault took past the service is followed once it is handed in`(_ names: [String]) throws {
    var history = try active()
    // One of the two had signed here before.
    try history.take(amendment(by: names[0]), at: now)
    try happen(&history, said())
    #expect(history.trade?.phase.name == "amended")
    let from = terms.escrow.settleFrom
    let standing = EscrowEvent.proposed(
      proposer: terms.escrow.seller, evidenceDigest: .zero, toBuyer: 50_000_000, toSeller: 10_001_000_000, at: from)
    try happen(&history, standing, at: from)
    // Long after its validity, and while a proposal stands.
    try history.take(amendment(by: names[1]), at: terms.escrow.settleBy + 5)
    #expect(history.trade?.phase.name == "proposed" && history.trade?.agreement?.version == 2)
    #expect(history.trade?.vaultState == .proposed(at: from, toBuyer: 50_000_000))
    try expectReplay(history)
  }

  @Test func `several changes past the service are handed in in their order`() throws {
    var history = try active()
    let second = try agreement.changed(
      by: Sample.agreed(
        .amendment(Sample.amendment(agreement, to: amended)), to: amended, of: agreement, by: ["buyer", "seller"]))
    try happen(&history, said())
    try happen(&history, novated(second))
    #expect(history.trade?.phase.name == "novated" && history.trade?.change?.version == 3)
    try refused("changed_terms") { try history.take(novation(by: "seller", second), at: now) }
    for name in ["buyer", "seller"] { try history.take(amendment(by: name), at: now) }
    #expect(history.trade?.phase.name == "novated" && history.trade?.agreement?.version == 2)
    for name in ["seller", "heir", "buyer"] { try history.take(novation(by: name, second), at: now) }
    #expect(history.trade?.phase.name == "active" && history.trade?.agreement?.version == 3)
    try expectReplay(history)
  }

  @Test func `of what nobody could have carried nothing is followed`() throws {
    var history = try active()
    try happen(&history, novated(agreement))
    // The vault says what was paid: another consideration was not what it took.
    try refused("changed_terms") { try history.take(novation(by: "buyer", consideration: 6), at: now) }
    try refused("changed_terms") { try history.take(amendment(by: "buyer"), at: now) }
    // In a journal that does not hold it, any may be.
    var old = try active()
    try happen(&old, novated(agreement, consideration: nil))
    try old.take(novation(by: "buyer", consideration: 6), at: now)
    // What was no longer valid in that block was not what it took.
    var amended = try active()
    try happen(&amended, said())
    try refused("changed_terms") { try amended.take(amendment(by: "buyer", validUntil: now), at: now) }
    try amended.take(amendment(by: "buyer", validUntil: now + 1), at: now + 500)
  }

  @Test func `after the vault was closed under unknown terms it is too late`() throws {
    var history = try active()
    try happen(&history, said())
    try happen(&history, .settled(.agreed, toBuyer: 5, toSeller: 6))
    #expect(history.trade?.phase.name == "closed" && history.trade?.change?.version == 2)
    try refused("out_of_place") { try history.take(amendment(by: "buyer"), at: now) }
  }

  @Test(arguments: [true, false]) func `of two changes that are signed the chain says which holds`(isFirst: Bool) throws
  {
    var history = try active()
    let other = try terms.changed { _, escrow in escrow.settleBy += 600 }
    for name in ["buyer", "seller"] {
      try history.take(amendment(by: name), at: now)
      try history.take(amendment(by: name, to: other), at: now)
    }
    #expect(try history.trade?.carriableChanges(.amend, at: now).map(\.terms) == [amended, other])
    try history.take(.due(.amend), at: now)
    try happen(&history, said(2, isFirst ? amended : other))
    #expect(history.trade?.terms == (isFirst ? amended : other) && history.trade?.agreement?.version == 2)
    #expect(history.trade?.changes.isEmpty == true)
    try expectReplay(history)
  }

  // MARK: Prices

  @Test func `prices that the vault holds count under all terms that ask for them, and under no other`() throws {
    let observable = try terms.changed { _, escrow in escrow.payoffKind = 1 }
    var history = try History(observable, reaching: .active)
    let agreement = try #require(history.trade?.agreement)
    for observer in 0..<3 { try happen(&history, history.held(observer, 275_100_000_000)) }
    #expect(history.trade?.heldPrices.count == 3)
    // Without the third observer, and struck at 2,600.
    let fewer = try observable.changed { economics, escrow in
      economics.strikePrice = 260_000_000_000
      escrow.observers = Panel(members: Array(escrow.observers.members.prefix(2)), threshold: 2)
    }
    for name in ["buyer", "seller"] { try history.take(amendment(by: name, to: fewer, of: agreement), at: now) }
    try happen(&history, said(2, fewer))
    #expect(history.trade?.heldPrices.count == 2 && history.trade?.observations.count == 2)
    #expect(try history.trade?.observed()?.toBuyer == 1_560_000_000)
    #expect(throws: SettlementError.self) { try happen(&history, history.held(1, 5)) }
    // With a minute more until the fixing nothing counts, and the vault has room for other prices.
    let second = try #require(history.trade?.agreement)
    let later = try observable.changed { economics, escrow in
      escrow.expirationTime += 60
      escrow.exerciseStart += 60
    }
    for name in ["buyer", "seller"] { try history.take(amendment(by: name, to: later, of: second), at: now) }
    try happen(&history, said(3, later))
    #expect(history.trade?.heldPrices.isEmpty == true && history.trade?.observations.isEmpty == true)
    try happen(&history, history.held(1, 5))
    #expect(history.trade?.heldPrices.count == 1)
    try expectReplay(history)
  }

  // MARK: Documents

  @Test func `a served agreement under another version is read with its present terms, and every change verified`()
    throws
  {
    let change = try Sample.agreed(
      .amendment(Sample.amendment(agreement, to: amended)), to: amended, of: agreement, by: ["buyer", "seller"])
    let source = try Sample.clause()
    let signatures: JSONValue = [
      "buyer": .string(agreement.buyerSignature.hex), "seller": .string(agreement.sellerSignature.hex),
    ]
    let document: JSONValue = [
      "terms": amended.document, "clause": .string(source), "signatures": signatures,
      "first": ["terms": terms.document, "clause": .string(source)], "changes": [UnverifiedChange(change).document],
    ]
    let read = try AgreementDocument(document)
    #expect(read.version == 2 && read.terms == amended && read.firstTerms == terms)
    #expect(try read.agreement() == agreement.changed(by: change))
    for (path, value) in [
      (["terms"], terms.document), (["first", "terms"], amended.document), (["changes"], []), (["first"], nil),
      (["changes", "0", "message", "version"], "3"), (["changes", "0", "signatures", "buyer"], signatures["seller"]),
    ] as [([String], JSONValue?)] {
      #expect(throws: SettlementError.self, "\(path)") {
        try AgreementDocument(document.replacing(path, with: value)).agreement()
      }
    }
  }

  @Test func `every event of a change is written and read back, and refused with any part missing`() throws {
    for event in [try amendment(by: "buyer"), try novation(by: "heir")] {
      #expect(try Event(document: event.document, in: terms.domain) == event)
      for member in event.document.asObject?.members ?? [] {
        #expect(throws: DocumentError.self) {
          try Event(document: event.document.replacing([member.name], with: nil), in: terms.domain)
        }
      }
    }
  }
}
