import Arithmetic
public import Ethereum
public import Signing
public import Terms

/// One agreement's vault with its present terms, and the calls of everything that can be done with it in cash.
public struct Vault: Hashable, Sendable {
  /// The agreement, which keeps the digest of its first terms for good.
  public let id: AgreementID
  /// The terms that the vault holds now; they are supplied with each call.
  public let terms: OptionTerms

  /// - Parameter present: The terms as last amended or novated; `first` where nothing was.
  public init(first: OptionTerms, present: OptionTerms? = nil) {
    id = AgreementID(first.digest)
    terms = present ?? first
  }

  /// Where it is, opened or not.
  public var address: Address { EscrowContract.vault(of: id, under: terms) }

  /// Pays amounts that both parties signed.
  public func settle(
    _ outcome: AgreedOutcome, buyer: some SignatureForm, seller: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(
      Self.settle,
      [
        .uint(outcome.toBuyer), .uint(outcome.toSeller), .uint(UInt256(outcome.validUntil)), .bytes(buyer.bytes),
        .bytes(seller.bytes),
      ])
  }

  /// Puts a party's proposal before the other.
  ///
  /// - Parameter manifest: `Evidence.manifest`; empty where the proposal rests on none.
  public func propose(
    _ proposal: Proposal, _ signature: some SignatureForm, manifest: [UInt8]
  ) throws(SettlementError) -> EscrowCall {
    try claim(EscrowContract.propose, proposal, signature, manifest)
  }

  /// Disputes a proposal with a counter-outcome.
  public func dispute(
    _ dispute: Dispute, _ signature: some SignatureForm, manifest: [UInt8]
  ) throws(SettlementError) -> EscrowCall {
    try claim(Self.dispute, dispute.counter, signature, manifest)
  }

  /// Pays a proposal whose window has passed.
  public func finalise() throws(SettlementError) -> EscrowCall { try call(Self.finalise, []) }

  /// Pays the default amounts after silence.
  public func settleByDefault() throws(SettlementError) -> EscrowCall { try call(Self.settleByDefault, []) }

  /// Shows the contract signed prices of the fixing.
  public func observe(_ observations: [Signed<Observation>]) throws(SettlementError) -> EscrowCall {
    try call(Self.observe, EscrowContract.observationArguments(observations))
  }

  /// Pays what the contract's own payoff gives at the observers' price.
  public func settleObserved() throws(SettlementError) -> EscrowCall {
    try EscrowCall(
      Self.settleObserved, to: address, in: terms.domain, EscrowContract.wholeTerms(terms))
  }

  /// Executes a panel's ruling, or lets it stand for appeal.
  ///
  /// - Parameter signatures: Of distinct members; they are sent in the order of their addresses.
  public func rule(_ ruling: Ruling, _ signatures: [Address: some SignatureForm]) throws(SettlementError) -> EscrowCall
  {
    try call(EscrowContract.rule, EscrowContract.rulingArguments(ruling, signatures))
  }

  /// Asks the fallback panel to rule as well.
  public func appeal(_ appeal: Appeal, _ signature: some SignatureForm) throws(SettlementError) -> EscrowCall {
    try notice(Self.appeal, appeal.appellant, appeal.validUntil, signature)
  }

  /// Pays a ruling that was not appealed, or on whose appeal nobody ruled.
  public func uphold() throws(SettlementError) -> EscrowCall { try call(Self.uphold, []) }

  /// The buyer exercises: in cash that is written down; by delivery the vault takes what the buyer brings and hands over
  /// what it exercises for, or does nothing.
  public func exercise(_ exercise: ExerciseNotice, _ signature: some SignatureForm) throws(SettlementError)
    -> EscrowCall
  {
    if terms.escrow.settlesByDelivery { return try exerciseDelivery(exercise, signature) }
    return try notice(Self.exercise, exercise.holder, exercise.validUntil, signature)
  }

  /// Replaces the terms, and moves what the collaterals differ by.
  public func amend(
    to amended: OptionTerms, validUntil: UInt64, buyer: some SignatureForm, seller: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(
      Self.amend,
      EscrowContract.termsArguments(amended) + [.uint(UInt256(validUntil)), .bytes(buyer.bytes), .bytes(seller.bytes)])
  }

  /// Puts the transferee in the transferor's place.
  ///
  /// - Parameters:
  ///   - watcher: The transferee's; zero for none.
  ///   - epoch: The transferee's present one.
  public func novate(
    _ novation: Novation, watcher: Address, epoch: UInt64, transferor: some SignatureForm,
    transferee: some SignatureForm,
    remaining: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(
      Self.novate,
      [
        .address(novation.transferor), .address(novation.transferee), .address(watcher), .uint(UInt256(epoch)),
        .uint(novation.consideration), .uint(UInt256(novation.validUntil)), .bytes(transferor.bytes),
        .bytes(transferee.bytes), .bytes(remaining.bytes),
      ])
  }

  /// Asks the vault for its deadlines; nothing is sent for it.
  public func timeline() throws(SettlementError) -> EscrowCall { try call(Self.timeline, []) }

  /// Pays a claim.
  public func withdraw(_ message: Withdrawal, _ signature: some SignatureForm) throws(SettlementError) -> EscrowCall {
    try call(
      Self.withdraw,
      [
        .address(message.claimant), .address(message.to), .uint(message.amount), .uint(UInt256(message.validUntil)),
        .bytes(signature.bytes),
      ])
  }

  private func claim(
    _ function: ABIFunction, _ claim: Proposal, _ signature: some SignatureForm, _ manifest: [UInt8]
  ) throws(SettlementError) -> EscrowCall {
    try call(
      function,
      [
        .address(claim.proposer), .fixedBytes(claim.evidenceDigest.bytes), .uint(claim.toBuyer),
        .uint(claim.toSeller), .uint(UInt256(claim.validUntil)), .bytes(signature.bytes), .bytes(manifest),
      ])
  }

  private func notice(
    _ function: ABIFunction, _ signer: Address, _ validUntil: UInt64, _ signature: some SignatureForm
  ) throws(SettlementError) -> EscrowCall {
    try call(function, [.address(signer), .uint(UInt256(validUntil)), .bytes(signature.bytes)])
  }

  func call(_ function: ABIFunction, _ arguments: [ABIValue]) throws(SettlementError) -> EscrowCall {
    try EscrowCall(
      function, to: address, in: terms.domain, EscrowContract.termsArguments(terms) + arguments)
  }

  private static let settle = EscrowContract.vaultFunction("settle", "uint256,uint256,uint64,bytes,bytes")
  private static let dispute = EscrowContract.vaultFunction("dispute", EscrowContract.claimTypes)
  private static let finalise = EscrowContract.vaultFunction("finalise")
  private static let settleByDefault = EscrowContract.vaultFunction("settleByDefault")
  private static let uphold = EscrowContract.vaultFunction("uphold")
  private static let appeal = EscrowContract.vaultFunction("appeal", "address,uint64,bytes")
  private static let exercise = EscrowContract.vaultFunction("exercise", "address,uint64,bytes")
  private static let observe = EscrowContract.vaultFunction("observe", "(bytes32,uint64,uint64,uint256)[],bytes[]")
  private static let settleObserved = ABIFunction(
    stringLiteral: "settleObserved(\(EscrowContract.optionTermsType))")
  private static let amend = EscrowContract.vaultFunction(
    "amend", "\(EscrowContract.escrowType),bytes32,uint64,bytes,bytes")
  private static let novate = EscrowContract.vaultFunction(
    "novate", "address,address,address,uint64,uint256,uint64,bytes,bytes,bytes")
  private static let timeline = EscrowContract.vaultFunction("timeline")
  private static let withdraw = EscrowContract.vaultFunction("withdraw", "address,address,uint256,uint64,bytes")
}
