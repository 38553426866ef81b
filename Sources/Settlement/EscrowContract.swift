import Arithmetic
public import Ethereum
import Signing
public import Terms

/// The escrow's two contracts as the outside sees them: addresses that anyone derives, functions, events.
public enum EscrowContract {
  /// The vault's code, which the factory made with its first transaction-like act: CREATE at nonce 1.
  public static func implementation(of factory: Address) -> Address {
    Address.created(by: factory, nonce: 1)
  }

  /// The code of vaults that settle by delivery, which the factory makes with CREATE2 under no salt, of no other init code.
  public static func deliveryImplementation(of factory: Address) -> Address {
    Address.created2(by: factory, salt: .zero, initCodeHash: deliveryInitCode)
  }

  /// Keccak-256 of that init code, as the contracts know it.
  static let deliveryInitCode = Digest(
    0x08d2_fe19_5a89_c656_e9cf_b747_d69d_5de2_e423_77e6_2454_3a89_4992_c5a5_e5ab_ac77)

  /// The vault of an agreement on terms, in cash or by delivery.
  public static func vault(of id: AgreementID, under terms: OptionTerms) -> Address {
    let factory = terms.domain.verifyingContract
    return vault(
      of: id, by: factory,
      running: terms.escrow.settlesByDelivery ? deliveryImplementation(of: factory) : implementation(of: factory))
  }

  /// The vault of an agreement that is settled in cash.
  public static func vault(of id: AgreementID, in domain: TypedDomain) -> Address {
    let factory = domain.verifyingContract
    return vault(of: id, by: factory, running: implementation(of: factory))
  }

  /// A minimal proxy made with CREATE2 under the agreement's id.
  ///
  /// - Source: EIP-1167 for the proxy's runtime, EIP-1014 for CREATE2; the nine bytes before it are the constructor that
  ///   Vyper's `create_minimal_proxy_to` writes.
  private static func vault(of id: AgreementID, by factory: Address, running implementation: Address) -> Address {
    let proxy =
      [0x60, 0x2d, 0x3d, 0x81, 0x60, 0x09, 0x3d, 0x39, 0xf3]
      + [0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73]
      + implementation.bytes
      + [0x5a, 0xf4, 0x3d, 0x82, 0x80, 0x3e, 0x90, 0x3d, 0x91, 0x60, 0x2b, 0x57, 0xfd, 0x5b, 0xf3]
    return Address.created2(by: factory, salt: id.digest, initCodeHash: Keccak256.hash(proxy))
  }

  /// `Escrow` as an ABI tuple, in the order of its EIP-712 type.
  static let escrowType =
    "(address,address,address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,uint64,uint64,uint64,uint64,"
    + "uint64,uint64,uint64,uint64,uint256,uint256,uint256,uint256,address[],uint8,uint64,address[],uint8,address[],"
    + "uint8,address,address,uint64,uint64,uint256)"

  /// `OptionTerms` likewise.
  static let optionTermsType =
    "((string,string,string,string,string,uint256,uint8,uint256,uint8,uint8,string,string),\(escrowType))"

  static let claimTypes = "address,bytes32,uint256,uint256,uint64,bytes,bytes"

  static let open = vaultFunction("open", "bytes,bytes")
  static let propose = vaultFunction("propose", claimTypes)
  static let rule = vaultFunction("rule", "uint8,bytes32,uint256,uint256,uint8,address[],bytes[]")

  /// Every function takes `Escrow` and the hash of `Economics` first.
  static func vaultFunction(_ name: String, _ types: String = "") -> ABIFunction {
    ABIFunction(stringLiteral: "\(name)(\(escrowType),bytes32\(types.isEmpty ? "" : ",")\(types))")
  }

  /// The arguments with which every call re-supplies the terms: `Escrow` in clear, `Economics` by its hash.
  static func termsArguments(_ terms: OptionTerms) -> [ABIValue] {
    [.tuple(terms.escrow.typed.members.map { $0.value.abi }), .fixedBytes(terms.economics.typed.structHash.bytes)]
  }

  /// The terms in clear, of which the contract computes the payoff.
  static func wholeTerms(_ terms: OptionTerms) -> [ABIValue] { [.tuple(terms.typed.members.map { $0.value.abi })] }

  /// A ruling and its signatures, in the order of the signers' addresses.
  static func rulingArguments(_ ruling: Ruling, _ signatures: [Address: some SignatureForm]) -> [ABIValue] {
    let signed = signatures.sorted { $0.key < $1.key }
    return [
      .uint(UInt256(UInt64(ruling.round))), .fixedBytes(ruling.findingsDigest.bytes), .uint(ruling.toBuyer),
      .uint(ruling.toSeller), .uint(UInt256(UInt64(ruling.bondTo))), .array(signed.map { .address($0.key) }),
      .array(signed.map { .bytes($0.value.bytes) }),
    ]
  }

  /// Observations and, in the same order, their signatures.
  static func observationArguments(_ observations: [Signed<Observation>]) -> [ABIValue] {
    [
      .array(observations.map { .tuple($0.message.typed.members.map { $0.value.abi }) }),
      .array(observations.map { .bytes($0.signature.bytes) }),
    ]
  }
}

extension TypedValue {
  /// The same value for the contract ABI.
  var abi: ABIValue {
    switch self {
    case .uint(let value): .uint(value)
    case .int(let value): .int(value)
    case .fixedBytes(let bytes): .fixedBytes(bytes)
    case .bytes(let bytes): .bytes(bytes)
    case .address(let value): .address(value)
    case .bytes32(let value): .fixedBytes(value.bytes)
    case .string(let value): .string(value)
    case .bool(let value): .bool(value)
    case .array(let values): .array(values.map(\.abi))
    case .structure(let value): .tuple(value.members.map { $0.value.abi })
    case .noStructure: .tuple([])
    }
  }
}
