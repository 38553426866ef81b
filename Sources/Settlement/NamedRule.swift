import Clauses
public import Ethereum

/// A rule that the escrow names by its digest: who replays an agreement must have the same ones.
public enum NamedRule: String, Hashable, Sendable, CaseIterable {
  case vault
  case delivery
  case price
  case ladder
  case evidence
  case ruling

  /// Keccak-256 of the bytecode that this program runs.
  ///
  /// - Throws: `SettlementError.brokenClause` where the rule does not compile, which the tests exclude.
  public var digest: Digest {
    get throws(SettlementError) { try rule.digest }
  }

  /// The escrow's view that answers with the digest of its own.
  public var question: ABIFunction { ABIFunction(stringLiteral: "\(rawValue)Rule()") }

  private var rule: Rule {
    switch self {
    case .vault: .vault
    case .delivery: .delivery
    case .price: .price
    case .ladder: .ladder
    case .evidence: .evidence
    case .ruling: .ruling
    }
  }
}
