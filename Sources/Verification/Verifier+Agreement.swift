import Arithmetic
import Clauses
import Ethereum
import Settlement
import Signing
import Terms

/// What was agreed, and what follows from it.
extension Verifier {
  mutating func checkClause() -> PayoffClause? {
    do throws(SettlementError) {
      let clause = try PayoffClause(source: proof.clauseSource)
      let same = clause.program.bytecode == proof.clauseBytecode
      let named = clause.digest == proof.terms.escrow.clause
      if same, named { try clause.check(against: proof.terms) }
      note(
        .clause, same && named,
        same
          ? "the source compiles to bytecode with digest \(clause.digest), the terms name \(proof.terms.escrow.clause)"
          : "the source does not compile to the bytecode in the file")
      return same && named ? clause : nil
    } catch {
      note(.clause, false, "\(error)")
      return nil
    }
  }

  mutating func checkSignature(_ party: Terms.Party) -> Bool {
    let signature = party == .buyer ? proof.buyerSignature : proof.sellerSignature
    let expected = proof.terms.escrow.address(of: party)
    let signer = try? signature.signer(of: proof.terms.digest)
    note(
      party == .buyer ? .buyerSignature : .sellerSignature, signer == expected,
      "terms \(proof.terms.digest) signed by \(signer?.checksummed ?? "nobody"), the \(party.rawValue) is \(expected)")
    return signer == expected
  }

  /// Each change is of the terms before it, and everybody signed it who must: what results are the terms that hold. That the
  /// vault took them, its acceptance of the settling call shows, which re-supplies them.
  mutating func checkChanges(_ agreement: Agreement?) -> Agreement? {
    guard var present = agreement else {
      miss(.changes, "no valid agreement")
      return nil
    }
    do throws(SettlementError) {
      for change in proof.changes { present = try present.changed(by: change.verified(of: present)) }
      let names = present.changes.map { "\($0.message.name) to version \($0.message.version)" }
      note(
        .changes, true,
        names.isEmpty
          ? "the first terms hold"
          : "signed by everybody concerned: \(names.joined(separator: ", ")); terms \(present.terms.digest) hold")
      return present
    } catch {
      note(.changes, false, "change \(present.changes.count): \(error)")
      return nil
    }
  }

  mutating func checkObservations(_ agreement: Agreement?) -> Evidence? {
    guard let agreement else {
      miss(.observations, "no valid agreement")
      return nil
    }
    do throws(SettlementError) {
      var signed: [Signed<Observation>] = []
      for observation in proof.observations { signed.append(try observation.verified(in: proof.terms.domain)) }
      let evidence = try Evidence(signed, for: agreement)
      let canonical = evidence.observations == signed
      note(
        .observations, canonical,
        canonical
          ? "\(signed.count) admissible, digest \(evidence.digest)" : "they are not in canonical order, each once")
      return canonical ? evidence : nil
    } catch {
      note(.observations, false, "\(error)")
      return nil
    }
  }

  /// The clause, run on the evidence, against what the file says: the price, the amounts, and the trace of the run.
  mutating func checkOutcome(_ agreement: Agreement?, _ evidence: Evidence?) -> Outcome? {
    guard let agreement, let evidence else {
      for check in [Finding.Check.price, .outcome, .trace] { miss(check, "no valid agreement or evidence") }
      return nil
    }
    do throws(SettlementError) {
      let outcome = try Outcome(of: agreement, given: evidence, exercisedAt: before?.exercisedAt)
      compare(outcome, evidence)
      return outcome
    } catch {
      // There is no outcome, so the file must not claim one.
      let rightly = error.meansNoOutcome && proof.outcome == nil
      note(
        .price, proof.outcome.map { $0.settlementPrice == evidence.price.price } ?? true,
        "the observations give \(evidence.price); the file says \(proof.outcome?.settlementPrice?.description ?? "none")"
      )
      note(.outcome, rightly, "none: \(error)" + (rightly ? "" : "; the file says otherwise"))
      note(.trace, rightly, "no outcome, no trace" + (rightly ? "" : "; the file says otherwise"))
      return nil
    }
  }

  private mutating func compare(_ outcome: Outcome, _ evidence: Evidence) {
    guard let claimed = proof.outcome else {
      note(.price, false, "the observations give \(evidence.price); the file says none")
      note(.outcome, false, "the clause gives the buyer \(outcome.toBuyer); the file says nothing")
      note(.trace, false, "the clause's run has trace \(outcome.traceDigest), the file says none")
      return
    }
    note(
      .price, outcome.settlementPrice == claimed.settlementPrice,
      "the observations give \(evidence.price); the file says \(claimed.settlementPrice?.description ?? "none")")
    note(
      .outcome,
      claimed.toBuyer == outcome.toBuyer && claimed.toSeller == outcome.toSeller
        && claimed.delivered == outcome.delivered && claimed.evidenceDigest == outcome.evidenceDigest,
      "the clause gives the buyer \(outcome.toBuyer) and the seller \(outcome.toSeller) on evidence "
        + "\(outcome.evidenceDigest)\(Self.words(outcome.delivered)); the file says \(claimed.toBuyer), \(claimed.toSeller), "
        + "\(claimed.evidenceDigest)\(Self.words(claimed.delivered))")
    note(
      .trace, outcome.traceDigest == claimed.traceDigest,
      "the clause's run has trace \(outcome.traceDigest), the file says \(claimed.traceDigest)")
  }
}
