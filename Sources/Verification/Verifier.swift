public import Ethereum
import Settlement
import Signing
import Terms

/// Checks a proof offline: the coordinator's own core run again, on nothing but the file and the block that its reader
/// trusts. One function a check, in the order of `Finding.Check`.
public struct Verifier {
  let proof: SettlementProof
  let trustedBlock: Digest?
  let journalSigner: Address?
  /// The trade as the journal has it before the settlement; what follows from it stands only where the journal does.
  let before: Trade?
  /// The terms that hold: those that were put last in the place of the first ones, once the agreement is verified.
  private(set) var terms: OptionTerms
  private var findings: [Finding] = []

  /// - Parameters:
  ///   - proof: the claim.
  ///   - trustedBlock: the hash of the settling block, from a source that the reader trusts; without it the verdict is
  ///     at best incomplete, since a header alone proves nothing.
  ///   - journalSigner: the address that must have signed the journal's head, from a source that the reader trusts;
  ///     without it only the sender of the settling transaction is known to have kept the journal.
  /// - Returns: one finding for each check, in order.
  public static func findings(
    in proof: SettlementProof, trustedBlock: Digest?, journalSigner: Address? = nil
  ) -> [Finding] {
    var verifier = Verifier(proof, trustedBlock, journalSigner)
    verifier.run()
    return verifier.findings
  }

  private init(_ proof: SettlementProof, _ trustedBlock: Digest?, _ journalSigner: Address?) {
    self.proof = proof
    self.trustedBlock = trustedBlock
    terms = proof.terms
    self.journalSigner = journalSigner
    before = (try? Journal(replaying: proof.journal.dropLast()))?.trade
  }

  private mutating func run() {
    let clause = checkClause()
    let signed = [checkSignature(.buyer), checkSignature(.seller)]
    var agreement: Agreement?
    if let clause, signed == [true, true] {
      agreement = try? Agreement(
        proof.terms, clause: clause, buyerSignature: proof.buyerSignature, sellerSignature: proof.sellerSignature)
    }
    agreement = checkChanges(agreement)
    terms = agreement?.terms ?? proof.terms
    let evidence = checkObservations(agreement)
    let outcome = checkOutcome(agreement, evidence)
    let basis = checkBasis(agreement, evidence)
    let amounts = checkAmounts(basis, agreement, evidence, outcome)
    let header = checkTrustedBlock()
    let transaction = checkTransactionInclusion(header)
    checkCall(agreement, basis, transaction)
    let receipt = checkReceiptInclusion(header)
    checkExecution(receipt)
    checkSettledEvent(agreement, header, receipt, basis, amounts)
    let record = checkJournal(agreement)
    checkPayments(agreement, header, receipt, amounts, record)
    checkTiming(header, record, basis, amounts)
    checkJournalSignature(record, transaction)
    findings.sort { $0.check.rawValue < $1.check.rawValue }
  }

  mutating func note(_ check: Finding.Check, _ passed: Bool, _ detail: String) {
    findings.append(Finding(check, passed ? .passed : .failed, detail))
  }

  mutating func miss(_ check: Finding.Check, _ what: String) {
    findings.append(Finding(check, .missing, "not checked: \(what)"))
  }
}
