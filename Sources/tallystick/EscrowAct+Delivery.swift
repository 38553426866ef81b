import Arithmetic
import Console
import Ethereum
import Settlement
import Signing
import Terms

/// What closes a vault that settles by delivery.
extension EscrowAct {
  static func settleDelivery(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let (terms, escrow) = (deal.terms, deal.terms.escrow)
    let (outcome, signatures) = try deal.countersigned(
      DeliveryOutcome.self, by: { _ in [escrow.buyer, escrow.seller] }, arguments)
    return EscrowAct(
      call: try deal.vault.settle(outcome, buyer: signatures[0], seller: signatures[1]),
      accounts: [escrow.buyer, escrow.seller]
    ) { found in
      found.vault(in: [.open], "settle: closed")
      found.named(outcome.agreementID, outcome.version)
      found.before(outcome.validUntil, "settle: validUntil passed")
      found.whole(outcome.toBuyer, outcome.toSeller, "settle: sum")
      found.whole(
        outcome.deliveryToBuyer, outcome.deliveryToSeller, of: terms.escrowedDelivery, "settle: delivery sum")
      try await found.signed(outcome, signatures[0], by: escrow.buyer, "settle: buyer did not sign")
      try await found.signed(outcome, signatures[1], by: escrow.seller, "settle: seller did not sign")
    }
  }

  static func exerciseDelivery(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let (terms, escrow) = (deal.terms, deal.terms.escrow)
    let signed = try Deal.message(ExerciseNotice.self, arguments)
    let notice = signed.message
    return EscrowAct(
      call: try deal.vault.exercise(notice, signed.signature), accounts: [escrow.buyer]
    ) { found in
      found.vault(in: [.open], "exercise: closed")
      found.named(notice.agreementID, notice.version)
      found.require(notice.holder == escrow.buyer, "exercise: buyer did not sign", "the notice is \(notice.holder)'s")
      found.from(escrow.exerciseStart, "exercise: before exerciseStart")
      found.before(escrow.expirationTime, "exercise: expired")
      found.before(notice.validUntil, "exercise: validUntil passed")
      try await found.signed(notice, signed.signature, by: escrow.buyer, "exercise: buyer did not sign")
      if let brought = terms.exercising { found.pulled(brought, from: escrow.buyer, "exercise: payment refused") }
    }
  }

  static func expire(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    EscrowAct(call: try deal.vault.expire(), accounts: []) { found in
      found.vault(in: [.open], "expire: closed")
      found.from(found.deal.terms.escrow.expirationTime, "expire: not expired")
    }
  }

  static func withdrawToken(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let signed = try Deal.message(TokenWithdrawal.self, arguments)
    let message = signed.message
    return EscrowAct(call: try deal.vault.withdraw(message, signed.signature), accounts: [message.claimant]) { found in
      found.vault(in: [.open, .closed], "vault: not opened")
      found.named(message.agreementID, message.version)
      found.before(message.validUntil, "withdraw: validUntil passed")
      found.claims(message.amount, of: message.token, by: message.claimant, to: message.to)
      try await found.signed(message, signed.signature, by: message.claimant, "withdraw: claimant did not sign")
    }
  }
}
