public import Arithmetic
public import Ethereum

/// A proposal as the vault holds it.
public struct StandingProposal: Hashable, Sendable {
  /// The party that proposed, and staked its bond.
  public let proposer: Address
  /// The evidence that the proposal names.
  public let evidenceDigest: Digest
  /// The buyer's part, in base units of the token.
  public let toBuyer: UInt256
  /// The seller's part, in base units of the token.
  public let toSeller: UInt256
  /// Unix seconds; the dispute window runs from here.
  public let at: UInt64
  /// The block and transaction that brought it.
  public let fact: ChainFact
}

/// A dispute as the vault holds it, and the proposal against which it stands.
public struct StandingDispute: Hashable, Sendable {
  /// The proposal that is disputed.
  public let proposal: StandingProposal
  /// The other party or its watcher, which staked a bond too.
  public let disputer: Address
  /// The evidence that the dispute names.
  public let evidenceDigest: Digest
  /// The buyer's part by the counter-outcome, in base units of the token.
  public let toBuyer: UInt256
  /// The seller's part by the counter-outcome, in base units of the token.
  public let toSeller: UInt256
  /// Unix seconds; the ruling window runs from here.
  public let at: UInt64
  /// The block and transaction that brought it.
  public let fact: ChainFact
}

/// How an escrow was closed, and what it paid.
public struct Settled: Hashable, Sendable {
  /// By which route.
  public let route: SettledRoute
  /// What the buyer was paid, in base units of the token, its bond not counted.
  public let toBuyer: UInt256
  /// What the seller was paid, likewise.
  public let toSeller: UInt256
  /// The proposal that stood when the escrow was closed; nothing where there was none, or it was disputed.
  public let proposal: StandingProposal?
  /// The ruling that stood when the escrow was closed, likewise.
  public let ruling: StandingRuling?
  /// The terms under which it was closed, where they were not the first ones.
  public let change: TermsChange?
  /// The block and transaction that paid.
  public let fact: ChainFact
  /// What was paid of the delivery token; nothing where the option was settled in cash.
  public internal(set) var delivered: Parts? = nil
  /// Whether the buyer exercised by delivery.
  public internal(set) var isExercise = false

  /// What gave the right to pay, by its name in documents: the route's, or of a delivery `exercised` or `expired`.
  public var basis: String {
    route != .delivered ? route.name : isExercise ? "exercised" : "expired"
  }
}
