import Arithmetic

/// Where a signature counts: one version of one application, on one chain, for one contract.
///
/// - Source: EIP-712, "Definition of domainSeparator".
public struct TypedDomain: Hashable, Sendable {
  /// The application's name.
  public let name: String
  /// The version of its messages.
  public let version: String
  /// The chain.
  public let chainID: ChainID
  /// The contract that checks the signatures.
  public let verifyingContract: Address

  /// The struct hash of the domain.
  public let separator: Digest

  /// The domain of these four.
  public init(name: String, version: String, chainID: ChainID, verifyingContract: Address) {
    self.name = name
    self.version = version
    self.chainID = chainID
    self.verifyingContract = verifyingContract
    var hasher = Keccak256()
    hasher.update(Self.typeHash)
    hasher.update(Keccak256.hash(name.utf8Span.span))
    hasher.update(Keccak256.hash(version.utf8Span.span))
    hasher.update(Digest(UInt256(chainID.rawValue)))
    hasher.update(verifyingContract.word)
    separator = hasher.digest()
  }

  /// The same for every domain of these four fields.
  private static let typeHash = structure("", "", 0, .zero).typeHash

  /// The domain as the struct `EIP712Domain`.
  public var structure: TypedStruct { Self.structure(name, version, chainID, verifyingContract) }

  private static func structure(
    _ name: String, _ version: String, _ chainID: ChainID, _ verifyingContract: Address
  ) -> TypedStruct {
    TypedStruct(
      name: "EIP712Domain",
      members: [
        .init("name", "string", .string(name)),
        .init("version", "string", .string(version)),
        .init("chainId", "uint256", .uint(UInt256(chainID.rawValue))),
        .init("verifyingContract", "address", .address(verifyingContract)),
      ])
  }
}
