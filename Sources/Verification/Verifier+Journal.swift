import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms

/// What the coordinator wrote down, and what is known from it alone: whose bonds were live, and when.
extension Verifier {
  /// A journal that replays to the settlement in the file.
  struct Record {
    let journal: Journal
    /// The state in which the settlement found the trade.
    let before: Trade

    /// What each who paid a bond that was still in the vault gets back where no ruling is paid: all of it.
    func wholeBonds(of bond: UInt256) -> [(to: Address, value: UInt256)] {
      switch before.phase {
      case .proposed(_, let standing): [(standing.proposer, bond)]
      case .disputed(_, let dispute): [(dispute.proposal.proposer, bond), (dispute.disputer, bond)]
      case .ruled(_, let ruling), .appealed(_, let ruling):
        [(ruling.dispute.proposal.proposer, bond), (ruling.dispute.disputer, bond)]
      default: []
      }
    }

    /// The ruling that stood, or came with the payment.
    var ruling: StandingRuling? {
      switch before.phase {
      case .ruled(_, let ruling), .appealed(_, let ruling): ruling
      default: nil
      }
    }
  }

  mutating func checkJournal(_ agreement: Agreement?) -> Record? {
    guard let agreement else {
      miss(.journal, "no valid agreement")
      return nil
    }
    do throws(JournalError) {
      var journal = try Journal(replaying: proof.journal.dropLast())
      let before = journal.trade
      if let last = proof.journal.last { try journal.replay(last) }
      guard let before, let trade = journal.trade else {
        note(.journal, false, "it ends before anything was signed")
        return nil
      }
      let faults = disagreements(of: trade, agreement)
      note(
        .journal, faults.isEmpty,
        faults.isEmpty
          ? "\(journal.entries.count) entries replay to this settlement, head \(journal.head)"
          : "it says otherwise about \(faults.joined(separator: ", "))")
      return faults.isEmpty ? Record(journal: journal, before: before) : nil
    } catch {
      note(.journal, false, "\(error)")
      return nil
    }
  }

  /// Where the replayed trade and the sections of the file differ.
  private func disagreements(of trade: Trade, _ agreement: Agreement) -> [String] {
    var faults: [String] = []
    if trade.agreement != agreement { faults.append("the agreement") }
    let held = (try? Evidence(trade.observations, for: agreement))?.observations.map { UnverifiedMessage($0) }
    if held != proof.observations { faults.append("the evidence") }
    guard case .closed(_, let settled) = trade.phase else { return faults + ["the settlement"] }
    switch proof.basis {
    case .agreed(let outcome, let buyer, let seller):
      let isHeld = trade.countersigned.contains {
        $0.outcome == outcome && $0.buyer == buyer && $0.seller == seller
      }
      if !isHeld { faults.append("the agreed outcome") }
    case .proposals(let first, _):
      if settled.proposal?.isSaid(by: first.message) != true { faults.append("the proposal") }
    case .finalised(let proposal):
      let proposer = proposal.message.proposer
      let isHeld = trade.proposals.values.contains { UnverifiedMessage($0) == proposal }
      if !isHeld || settled.proposal?.proposer != proposer { faults.append("the proposal") }
    case .ruled(let decision, _):
      if settled.ruling?.decision != decision { faults.append("the ruling") }
    case .observed, .defaulted: break
    case .agreedDelivery, .exercised, .expired:
      if let fault = deliveryDisagreement(of: trade, settled) { faults.append(fault) }
    }
    if settled.route != proof.basis.route { faults.append("the route") }
    if settled.fact.transaction != Keccak256.hash(proof.inclusion.transaction) { faults.append("the transaction") }
    if settled.fact.blockHash != Keccak256.hash(proof.inclusion.header) || !isAtHeader(settled.fact) {
      faults.append("the block")
    }
    if !isOwed(settled) { faults.append("the amounts") }
    return faults
  }

  /// Whether the journal's number and time of the block are the header's.
  private func isAtHeader(_ fact: ChainFact) -> Bool {
    guard let header = try? BlockHeader(decoding: proof.inclusion.header) else { return false }
    return fact.blockNumber == header.number && fact.blockTime == header.timestamp
  }

  /// Whether the journal's amounts are those of the basis in the file.
  private func isOwed(_ settled: Settled) -> Bool {
    let escrow = terms.escrow
    return switch proof.basis {
    case .agreed(let outcome, _, _): settled.toBuyer == outcome.toBuyer && settled.toSeller == outcome.toSeller
    case .proposals(let first, _):
      settled.toBuyer == first.message.toBuyer && settled.toSeller == first.message.toSeller
    case .finalised(let proposal):
      settled.toBuyer == proposal.message.toBuyer && settled.toSeller == proposal.message.toSeller
    case .ruled(let decision, _): settled.toBuyer == decision.toBuyer && settled.toSeller == decision.toSeller
    case .observed:
      (try? before?.observed()).map { settled.toBuyer == $0.toBuyer && settled.toSeller == $0.toSeller } ?? false
    case .defaulted: settled.toBuyer == escrow.defaultToBuyer && settled.toSeller == escrow.defaultToSeller
    case .agreedDelivery(let outcome, _, _):
      settled.toBuyer == outcome.toBuyer && settled.toSeller == outcome.toSeller
        && settled.delivered == outcome.delivered
    case .exercised, .expired:
      released().map {
        settled.toBuyer == $0.toBuyer && settled.toSeller == $0.toSeller && settled.delivered == $0.delivered
      } ?? false
    }
  }

  /// The escrow rule, asked for the moment of the block: was this route open, and did it release these amounts?
  mutating func checkTiming(_ header: BlockHeader?, _ record: Record?, _ basis: Basis?, _ amounts: Amounts?) {
    guard let header, let record, let basis, let amounts else {
      return miss(.timing, "no valid header, journal, basis or amounts")
    }
    if let delivered = amounts.delivered {
      return checkDeliveryTiming(header, record, basis, amounts, delivered)
    }
    var papers = EscrowPapers(exercisedAt: record.before.exercisedAt)
    let route: Settlement.Route
    switch basis {
    case .agreed(let countersigned):
      papers.agreed = countersigned.outcome
      route = .agreed
    case .proposals(_, let second): return checkAnswerTiming(header, record, second)
    case .finalised: route = .finalise
    case .observed:
      papers.observedToBuyer = amounts.toBuyer
      route = .observed
    case .ruled(let decision) where decision.paysAtOnce(under: terms):
      papers.rulingToBuyer = decision.toBuyer
      route = .rule
    case .ruled: route = .uphold
    case .defaulted: route = .settleByDefault
    case .agreedDelivery, .exercised, .expired: return miss(.timing, "no parts of the delivery token")
    }
    do throws(SettlementError) {
      let views = try EscrowRule.routes(
        of: terms, in: record.before.vaultState, holding: papers, at: header.timestamp)
      let release = views.first { $0.route == route && $0.isOpen }?.releases
      let same = release.map { $0.toBuyer == amounts.toBuyer && $0.toSeller == amounts.toSeller } ?? false
      let words =
        release.map { "released \($0.toBuyer) to the buyer and \($0.toSeller) to the seller" } ?? "was not open"
      note(.timing, same, "the route \(route.rawValue) \(words) at \(header.timestamp), by the escrow rule")
    } catch {
      note(.timing, false, "\(error)")
    }
  }

  /// The journal's head is signed by the address that the reader names. Where none is named, the coordinator is whoever
  /// signed the settling transaction: the same key signs the head.
  mutating func checkJournalSignature(_ record: Record?, _ transaction: SignedTransaction?) {
    guard let record, let head = record.journal.signedHead else {
      return miss(.journalSignature, "no valid journal")
    }
    let signer = try? proof.journalSignature.signer(of: head.typed.digest(in: terms.domain))
    let name = signer?.checksummed ?? "nobody"
    if let journalSigner {
      return note(
        .journalSignature, signer == journalSigner, "head signed by \(name), the reader names \(journalSigner)")
    }
    guard let sender = try? transaction?.sender() else { return miss(.journalSignature, "no valid transaction") }
    guard signer == sender else {
      return miss(
        .journalSignature,
        "the head is signed by \(name), the transaction was sent by \(sender); what only the journal says is the word of "
          + "whoever wrote the file, unless you know the signer and name it")
    }
    note(.journalSignature, true, "head signed by \(sender), who sent the transaction")
  }
}
