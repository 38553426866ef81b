import Arithmetic
public import Ethereum
public import Signing
import Terms

/// What the settlement transaction says, apart from who sends it: anyone derives the same bytes from the agreement and
/// what was signed. The value is always zero.
public struct SettlementCall: Hashable, Sendable {
  /// What the call does.
  public let route: Route
  /// The chain on which it counts.
  public let chainID: ChainID
  /// The vault; for `open` the escrow.
  public let to: Address
  /// The calldata.
  public let data: [UInt8]

  init(
    _ route: Route, _ agreement: Agreement, to: Address, whole function: ABIFunction, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    self.route = route
    chainID = agreement.terms.domain.chainID
    self.to = to
    do throws(EthereumError) {
      data = try function.encodeCall(arguments)
    } catch {
      throw .unencodable("the call \(route.rawValue): \(error)")
    }
  }

  init(
    _ route: Route, _ agreement: Agreement, to: Address, _ function: ABIFunction, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    try self.init(
      route, agreement, to: to, whole: function, EscrowContract.termsArguments(agreement.terms) + arguments)
  }

  init(
    _ route: Route, _ agreement: Agreement, _ function: ABIFunction, _ arguments: [ABIValue]
  ) throws(SettlementError) {
    try self.init(route, agreement, to: agreement.vault, function, arguments)
  }

  private init(_ route: Route, _ call: EscrowCall) {
    self.route = route
    chainID = call.chainID
    to = call.to
    data = call.data
  }

  /// Opens the escrow on the first terms: premium and both collaterals move, or nothing does.
  public static func opening(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(
      .open, agreement, to: agreement.terms.domain.verifyingContract, whole: EscrowContract.open,
      EscrowContract.termsArguments(agreement.firstTerms)
        + [.bytes(agreement.buyerSignature.bytes), .bytes(agreement.sellerSignature.bytes)])
  }

  /// Pays what both parties signed.
  ///
  /// - Throws: `SettlementError.otherAgreement` where they signed it for another agreement.
  public static func paying(
    _ agreed: CountersignedOutcome, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    let outcome = agreed.outcome
    try agreement.checkNamed(by: outcome.agreementID, outcome.version)
    return try Self(
      .agreed, agreement, EscrowContract.settle,
      [
        .uint(outcome.toBuyer), .uint(outcome.toSeller), .uint(UInt256(outcome.validUntil)),
        .bytes(agreed.buyer.bytes), .bytes(agreed.seller.bytes),
      ])
  }

  /// Puts one party's proposal and its evidence before the other.
  ///
  /// - Throws: `SettlementError.otherAgreement`, or `.otherEvidence` where the proposal names other evidence.
  public static func proposing(
    _ proposal: Signed<Proposal>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try Self(
      .propose, agreement, EscrowContract.propose, claim(proposal.message, proposal.signature, agreement, evidence))
  }

  /// Disputes a proposal with a counter-outcome and its evidence.
  ///
  /// - Throws: as `proposing(_:of:evidence:)`.
  public static func disputing(
    _ dispute: Signed<Dispute>, of agreement: Agreement, evidence: Evidence
  ) throws(SettlementError) -> Self {
    try Self(
      .dispute, agreement, EscrowContract.dispute,
      claim(dispute.message.counter, dispute.signature, agreement, evidence))
  }

  /// Pays a proposal whose window has passed.
  public static func finalising(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.finalise, agreement, EscrowContract.finalise, [])
  }

  /// Pays the default amounts after silence.
  public static func defaulting(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.settleByDefault, agreement, EscrowContract.settleByDefault, [])
  }

  /// Shows the vault signed prices of the fixing, which it keeps.
  public static func observing(
    _ observations: [Signed<Observation>], of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try Self(.observe, agreement, EscrowContract.observe, EscrowContract.observationArguments(observations))
  }

  /// Pays what the vault computes from the prices it holds.
  public static func settlingObserved(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(
      .observed, agreement, to: agreement.vault, whole: EscrowContract.settleObserved,
      EscrowContract.wholeTerms(agreement.terms))
  }

  /// Pays a ruling against which nobody appealed in time, or whose appeal met silence.
  public static func upholding(_ agreement: Agreement) throws(SettlementError) -> Self {
    try Self(.uphold, agreement, EscrowContract.uphold, [])
  }

  /// Carries a ruling; the signatures in the order of their signers' addresses.
  ///
  /// - Throws: `SettlementError.otherAgreement` where it is of another agreement.
  public static func ruling(
    _ ruling: CollectedRuling, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    try agreement.checkNamed(by: ruling.message.agreementID, ruling.message.version)
    return try Self(
      .rule, agreement, EscrowContract.rule, EscrowContract.rulingArguments(ruling.message, ruling.signatures))
  }

  /// Asks the fallback panel to rule as well.
  ///
  /// - Throws: as `ruling(_:of:)`.
  public static func appealing(
    _ appeal: Signed<Appeal>, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    let message = appeal.message
    try agreement.checkNamed(by: message.agreementID, message.version)
    return try Self(
      .appeal, agreement, EscrowContract.appeal,
      [.address(message.appellant), .uint(UInt256(message.validUntil)), .bytes(appeal.signature.bytes)])
  }

  /// Records that the buyer exercises.
  ///
  /// - Throws: as `ruling(_:of:)`.
  public static func exercising(
    _ notice: Signed<ExerciseNotice>, of agreement: Agreement
  ) throws(SettlementError) -> Self {
    let message = notice.message
    try agreement.checkNamed(by: message.agreementID, message.version)
    return try Self(
      .exercise, agreement, EscrowContract.exercise,
      [.address(message.holder), .uint(UInt256(message.validUntil)), .bytes(notice.signature.bytes)])
  }

  /// Puts other terms in place of the agreement's present ones.
  ///
  /// - Throws: `SettlementError.otherAgreement` where the change is not of them.
  public static func changing(_ agreement: Agreement, by change: AgreedChange) throws(SettlementError) -> Self {
    let next = try agreement.changed(by: change)
    let vault = Vault(first: agreement.firstTerms, present: agreement.terms)
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

  private static func claim(
    _ claim: Proposal, _ signature: Signature, _ agreement: Agreement, _ evidence: Evidence
  ) throws(SettlementError) -> [ABIValue] {
    try agreement.checkNamed(by: claim.agreementID, claim.version)
    guard claim.evidenceDigest == evidence.digest else {
      throw .otherEvidence(expected: evidence.digest, found: claim.evidenceDigest)
    }
    return [
      .address(claim.proposer), .fixedBytes(claim.evidenceDigest.bytes), .uint(claim.toBuyer),
      .uint(claim.toSeller), .uint(UInt256(claim.validUntil)), .bytes(signature.bytes), .bytes(evidence.manifest),
    ]
  }
}
