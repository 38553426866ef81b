public import Arithmetic
public import Ethereum
public import Terms

/// What enough members of a round's panel decided, as the vault logged it.
public struct Decision: Hashable, Sendable {
  /// 1 the arbitrators, 2 the fallback panel.
  public let round: UInt8
  /// Digest of what the panel wrote down.
  public let findingsDigest: Digest
  /// The buyer's part, in base units of the token.
  public let toBuyer: UInt256
  /// The seller's part; both sum to the escrow.
  public let toSeller: UInt256
  /// Whose the bonds are.
  public let bondTo: BondTo
  /// Unix seconds; the time to appeal runs from here.
  public let at: UInt64

  /// A decision as it was logged.
  public init(round: UInt8, findingsDigest: Digest, toBuyer: UInt256, toSeller: UInt256, bondTo: BondTo, at: UInt64) {
    self.round = round
    self.findingsDigest = findingsDigest
    self.toBuyer = toBuyer
    self.toSeller = toSeller
    self.bondTo = bondTo
    self.at = at
  }

  /// Whose the bonds are after a ruling, by the contract's numbers.
  public enum BondTo: UInt8, Hashable, Sendable, CaseIterable {
    case proposer = 0
    case disputer = 1
    case each = 2
  }

  /// Whether the contract pays it with the ruling itself: of the last round that the terms know.
  public func paysAtOnce(under terms: OptionTerms) -> Bool {
    round == 2 || terms.escrow.fallbackArbitrators.isUnused
  }

  /// The panel of its round.
  public func panel(of escrow: Escrow) -> Panel { round == 2 ? escrow.fallbackArbitrators : escrow.arbitrators }
}

extension Ruling {
  /// What was signed for a decision.
  init(_ decision: Decision, of agreement: Agreement) {
    self.init(
      agreementID: agreement.id, version: agreement.version, round: decision.round,
      findingsDigest: decision.findingsDigest, toBuyer: decision.toBuyer, toSeller: decision.toSeller,
      bondTo: decision.bondTo.rawValue)
  }
}

/// A ruling as the vault holds it, with the dispute that it decides.
public struct StandingRuling: Hashable, Sendable {
  /// The dispute that is decided.
  public let dispute: StandingDispute
  /// The decision that stands.
  public let decision: Decision
  /// The appeal against it, or, in the second round, the one that it answers.
  public let appeal: StandingAppeal?
  /// The decision that the appeal was against, where another one stands by now.
  public let overruled: Decision?
  /// The block and transaction that brought the decision.
  public let fact: ChainFact

  /// What the vault's rule reads: a ruling that pays at once leaves the state in which it found the vault.
  func vaultState(under terms: OptionTerms) -> VaultState {
    if let appeal { return .appealed(at: appeal.at, toBuyer: (overruled ?? decision).toBuyer) }
    if !decision.paysAtOnce(under: terms) { return .ruled(at: decision.at, toBuyer: decision.toBuyer) }
    return .disputed(at: dispute.at)
  }
}

/// A party asked for the second round.
public struct StandingAppeal: Hashable, Sendable {
  /// The party that appealed, and paid for it.
  public let appellant: Address
  /// Unix seconds; the fallback panel's window runs from here.
  public let at: UInt64
}

/// What the vault holds of one observer.
public struct HeldPrice: Hashable, Sendable {
  /// The first price that the observer signed, in the feed's decimals.
  public let value: UInt256
  /// Whether the observer signed another one too, and so counts as absent.
  public internal(set) var isEquivocated: Bool
}
