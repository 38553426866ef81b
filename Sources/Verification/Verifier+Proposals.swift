import Arithmetic
import Ethereum
import Settlement
import Terms

/// Two equal proposals: the second one closed the vault on what both parties had signed, inside the window.
extension Verifier {
  mutating func checkProposals(
    _ first: UnverifiedMessage<Proposal>, _ second: UnverifiedMessage<Proposal>, _ agreement: Agreement
  ) throws(SettlementError) -> Basis? {
    let signed = (try first.verified(in: agreement.terms.domain), try second.verified(in: agreement.terms.domain))
    let (one, other) = (signed.0.message, signed.1.message)
    for proposal in [one, other] {
      guard proposal.agreementID == agreement.id, proposal.version == agreement.version else {
        throw .otherAgreement
      }
    }
    let escrow = agreement.terms.escrow
    let areBoth = Set([one.proposer, other.proposer]) == Set([escrow.buyer, escrow.seller])
    let areEqual = one.toBuyer == other.toBuyer && one.toSeller == other.toSeller
    note(
      .basis, areBoth && areEqual,
      !areBoth
        ? "proposals by \(one.proposer) and \(other.proposer), who are not the two parties"
        : areEqual
          ? "equal proposals of this agreement, signed by \(one.proposer) and then by \(other.proposer)"
          : "two proposals of different amounts")
    return areBoth && areEqual ? .proposals(first: signed.0, second: signed.1) : nil
  }

  /// The transaction brought the second of them.
  mutating func checkAnswer(
    _ agreement: Agreement, _ second: Signed<Proposal>, _ transaction: SignedTransaction
  ) {
    let same = SettlementCall.proposal(carriedBy: transaction.raw, to: agreement) == second
    note(
      .call, same,
      "transaction \(transaction.hash) \(same ? "carries" : "does not carry") the second proposal to the vault")
  }

  /// The escrow rule: a proposal by the other party was open, and what stood was equal, so it settled.
  mutating func checkAnswerTiming(_ header: BlockHeader, _ record: Record, _ second: Signed<Proposal>) {
    let now = header.timestamp
    do throws(SettlementError) {
      let views = try EscrowRule.routes(
        of: terms, in: record.before.vaultState, holding: EscrowPapers(), at: now)
      let isOpen = views.contains { $0.route == .propose && $0.isOpen } && now < second.message.validUntil
      var isAnswer = false
      if case .proposed(_, let standing) = record.before.phase {
        isAnswer = standing.isEqual(to: second.message) && standing.proposer != second.signer
      }
      note(
        .timing, isOpen && isAnswer,
        "the route propose \(isOpen ? "was" : "was not") open at \(now), by the escrow rule, and "
          + (isAnswer ? "the other party's equal proposal stood" : "no equal proposal of the other party stood"))
    } catch {
      note(.timing, false, "\(error)")
    }
  }
}
