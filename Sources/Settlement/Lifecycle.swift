import Ethereum
import Signing
import Terms

/// The life cycle: `(state, event) -> (state, actions)`, without input or output. Time is the block time at which the
/// event is recorded, in Unix seconds.
public enum Lifecycle {
  /// - Throws: `SettlementError` where the event has no place in the state or its content does not hold; nothing has
  ///   changed then.
  public static func step(
    _ state: Trade?, _ event: Event, at now: UInt64
  ) throws(SettlementError) -> (state: Trade, actions: [Action]) {
    guard var trade = state else {
      guard case .submitted(let terms, let clause) = event else {
        throw .outOfPlace(event: event.name, state: "unknown")
      }
      guard clause.digest == terms.escrow.clause else {
        throw .otherClause(expected: terms.escrow.clause, found: clause.digest)
      }
      try requireBefore(terms.escrow.acceptBy, "acceptance", now)
      return (Trade(terms: terms, clause: clause), [])
    }
    let actions = try trade.apply(event, at: now)
    return (trade, actions)
  }

  static func requireBefore(_ limit: UInt64, _ what: String, _ now: UInt64) throws(SettlementError) {
    guard now < limit else { throw .expired(what, at: limit, now: now) }
  }
}

extension Trade {
  /// The route that is open at this time and that somebody's signature, or the rules alone, ask to be carried; nothing
  /// while another act is under way.
  ///
  /// - Parameter now: the head's block time, Unix seconds.
  /// - Throws: `SettlementError.clauseFault` where the escrow rule faults.
  public func nextRoute(at now: UInt64) throws(SettlementError) -> Route? {
    guard instruction == nil else { return nil }
    let wanted = wantedRoutes(at: now)
    let open = try EscrowRule.routes(of: terms, in: vaultState, agreed: agreedOutcome?.outcome, at: now)
      .filter(\.isOpen).map(\.route)
    return wanted.first { open.contains($0) }
  }

  /// Whether acceptance has ended with the escrow neither open nor on its way to be.
  public func isLapsing(at now: UInt64) -> Bool {
    vaultState == .unopened && instruction == nil && now >= terms.escrow.acceptBy && phase != .lapsed
  }

  /// What the present phase could use, the most wanted first.
  private func wantedRoutes(at now: UInt64) -> [Route] {
    let agreed: [Route] = agreedOutcome == nil ? [] : [.agreed]
    switch phase {
    case .execution, .closed, .lapsed: return []
    case .confirmed: return [.open]
    case .active: return agreed + (carriableProposal(at: now) == nil ? [] : [.propose]) + [.settleByDefault]
    case .proposed(_, let standing):
      return agreed + (carriableDispute(of: standing, at: now) == nil ? [] : [.dispute]) + [.finalise]
    case .disputed: return agreed + [.settleByDefault]
    }
  }

  private func carriableProposal(at now: UInt64) -> Signed<Proposal>? {
    Party.allCases.compactMap { proposals[$0] }.first { now < $0.message.validUntil }
  }

  private func carriableDispute(of standing: StandingProposal, at now: UInt64) -> Signed<Dispute>? {
    disputes.first { mayDispute($0.signer, standing) && now < $0.message.counter.validUntil }
  }

  /// The other party of the proposer, or that party's watcher.
  private func mayDispute(_ signer: Address, _ standing: StandingProposal) -> Bool {
    guard let proposer = terms.escrow.party(at: standing.proposer) else { return false }
    let other = proposer.other
    return signer == terms.escrow.address(of: other) || signer == terms.escrow.watcher(of: other)
  }

  /// The call of a route, derived from what this state holds.
  ///
  /// - Parameter now: Unix seconds; of several signed messages the first that is still valid is carried.
  /// - Throws: `SettlementError.outOfPlace` where the state lacks what the route carries.
  public func call(for route: Route, at now: UInt64) throws(SettlementError) -> SettlementCall {
    guard let agreement else { throw .outOfPlace(event: "the call \(route.rawValue)", state: phase.name) }
    switch route {
    case .open: return try .opening(agreement)
    case .agreed:
      if let (outcome, buyer, seller) = agreedOutcome {
        return try .paying(outcome, of: agreement, buyerSignature: buyer, sellerSignature: seller)
      }
    case .propose:
      if let proposal = carriableProposal(at: now) {
        return try .proposing(proposal, of: agreement, evidence: Evidence(observations, for: agreement))
      }
    case .dispute:
      if case .proposed(_, let standing) = phase, let dispute = carriableDispute(of: standing, at: now) {
        return try .disputing(dispute, of: agreement, evidence: Evidence(observations, for: agreement))
      }
    case .finalise: return try .finalising(agreement)
    case .settleByDefault: return try .defaulting(agreement)
    }
    throw .outOfPlace(event: "the call \(route.rawValue)", state: phase.name)
  }

  /// The clause's outcome on the evidence held so far.
  ///
  /// - Throws: as `Outcome.init(of:given:)`, and `SettlementError.outOfPlace` before both parties signed.
  public func outcome() throws(SettlementError) -> Outcome {
    guard let agreement else { throw .outOfPlace(event: "an outcome", state: phase.name) }
    return try Outcome(of: agreement, given: Evidence(observations, for: agreement))
  }

  mutating func apply(_ event: Event, at now: UInt64) throws(SettlementError) -> [Action] {
    switch event {
    case .submitted: throw outOfPlace(event)
    case .signed(let party, let signature): try sign(event, as: party, signature, at: now)
    case .observed(let observation): try observe(event, observation, at: now)
    case .outcomeSigned(let outcome): try accept(event, outcome, at: now)
    case .proposalSigned(let proposal): try accept(event, proposal, at: now)
    case .disputeSigned(let dispute): try accept(event, dispute, at: now)
    case .due(let route):
      guard instruction == nil, try nextRoute(at: now) == route else { throw outOfPlace(event) }
      instruction = Instruction(route: route, transaction: nil)
      return [.carry(route)]
    case .instructed(let route, let transaction):
      guard instruction == Instruction(route: route, transaction: nil) else { throw outOfPlace(event) }
      instruction?.transaction = transaction
    case .withdrawn(let route, let transaction):
      guard instruction == Instruction(route: route, transaction: transaction) else { throw outOfPlace(event) }
      instruction = nil
    case .happened(let happening, let fact): return try follow(event, happening, fact)
    case .lapsed:
      guard isLapsing(at: now) else { throw outOfPlace(event) }
      phase = .lapsed
    }
    return []
  }

  private func outOfPlace(_ event: Event) -> SettlementError {
    .outOfPlace(event: event.name, state: phase.name)
  }

  private mutating func sign(
    _ event: Event, as party: Party, _ signature: Signature, at now: UInt64
  ) throws(SettlementError) {
    guard phase == .execution, signatures[party] == nil else { throw outOfPlace(event) }
    try Lifecycle.requireBefore(terms.escrow.acceptBy, "acceptance", now)
    let what = "the \(party.rawValue)'s signature"
    let signer = try signature.signer(of: terms.digest, what)
    let expected = terms.escrow.address(of: party)
    guard signer == expected else { throw .wrongSigner(of: what, expected: expected, found: signer) }
    signatures[party] = signature
    if let buyer = signatures[.buyer], let seller = signatures[.seller] {
      phase = .confirmed(try Agreement(terms, clause: clause, buyerSignature: buyer, sellerSignature: seller))
    }
  }

  private mutating func observe(
    _ event: Event, _ observation: Signed<Observation>, at now: UInt64
  ) throws(SettlementError) {
    guard agreement != nil, vaultState != .closed else { throw outOfPlace(event) }
    try Lifecycle.requireBefore(terms.escrow.evidenceCloses, "evidence", now)
    try Evidence.checkAdmissible(observation, under: terms.escrow)
    guard observations.count < SettlementLimits.observationCountMax else {
      throw .outOfPlace(event: "an observation beyond the \(observations.count)th", state: phase.name)
    }
    observations.append(observation)
  }

  private mutating func accept(
    _ event: Event, _ outcome: Signed<AgreedOutcome>, at now: UInt64
  ) throws(SettlementError) {
    guard agreement != nil, vaultState != .unopened, vaultState != .closed else { throw outOfPlace(event) }
    let message = outcome.message
    try checkNames(message.agreementID, message.version)
    guard let party = terms.escrow.party(at: outcome.signer) else {
      throw .notAParty(of: "outcome", found: outcome.signer)
    }
    try Outcome.checkWhole(message.toBuyer, message.toSeller, of: terms)
    try Lifecycle.requireBefore(message.validUntil, "the outcome's validity", now)
    outcomes[party] = outcome
  }

  private mutating func accept(
    _ event: Event, _ proposal: Signed<Proposal>, at now: UInt64
  ) throws(SettlementError) {
    guard case .active = phase, now >= terms.escrow.evidenceCloses else { throw outOfPlace(event) }
    guard let party = terms.escrow.party(at: proposal.signer) else {
      throw .notAParty(of: "proposal", found: proposal.signer)
    }
    try check(proposal.message, at: now)
    proposals[party] = proposal
  }

  private mutating func accept(
    _ event: Event, _ dispute: Signed<Dispute>, at now: UInt64
  ) throws(SettlementError) {
    guard case .proposed(_, let standing) = phase else { throw outOfPlace(event) }
    guard mayDispute(dispute.signer, standing) else { throw .notAParty(of: "dispute", found: dispute.signer) }
    try check(dispute.message.counter, at: now)
    disputes.append(dispute)
  }

  /// A claim is carried only where it is what the clause says on the evidence held.
  private func check(_ claim: Proposal, at now: UInt64) throws(SettlementError) {
    try checkNames(claim.agreementID, claim.version)
    try Lifecycle.requireBefore(claim.validUntil, "the message's validity", now)
    let outcome = try outcome()
    guard claim.evidenceDigest == outcome.evidenceDigest else {
      throw .otherEvidence(expected: outcome.evidenceDigest, found: claim.evidenceDigest)
    }
    guard claim.toBuyer == outcome.toBuyer, claim.toSeller == outcome.toSeller else {
      throw .otherAmounts(expected: outcome.toBuyer, found: claim.toBuyer)
    }
  }

  private func checkNames(_ id: AgreementID, _ version: UInt64) throws(SettlementError) {
    guard id == self.id, version == Agreement.firstVersion else { throw .otherAgreement }
  }

  /// The chain is right whoever carried the act. An instruction for it has done its work; another one stays, and ends when
  /// its own transaction does.
  private mutating func follow(
    _ event: Event, _ happening: EscrowEvent, _ fact: ChainFact
  ) throws(SettlementError) -> [Action] {
    guard let agreement else { throw outOfPlace(event) }
    var actions: [Action] = []
    if instruction?.route.leads(to: happening) == true { instruction = nil }
    switch (happening, phase) {
    case (.opened, .confirmed):
      phase = .active(agreement, opened: fact)
    case (.proposed(let proposer, let evidence, let toBuyer, let toSeller, let at), .active):
      phase = .proposed(
        agreement,
        StandingProposal(
          proposer: proposer, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at, fact: fact))
    case (.disputed(_, _, _, _, let at), .proposed):
      phase = .disputed(agreement, at: at, fact: fact)
    case (.settled(let route, let toBuyer, let toSeller), .active),
      (.settled(let route, let toBuyer, let toSeller), .proposed),
      (.settled(let route, let toBuyer, let toSeller), .disputed):
      phase = .closed(agreement, Settled(route: route, toBuyer: toBuyer, toSeller: toSeller, fact: fact))
      actions = [.prove]
    default: throw outOfPlace(event)
    }
    return actions
  }
}

extension Route {
  /// Whether this is what a transaction of the route brings about. Every route that pays is over once one has paid.
  fileprivate func leads(to happening: EscrowEvent) -> Bool {
    switch happening {
    case .opened: self == .open
    case .proposed: self == .propose
    case .disputed: self == .dispute
    case .settled: true
    }
  }
}
