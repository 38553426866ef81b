import Arithmetic
public import Ethereum
public import Signing
public import Terms

/// The acts on the escrow itself that need no open vault.
public enum EscrowActs {
  /// Opens the vault of terms that both parties signed.
  public static func open(
    _ terms: OptionTerms, buyer: some SignatureForm, seller: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(
      EscrowContract.open, terms.domain,
      EscrowContract.termsArguments(terms) + [.bytes(buyer.bytes), .bytes(seller.bytes)])
  }

  /// As `open`, after giving the token the parties' permits for the vault; nil where a party allowed by transaction.
  public static func open(
    _ terms: OptionTerms, buyer: some SignatureForm, seller: some SignatureForm,
    buyerPermit: UnverifiedMessage<Permit>?,
    sellerPermit: UnverifiedMessage<Permit>?
  ) throws(SettlementError) -> EscrowCall {
    try call(
      openWithPermits, terms.domain,
      EscrowContract.termsArguments(terms)
        + [
          .bytes(buyer.bytes), .bytes(seller.bytes),
          .array([buyerPermit?.abi ?? noPermit, sellerPermit?.abi ?? noPermit]),
        ])
  }

  /// A value of zero is no permit.
  private static let noPermit = ABIValue.tuple([
    .uint(.zero), .uint(.zero), .fixedBytes([UInt8](repeating: 0, count: 32)),
    .fixedBytes([UInt8](repeating: 0, count: 32)), .uint(.zero),
  ])

  /// Takes back a party's signature of terms that were not opened.
  public static func cancel(
    _ message: Cancellation, _ signature: some SignatureForm, in domain: TypedDomain
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
    _ message: EpochRaise, _ signature: some SignatureForm, in domain: TypedDomain
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
