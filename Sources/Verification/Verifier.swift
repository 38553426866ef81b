import Clauses
import Arithmetic
public import Ethereum
import Settlement
import Signing
import Terms

/// Checks a proof offline: the coordinator's own core run again, on nothing but the file and the block that its reader
/// trusts. One function a check, in the order of `Finding.Check`.
public struct Verifier {
  private let proof: SettlementProof
  private let trustedBlock: Digest?
  private var findings: [Finding] = []

  /// - Parameters:
  ///   - proof: the claim.
  ///   - trustedBlock: the hash of the settling block, from a source that the reader trusts; without it the verdict is
  ///     at best incomplete, since a header alone proves nothing.
  /// - Returns: one finding for each check, in order.
  public static func findings(in proof: SettlementProof, trustedBlock: Digest?) -> [Finding] {
    var verifier = Verifier(proof: proof, trustedBlock: trustedBlock)
    verifier.run()
    return verifier.findings
  }

  private init(proof: SettlementProof, trustedBlock: Digest?) {
    self.proof = proof
    self.trustedBlock = trustedBlock
  }

  private mutating func run() {
    let clause = checkClause()
    let signed = [checkSignature(.buyer), checkSignature(.seller)]
    var agreement: Agreement?
    if let clause, signed == [true, true] {
      agreement = try? Agreement(
        proof.terms, clause: clause, buyerSignature: proof.buyerSignature, sellerSignature: proof.sellerSignature)
    }
    let evidence = checkObservations(agreement)
    checkPrice(evidence)
    let outcome = checkOutcome(agreement, evidence)
    checkTrace(outcome)
    let basis = checkBasis(evidence)
    let amounts = checkAmounts(basis, outcome)
    let header = checkTrustedBlock()
    let transaction = checkTransactionInclusion(header)
    checkCall(agreement, basis, transaction)
    let receipt = checkReceiptInclusion(header)
    checkExecution(receipt)
    checkSettledEvent(agreement, receipt, amounts)
    let journal = checkJournal(agreement)
    checkPayments(agreement, receipt, amounts, journal)
    checkTiming(header, journal, basis)
    checkJournalSignature(journal, transaction)
    findings.sort { $0.check.rawValue < $1.check.rawValue }
  }

  private mutating func note(_ check: Finding.Check, _ passed: Bool, _ detail: String) {
    findings.append(Finding(check, passed ? .passed : .failed, detail))
  }

  private mutating func miss(_ check: Finding.Check, _ what: String) {
    findings.append(Finding(check, .missing, "not checked: \(what)"))
  }

  // MARK: What was agreed

  private mutating func checkClause() -> PayoffClause? {
    do throws(SettlementError) {
      let clause = try PayoffClause(source: proof.clauseSource)
      let same = clause.program.bytecode == proof.clauseBytecode
      let named = clause.digest == proof.terms.escrow.clause
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

  private mutating func checkSignature(_ party: Terms.Party) -> Bool {
    let signature = party == .buyer ? proof.buyerSignature : proof.sellerSignature
    let expected = proof.terms.escrow.address(of: party)
    let signer = try? signature.signer(of: proof.terms.digest)
    note(
      party == .buyer ? .buyerSignature : .sellerSignature, signer == expected,
      "terms \(proof.terms.digest) signed by \(signer?.checksummed ?? "nobody"), the \(party.rawValue) is \(expected)")
    return signer == expected
  }

  // MARK: What follows from it

  private mutating func checkObservations(_ agreement: Agreement?) -> Evidence? {
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

  private mutating func checkPrice(_ evidence: Evidence?) {
    guard let evidence else { return miss(.price, "no valid evidence") }
    let claimed = proof.outcome?.settlementPrice
    note(
      .price, evidence.price.price == claimed,
      "the observations give \(evidence.price); the file says \(claimed?.description ?? "none")")
  }

  private mutating func checkOutcome(_ agreement: Agreement?, _ evidence: Evidence?) -> Outcome? {
    guard let agreement, let evidence else {
      miss(.outcome, "no valid agreement or evidence")
      return nil
    }
    guard let claimed = proof.outcome else {
      note(.outcome, evidence.price.price == nil, "none, for want of a settlement price")
      return nil
    }
    do throws(SettlementError) {
      let outcome = try Outcome(of: agreement, given: evidence)
      let same =
        claimed.toBuyer == outcome.toBuyer && claimed.toSeller == outcome.toSeller
        && claimed.evidenceDigest == outcome.evidenceDigest
      note(
        .outcome, same,
        "the clause gives the buyer \(outcome.toBuyer) and the seller \(outcome.toSeller) on evidence "
          + "\(outcome.evidenceDigest); the file says \(claimed.toBuyer), \(claimed.toSeller), \(claimed.evidenceDigest)"
      )
      return outcome
    } catch {
      note(.outcome, false, "\(error)")
      return nil
    }
  }

  private mutating func checkTrace(_ outcome: Outcome?) {
    guard let claimed = proof.outcome else { return note(.trace, outcome == nil, "no outcome, no trace") }
    guard let outcome else { return miss(.trace, "no valid outcome") }
    note(
      .trace, outcome.traceDigest == claimed.traceDigest,
      "the clause's run has trace \(outcome.traceDigest), the file says \(claimed.traceDigest)")
  }

  /// What gave the right to pay, verified.
  private enum Basis {
    case agreed(AgreedOutcome, buyer: Signature, seller: Signature)
    case finalised(Signed<Proposal>)
    case defaulted
  }

  private mutating func checkBasis(_ evidence: Evidence?) -> Basis? {
    let domain = proof.terms.domain
    do throws(SettlementError) {
      switch proof.basis {
      case .agreed(let outcome, let buyer, let seller):
        let signers = [
          try Signed(outcome, signature: buyer, in: domain).signer,
          try Signed(outcome, signature: seller, in: domain).signer,
        ]
        let named = names(outcome.agreementID, outcome.version)
        let holds = signers == [proof.terms.escrow.buyer, proof.terms.escrow.seller] && named
        note(.basis, holds, "an outcome of this agreement, signed by \(signers[0]) and \(signers[1])")
        return holds ? .agreed(outcome, buyer: buyer, seller: seller) : nil
      case .finalised(let unverified):
        let proposal = try unverified.verified(in: domain)
        let isParty = proof.terms.escrow.party(at: proposal.signer) != nil
        let named = names(proposal.message.agreementID, proposal.message.version)
        let onEvidence = evidence.map { $0.digest == proposal.message.evidenceDigest }
        note(
          .basis, isParty && named && onEvidence != false,
          "a proposal of this agreement by \(proposal.signer) on evidence \(proposal.message.evidenceDigest)")
        return isParty && named && onEvidence == true ? .finalised(proposal) : nil
      case .defaulted:
        note(.basis, true, "silence: the default amounts of the terms")
        return .defaulted
      }
    } catch {
      note(.basis, false, "\(error)")
      return nil
    }
  }

  private func names(_ id: AgreementID, _ version: UInt64) -> Bool {
    id.digest == proof.terms.digest && version == Agreement.firstVersion
  }

  /// What had to be paid: by the basis, and, where a proposal was the basis, by the clause as well. Amounts that both
  /// parties signed, and defaults that they agreed on beforehand, need no clause.
  private mutating func checkAmounts(_ basis: Basis?, _ outcome: Outcome?) -> Amounts? {
    guard let basis else {
      miss(.amounts, "no valid basis")
      return nil
    }
    let escrow = proof.terms.escrow
    let amounts: Amounts
    var meaning = "as both parties signed"
    switch basis {
    case .agreed(let agreed, _, _):
      amounts = Amounts(toBuyer: agreed.toBuyer, toSeller: agreed.toSeller)
      if let outcome {
        meaning +=
          outcome.toBuyer == amounts.toBuyer ? ", and as the clause says" : ", though the clause says otherwise"
      }
    case .finalised(let proposal):
      amounts = Amounts(toBuyer: proposal.message.toBuyer, toSeller: proposal.message.toSeller)
      guard let outcome else {
        note(.amounts, false, "a proposal without an outcome of the clause behind it")
        return nil
      }
      guard outcome.toBuyer == amounts.toBuyer, outcome.toSeller == amounts.toSeller else {
        note(.amounts, false, "the proposal pays the buyer \(amounts.toBuyer), the clause says \(outcome.toBuyer)")
        return nil
      }
      meaning = "as proposed and as the clause says"
    case .defaulted:
      amounts = Amounts(toBuyer: escrow.defaultToBuyer, toSeller: escrow.defaultToSeller)
      meaning = "the default amounts"
    }
    let whole = (try? amounts.toBuyer.adding(amounts.toSeller)) == proof.terms.escrowed
    note(
      .amounts, whole,
      "buyer \(amounts.toBuyer), seller \(amounts.toSeller), \(meaning); the escrow is \(proof.terms.escrowed)")
    return whole ? amounts : nil
  }

  private struct Amounts {
    let toBuyer: UInt256
    let toSeller: UInt256
  }

  // MARK: What the chain did

  private mutating func checkTrustedBlock() -> BlockHeader? {
    do throws(EthereumError) {
      let header = try BlockHeader(decoding: proof.inclusion.header)
      guard let trustedBlock else {
        miss(.trustedBlock, "no trusted block hash was given; block \(header.number) claims to be \(header.hash)")
        return header
      }
      note(
        .trustedBlock, header.hash == trustedBlock,
        "block \(header.number) has hash \(header.hash), trusted is \(trustedBlock)")
      return header.hash == trustedBlock ? header : nil
    } catch {
      note(.trustedBlock, false, "the header: \(error)")
      return nil
    }
  }

  private mutating func checkTransactionInclusion(_ header: BlockHeader?) -> SignedTransaction? {
    let inclusion = proof.inclusion
    guard
      checkInclusion(
        .transactionInclusion, "transaction", inclusion.transaction, inclusion.transactionProof,
        root: header?.transactionsRoot)
    else { return nil }
    return try? SignedTransaction(decoding: inclusion.transaction)
  }

  private mutating func checkReceiptInclusion(_ header: BlockHeader?) -> Receipt? {
    let inclusion = proof.inclusion
    guard
      checkInclusion(
        .receiptInclusion, "receipt", inclusion.receipt, inclusion.receiptProof, root: header?.receiptsRoot)
    else { return nil }
    return try? Receipt(decoding: inclusion.receipt)
  }

  /// Both tries are keyed by the RLP of the index (yellow paper, section 4.3.2).
  private mutating func checkInclusion(
    _ check: Finding.Check, _ what: String, _ value: [UInt8], _ nodes: [[UInt8]], root: Digest?
  ) -> Bool {
    guard let root else {
      miss(check, "no valid header")
      return false
    }
    let key = RLPItem.integer(proof.inclusion.index).encoded()
    do throws(EthereumError) {
      let held = try MerklePatriciaTrie.verify(root: root, key: key, proof: nodes)
      note(check, held == value, "\(what) \(proof.inclusion.index) under root \(root)")
      return held == value
    } catch {
      note(check, false, "\(what) \(proof.inclusion.index) under root \(root): \(error)")
      return false
    }
  }

  private mutating func checkCall(_ agreement: Agreement?, _ basis: Basis?, _ transaction: SignedTransaction?) {
    guard let agreement, let basis else { return miss(.call, "no valid agreement or basis") }
    guard let transaction else { return miss(.call, "no valid transaction") }
    do throws(SettlementError) {
      let call: SettlementCall
      switch basis {
      case .agreed(let outcome, let buyer, let seller):
        call = try .paying(outcome, of: agreement, buyerSignature: buyer, sellerSignature: seller)
      case .finalised: call = try .finalising(agreement)
      case .defaulted: call = try .defaulting(agreement)
      }
      guard case .feeMarket(let sent) = transaction.transaction else {
        return note(.call, false, "transaction \(transaction.hash) is not of type 2 (EIP-1559)")
      }
      let same = sent.to == call.to && sent.data == call.data && sent.value == .zero && sent.chainID == call.chainID
      note(
        .call, same,
        "transaction \(transaction.hash) \(same ? "carries" : "does not carry") the derived call of "
          + "\(call.data.count) bytes to \(call.to)")
    } catch {
      note(.call, false, "\(error)")
    }
  }

  private mutating func checkExecution(_ receipt: Receipt?) {
    guard let receipt else { return miss(.execution, "no valid receipt") }
    let succeeded = receipt.succeeded == true
    note(.execution, succeeded, succeeded ? "the transaction succeeded" : "the transaction did not succeed")
  }

  private mutating func checkSettledEvent(_ agreement: Agreement?, _ receipt: Receipt?, _ amounts: Amounts?) {
    guard let agreement, let receipt, let amounts else {
      return miss(.settledEvent, "no valid agreement, receipt or amounts")
    }
    let events = receipt.logs.compactMap { EscrowEvent($0, of: agreement) }
    let expected = EscrowEvent.settled(
      proof.basis.route, toBuyer: amounts.toBuyer, toSeller: amounts.toSeller)
    note(
      .settledEvent, events == [expected],
      events == [expected]
        ? "vault \(agreement.vault) settled as \(proof.basis.route.name) with these amounts"
        : "vault \(agreement.vault) logged otherwise")
  }

  /// The token's own transfers out of the vault: each party's amount, or the claim it was booked as, and the live bonds.
  private mutating func checkPayments(
    _ agreement: Agreement?, _ receipt: Receipt?, _ amounts: Amounts?, _ journal: Journal?
  ) {
    guard let agreement, let receipt, let amounts else {
      return miss(.payments, "no valid agreement, receipt or amounts")
    }
    guard let bonds = journal.flatMap(liveBonds) else {
      return miss(.payments, "no valid journal names the live bonds")
    }
    let escrow = proof.terms.escrow
    var expected = [
      Payment(to: escrow.buyer, value: amounts.toBuyer), Payment(to: escrow.seller, value: amounts.toSeller),
    ]
    expected += bonds.map { Payment(to: $0, value: escrow.bond) }
    expected.removeAll { $0.value == .zero }
    let transfers = receipt.logs.compactMap { TokenTransfer($0) }
      .filter { $0.token == escrow.token && $0.from == agreement.vault }
      .map { Payment(to: $0.to, value: $0.value) }
    let claims = receipt.logs.compactMap { PayoutClaim($0, of: agreement) }.map {
      Payment(to: $0.claimant, value: $0.amount)
    }
    let same = (transfers + claims).sorted() == expected.sorted()
    let words = { (payments: [Payment]) in payments.map { "\($0.value) to \($0.to)" }.joined(separator: ", ") }
    var detail = "token \(escrow.token) moved \(words(transfers)) out of the vault"
    if !claims.isEmpty { detail += "; booked as claims: \(words(claims))" }
    if !same { detail += "; owed were \(words(expected))" }
    note(.payments, same, detail)
  }

  private struct Payment: Hashable, Comparable {
    let to: Address
    let value: UInt256

    static func < (a: Self, b: Self) -> Bool { (a.to, a.value) < (b.to, b.value) }
  }

  /// Who paid a bond that was still in the vault when it closed: the proposer, and the disputer.
  private func liveBonds(_ journal: Journal) -> [Address]? {
    var bonds: [Address] = []
    for entry in journal.entries {
      guard let event = try? Event(document: entry.event, in: proof.terms.domain) else { return nil }
      switch event {
      case .happened(.proposed(let proposer, _, _, _, _), _): bonds.append(proposer)
      case .happened(.disputed(let disputer, _, _, _, _), _): bonds.append(disputer)
      default: break
      }
    }
    return bonds
  }

  /// The escrow rule, asked for the moment of the block: was this route open, and did it release these amounts?
  private mutating func checkTiming(_ header: BlockHeader?, _ journal: Journal?, _ basis: Basis?) {
    guard let header, let journal, let basis else {
      return miss(.timing, "no valid header, journal or basis")
    }
    do throws(JournalError) {
      let before = try Journal(replaying: Array(journal.entries.dropLast()))
      guard let trade = before.trade else { return miss(.timing, "no valid journal") }
      var agreed: AgreedOutcome?
      if case .agreed(let outcome, _, _) = basis { agreed = outcome }
      let route: Settlement.Route =
        switch basis {
        case .agreed: .agreed
        case .finalised: .finalise
        case .defaulted: .settleByDefault
        }
      let views = try? EscrowRule.routes(
        of: proof.terms, in: trade.vaultState, agreed: agreed, at: header.timestamp)
      let isOpen = views?.contains { $0.route == route && $0.isOpen } == true
      note(
        .timing, isOpen,
        "the route \(route.rawValue) \(isOpen ? "was open" : "was not open") at \(header.timestamp), by the escrow rule"
      )
    } catch {
      note(.timing, false, "\(error)")
    }
  }

  // MARK: What the coordinator wrote down

  private mutating func checkJournal(_ agreement: Agreement?) -> Journal? {
    do throws(JournalError) {
      let journal = try Journal(replaying: proof.journal)
      guard let agreement, let trade = journal.trade else {
        miss(.journal, "no valid agreement")
        return nil
      }
      let faults = disagreements(of: trade, agreement)
      note(
        .journal, faults.isEmpty,
        faults.isEmpty
          ? "\(journal.entries.count) entries replay to this settlement, head \(journal.head)"
          : "it says otherwise about \(faults.joined(separator: ", "))")
      return faults.isEmpty ? journal : nil
    } catch {
      note(.journal, false, "\(error)")
      return nil
    }
  }

  /// Where the replayed trade and the sections of the file differ.
  private func disagreements(of trade: Trade, _ agreement: Agreement) -> [String] {
    var faults: [String] = []
    if trade.agreement != agreement || trade.clause.source != proof.clauseSource { faults.append("the agreement") }
    let held = (try? Evidence(trade.observations, for: agreement))?.observations.map { UnverifiedMessage($0) }
    if held != proof.observations { faults.append("the evidence") }
    switch proof.basis {
    case .agreed(let outcome, let buyer, let seller):
      let same = trade.agreedOutcome.map { $0 == (outcome, buyer, seller) }
      if same != true { faults.append("the agreed outcome") }
    case .finalised(let proposal):
      if !trade.proposals.values.contains(where: { UnverifiedMessage($0) == proposal }) {
        faults.append("the proposal")
      }
    case .defaulted: break
    }
    let transaction = Keccak256.hash(proof.inclusion.transaction)
    let block = Keccak256.hash(proof.inclusion.header)
    if case .closed(_, let settled) = trade.phase {
      if settled.route != proof.basis.route { faults.append("the route") }
      if settled.fact.transaction != transaction || settled.fact.blockHash != block { faults.append("the transaction") }
    } else {
      faults.append("the settlement")
    }
    return faults
  }

  /// The coordinator is whoever signed the settling transaction; the same key signs the journal's head.
  private mutating func checkJournalSignature(_ journal: Journal?, _ transaction: SignedTransaction?) {
    guard let journal, let head = journal.signedHead else { return miss(.journalSignature, "no valid journal") }
    guard let sender = try? transaction?.sender() else { return miss(.journalSignature, "no valid transaction") }
    let signer = try? proof.journalSignature.signer(of: head.typed.digest(in: proof.terms.domain))
    guard signer == sender else {
      return miss(
        .journalSignature,
        "the head is signed by \(signer?.checksummed ?? "nobody"), the transaction was sent by \(sender); what only the "
          + "journal says is the word of whoever wrote the file")
    }
    note(.journalSignature, true, "head signed by \(sender), who sent the transaction")
  }
}
