/// The number of a chain, which every signature is bound to.
///
/// - Source: EIP-155.
public struct ChainID: Hashable, Sendable, RawRepresentable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number itself.
  public let rawValue: UInt64

  /// The chain of this number.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The chain of this number.
  public init(integerLiteral value: UInt64) {
    rawValue = value
  }

  /// The number in decimal.
  public var description: String { String(rawValue) }
}
