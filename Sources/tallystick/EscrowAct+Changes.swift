import Arithmetic
import Console
import Ethereum
import Settlement
import Signing
import Terms

/// Exercise, changes of the terms, claims, and what a party takes back.
extension EscrowAct {
  /// The terms that an amendment or a novation makes.
  static let amended = Option.value("amended", "FILE", isRequired: true, "the new terms")

  private static func newTerms(_ arguments: Arguments) throws -> OptionTerms {
    try OptionTerms(document: try Deal.content(arguments.value("amended") ?? ""))
  }

  static func exercise(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    if deal.terms.escrow.settlesByDelivery { return try exerciseDelivery(deal, arguments) }
    let escrow = deal.terms.escrow
    let signed = try Deal.message(ExerciseNotice.self, arguments)
    let notice = signed.message
    return EscrowAct(call: try deal.vault.exercise(notice, signed.signature), accounts: [notice.holder]) { found in
      found.vault(in: [.open], "exercise: not open")
      found.named(notice.agreementID, notice.version)
      found.require((found.view.details?.exercisedAt ?? 0) == 0, "exercise: already exercised")
      found.require(notice.holder == escrow.buyer, "exercise: not the buyer", "\(notice.holder)")
      found.from(escrow.exerciseStart, "exercise: before exerciseStart")
      found.before(escrow.expirationTime, "exercise: expired")
      found.before(notice.validUntil, "exercise: validUntil passed")
      try await found.signed(notice, signed.signature, by: notice.holder, "exercise: buyer did not sign")
    }
  }

  static func amend(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let terms = try newTerms(arguments)
    let amended = terms.escrow
    let (message, signatures) = try deal.countersigned(
      Amendment.self, by: { _ in [escrow.buyer, escrow.seller] }, arguments)
    let call = try deal.vault.amend(
      to: terms, validUntil: message.validUntil, buyer: signatures[0], seller: signatures[1])
    return EscrowAct(call: call, accounts: [escrow.buyer, escrow.seller]) { found in
      found.change("amend", message.agreementID, message.version, message.terms, terms, message.validUntil)
      found.require(amended.buyer == escrow.buyer && amended.seller == escrow.seller, "amend: other party")
      found.require(amended.token == escrow.token, "amend: other token")
      found.require(amended.premium == escrow.premium, "amend: other premium")
      found.epoch(amended.buyerEpoch, of: escrow.buyer, "amend: buyer epoch")
      found.epoch(amended.sellerEpoch, of: escrow.seller, "amend: seller epoch")
      try await found.signed(message, signatures[0], by: escrow.buyer, "amend: buyer did not sign")
      try await found.signed(message, signatures[1], by: escrow.seller, "amend: seller did not sign")
      for (payer, before, after) in [
        (escrow.buyer, escrow.buyerCollateral, amended.buyerCollateral),
        (escrow.seller, escrow.sellerCollateral, amended.sellerCollateral),
      ] {
        found.pulled((try? after.subtracting(before)) ?? .zero, from: payer, "amend: collateral refused")
      }
    }
  }

  static func novate(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let escrow = deal.terms.escrow
    let terms = try newTerms(arguments)
    func signers(_ message: Novation) -> [Address] {
      [
        message.transferor, message.transferee,
        message.transferor == escrow.buyer ? escrow.seller : escrow.buyer,
      ]
    }
    let (message, signatures) = try deal.countersigned(Novation.self, by: signers, arguments)
    let side: Party = message.transferor == escrow.buyer ? .buyer : .seller
    let epoch = side == .buyer ? terms.escrow.buyerEpoch : terms.escrow.sellerEpoch
    let call = try deal.vault.novate(
      message, watcher: terms.escrow.watcher(of: side), epoch: epoch, transferor: signatures[0],
      transferee: signatures[1], remaining: signatures[2])
    return EscrowAct(call: call, accounts: signers(message)) { found in
      found.change("novate", message.agreementID, message.version, message.terms, terms, message.validUntil)
      found.require(
        escrow.party(at: message.transferor) != nil, "novate: transferor", "\(message.transferor) is no party")
      found.require(message.transferee != message.transferor, "novate: transferee", "it is the transferor")
      var expected = escrow
      if side == .buyer {
        (expected.buyer, expected.buyerWatcher, expected.buyerEpoch) = (
          message.transferee, terms.escrow.buyerWatcher, epoch
        )
      } else {
        (expected.seller, expected.sellerWatcher, expected.sellerEpoch) = (
          message.transferee, terms.escrow.sellerWatcher, epoch
        )
      }
      found.require(
        terms.escrow == expected && terms.economics == found.deal.terms.economics, "novate: other terms",
        "only the party, its watcher and its epoch may change")
      found.epoch(epoch, of: message.transferee, "novate: epoch")
      for (signature, signer, who) in zip3(
        signatures, signers(message), ["transferor", "transferee", "remaining party"])
      {
        try await found.signed(message, signature, by: signer, "novate: \(who) did not sign")
      }
      found.pulled(message.consideration, from: message.transferee, "novate: consideration refused")
    }
  }

  static func withdraw(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    if deal.terms.escrow.settlesByDelivery { return try withdrawToken(deal, arguments) }
    let signed = try Deal.message(Withdrawal.self, arguments)
    let message = signed.message
    return EscrowAct(call: try deal.vault.withdraw(message, signed.signature), accounts: [message.claimant]) { found in
      found.vault(in: [.open, .proposed, .disputed, .closed, .ruled, .appealed], "vault: not opened")
      found.named(message.agreementID, message.version)
      found.before(message.validUntil, "withdraw: validUntil passed")
      found.claims(message.amount, of: deal.terms.escrow.token, by: message.claimant, to: message.to)
      try await found.signed(message, signed.signature, by: message.claimant, "withdraw: claimant did not sign")
    }
  }

  static func cancel(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let signed = try Deal.message(Cancellation.self, arguments)
    let message = signed.message
    let call = try EscrowActs.cancel(message, signed.signature, in: deal.first.domain)
    return EscrowAct(call: call, accounts: [message.party]) { found in
      found.named(message.agreementID, 1)
      found.require(message.version == 1, "message: other version", "it names \(message.version), 1 counts")
      found.before(message.validUntil, "cancel: validUntil passed")
      found.require(found.view.accounts[message.party]?.isCancelled != true, "cancel: already cancelled")
      found.require(found.view.status == .unopened, "cancel: already opened")
      try await found.signed(message, signed.signature, by: message.party, "cancel: party did not sign")
    }
  }

  static func raiseEpoch(_ deal: Deal, _ arguments: Arguments) throws -> EscrowAct {
    let signed = try Deal.message(EpochRaise.self, arguments)
    let message = signed.message
    let call = try EscrowActs.raiseEpoch(message, signed.signature, in: deal.first.domain)
    return EscrowAct(call: call, accounts: [message.party]) { found in
      found.before(message.validUntil, "raiseEpoch: validUntil passed")
      let present = found.view.accounts[message.party]?.epoch ?? 0
      found.require(message.epoch > present, "raiseEpoch: epoch not higher", "it is \(present) already")
      try await found.signed(message, signed.signature, by: message.party, "raiseEpoch: party did not sign")
    }
  }
}

extension Obstacles {
  /// What amendment and novation share.
  fileprivate mutating func change(
    _ act: String, _ id: AgreementID, _ version: UInt64, _ structHash: Digest, _ terms: OptionTerms,
    _ validUntil: UInt64
  ) {
    vault(in: [.open], "\(act): not open")
    require((view.details?.exercisedAt ?? 0) == 0, "\(act): exercised")
    named(id, version, makes: 1)
    before(validUntil, "\(act): validUntil passed")
    require(structHash == terms.typed.structHash, "\(act): other terms", "the message names \(structHash)")
  }
}

private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] {
  zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
}
