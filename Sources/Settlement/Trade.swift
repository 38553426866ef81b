public import Ethereum
public import Signing
public import Terms

/// One trade's state: what was submitted, what both sides and the observers signed, and how far it has come. It is made
/// by the life cycle alone, from the journal's events.
public struct Trade: Hashable, Sendable {
  public let terms: OptionTerms
  public let clause: PayoffClause
  public internal(set) var signatures: [Party: Signature] = [:]
  public internal(set) var observations: [Signed<Observation>] = []
  public internal(set) var outcomes: [Party: Signed<AgreedOutcome>] = [:]
  public internal(set) var proposals: [Party: Signed<Proposal>] = [:]
  public internal(set) var disputes: [Signed<Dispute>] = []
  /// The act that is under way to the chain; one at a time.
  public internal(set) var instruction: Instruction?
  public internal(set) var phase: Phase = .execution

  init(terms: OptionTerms, clause: PayoffClause) {
    self.terms = terms
    self.clause = clause
  }

  public var id: AgreementID { AgreementID(terms.digest) }

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
    case disputed(Agreement, at: UInt64, fact: ChainFact)
    /// The escrow has paid out, as deep as was asked.
    case closed(Agreement, Settled)
    /// Acceptance ended before the escrow was opened; the signatures are worth nothing any more.
    case lapsed

    public var name: String {
      switch self {
      case .execution: "execution"
      case .confirmed: "confirmed"
      case .active: "active"
      case .proposed: "proposed"
      case .disputed: "disputed"
      case .closed: "closed"
      case .lapsed: "lapsed"
      }
    }
  }

  public var agreement: Agreement? {
    switch phase {
    case .execution, .lapsed: nil
    case .confirmed(let agreement), .active(let agreement, _), .proposed(let agreement, _),
      .disputed(let agreement, _, _), .closed(let agreement, _):
      agreement
    }
  }

  /// What the escrow rule reads of the chain.
  public var vaultState: VaultState {
    switch phase {
    case .execution, .confirmed, .lapsed: .unopened
    case .active: .open
    case .proposed(_, let proposal): .proposed(at: proposal.at, toBuyer: proposal.toBuyer)
    case .disputed(_, let at, _): .disputed(at: at)
    case .closed: .closed
    }
  }

  /// The outcome that both parties signed, where they signed the same one.
  public var agreedOutcome: (outcome: AgreedOutcome, buyer: Signature, seller: Signature)? {
    guard let buyer = outcomes[.buyer], let seller = outcomes[.seller], buyer.message == seller.message else {
      return nil
    }
    return (buyer.message, buyer.signature, seller.signature)
  }
}

/// An act under way: decided, then signed and stored, then seen on chain.
public struct Instruction: Hashable, Sendable {
  public let route: Route
  /// The stored transaction's hash; nothing before it is signed.
  public internal(set) var transaction: Digest?
}

/// Where on chain something happened, deep enough to be believed.
public struct ChainFact: Hashable, Sendable {
  public var blockNumber: UInt64
  public var blockHash: Digest
  /// Unix seconds of the block.
  public var blockTime: UInt64
  public var transaction: Digest

  public init(blockNumber: UInt64, blockHash: Digest, blockTime: UInt64, transaction: Digest) {
    self.blockNumber = blockNumber
    self.blockHash = blockHash
    self.blockTime = blockTime
    self.transaction = transaction
  }
}
