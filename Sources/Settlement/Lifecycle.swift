import Ethereum
import Signing
import Terms

/// The life cycle: `(state, event) -> (state, actions)`, without input or output. Time is the block time at which the
/// event is recorded, in Unix seconds.
public enum Lifecycle {
  /// The state after an event, and what must be done because of it.
  ///
  /// - Parameters:
  ///   - state: nothing before the first event.
  ///   - now: block time at which the event is recorded, Unix seconds.
  /// - Throws: `SettlementError` where the event has no place in the state or its content does not hold; nothing has
  ///   changed then.
  public static func step(
    _ state: Trade?, _ event: Event, at now: UInt64
  ) throws(SettlementError) -> (state: Trade, actions: [Action]) {
    guard var trade = state else {
      guard case .submitted(let terms, let clause) = event else {
        throw .outOfPlace(event: event.name, state: "unknown")
      }
      try clause.check(against: terms)
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

/// One event taken by the state that stands.
extension Trade {
  mutating func apply(_ event: Event, at now: UInt64) throws(SettlementError) -> [Action] {
    try checkSettlement(of: event)
    switch event {
    case .submitted: throw outOfPlace(event)
    case .signed(let party, let signature): try sign(event, as: party, signature, at: now)
    case .observed(let observation): try observe(event, observation, at: now)
    case .outcomeSigned(let outcome): try accept(event, outcome, at: now)
    case .deliveryOutcomeSigned(let outcome): try accept(event, outcome, at: now)
    case .proposalSigned(let proposal): try accept(event, proposal, at: now)
    case .disputeSigned(let dispute): try accept(event, dispute, at: now)
    case .rulingSigned(let ruling): try accept(event, ruling, at: now)
    case .appealSigned(let appeal): try accept(event, appeal, at: now)
    case .exerciseSigned(let notice): try accept(event, notice, at: now)
    case .permitSigned(let permit): try take(event, permit, at: now)
    case .amendmentSigned(let signed, let terms, let clause):
      try accept(event, signed.signer, signed.signature, of: .amendment(signed.message), to: terms, clause, at: now)
    case .novationSigned(let signed, let terms, let clause):
      try accept(event, signed.signer, signed.signature, of: .novation(signed.message), to: terms, clause, at: now)
    case .due(let route):
      guard try dueRoutes(at: now).contains(route) else { throw outOfPlace(event) }
      instruction = Instruction(route: route, transaction: nil)
      return [.carry(route)]
    case .instructed(let route, let transaction):
      guard instruction == Instruction(route: route, transaction: nil) else { throw outOfPlace(event) }
      instruction?.transaction = transaction
    case .replaced(let route, let transaction, let replacement):
      guard instruction == Instruction(route: route, transaction: transaction), replacement != transaction else {
        throw outOfPlace(event)
      }
      instruction?.transaction = replacement
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

  func outOfPlace(_ event: Event) -> SettlementError {
    if case .changed(_, let change) = phase { return .changedTerms(version: change.version, terms: change.terms) }
    return .outOfPlace(event: event.name, state: phase.name)
  }

  /// The chain is right whoever carried the act. An instruction for it has done its work; another one stays, and ends when
  /// its own transaction does.
  mutating func follow(
    _ event: Event, _ happening: EscrowEvent, _ fact: ChainFact
  ) throws(SettlementError) -> [Action] {
    guard let agreement else { throw outOfPlace(event) }
    var actions: [Action] = []
    if instruction?.route.leads(to: happening) == true { instruction = nil }
    if case .changed = phase { return try keep(event, happening, fact) }
    switch (happening, phase) {
    case (.opened, .confirmed):
      opened = fact
      phase = .active(agreement, opened: fact)
    case (.proposed(let proposer, let evidence, let toBuyer, let toSeller, let at), .active):
      phase = .proposed(
        agreement,
        StandingProposal(
          proposer: proposer, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at, fact: fact))
    case (.disputed(let disputer, let evidence, let toBuyer, let toSeller, let at), .proposed(_, let proposal)):
      phase = .disputed(
        agreement,
        StandingDispute(
          proposal: proposal, disputer: disputer, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller,
          at: at,
          fact: fact))
    case (.ruled(let decision), .disputed(_, let dispute)):
      phase = .ruled(
        agreement, StandingRuling(dispute: dispute, decision: decision, appeal: nil, overruled: nil, fact: fact))
    case (.appealed(let appellant, let at), .ruled(_, let ruling)) where ruling.appeal == nil:
      phase = .appealed(
        agreement,
        StandingRuling(
          dispute: ruling.dispute, decision: ruling.decision, appeal: StandingAppeal(appellant: appellant, at: at),
          overruled: nil, fact: ruling.fact))
    case (.ruled(let decision), .appealed(_, let ruling)):
      phase = .ruled(
        agreement,
        StandingRuling(
          dispute: ruling.dispute, decision: decision, appeal: ruling.appeal, overruled: ruling.decision, fact: fact))
    case (.priceHeld(let observer, _, let value), _) where isLive && prices[slot(of: observer)] == nil:
      prices[slot(of: observer)] = HeldPrice(value: value, isEquivocated: false)
    case (.equivocated(let observer, _, _), _) where isLive && prices[slot(of: observer)] != nil:
      prices[slot(of: observer)]?.isEquivocated = true
    case (.priced, _) where isLive: break
    case (.exercised(_, let at), .active) where exercisedAt == nil: exercisedAt = at
    case (.deliveryExercised(let holder, let payment, let at), .active):
      try exercise(event, by: holder, against: payment, at: at)
    case (.deliverySettled(let route, let paid, let delivered), .active):
      try close(event, agreement, by: route, paid, delivered, fact)
      actions = [.prove]
    case (.amended, .active), (.novated, .active): try takeChange(happening, fact, of: agreement)
    case (.settled(let route, let toBuyer, let toSeller), _) where isLive:
      var (proposal, ruling): (StandingProposal?, StandingRuling?)
      if case .proposed(_, let standing) = phase { proposal = standing }
      switch phase {
      case .ruled(_, let standing), .appealed(_, let standing): ruling = standing
      default: break
      }
      phase = .closed(
        agreement,
        Settled(
          route: route, toBuyer: toBuyer, toSeller: toSeller, proposal: proposal, ruling: ruling, change: nil,
          fact: fact))
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
    case .priceHeld, .equivocated: self == .observe
    case .ruled: self == .rule
    case .appealed: self == .appeal
    case .amended: self == .amend
    case .novated: self == .novate
    case .priced: false
    case .exercised, .deliveryExercised: self == .exercise
    case .settled, .deliverySettled: true
    }
  }
}
