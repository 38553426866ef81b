import Arithmetic
import Console
import Ethereum
import Settlement
import Signing
import Terms

/// Observers and arbitrators.
extension EscrowAct {
  static func observe(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let signed = try arguments.operands(Deal.signed.name).map { path in
      try Deal.read(path) { UnverifiedMessage<Observation>(reading: &$0) }.verified(in: deal.terms.domain)
    }
    return EscrowAct(call: try deal.vault.observe(signed), accounts: []) { found in
      found.vault(in: [.open, .proposed, .disputed, .ruled, .appealed], "observe: closed")
      found.require(escrow.payoffKind != 0, "observe: payoffKind", "the contract does not compute this payoff")
      found.before(escrow.evidenceCloses, "observe: evidence closed")
      for each in signed {
        let observation = each.message
        found.require(observation.feed == escrow.feed, "observe: other feed", "\(each.signer)")
        found.require(observation.observedAt == escrow.expirationTime, "observe: not the fixing", "\(each.signer)")
        found.require(
          observation.publishedAt >= observation.observedAt, "observe: published too early", "\(each.signer)")
        found.require(
          observation.publishedAt <= found.view.now, "observe: published later than now", "\(each.signer)")
        found.require(
          observation.value > .zero && observation.value.bitWidth <= 128, "observe: value", "\(observation.value)")
        found.require(escrow.observers.members.contains(each.signer), "observe: not an observer", "\(each.signer)")
      }
    }
  }

  static func settleObserved(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    EscrowAct(call: try deal.vault.settleObserved(), accounts: []) { found in
      let escrow = found.deal.terms.escrow
      found.vault(in: [.open, .proposed, .disputed, .ruled, .appealed], "observed: closed")
      found.require(escrow.payoffKind != 0, "observed: payoffKind", "the contract does not compute this payoff")
      found.from(escrow.evidenceCloses, "observed: evidence open")
    }
  }

  static func rule(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let messages = try Deal.messages(Ruling.self, arguments)
    let ruling = messages[0].message
    guard messages.allSatisfy({ $0.message == ruling }) else {
      throw InputError.value(name: "SIGNED", expected: "files that hold one and the same ruling")
    }
    var signatures: [Address: AccountSignature] = [:]
    for signed in messages {
      guard let signer = signed.signer(in: deal.terms.domain) else {
        throw InputError.value(name: "SIGNED", expected: "signed by keys, or to name the wallet as `signer`")
      }
      signatures[signer] = signed.signature
    }
    let signers = signatures.keys.sorted()
    return EscrowAct(call: try deal.vault.rule(ruling, signatures), accounts: signers) { found in
      let panel = ruling.round == 2 ? escrow.fallbackArbitrators : escrow.arbitrators
      found.vault(in: [.disputed, .appealed], "rule: not disputed")
      found.named(ruling.agreementID, ruling.version)
      found.whole(ruling.toBuyer, ruling.toSeller, "rule: sum")
      found.require(ruling.bondTo <= 2, "rule: bondTo", "\(ruling.bondTo)")
      found.require(!panel.isUnused, "rule: no panel", "for round \(ruling.round)")
      found.require(
        signers.count >= Int(panel.threshold), "rule: too few signers", "\(signers.count) of \(panel.threshold)")
      for signer in signers where !panel.members.contains(signer) {
        found.require(false, "rule: not an arbitrator", "\(signer), in round \(ruling.round)")
      }
      for (signer, signature) in signatures.sorted(by: { $0.key < $1.key }) {
        try await found.signed(ruling, signature, by: signer, "rule: arbitrator did not sign")
      }
      guard let details = found.view.details else { return }
      var opens = details.disputedAt
      if ruling.round == 2 {
        opens = found.view.status == .appealed ? details.appealedAt : later(opens, by: escrow.rulingWindow)
      } else {
        found.require(ruling.round == 1 && found.view.status != .appealed, "rule: round", "\(ruling.round)")
      }
      guard [.disputed, .appealed].contains(found.view.status) else { return }
      found.from(opens, "rule: round not open")
      found.before(later(opens, by: escrow.rulingWindow), "rule: ruling window passed")
    }
  }

  static func appeal(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let signed = try Deal.message(Appeal.self, arguments)
    let appeal = signed.message
    return EscrowAct(call: try deal.vault.appeal(appeal, signed.signature), accounts: [appeal.appellant]) { found in
      found.vault(in: [.ruled], "appeal: nothing ruled")
      found.named(appeal.agreementID, appeal.version)
      found.before(appeal.validUntil, "appeal: validUntil passed")
      found.require(escrow.party(at: appeal.appellant) != nil, "appeal: not a party", "\(appeal.appellant)")
      try await found.signed(appeal, signed.signature, by: appeal.appellant, "appeal: appellant did not sign")
      found.pulled(escrow.arbitrationFee, from: appeal.appellant, "appeal: fee refused")
      guard found.view.status == .ruled, let details = found.view.details else { return }
      found.before(later(details.ruledAt, by: escrow.disputeWindow), "appeal: dispute window passed")
    }
  }

  static func uphold(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    EscrowAct(call: try deal.vault.uphold(), accounts: []) { found in
      let escrow = found.deal.terms.escrow
      found.vault(in: [.ruled, .appealed], "uphold: nothing ruled")
      guard let details = found.view.details else { return }
      if found.view.status == .ruled {
        found.from(later(details.ruledAt, by: escrow.disputeWindow), "uphold: appeal possible")
      } else if found.view.status == .appealed {
        found.from(later(details.appealedAt, by: escrow.rulingWindow), "uphold: ruling window open")
      }
    }
  }
}
