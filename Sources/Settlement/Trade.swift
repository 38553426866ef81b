public import Ethereum
public import Signing
public import Terms

/// One trade's state: what was submitted, what both sides and the observers signed, and how far it has come. It is made
/// by the life cycle alone, from the journal's events.
public struct Trade: Hashable, Sendable {
  /// The digest of the terms that were submitted; it names the agreement for good.
  public let id: AgreementID
  /// The terms that hold: what was submitted, or what took its place.
  public internal(set) var terms: OptionTerms
  /// The clause that the terms name.
  public internal(set) var clause: PayoffClause
  /// The verified signatures so far of the terms that were submitted.
  public internal(set) var signatures: [Party: Signature] = [:]
  /// The admissible observations, in the order in which they came.
  public internal(set) var observations: [Signed<Observation>] = []
  /// The outcome that each party signed last.
  public internal(set) var outcomes: [Party: Signed<AgreedOutcome>] = [:]
  /// The outcomes that both parties signed, oldest first. Each stays good for as long as it says, whatever one party
  /// signs later, because anybody may hold it and carry it to the chain.
  public internal(set) var countersigned: [CountersignedOutcome] = []
  /// The outcome of an option settled by delivery that each party signed last.
  public internal(set) var deliveryOutcomes: [Party: Signed<DeliveryOutcome>] = [:]
  /// Those of them that both parties signed, oldest first, each good for as long as it says.
  public internal(set) var deliveryCountersigned: [CountersignedDeliveryOutcome] = []
  /// The proposal that each party signed last.
  public internal(set) var proposals: [Party: Signed<Proposal>] = [:]
  /// The disputes that parties and watchers signed, oldest first.
  public internal(set) var disputes: [Signed<Dispute>] = []
  /// The rulings that arbitrators signed, oldest first.
  public internal(set) var rulings: [CollectedRuling] = []
  /// The appeals that parties signed, oldest first.
  public internal(set) var appeals: [Signed<Appeal>] = []
  /// The buyer's notices of exercise, oldest first.
  public internal(set) var exercises: [Signed<ExerciseNotice>] = []
  /// The amendments and novations to the next version that parties signed, oldest first.
  public internal(set) var changes: [CollectedChange] = []
  /// The permits that parties gave their tokens, to be used by opening.
  public internal(set) var permits: [Party: UnverifiedMessage<Permit>] = [:]
  /// What each address signed and is held, observations apart: by its signatures, of which everyone is of one message.
  var messageSignatures: [Address: Set<Signature>] = [:]
  /// The observers' prices that the vault holds, also those that count under other terms alone.
  var prices: [PriceSlot: HeldPrice] = [:]
  /// When the escrow was opened.
  var opened: ChainFact?
  /// What the vault said since other terms hold that are not known here, that it changed them first.
  var unfollowed: [VaultSaying] = []
  /// When the buyer's notice of exercise reached the chain, in Unix seconds; nothing where it did not.
  public internal(set) var exercisedAt: UInt64?
  /// The act that is under way to the chain; one at a time.
  public internal(set) var instruction: Instruction?
  /// How far it has come.
  public internal(set) var phase: Phase = .execution

  init(terms: OptionTerms, clause: PayoffClause) {
    id = AgreementID(terms.digest)
    self.terms = terms
    self.clause = clause
  }

  /// How far a trade has come, in the life cycle's words (CDM: execution, confirmation, contract formation, transfer,
  /// closed state).
  public enum Phase: Hashable, Sendable {
    /// Terms are known; a signature is missing.
    case execution
    /// Both signed; the escrow is not open yet.
    case confirmed(Agreement)
    /// Premium and collaterals have moved.
    case active(Agreement, opened: ChainFact)
    /// A proposal stands on chain.
    case proposed(Agreement, StandingProposal)
    /// A proposal is disputed on chain.
    case disputed(Agreement, StandingDispute)
    /// A ruling stands on chain, and one may appeal.
    case ruled(Agreement, StandingRuling)
    /// A party appealed against it.
    case appealed(Agreement, StandingRuling)
    /// Other terms hold in the vault, which are not known here, or not with every signature: nothing follows until they
    /// are, or the vault is closed.
    case changed(Agreement, TermsChange)
    /// The escrow has paid out, as deep as was asked.
    case closed(Agreement, Settled)
    /// Acceptance ended before the escrow was opened; the signatures are worth nothing any more.
    case lapsed

    /// The phase's name in documents.
    public var name: String {
      switch self {
      case .execution: "execution"
      case .confirmed: "confirmed"
      case .active: "active"
      case .proposed: "proposed"
      case .disputed: "disputed"
      case .ruled: "ruled"
      case .appealed: "appealed"
      case .changed(_, let change): change.kind.name
      case .closed: "closed"
      case .lapsed: "lapsed"
      }
    }
  }

  /// The agreement, once both have signed and until it has lapsed.
  public var agreement: Agreement? {
    switch phase {
    case .execution, .lapsed: nil
    case .confirmed(let agreement), .active(let agreement, _), .proposed(let agreement, _),
      .disputed(let agreement, _), .ruled(let agreement, _), .appealed(let agreement, _), .changed(let agreement, _),
      .closed(let agreement, _):
      agreement
    }
  }

  /// What the escrow rule reads of the chain.
  public var vaultState: VaultState {
    switch phase {
    case .execution, .confirmed, .lapsed: .unopened
    case .active: .open
    case .proposed(_, let proposal): .proposed(at: proposal.at, toBuyer: proposal.toBuyer)
    case .disputed(_, let dispute): .disputed(at: dispute.at)
    case .ruled(_, let ruling), .appealed(_, let ruling): ruling.vaultState(under: terms)
    // Under the terms that are known here no route is open any more.
    case .changed, .closed: .closed
    }
  }

  /// What put other terms in the vault, or in the one that was closed, that are not known here.
  public var change: TermsChange? {
    switch phase {
    case .changed(_, let change): change
    case .closed(_, let settled): settled.change
    default: nil
    }
  }

  /// Whether the vault holds money under the terms that are known here.
  var isLive: Bool { vaultState != .unopened && vaultState != .closed }

  /// The outcome that both parties signed; of several the last.
  public var agreedOutcome: CountersignedOutcome? { countersigned.last }
}

/// An act under way: decided, then signed and stored, then seen on chain.
public struct Instruction: Hashable, Sendable {
  /// What is carried.
  public let route: Route
  /// The hash of the transaction stored last; nothing before one is signed.
  public internal(set) var transaction: Digest?
}

/// Where on chain something happened, deep enough to be believed.
public struct ChainFact: Hashable, Sendable {
  /// Its height.
  public var blockNumber: UInt64
  /// Its hash.
  public var blockHash: Digest
  /// Unix seconds of the block.
  public var blockTime: UInt64
  /// The hash of the transaction that did it.
  public var transaction: Digest

  /// A place on chain.
  public init(blockNumber: UInt64, blockHash: Digest, blockTime: UInt64, transaction: Digest) {
    self.blockNumber = blockNumber
    self.blockHash = blockHash
    self.blockTime = blockTime
    self.transaction = transaction
  }
}
