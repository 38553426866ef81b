public import Ethereum

/// What names an agreement everywhere: the EIP-712 digest of its first terms.
public struct AgreementID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let digest: Digest

  public init(_ digest: Digest) { self.digest = digest }

  /// Lowercase `0x` text.
  public var description: String { digest.hex }

  public static func < (a: Self, b: Self) -> Bool { a.digest < b.digest }
}
