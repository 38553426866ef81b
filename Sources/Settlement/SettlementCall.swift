import Arithmetic
public import Ethereum
public import Signing
public import Terms

/// What the settlement transaction says, apart from who sends it: anyone derives the same bytes from the agreement and
/// what was signed. The value is always zero.
public struct SettlementCall: Hashable, Sendable {
  /// What the call does.
  public let route: Route
  private let call: EscrowCall

  init(_ route: Route, _ call: EscrowCall) {
    self.route = route
    self.call = call
  }

  /// The chain on which it counts.
  public var chainID: ChainID { call.chainID }
  /// The vault; for `open` the escrow.
  public var to: Address { call.to }
  /// The calldata.
  public var data: [UInt8] { call.data }

  /// Opens the escrow on the first terms: premium and both collaterals move, or nothing does. Where there are permits, the
  /// tokens are given them before.
  public static func opening(
    _ agreement: Agreement, permits: [Party: UnverifiedMessage<Permit>] = [:]
  ) throws(SettlementError) -> Self {
    let (terms, buyer, seller) = (agreement.firstTerms, agreement.buyerSignature, agreement.sellerSignature)
    if permits.isEmpty { return Self(.open, try EscrowActs.open(terms, buyer: buyer, seller: seller)) }
    return Self(
      .open,
      try EscrowActs.open(
        terms, buyer: buyer, seller: seller, buyerPermit: permits[.buyer], sellerPermit: permits[.seller]))
  }

  /// Pays what both parties signed.
  ///
  /// - Throws: `SettlementError.otherAgreement` where they signed it for another agreement.
  public static func paying(
    _ agreed: CountersignedOutcome, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: agreed.outcome.agreementID, agreed.outcome.version)
    return Self(.agreed, try agreement.acts.settle(agreed.outcome, buyer: agreed.buyer, seller: agreed.seller))
  }

  /// Puts one party's proposal and its evidence before the other.
  ///
  /// - Throws: `SettlementError.otherAgreement`, or `.otherEvidence` where the proposal names other evidence.
  public static func proposing(
    _ proposal: Signed<Proposal>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try check(proposal.message, of: agreement, evidence)
    return Self(
      .propose, try agreement.acts.propose(proposal.message, proposal.signature, manifest: evidence.manifest))
  }

  /// Disputes a proposal with a counter-outcome and its evidence.
  ///
  /// - Throws: as `proposing(_:of:evidence:)`.
  public static func disputing(
    _ dispute: Signed<Dispute>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try check(dispute.message.counter, of: agreement, evidence)
    return Self(.dispute, try agreement.acts.dispute(dispute.message, dispute.signature, manifest: evidence.manifest))
  }

  /// Pays a proposal whose window has passed.
  public static func finalising(_ agreement: Agreement) throws(SettlementError) -> Self {
    Self(.finalise, try agreement.acts.finalise())
  }

  /// Pays the default amounts after silence.
  public static func defaulting(_ agreement: Agreement) throws(SettlementError) -> Self {
    Self(.settleByDefault, try agreement.acts.settleByDefault())
  }

  /// Shows the vault signed prices of the fixing, which it keeps.
  public static func observing(
    _ observations: [Signed<Observation>], of agreement: Agreement
  ) throws(SettlementError) -> Self {
    Self(.observe, try agreement.acts.observe(observations))
  }

  /// Pays what the vault computes from the prices it holds.
  public static func settlingObserved(_ agreement: Agreement) throws(SettlementError) -> Self {
    Self(.observed, try agreement.acts.settleObserved())
  }

  /// Pays a ruling against which nobody appealed in time, or whose appeal met silence.
  public static func upholding(_ agreement: Agreement) throws(SettlementError) -> Self {
    Self(.uphold, try agreement.acts.uphold())
  }

  /// Carries a ruling; the signatures in the order of their signers' addresses.
  ///
  /// - Throws: `SettlementError.otherAgreement` where it is of another agreement.
  public static func ruling(
    _ ruling: CollectedRuling, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: ruling.message.agreementID, ruling.message.version)
    return Self(.rule, try agreement.acts.rule(ruling.message, ruling.signatures))
  }

  /// Asks the fallback panel to rule as well.
  ///
  /// - Throws: as `ruling(_:of:)`.
  public static func appealing(
    _ appeal: Signed<Appeal>, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: appeal.message.agreementID, appeal.message.version)
    return Self(.appeal, try agreement.acts.appeal(appeal.message, appeal.signature))
  }

  /// The buyer exercises: in cash that is written down, by delivery it takes what the buyer brings and hands over what it
  /// exercises for, or does nothing.
  ///
  /// - Throws: as `ruling(_:of:)`.
  public static func exercising(
    _ notice: Signed<ExerciseNotice>, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: notice.message.agreementID, notice.message.version)
    return Self(.exercise, try agreement.acts.exercise(notice.message, notice.signature))
  }

  /// Pays what both parties signed of both tokens.
  ///
  /// - Throws: as `ruling(_:of:)`.
  public static func paying(
    _ agreed: CountersignedDeliveryOutcome, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: agreed.outcome.agreementID, agreed.outcome.version)
    return Self(.agreed, try agreement.acts.settle(agreed.outcome, buyer: agreed.buyer, seller: agreed.seller))
  }

  /// Returns the collaterals of an option by delivery that was not exercised in time.
  public static func expiring(_ agreement: Agreement) throws(SettlementError) -> Self {
    Self(.expire, try agreement.acts.expire())
  }

  /// Puts other terms in place of the agreement's present ones.
  ///
  /// - Throws: `SettlementError.otherAgreement` where the change is not of them.
  public static func changing(_ agreement: Agreement, by change: AgreedChange) throws(SettlementError) -> Self {
    let next = try agreement.changed(by: change)
    let vault = agreement.acts
    let signatures = change.signatures
    switch change.message {
    case .amendment(let message):
      guard signatures.count == 2 else { throw .unfitChange("two must sign it") }
      let call = try vault.amend(
        to: next.terms, validUntil: message.validUntil, buyer: signatures[0], seller: signatures[1])
      return Self(.amend, call)
    case .novation(let message):
      guard signatures.count == 3, let side = next.terms.escrow.party(at: message.transferee) else {
        throw .unfitChange("three must sign it")
      }
      let epoch = side == .buyer ? next.terms.escrow.buyerEpoch : next.terms.escrow.sellerEpoch
      let call = try vault.novate(
        message, watcher: next.terms.escrow.watcher(of: side), epoch: epoch, transferor: signatures[0],
        transferee: signatures[1], remaining: signatures[2])
      return Self(.novate, call)
    }
  }

  /// Who is named as a signer of the ruling that a transaction carries to this agreement's vault, and the signature of that
  /// one's key beside the name, which a wallet has none of; nothing where it carries another ruling, or none.
  public static func signers(
    of decision: Decision, carriedBy raw: [UInt8], for agreement: Agreement
  ) -> [(address: Address, signature: Signature?)]? {
    guard let signed = try? SignedTransaction(decoding: raw), case .feeMarket(let sent) = signed.transaction,
      sent.to == agreement.vault, sent.value == .zero, sent.chainID == agreement.terms.domain.chainID,
      let arguments = try? EscrowContract.rule.decodeCall(sent.data), arguments.count == 9,
      Array(arguments.prefix(2)) == EscrowContract.termsArguments(agreement.terms),
      Array(arguments[2..<7]) == [
        .uint(UInt256(UInt64(decision.round))), .fixedBytes(decision.findingsDigest.bytes), .uint(decision.toBuyer),
        .uint(decision.toSeller), .uint(UInt256(UInt64(decision.bondTo.rawValue))),
      ],
      case .array(let signers) = arguments[7], case .array(let signatures) = arguments[8],
      signers.count == signatures.count
    else { return nil }
    let digest = Ruling(decision, of: agreement).typed.digest(in: agreement.terms.domain)
    return zip(signers, signatures).compactMap { signer, signature in
      guard case .address(let address) = signer, case .bytes(let bytes) = signature else { return nil }
      let read = try? bytes.count == 64 ? Signature(compact: bytes) : Signature(bytes: bytes)
      return (address, (try? read?.signer(of: digest)) == address ? read : nil)
    }
  }

  /// Whether a signed transaction is of type 2 and makes this call, to this address, on this chain, with no value.
  ///
  /// - Source: EIP-1559.
  public func isCarried(by raw: [UInt8]) -> Bool {
    guard let signed = try? SignedTransaction(decoding: raw), case .feeMarket(let sent) = signed.transaction else {
      return false
    }
    return sent.to == to && sent.data == data && sent.value == .zero && sent.chainID == chainID
  }

  private static func check(
    _ claim: Proposal, of agreement: Agreement, _ evidence: Evidence
  ) throws(SettlementError) {
    try agreement.checkNamed(by: claim.agreementID, claim.version)
    guard claim.evidenceDigest == evidence.digest else {
      throw .otherEvidence(expected: evidence.digest, found: claim.evidenceDigest)
    }
  }
}

extension Agreement {
  /// What can be done with its vault.
  var acts: Vault { Vault(first: firstTerms, present: terms) }
}
