/// The rules of Ethereum as they changed, as far as they bear on whether a transaction may stand in a block.
public enum Fork: Int, Hashable, Sendable, Comparable, CaseIterable {
  /// March 2016: creating a contract costs more, s must be low (EIP-2).
  case homestead
  /// November 2016: transactions may be bound to a chain (EIP-155).
  case spuriousDragon
  /// December 2019: data cost less (EIP-2028).
  case istanbul
  /// April 2021: type 1 (EIP-2930).
  case berlin
  /// August 2021: type 2 (EIP-1559).
  case london
  /// April 2023: the size of a contract's init code is bounded and costs gas (EIP-3860).
  case shanghai
  /// March 2024: type 3 (EIP-4844).
  case cancun
  /// May 2025: type 4 (EIP-7702), a floor for the gas of data (EIP-7623).
  case prague
  /// December 2025: one transaction's gas is bounded (EIP-7825).
  case osaka

  /// The newest that this version knows.
  public static let latest = Fork.osaka

  /// Whether `a` came before `b`.
  public static func < (a: Fork, b: Fork) -> Bool { a.rawValue < b.rawValue }
}
