public import Arithmetic
public import Ethereum
public import Signing
public import Terms

/// The acts on the escrow itself that need no open vault.
public enum EscrowActs {
  /// Opens the vault of terms that both parties signed.
  public static func open(
    _ terms: OptionTerms, buyer: Signature, seller: Signature
  ) throws(SettlementError) -> EscrowCall {
    try call(
      EscrowContract.open, terms.domain,
      EscrowContract.termsArguments(terms) + [.bytes(buyer.bytes), .bytes(seller.bytes)])
  }

  /// As `open`, after both parties' permits for the vault.
  public static func open(
    _ terms: OptionTerms, buyer: Signature, seller: Signature, buyerPermit: Permit, sellerPermit: Permit
  ) throws(SettlementError) -> EscrowCall {
    try call(
      openWithPermits, terms.domain,
      EscrowContract.termsArguments(terms)
        + [.bytes(buyer.bytes), .bytes(seller.bytes), .array([buyerPermit.abi, sellerPermit.abi])])
  }

  /// Takes back a party's signature of terms that were not opened.
  public static func cancel(
    _ message: Cancellation, _ signature: Signature, in domain: TypedDomain
  ) throws(SettlementError) -> EscrowCall {
    try call(
      cancel, domain,
      [
        .fixedBytes(message.agreementID.digest.bytes), .address(message.party), .uint(UInt256(message.validUntil)),
        .bytes(signature.bytes),
      ])
  }

  /// Takes back a party's signatures of all terms with a lower epoch.
  public static func raiseEpoch(
    _ message: EpochRaise, _ signature: Signature, in domain: TypedDomain
  ) throws(SettlementError) -> EscrowCall {
    try call(
      raiseEpoch, domain,
      [
        .address(message.party), .uint(UInt256(message.epoch)), .uint(UInt256(message.validUntil)),
        .bytes(signature.bytes),
      ])
  }

  /// Makes one of the other parts of a vault's code; the escrow takes no other code.
  public static func install(_ initCode: [UInt8], in domain: TypedDomain) throws(SettlementError) -> EscrowCall {
    try call(install, domain, [.bytes(initCode)])
  }

  private static func call(
    _ function: ABIFunction, _ domain: TypedDomain, _ arguments: [ABIValue]
  ) throws(SettlementError) -> EscrowCall {
    try EscrowCall(function, to: domain.verifyingContract, in: domain, arguments)
  }

  private static let openWithPermits = EscrowContract.vaultFunction(
    "openWithPermits", "bytes,bytes,(uint256,uint8,bytes32,bytes32,uint256)[2]")
  private static let cancel: ABIFunction = "cancel(bytes32,address,uint64,bytes)"
  private static let raiseEpoch: ABIFunction = "raiseEpoch(address,uint64,uint64,bytes)"
  private static let install: ABIFunction = "install(bytes)"
}

/// An allowance for a vault by signature instead of by transaction.
///
/// - Source: EIP-2612.
public struct Permit: Hashable, Sendable {
  /// Base units of the token; zero is no permit.
  public var value: UInt256
  /// The token takes it up to this time, Unix seconds.
  public var deadline: UInt256
  /// The holder's signature of the token's own message; nil where there is no permit.
  public var signature: Signature?

  /// A permit, or with nothing named none.
  public init(value: UInt256 = .zero, deadline: UInt256 = .zero, signature: Signature? = nil) {
    self.value = value
    self.deadline = deadline
    self.signature = signature
  }

  var abi: ABIValue {
    let bytes = signature?.bytes ?? [UInt8](repeating: 0, count: 65)
    return .tuple([
      .uint(deadline), .uint(UInt256(UInt64(bytes[64]))), .fixedBytes(Array(bytes[..<32])),
      .fixedBytes(Array(bytes[32..<64])), .uint(value),
    ])
  }
}
