public import Arithmetic
import Ethereum
import Signing
import Terms

/// What a trade asks to be carried to the chain, and the call that does it.
extension Trade {
  /// The route that is open at this time and that somebody's signature, or the rules alone, ask to be carried; nothing
  /// while another act is under way.
  ///
  /// - Parameter now: the head's block time, Unix seconds.
  /// - Throws: `SettlementError.clauseFault` where the escrow rule faults.
  public func nextRoute(at now: UInt64) throws(SettlementError) -> Route? { try dueRoutes(at: now).first }

  /// The routes of which one may be carried next, the most wanted first: a change of the terms may wait for its money for
  /// ever, so what is wanted after it need not wait for the change.
  ///
  /// - Parameter now: the head's block time, Unix seconds.
  /// - Throws: as `nextRoute(at:)`.
  public func dueRoutes(at now: UInt64) throws(SettlementError) -> [Route] {
    guard instruction == nil else { return [] }
    let wanted = wantedRoutes(at: now)
    guard !wanted.isEmpty else { return [] }
    let open = try routes(at: now).filter(\.isOpen).map(\.route)
    var due: [Route] = []
    for route in wanted where open.contains(route) {
      if route == .observe, try observationsToShow(at: now).isEmpty { continue }
      due.append(route)
      if !route.changesTerms { break }
    }
    return due
  }

  /// Every route as the escrow rule sees it, for whoever holds what this state holds, and whether what changes the terms is
  /// signed by everybody and may be carried.
  ///
  /// - Parameter now: Unix seconds of a block.
  /// - Throws: `SettlementError.clauseFault` where the escrow rule faults.
  public func routes(at now: UInt64) throws(SettlementError) -> [RouteView] {
    if terms.escrow.settlesByDelivery {
      return try DeliveryRule.routes(
        of: terms, in: vaultState, agreed: deliveryCountersigned.last?.outcome, at: now)
    }
    let papers = EscrowPapers(
      agreed: agreedOutcome?.outcome, exercisedAt: exercisedAt, observedToBuyer: try observed()?.toBuyer,
      rulingToBuyer: try readyRuling(at: now)?.message.toBuyer)
    return try EscrowRule.routes(of: terms, in: vaultState, holding: papers, at: now) + changeViews(at: now)
  }

  /// What the vault would pay on the prices it holds, where it knows the payoff and they establish a price.
  ///
  /// - Throws: `SettlementError`, as `Outcome.init`.
  public func observed() throws(SettlementError) -> (price: UInt256, toBuyer: UInt256, toSeller: UInt256)? {
    guard let agreement, terms.escrow.payoffKind != 0, isLive, let price = try price(of: heldPrices) else { return nil }
    let paid = try Outcome.payments(of: agreement, at: price)
    return (price, paid.toBuyer, paid.toSeller)
  }

  /// The observations that the vault lacks, where with them it would hold another price, or one at last: so that nobody
  /// pays for what changes nothing. At most as many as one call takes, in the order of the evidence.
  func observationsToShow(at now: UInt64) throws(SettlementError) -> [Signed<Observation>] {
    guard let agreement, terms.escrow.payoffKind != 0, isLive else { return [] }
    var held = heldPrices
    var shown: [Signed<Observation>] = []
    for observation in try Evidence(observations, for: agreement).observations
    where observation.message.publishedAt <= now {
      let (observer, value) = (observation.signer, observation.message.value)
      guard let first = held[observer] else {
        held[observer] = HeldPrice(value: value, isEquivocated: false)
        shown.append(observation)
        continue
      }
      if first.value == value || first.isEquivocated { continue }
      held[observer]?.isEquivocated = true
      shown.append(observation)
    }
    guard try price(of: held) != price(of: heldPrices) else { return [] }
    return Array(shown.prefix(TermsLimits.panelCountMax))
  }

  private func price(of held: [Address: HeldPrice]) throws(SettlementError) -> UInt256? {
    let quotes = held.filter { !$0.value.isEquivocated }.map { Quote(value: $0.value.value, observer: $0.key) }
    return try PriceFinding(
      from: quotes, threshold: Int(terms.escrow.observers.threshold),
      disagreementPpm: terms.escrow.maxDisagreementPpm
    ).price
  }

  /// Whether acceptance has ended with the escrow neither open nor on its way to be.
  ///
  /// - Parameter now: the time of a block up to which the escrow's events are known, Unix seconds. With a later time an
  ///   opening in between would come too late to be recorded.
  public func isLapsing(at now: UInt64) -> Bool {
    vaultState == .unopened && instruction == nil && now >= terms.escrow.acceptBy && phase != .lapsed
  }

  /// What the present phase could use, the most wanted first.
  private func wantedRoutes(at now: UInt64) -> [Route] {
    let agreed: [Route] = agreedOutcome == nil ? [] : [.agreed]
    let prices: [Route] = (observations.isEmpty ? [] : [.observe]) + (heldPrices.isEmpty ? [] : [.observed])
    let first = agreed + prices
    switch phase {
    case .execution, .changed, .closed, .lapsed: return []
    case .confirmed: return [.open]
    case .active where terms.escrow.settlesByDelivery:
      return (deliveryCountersigned.isEmpty ? [] : [.agreed])
        + (carriableExercise(at: now) == nil ? [] : [.exercise]) + [.expire]
    case .active:
      return agreed + [.amend, .novate] + prices + (carriableExercise(at: now) == nil ? [] : [.exercise])
        + (carriableProposals(at: now).isEmpty ? [] : [.propose]) + [.settleByDefault]
    case .proposed(_, let standing):
      return first + (carriableDispute(of: standing, at: now) == nil ? [] : [.dispute])
        + (carriableProposals(at: now).isEmpty ? [] : [.propose]) + [.finalise]
    case .disputed: return first + (rulings.isEmpty ? [] : [.rule]) + [.settleByDefault]
    case .ruled: return first + (carriableAppeal(at: now) == nil ? [] : [.appeal]) + [.uphold]
    case .appealed: return first + (rulings.isEmpty ? [] : [.rule]) + [.uphold]
    }
  }

  private func carriableDispute(of standing: StandingProposal, at now: UInt64) -> Signed<Dispute>? {
    disputes.first { mayDispute($0.signer, standing) && now < $0.message.counter.validUntil }
  }

  /// The other party of the proposer, or that party's watcher.
  func mayDispute(_ signer: Address, _ standing: StandingProposal) -> Bool {
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
    case .open: return try .opening(agreement, permits: carriablePermits(at: now))
    case .agreed:
      if let agreed = deliveryCountersigned.last { return try .paying(agreed, of: agreement) }
      if let agreedOutcome { return try .paying(agreedOutcome, of: agreement) }
    case .propose:
      if let proposal = carriableProposals(at: now).first {
        return try .proposing(proposal, of: agreement, evidence: Evidence(observations, for: agreement))
      }
    case .dispute:
      if case .proposed(_, let standing) = phase, let dispute = carriableDispute(of: standing, at: now) {
        return try .disputing(dispute, of: agreement, evidence: Evidence(observations, for: agreement))
      }
    case .finalise: return try .finalising(agreement)
    case .settleByDefault: return try .defaulting(agreement)
    case .observe:
      let observations = try observationsToShow(at: now)
      if !observations.isEmpty { return try .observing(observations, of: agreement) }
    case .observed: return try .settlingObserved(agreement)
    case .uphold: return try .upholding(agreement)
    case .rule: if let ruling = try readyRuling(at: now) { return try .ruling(ruling, of: agreement) }
    case .appeal: if let appeal = carriableAppeal(at: now) { return try .appealing(appeal, of: agreement) }
    case .exercise: if let notice = carriableExercise(at: now) { return try .exercising(notice, of: agreement) }
    case .expire: if terms.escrow.settlesByDelivery { return try .expiring(agreement) }
    case .amend, .novate:
      if let change = try carriableChanges(route, at: now).first { return try .changing(agreement, by: change) }
    }
    throw .outOfPlace(event: "the call \(route.rawValue)", state: phase.name)
  }

  /// The clause's outcome on the evidence held so far.
  ///
  /// - Throws: as `Outcome.init(of:given:)`, and `SettlementError.outOfPlace` before both parties signed.
  public func outcome() throws(SettlementError) -> Outcome {
    guard let agreement else { throw .outOfPlace(event: "an outcome", state: phase.name) }
    return try Outcome(of: agreement, given: Evidence(observations, for: agreement), exercisedAt: exercisedAt)
  }
}
