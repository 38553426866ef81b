import Arithmetic
import Ethereum
public import Signing
import Terms

/// The calls of a vault that settles by delivery. Opening is the escrow's own, as for every vault.
extension Vault {
  /// Pays amounts in both tokens that both parties signed.
  public func settle(
    _ outcome: DeliveryOutcome, buyer: some SignatureForm, seller: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(
      Self.settleDelivery,
      [
        .uint(outcome.toBuyer), .uint(outcome.toSeller), .uint(outcome.deliveryToBuyer),
        .uint(outcome.deliveryToSeller), .uint(UInt256(outcome.validUntil)), .bytes(buyer.bytes), .bytes(seller.bytes),
      ])
  }

  /// Takes what the buyer brings and hands over what it exercises for, or nothing of it.
  func exerciseDelivery(
    _ notice: ExerciseNotice, _ signature: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try EscrowCall(
      Self.exerciseDelivery, to: address, in: terms.domain,
      [
        .tuple(terms.typed.members.map { $0.value.abi }), .uint(UInt256(notice.validUntil)), .bytes(signature.bytes),
      ])
  }

  /// Returns the collaterals of an option that was not exercised in time.
  public func expire() throws(SettlementError) -> EscrowCall { try call(Self.expire, []) }

  /// Pays a claim in one of the tokens.
  public func withdraw(_ message: TokenWithdrawal, _ signature: some SignatureForm) throws(SettlementError)
    -> EscrowCall
  {
    try call(
      Self.withdrawToken,
      [
        .address(message.claimant), .address(message.token), .address(message.to), .uint(message.amount),
        .uint(UInt256(message.validUntil)), .bytes(signature.bytes),
      ])
  }

  private static let settleDelivery = EscrowContract.vaultFunction(
    "settle", "uint256,uint256,uint256,uint256,uint64,bytes,bytes")
  private static let exerciseDelivery = ABIFunction(
    stringLiteral: "exercise(\(EscrowContract.optionTermsType),uint64,bytes)")
  private static let expire = EscrowContract.vaultFunction("expire")
  private static let withdrawToken = EscrowContract.vaultFunction(
    "withdrawToken", "address,address,address,uint256,uint64,bytes")
}
