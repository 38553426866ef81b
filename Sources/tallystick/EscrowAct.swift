import Arithmetic
import Console
import Ethereum
import Settlement
import Signing
import Terms

/// One call and everything that must hold for it to succeed.
struct EscrowAct {
  let call: EscrowCall
  /// Whose epoch, claim, allowance and balance it concerns.
  let accounts: [Address]
  /// Permits that it carries.
  var permits: [UnverifiedMessage<Permit>] = []
  let check: (inout Obstacles) async throws -> Void
}

/// Opening, agreeing, proposing, and what silence leads to.
extension EscrowAct {
  static func open(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    try deal.document?.requireSigned()
    guard let buyer = deal.document?.signatures[.buyer], let seller = deal.document?.signatures[.seller] else {
      throw SettlementError.unsigned(by: Party.allCases)
    }
    let (terms, escrow) = (deal.first, deal.first.escrow)
    let permits = try permits(arguments, escrow)
    let call =
      permits.isEmpty
      ? try EscrowActs.open(terms, buyer: buyer, seller: seller)
      : try EscrowActs.open(
        terms, buyer: buyer, seller: seller, buyerPermit: permits[.buyer], sellerPermit: permits[.seller])
    return EscrowAct(
      call: call, accounts: [escrow.buyer, escrow.seller], permits: Party.allCases.compactMap { permits[$0] }
    ) { found in
      let accounts = found.view.accounts
      found.require(found.view.status == .unopened, "open: already opened")
      for party in [escrow.buyer, escrow.seller] {
        found.require(accounts[party]?.isCancelled != true, "open: cancelled", "by \(party)")
      }
      found.epoch(escrow.buyerEpoch, of: escrow.buyer, "open: buyer epoch")
      found.epoch(escrow.sellerEpoch, of: escrow.seller, "open: seller epoch")
      found.before(escrow.acceptBy, "open: acceptBy passed")
      try await found.signed(terms.digest, buyer, by: escrow.buyer, "open: buyer did not sign")
      try await found.signed(terms.digest, seller, by: escrow.seller, "open: seller did not sign")
      try await found.decimals(of: escrow.token, terms.economics.tokenDecimals, "economics.tokenDecimals")
      if escrow.settlesByDelivery {
        let decimals = terms.economics.quantityDecimals
        try await found.decimals(of: escrow.deliveryToken, decimals, "economics.quantityDecimals")
      }
      let (buyers, sellers) = (escrow.opening(of: .buyer), escrow.opening(of: .seller))
      let lacksPremium = found.pullable(buyers.token, from: escrow.buyer) < escrow.premium
      found.pulled(buyers, from: escrow.buyer, lacksPremium ? "open: premium refused" : "open: buyerCollateral refused")
      found.pulled(
        sellers, from: escrow.seller, receiving: sellers.token == escrow.token ? escrow.premium : .zero,
        "open: sellerCollateral refused")
    }
  }

  /// Permits instead of transactions that approve.
  static let permit = Option.value(
    "permit", "FILE", isRepeatable: true, "a party's permit for the vault, as `escrow sign permit` printed it")

  private static func permits(
    _ arguments: Arguments, _ escrow: Escrow
  ) throws -> [Party: UnverifiedMessage<Permit>] {
    var permits: [Party: UnverifiedMessage<Permit>] = [:]
    for path in arguments.values(permit.name) {
      let signed = try Deal.read(path) { UnverifiedMessage<Permit>(reading: &$0) }
      guard let party = escrow.party(at: signed.message.owner), permits.updateValue(signed, forKey: party) == nil else {
        throw InputError.value(name: "--permit", expected: "a permit of each party at most")
      }
    }
    return permits
  }

  static func settle(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    if deal.terms.escrow.settlesByDelivery { return try settleDelivery(deal, arguments) }
    let escrow = deal.terms.escrow
    let (outcome, signatures) = try deal.countersigned(
      AgreedOutcome.self, by: { _ in [escrow.buyer, escrow.seller] }, arguments)
    return EscrowAct(
      call: try deal.vault.settle(outcome, buyer: signatures[0], seller: signatures[1]),
      accounts: [escrow.buyer, escrow.seller]
    ) { found in
      found.vault(in: [.open, .proposed, .disputed, .ruled, .appealed], "settle: closed")
      found.named(outcome.agreementID, outcome.version)
      found.before(outcome.validUntil, "settle: validUntil passed")
      found.whole(outcome.toBuyer, outcome.toSeller, "settle: sum")
      try await found.signed(outcome, signatures[0], by: escrow.buyer, "settle: buyer did not sign")
      try await found.signed(outcome, signatures[1], by: escrow.seller, "settle: seller did not sign")
    }
  }

  static func propose(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let signed = try Deal.message(Proposal.self, arguments)
    let proposal = signed.message
    let call = try deal.vault.propose(
      proposal, signed.signature, manifest: try manifest(of: deal, for: proposal.evidenceDigest))
    return EscrowAct(call: call, accounts: [proposal.proposer]) { found in
      found.vault(in: [.open, .proposed], "propose: not open")
      found.require(escrow.party(at: proposal.proposer) != nil, "propose: not a party", "\(proposal.proposer)")
      found.named(proposal.agreementID, proposal.version)
      found.from(escrow.settleFrom, "propose: before settleFrom")
      found.before(escrow.settleBy, "propose: settleBy passed")
      found.before(proposal.validUntil, "propose: validUntil passed")
      found.whole(proposal.toBuyer, proposal.toSeller, "propose: sum")
      try await found.signed(proposal, signed.signature, by: proposal.proposer, "propose: proposer did not sign")
      var agrees = false
      if found.view.status == .proposed, let details = found.view.details {
        found.require(details.proposer != proposal.proposer, "propose: already proposed")
        found.before(later(details.proposedAt, by: escrow.disputeWindow), "propose: dispute window passed")
        agrees = details.toBuyer == proposal.toBuyer
      }
      if !agrees { found.pulled(escrow.bond, from: proposal.proposer, "bond: refused") }
    }
  }

  static func dispute(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let signed = try Deal.message(Dispute.self, arguments)
    let counter = signed.message.counter
    let call = try deal.vault.dispute(
      signed.message, signed.signature, manifest: try manifest(of: deal, for: counter.evidenceDigest))
    return EscrowAct(call: call, accounts: [counter.proposer]) { found in
      found.vault(in: [.proposed], "dispute: nothing proposed")
      found.named(counter.agreementID, counter.version)
      found.before(counter.validUntil, "dispute: validUntil passed")
      found.whole(counter.toBuyer, counter.toSeller, "dispute: sum")
      try await found.signed(signed.message, signed.signature, by: counter.proposer, "dispute: disputer did not sign")
      found.pulled(escrow.bond, from: counter.proposer, "bond: refused")
      guard found.view.status == .proposed, let details = found.view.details else { return }
      found.before(later(details.proposedAt, by: escrow.disputeWindow), "dispute: dispute window passed")
      found.require(counter.toBuyer != details.toBuyer, "dispute: equals the proposal")
      let side: Party = details.proposer == escrow.buyer ? .seller : .buyer
      found.require(
        [escrow.address(of: side), escrow.watcher(of: side)].contains(counter.proposer), "dispute: not entitled",
        "\(counter.proposer) is neither the \(side.rawValue) nor its watcher")
    }
  }

  static func finalise(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    EscrowAct(call: try deal.vault.finalise(), accounts: []) { found in
      found.vault(in: [.proposed], "finalise: nothing proposed")
      guard found.view.status == .proposed, let details = found.view.details else { return }
      found.from(
        later(details.proposedAt, by: found.deal.terms.escrow.disputeWindow), "finalise: dispute window open")
    }
  }

  static func settleByDefault(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    EscrowAct(call: try deal.vault.settleByDefault(), accounts: []) { found in
      let escrow = found.deal.terms.escrow
      found.vault(in: [.open, .disputed], "default: not open or disputed")
      if found.view.status == .open { found.from(escrow.settleBy, "default: before settleBy") }
      guard found.view.status == .disputed, let details = found.view.details else { return }
      var end = later(details.disputedAt, by: escrow.rulingWindow)
      if !escrow.fallbackArbitrators.isUnused { end = later(end, by: escrow.rulingWindow) }
      found.from(end, "default: ruling window open")
    }
  }

  /// The evidence that a claim rests on, for the chain to keep. Terms alone hold none.
  private static func manifest(of deal: Deal, for digest: Digest) throws -> [UInt8] {
    guard let evidence = try deal.evidence() else { return [] }
    guard evidence.digest == digest else {
      throw SettlementError.otherEvidence(expected: evidence.digest, found: digest)
    }
    return evidence.manifest
  }
}
