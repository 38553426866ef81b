public import Arithmetic
public import Ethereum

/// Other terms hold in the vault than those that both parties signed first.
public struct TermsChange: Hashable, Sendable {
  /// How they came to hold.
  public let kind: Kind
  /// The version that messages must name from then on.
  public let version: UInt64
  /// The struct hash of the terms that hold.
  public let terms: Digest
  /// The block and transaction that brought them.
  public let fact: ChainFact

  /// How terms change.
  public enum Kind: Hashable, Sendable {
    /// Both parties signed other terms.
    case amended
    /// Somebody took a party's place, for a consideration in base units of the token, where the journal holds it.
    case novated(transferor: Address, transferee: Address, consideration: UInt256? = nil)

    /// The kind's name in documents.
    public var name: String {
      switch self {
      case .amended: "amended"
      case .novated: "novated"
      }
    }
  }
}
