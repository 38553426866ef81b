public import Ethereum

/// What names an agreement everywhere: the EIP-712 digest of its first terms.
public struct AgreementID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The EIP-712 digest.
  public let digest: Digest

  /// The id of the terms with this digest.
  public init(_ digest: Digest) { self.digest = digest }

  /// Lowercase `0x` text.
  public var description: String { digest.hex }

  /// In the order of their bytes.
  public static func < (a: Self, b: Self) -> Bool { a.digest < b.digest }
}
