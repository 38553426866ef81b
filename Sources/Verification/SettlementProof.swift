public import Arithmetic
import Clauses
public import Ethereum
import JSON
public import Settlement
public import Signing
public import Terms

/// Everything from which anyone checks, offline, that a settlement paid the right amounts: what was agreed, what was
/// observed, what the clause says, the transaction that paid, and its place in a block.
///
/// A value of this type is a claim, not a verdict: `Verifier` makes the findings.
public struct SettlementProof: Hashable, Sendable {
  /// What was agreed first; its digest is the agreement's id.
  public let terms: OptionTerms
  /// The buyer's signature of the terms.
  public let buyerSignature: Signature
  /// The seller's signature of the terms.
  public let sellerSignature: Signature
  /// The text of the clause that the first terms name.
  public let clauseSource: String
  /// What the text compiles to; the terms name its digest.
  public let clauseBytecode: [UInt8]
  /// What put other terms in place of the first ones, oldest first; nothing mostly.
  public let changes: [UnverifiedChange]
  /// The evidence in canonical order.
  public let observations: [UnverifiedMessage<Observation>]
  /// The clause's outcome on the observations; nothing where they establish no price.
  public let outcome: ClaimedOutcome?
  /// What gave the right to pay.
  public let basis: Basis
  /// The transaction that paid, its receipt, and the block that holds them.
  public let inclusion: Inclusion
  /// The agreement's journal up to the event that closed it.
  public let journal: [JournalEntry]
  /// The journal's head, signed by the coordinator that kept it.
  public let journalSignature: Signature

  /// What gave the escrow the right to pay.
  public enum Basis: Hashable, Sendable {
    /// Both parties signed the amounts.
    case agreed(AgreedOutcome, buyer: Signature, seller: Signature)
    /// A party's proposal stood, and the other party answered with an equal one.
    case proposals(first: UnverifiedMessage<Proposal>, second: UnverifiedMessage<Proposal>)
    /// A party's proposal stood through its window.
    case finalised(UnverifiedMessage<Proposal>)
    /// The vault computed the payoff from the prices that it holds.
    case observed
    /// Arbitrators decided a dispute. Of a ruling that stood before it was paid, their signatures, where they are known.
    case ruled(Decision, signatures: [Address: Signature])
    /// Silence: the default amounts of the terms.
    case defaulted
    /// Both parties signed the amounts of both tokens.
    case agreedDelivery(DeliveryOutcome, buyer: Signature, seller: Signature)
    /// The buyer exercised by delivery.
    case exercised(UnverifiedMessage<ExerciseNotice>)
    /// The buyer did not exercise until the expiration.
    case expired

    /// The contract's number for the same.
    public var route: SettledRoute {
      switch self {
      case .agreed, .proposals, .agreedDelivery: .agreed
      case .observed: .observed
      case .ruled: .ruled
      case .finalised: .finalised
      case .defaulted: .defaulted
      case .exercised, .expired: .delivered
      }
    }

    /// Its name in documents.
    public var name: String {
      switch self {
      case .exercised: "exercised"
      case .expired: "expired"
      default: route.name
      }
    }

    /// Whether it is one of an option that is settled by delivery.
    public var isOfDelivery: Bool {
      switch self {
      case .agreedDelivery, .exercised, .expired: true
      case .agreed, .proposals, .observed, .finalised, .ruled, .defaulted: false
      }
    }
  }

  /// A claim from all of its parts.
  public init(
    terms: OptionTerms, buyerSignature: Signature, sellerSignature: Signature, clauseSource: String,
    clauseBytecode: [UInt8], changes: [UnverifiedChange] = [], observations: [UnverifiedMessage<Observation>],
    outcome: ClaimedOutcome?, basis: Basis, inclusion: Inclusion, journal: [JournalEntry], journalSignature: Signature
  ) {
    self.terms = terms
    self.buyerSignature = buyerSignature
    self.sellerSignature = sellerSignature
    self.clauseSource = clauseSource
    self.clauseBytecode = clauseBytecode
    self.changes = changes
    self.observations = observations
    self.outcome = outcome
    self.basis = basis
    self.inclusion = inclusion
    self.journal = journal
    self.journalSignature = journalSignature
  }

  /// The proof of a closed trade.
  ///
  /// - Parameters:
  ///   - journal: of the trade, up to the event that closed it.
  ///   - inclusion: of the transaction that paid.
  ///   - earlier: the transaction that brought what stood before, a ruling that was upheld or a proposal that was answered, where it
  ///     is known.
  ///   - sign: signs the journal's head with the coordinator's key.
  /// - Throws: `SettlementError.outOfPlace` where the trade is not closed, or was closed on a basis it does not hold: an
  ///   outcome or a proposal that reached the chain past this coordinator.
  public init<E: Error>(
    of journal: Journal, inclusion: Inclusion, earlier: [UInt8]? = nil, sign: (Digest) throws(E) -> Signature
  ) throws {
    guard let trade = journal.trade, let head = journal.signedHead,
      case .closed(let agreement, let settled) = trade.phase
    else { throw SettlementError.outOfPlace(event: "a proof", state: journal.trade?.phase.name ?? "unknown") }
    let evidence = try Evidence(trade.observations, for: agreement)
    var outcome: ClaimedOutcome?
    do throws(SettlementError) {
      outcome = ClaimedOutcome(try Outcome(of: agreement, given: evidence, exercisedAt: trade.exercisedAt))
    } catch {
      guard error.meansNoOutcome else { throw error }
    }
    self.init(
      terms: agreement.firstTerms, buyerSignature: agreement.buyerSignature,
      sellerSignature: agreement.sellerSignature, clauseSource: agreement.firstClause.source,
      clauseBytecode: agreement.firstClause.program.bytecode, changes: agreement.changes.map { UnverifiedChange($0) },
      observations: evidence.observations.map { UnverifiedMessage($0) },
      outcome: outcome, basis: try Self.basis(of: trade, agreement, settled, inclusion, earlier), inclusion: inclusion,
      journal: journal.entries,
      journalSignature: try sign(head.typed.digest(in: trade.terms.domain)))
  }

  private static func basis(
    of trade: Trade, _ agreement: Agreement, _ settled: Settled, _ inclusion: Inclusion, _ earlier: [UInt8]?
  ) throws(SettlementError) -> Basis {
    switch settled.route {
    case .agreed:
      // Both may have signed several outcomes; the transaction says which one it carried.
      for agreed in trade.deliveryCountersigned
      where try SettlementCall.paying(agreed, of: agreement).isCarried(by: inclusion.transaction) {
        return .agreedDelivery(agreed.outcome, buyer: agreed.buyer, seller: agreed.seller)
      }
      for agreed in trade.countersigned
      where try SettlementCall.paying(agreed, of: agreement).isCarried(by: inclusion.transaction) {
        return .agreed(agreed.outcome, buyer: agreed.buyer, seller: agreed.seller)
      }
      if let standing = settled.proposal,
        let second = SettlementCall.proposal(carriedBy: inclusion.transaction, to: agreement),
        let first =
          (Array(trade.proposals.values)
          + (earlier.flatMap { SettlementCall.proposal(carriedBy: $0, to: agreement) }.map { [$0] } ?? []))
          .first(where: { standing.isSaid(by: $0.message) })
      {
        return .proposals(first: UnverifiedMessage(first), second: UnverifiedMessage(second))
      }
    case .finalised:
      if let standing = settled.proposal, let proposer = trade.terms.escrow.party(at: standing.proposer),
        let proposal = trade.proposals[proposer], proposal.message.toBuyer == settled.toBuyer,
        proposal.message.toSeller == settled.toSeller
      {
        return .finalised(UnverifiedMessage(proposal))
      }
    case .observed: return .observed
    case .ruled:
      if let standing = settled.ruling {
        let decision = standing.decision
        // The call that pays at once has them itself.
        let before = decision.paysAtOnce(under: agreement.terms) ? nil : earlier
        let quorum = before.flatMap { RulingQuorum(of: decision, carriedBy: $0, to: agreement) }
        return .ruled(decision, signatures: quorum?.signatures ?? [:])
      }
    case .defaulted: return .defaulted
    case .delivered:
      guard settled.isExercise else { return .expired }
      for notice in trade.exercises
      where try SettlementCall.exercising(notice, of: agreement).isCarried(by: inclusion.transaction) {
        return .exercised(UnverifiedMessage(notice))
      }
    }
    throw .outOfPlace(event: "a proof without what gave the right to pay", state: trade.phase.name)
  }
}

/// The outcome that a proof claims; the verifier computes its own.
public struct ClaimedOutcome: Hashable, Sendable {
  /// The buyer's part, in base units of the token.
  public let toBuyer: UInt256
  /// The seller's part, in base units of the token.
  public let toSeller: UInt256
  /// The parts of the delivery token; nothing where the option is settled in cash.
  public let delivered: Parts?
  /// The price at the last fixing in the feed's decimals; nothing where none was established.
  public let settlementPrice: UInt256?
  /// `Evidence.digest` of the observations.
  public let evidenceDigest: Digest
  /// Keccak-256 of the trace of the clause's run.
  public let traceDigest: Digest

  /// The outcome as claimed.
  public init(_ outcome: Outcome) {
    toBuyer = outcome.toBuyer
    toSeller = outcome.toSeller
    delivered = outcome.delivered
    settlementPrice = outcome.settlementPrice
    evidenceDigest = outcome.evidenceDigest
    traceDigest = outcome.traceDigest
  }

  init?(reading reader: inout ObjectReader) {
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let isDelivered = reader.optionalValue("deliveryToBuyer") != nil
    let delivered = isDelivered ? Parts(readingDelivery: &reader) : nil
    let hasPrice = reader.optionalValue("settlementPrice") != nil
    let settlementPrice = hasPrice ? reader.uint256("settlementPrice") : nil
    let evidenceDigest = reader.digest("evidenceDigest")
    let traceDigest = reader.digest("traceDigest")
    guard let toBuyer, let toSeller, (settlementPrice != nil) == hasPrice,
      (delivered != nil) == isDelivered, let evidenceDigest, let traceDigest
    else {
      return nil
    }
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.delivered = delivered
    self.settlementPrice = settlementPrice
    self.evidenceDigest = evidenceDigest
    self.traceDigest = traceDigest
  }

  var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("toBuyer", .string(toBuyer.description)), ("toSeller", .string(toSeller.description)),
      ("evidenceDigest", .string(evidenceDigest.hex)), ("traceDigest", .string(traceDigest.hex)),
    ]
    if let delivered { members += delivered.deliveryMembers }
    if let settlementPrice { members.append(("settlementPrice", .string(settlementPrice.description))) }
    return .object(JSONObject(members))
  }
}

/// A transaction and its receipt, with their places in a block.
public struct Inclusion: Hashable, Sendable {
  /// RLP of the block's header.
  public let header: [UInt8]
  /// The transaction's place in its block, from zero.
  public let index: UInt64
  /// The transaction as it was sent.
  public let transaction: [UInt8]
  /// The trie nodes from `transactionsRoot` down to it.
  public let transactionProof: [[UInt8]]
  /// The receipt as the trie holds it.
  public let receipt: [UInt8]
  /// The trie nodes from `receiptsRoot` down to it.
  public let receiptProof: [[UInt8]]

  /// An inclusion from all of its parts.
  public init(
    header: [UInt8], index: UInt64, transaction: [UInt8], transactionProof: [[UInt8]], receipt: [UInt8],
    receiptProof: [[UInt8]]
  ) {
    self.header = header
    self.index = index
    self.transaction = transaction
    self.transactionProof = transactionProof
    self.receipt = receipt
    self.receiptProof = receiptProof
  }
}
