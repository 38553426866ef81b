import Arithmetic
public import Ethereum
public import Signing
import Terms

/// What the settlement transaction says, apart from who sends it: anyone derives the same bytes from the agreement and
/// what was signed. The value is always zero.
public struct SettlementCall: Hashable, Sendable {
  public let route: Route
  public let chainID: ChainID
  public let to: Address
  public let data: [UInt8]

  private init(
    _ route: Route, _ agreement: Agreement, to: Address, _ function: ABIFunction, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    self.route = route
    chainID = agreement.terms.domain.chainID
    self.to = to
    do throws(EthereumError) {
      data = try function.encodeCall(EscrowContract.termsArguments(agreement.terms) + arguments)
    } catch {
      throw .unencodable("the call \(route.rawValue): \(error)")
    }
  }

  private init(
    _ route: Route, _ agreement: Agreement, _ function: ABIFunction, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    try self.init(route, agreement, to: agreement.vault, function, arguments)
  }

  /// Opens the escrow: premium and both collaterals move, or nothing does.
  public static func opening(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(
      .open, agreement, to: agreement.terms.domain.verifyingContract, EscrowContract.open,
      [.bytes(agreement.buyerSignature.bytes), .bytes(agreement.sellerSignature.bytes)])
  }

  /// Pays what both parties signed.
  public static func paying(
    _ outcome: AgreedOutcome, of agreement: Agreement, buyerSignature: Signature, sellerSignature: Signature
  ) throws(SettlementError) -> Self {
    try Self(
      .agreed, agreement, EscrowContract.settle,
      [
        .uint(outcome.toBuyer), .uint(outcome.toSeller), .uint(UInt256(outcome.validUntil)),
        .bytes(buyerSignature.bytes), .bytes(sellerSignature.bytes),
      ])
  }

  /// Puts one party's proposal and its evidence before the other.
  public static func proposing(
    _ proposal: Signed<Proposal>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try Self(
      .propose, agreement, EscrowContract.propose, claim(proposal.message, proposal.signature, evidence))
  }

  /// Disputes a proposal with a counter-outcome and its evidence.
  public static func disputing(
    _ dispute: Signed<Dispute>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try Self(
      .dispute, agreement, EscrowContract.dispute, claim(dispute.message.counter, dispute.signature, evidence))
  }

  /// Pays a proposal whose window has passed.
  public static func finalising(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.finalise, agreement, EscrowContract.finalise, [])
  }

  /// Pays the default amounts after silence.
  public static func defaulting(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.settleByDefault, agreement, EscrowContract.settleByDefault, [])
  }

  private static func claim(_ claim: Proposal, _ signature: Signature, _ evidence: Evidence) -> [ABIValue] {
    [
      .address(claim.proposer), .fixedBytes(claim.evidenceDigest.bytes), .uint(claim.toBuyer),
      .uint(claim.toSeller), .uint(UInt256(claim.validUntil)), .bytes(signature.bytes), .bytes(evidence.manifest),
    ]
  }
}
