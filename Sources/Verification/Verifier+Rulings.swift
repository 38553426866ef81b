import Arithmetic
import Ethereum
import Settlement
import Terms

/// What a panel decided, and who of it.
extension Verifier {
  /// The ruling in the file. Of one that stood before the transaction that paid it, the file may name the signers.
  mutating func checkRuling(_ decision: Decision, _ agreement: Agreement) -> Basis? {
    guard case .ruled(_, let signatures) = proof.basis, !signatures.isEmpty else {
      note(.basis, true, "a ruling of round \(decision.round), of which the contract checks who signed it")
      return .ruled(decision)
    }
    let panel = decision.panel(of: agreement.terms.escrow)
    let quorum = RulingQuorum(signatures, of: decision, in: agreement)
    note(
      .basis, quorum != nil,
      quorum.map {
        "a ruling of round \(decision.round), signed by \($0.signers.count) of \(panel.members.count), of whom "
          + "\(panel.threshold) are enough: \($0.signers.map(\.checksummed).joined(separator: ", "))"
      } ?? "the signatures in the file are not those of a quorum of the panel of round \(decision.round)")
    return quorum == nil ? nil : .ruled(decision)
  }

  /// Who signed a ruling, by their keys, as far as the file shows it: beside the ruling, or in the call that carried it.
  func quorum(of decision: Decision, in agreement: Agreement) -> RulingQuorum? {
    if case .ruled(_, let signatures) = proof.basis, !signatures.isEmpty {
      return RulingQuorum(signatures, of: decision, in: agreement)
    }
    return RulingQuorum(of: decision, carriedBy: proof.inclusion.transaction, to: agreement)
  }

  /// A ruling finds facts, and its amounts are the clause's on them. Where the evidence in the file has an outcome, the
  /// ruling must be that. Where it has none, what the panel found is what the parties agreed on beforehand: the next rung
  /// of the price ladder. That takes that its members signed it, and that it was asked on this evidence and no other.
  mutating func checkRuled(
    _ decision: Decision, _ agreement: Agreement, _ evidence: Evidence, _ outcome: Outcome?
  ) -> Amounts? {
    let amounts = Amounts(toBuyer: decision.toBuyer, toSeller: decision.toSeller)
    if let outcome {
      let same = outcome.toBuyer == amounts.toBuyer && outcome.toSeller == amounts.toSeller
      note(
        .amounts, same,
        "the ruling pays the buyer \(amounts.toBuyer), the clause says \(outcome.toBuyer); the escrow is "
          + "\(terms.escrowed)")
      return same ? amounts : nil
    }
    guard (try? amounts.toBuyer.adding(amounts.toSeller)) == terms.escrowed else {
      note(.amounts, false, "the ruling's amounts are not the escrow, which is \(terms.escrowed)")
      return nil
    }
    guard quorum(of: decision, in: agreement) != nil else {
      miss(.amounts, "the clause has no outcome on the evidence in the file, and who signed the ruling is not in it")
      return amounts
    }
    guard isAsked(on: evidence, of: agreement) else {
      miss(.amounts, "the clause has no outcome on the evidence in the file, and the parties named other evidence")
      return amounts
    }
    note(
      .amounts, true,
      "buyer \(amounts.toBuyer), seller \(amounts.toSeller), as the panel ruled; the clause has no outcome on the "
        + "evidence in the file; the escrow is \(terms.escrowed)")
    return amounts
  }

  /// Whether proposal and dispute named the evidence in the file, or none.
  private func isAsked(on evidence: Evidence, of agreement: Agreement) -> Bool {
    let dispute: StandingDispute
    switch before?.phase {
    case .disputed(_, let standing): dispute = standing
    case .ruled(_, let ruling), .appealed(_, let ruling): dispute = ruling.dispute
    default: return false
    }
    let known = [evidence.digest, (try? Evidence([], for: agreement))?.digest]
    return [dispute.proposal.evidenceDigest, dispute.evidenceDigest].allSatisfy(known.contains)
  }
}
