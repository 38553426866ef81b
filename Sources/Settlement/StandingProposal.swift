public import Arithmetic
public import Ethereum

/// A proposal as the vault holds it.
public struct StandingProposal: Hashable, Sendable {
  public let proposer: Address
  public let evidenceDigest: Digest
  public let toBuyer: UInt256
  public let toSeller: UInt256
  /// Unix seconds; the dispute window runs from here.
  public let at: UInt64
  public let fact: ChainFact
}

/// How an escrow was closed, and what it paid.
public struct Settled: Hashable, Sendable {
  public let route: SettledRoute
  public let toBuyer: UInt256
  public let toSeller: UInt256
  public let fact: ChainFact
}
