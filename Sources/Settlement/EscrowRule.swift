public import Arithmetic
import Clauses
public import Terms

/// The acts an escrow knows, by the names that its rule gives them, in the rule's order; after them those that put other
/// terms in place of the present ones, of which the rule does not speak.
public enum Route: String, Hashable, Sendable, CaseIterable {
  case open
  case agreed
  case observe
  case observed
  case exercise
  case propose
  case settleByDefault = "default"
  case dispute
  case finalise
  case rule
  case appeal
  case uphold
  /// Of a vault that settles by delivery alone: what was not exercised goes back.
  case expire
  case amend
  case novate

  /// Whether the act puts other terms in place of the present ones.
  public var changesTerms: Bool { self == .amend || self == .novate }
}

/// A route as the escrow rule sees it at one moment.
public struct RouteView: Hashable, Sendable {
  /// Which act.
  public let route: Route
  /// Whether a transaction in a block of this time would be taken.
  public let isOpen: Bool
  /// What the route releases; nothing where it is closed or releases nothing.
  public let releases: Release?
}

/// What a route releases, in base units. Of an exercise by delivery the seller's parts include what the buyer brings.
public struct Release: Hashable, Sendable {
  /// The buyer's part of the token.
  public let toBuyer: UInt256
  /// The seller's part of the token; both sum to the escrow.
  public let toSeller: UInt256
  /// The parts of the delivery token; nothing where the option is settled in cash.
  public let delivered: Parts?

  package init(toBuyer: UInt256, toSeller: UInt256, delivered: Parts? = nil) {
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.delivered = delivered
  }
}

/// What each party gets of one token, in base units of it.
public struct Parts: Hashable, Sendable {
  /// The buyer's part.
  public let toBuyer: UInt256
  /// The seller's part.
  public let toSeller: UInt256

  package init(toBuyer: UInt256, toSeller: UInt256) {
    self.toBuyer = toBuyer
    self.toSeller = toSeller
  }
}

/// What an escrow's state is on chain, as far as its rule reads it.
public enum VaultState: Hashable, Sendable {
  case unopened
  case open
  case proposed(at: UInt64, toBuyer: UInt256)
  case disputed(at: UInt64)
  case closed
  /// The arbitrators ruled, and one may appeal to the fallback panel.
  case ruled(at: UInt64, toBuyer: UInt256)
  /// One did; the amount is the ruling's that was appealed against.
  case appealed(at: UInt64, toBuyer: UInt256)
}

/// What somebody may hold and carry to the escrow, and what the escrow holds besides its state.
public struct EscrowPapers: Hashable, Sendable {
  /// The outcome that both parties signed.
  public var agreed: AgreedOutcome?
  /// When the buyer's notice of exercise reached the chain, in Unix seconds.
  public var exercisedAt: UInt64?
  /// What the payoff gives the buyer on the observations that the contract holds, in base units of the token.
  public var observedToBuyer: UInt256?
  /// What a ruling signed by the panel of the open round gives the buyer, likewise.
  public var rulingToBuyer: UInt256?

  /// What there is; nothing unless it is said.
  public init(
    agreed: AgreedOutcome? = nil, exercisedAt: UInt64? = nil, observedToBuyer: UInt256? = nil,
    rulingToBuyer: UInt256? = nil
  ) {
    self.agreed = agreed
    self.exercisedAt = exercisedAt
    self.observedToBuyer = observedToBuyer
    self.rulingToBuyer = rulingToBuyer
  }
}

/// The rule of this contract version: which routes are open at a time, and what each releases. It is a clause,
/// `Contracts/Clauses/escrow/vault.clause`, compiled into the program; the contract enforces the same.
public enum EscrowRule {
  /// The rule's source, byte for byte the file.
  public static var source: String { Rule.vault.source }

  /// Every route, in the rule's order.
  ///
  /// - Parameter now: Unix seconds of a block.
  /// - Throws: `SettlementError.clauseFault` where the rule faults, which the terms' bounds exclude.
  public static func routes(
    of terms: OptionTerms, in state: VaultState, agreed: AgreedOutcome?, at now: UInt64
  ) throws(SettlementError) -> [RouteView] {
    try routes(of: terms, in: state, holding: EscrowPapers(agreed: agreed), at: now)
  }

  /// Every route, in the rule's order, for whoever holds these papers.
  ///
  /// - Parameter now: Unix seconds of a block.
  /// - Throws: `SettlementError.clauseFault` where the rule faults, which the terms' bounds exclude.
  public static func routes(
    of terms: OptionTerms, in state: VaultState, holding papers: EscrowPapers, at now: UInt64
  ) throws(SettlementError) -> [RouteView] {
    let inputs = try Self.inputs(of: terms, in: state, papers, at: now)
    var views: [RouteView] = []
    for entry in try Rule.vault.run(inputs).routes {
      guard let route = Route(rawValue: entry.name) else { throw .unfitClause("it names a route \(entry.name)") }
      var release: Release?
      if let toBuyer = entry.toBuyer, let toSeller = entry.toSeller {
        release = Release(toBuyer: toBuyer, toSeller: toSeller)
      }
      views.append(RouteView(route: route, isOpen: entry.isOpen, releases: release))
    }
    return views
  }

  private static func inputs(
    of terms: OptionTerms, in state: VaultState, _ papers: EscrowPapers, at now: UInt64
  ) throws(SettlementError) -> [String: InputValue] {
    let escrow = terms.escrow
    var inputs: [String: InputValue] = [
      "acceptBy": try .unsigned(escrow.acceptBy),
      "exerciseStart": try .unsigned(escrow.exerciseStart),
      "expirationTime": try .unsigned(escrow.expirationTime),
      "evidenceCloses": try .unsigned(escrow.evidenceCloses),
      "settleFrom": try .unsigned(escrow.settleFrom),
      "settleBy": try .unsigned(escrow.settleBy),
      "disputeWindow": try .unsigned(escrow.disputeWindow),
      "rulingWindow": try .unsigned(escrow.rulingWindow),
      "buyerCollateral": try .unsigned(escrow.buyerCollateral),
      "sellerCollateral": try .unsigned(escrow.sellerCollateral),
      "defaultToBuyer": try .unsigned(escrow.defaultToBuyer),
      "bond": try .unsigned(escrow.bond),
      "arbitrationFee": try .unsigned(escrow.arbitrationFee),
      "payoffKind": try .unsigned(UInt64(escrow.payoffKind)),
      "hasFallback": .truth(!escrow.fallbackArbitrators.isUnused),
      "now": try .unsigned(now),
      "status": try .unsigned(state.status),
    ]
    switch state {
    case .proposed(let at, let toBuyer):
      inputs["proposedAt"] = try .unsigned(at)
      inputs["proposedToBuyer"] = try .unsigned(toBuyer)
    case .disputed(let at):
      inputs["disputedAt"] = try .unsigned(at)
    case .ruled(let at, let toBuyer):
      inputs["ruledAt"] = try .unsigned(at)
      inputs["ruledToBuyer"] = try .unsigned(toBuyer)
    case .appealed(let at, let toBuyer):
      inputs["appealedAt"] = try .unsigned(at)
      inputs["ruledToBuyer"] = try .unsigned(toBuyer)
    case .unopened, .open, .closed: break
    }
    if let agreed = papers.agreed {
      inputs["agreedToBuyer"] = try .unsigned(agreed.toBuyer)
      inputs["agreedValidUntil"] = try .unsigned(agreed.validUntil)
    }
    inputs["exercisedAt"] = try papers.exercisedAt.map { (at) throws(SettlementError) in try .unsigned(at) }
    inputs["observedToBuyer"] = try papers.observedToBuyer.map { (part) throws(SettlementError) in try .unsigned(part) }
    inputs["rulingToBuyer"] = try papers.rulingToBuyer.map { (part) throws(SettlementError) in try .unsigned(part) }
    return inputs
  }
}

extension VaultState {
  /// The contract's numbers, which are also the rule's.
  var status: UInt64 {
    switch self {
    case .unopened: 0
    case .open: 1
    case .proposed: 2
    case .disputed: 3
    case .closed: 4
    case .ruled: 5
    case .appealed: 6
    }
  }
}
