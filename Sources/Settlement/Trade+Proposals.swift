import Arithmetic
import Ethereum
import Signing
import Terms

/// Proposals: the first one opens the window, and the other party's equal one closes the vault at once.
extension Trade {
  mutating func accept(
    _ event: Event, _ signed: Signed<Proposal>, at now: UInt64
  ) throws(SettlementError) {
    let party: Party
    switch phase {
    case .active(let agreement, _) where now >= terms.escrow.evidenceCloses:
      try Lifecycle.requireBefore(terms.escrow.settleBy, "proposing", now)
      party = try self.party(of: signed)
      try check(signed.message, of: agreement, owed: Owed(outcome()), at: now)
    case .proposed(let agreement, let standing):
      try Lifecycle.requireBefore(terms.escrow.settleBy, "proposing", now)
      try Lifecycle.requireBefore(windowEnd(of: standing), "the dispute window", now)
      party = try self.party(of: signed)
      guard signed.signer != standing.proposer else { throw outOfPlace(event) }
      try check(signed.message, of: agreement, on: Evidence(observations, for: agreement).digest, at: now)
      guard standing.isEqual(to: signed.message) else {
        throw .otherProposal(expected: standing.toBuyer, found: signed.message.toBuyer)
      }
    default: throw outOfPlace(event)
    }
    try count(signed)
    proposals[party] = signed
  }

  /// The signed proposals that the vault would take: any party's while none stands, else the other party's equal one.
  ///
  /// - Parameter now: Unix seconds; those that are valid no longer are left out.
  public func carriableProposals(at now: UInt64) -> [Signed<Proposal>] {
    let valid = Party.allCases.compactMap { proposals[$0] }.filter { now < $0.message.validUntil }
    guard case .proposed(_, let standing) = phase else { return valid }
    return valid.filter { $0.signer != standing.proposer && standing.isEqual(to: $0.message) }
  }

  /// The first second in which the proposal can be paid, and neither disputed nor answered.
  func windowEnd(of standing: StandingProposal) -> UInt64 {
    let (end, overflows) = standing.at.addingReportingOverflow(terms.escrow.disputeWindow)
    return overflows ? .max : end
  }
}

extension StandingProposal {
  /// Whether a proposal pays the same.
  public func isEqual(to proposal: Proposal) -> Bool {
    proposal.toBuyer == toBuyer && proposal.toSeller == toSeller
  }

  /// Whether a proposal is the one that stands, as far as the vault told what it says.
  public func isSaid(by proposal: Proposal) -> Bool {
    proposal.proposer == proposer && proposal.evidenceDigest == evidenceDigest && isEqual(to: proposal)
  }
}

extension SettlementCall {
  /// The proposal that a transaction carries to this agreement's vault, with its party's signature; nothing where it
  /// carries another call, or a signature that no key made. The manifest is whoever's carries it, and says nothing here.
  public static func proposal(carriedBy raw: [UInt8], to agreement: Agreement) -> Signed<Proposal>? {
    guard let signed = try? SignedTransaction(decoding: raw), case .feeMarket(let sent) = signed.transaction,
      sent.to == agreement.vault, sent.value == .zero, sent.chainID == agreement.terms.domain.chainID,
      let arguments = try? EscrowContract.propose.decodeCall(sent.data), arguments.count == 9,
      Array(arguments.prefix(2)) == EscrowContract.termsArguments(agreement.terms),
      case .address(let proposer) = arguments[2], case .fixedBytes(let digest) = arguments[3],
      let evidence = try? Digest(digest), case .uint(let toBuyer) = arguments[4],
      case .uint(let toSeller) = arguments[5],
      case .uint(let until) = arguments[6], let validUntil = until.asUInt64, case .bytes(let bytes) = arguments[7],
      let signature = try? bytes.count == 64 ? Signature(compact: bytes) : Signature(bytes: bytes)
    else { return nil }
    let proposal = Proposal(
      agreementID: agreement.id, version: agreement.version, proposer: proposer, evidenceDigest: evidence,
      toBuyer: toBuyer, toSeller: toSeller, validUntil: validUntil)
    return try? Signed(proposal, signature: signature, in: agreement.terms.domain)
  }
}
