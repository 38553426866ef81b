import Arithmetic
import Ethereum
import Signing
import Terms

/// Taking what parties and observers signed.
extension Trade {
  mutating func sign(
    _ event: Event, as party: Party, _ signature: Signature, at now: UInt64
  ) throws(SettlementError) {
    guard phase == .execution else { throw outOfPlace(event) }
    guard signatures[party] == nil else { throw .alreadySigned(by: party) }
    try Lifecycle.requireBefore(terms.escrow.acceptBy, "acceptance", now)
    try signature.check(of: "the \(party.rawValue)'s signature", by: terms.escrow.address(of: party), terms.digest)
    signatures[party] = signature
    if let buyer = signatures[.buyer], let seller = signatures[.seller] {
      phase = .confirmed(try Agreement(terms, clause: clause, buyerSignature: buyer, sellerSignature: seller))
    }
  }

  mutating func observe(
    _ event: Event, _ observation: Signed<Observation>, at now: UInt64
  ) throws(SettlementError) {
    guard agreement != nil, vaultState != .closed else { throw outOfPlace(event) }
    try Lifecycle.requireBefore(terms.escrow.evidenceCloses, "evidence", now)
    try Evidence.checkAdmissible(observation, under: terms)
    let count = observations.count {
      $0.signer == observation.signer && $0.message.observedAt == observation.message.observedAt
    }
    let max =
      terms.fixings.count == 1
      ? SettlementLimits.observationsPerObserverMax : SettlementLimits.observationsPerFixingMax
    guard count < max else { throw .tooMany(of: Observation.what, by: observation.signer, max: max) }
    observations.append(observation)
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<AgreedOutcome>, at now: UInt64
  ) throws(SettlementError) {
    guard let agreement, vaultState != .unopened, vaultState != .closed else { throw outOfPlace(event) }
    let message = signed.message
    try agreement.checkNamed(by: message.agreementID, message.version)
    let party = try party(of: signed)
    try Outcome.checkWhole(message.toBuyer, message.toSeller, of: terms)
    try Lifecycle.requireBefore(message.validUntil, "the outcome's validity", now)
    try count(signed)
    outcomes[party] = signed
    if let buyer = outcomes[.buyer], let seller = outcomes[.seller], buyer.message == seller.message {
      countersigned.append(
        try CountersignedOutcome(message, buyer: buyer.signature, seller: seller.signature, of: agreement))
    }
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<Dispute>, at now: UInt64
  ) throws(SettlementError) {
    guard case .proposed(let agreement, let standing) = phase else { throw outOfPlace(event) }
    try Lifecycle.requireBefore(windowEnd(of: standing), "the dispute window", now)
    guard mayDispute(signed.signer, standing) else { throw .notAParty(of: Dispute.what, found: signed.signer) }
    let counter = signed.message.counter
    try check(counter, of: agreement, owed: owedInDispute(of: agreement, at: now), at: now)
    guard counter.toBuyer != standing.toBuyer else { throw .nothingToDispute }
    try count(signed)
    disputes.append(signed)
  }

  /// What a claim must say to be carried.
  struct Owed {
    let toBuyer: UInt256
    let toSeller: UInt256
    let evidenceDigest: Digest

    init(_ outcome: Outcome) {
      toBuyer = outcome.toBuyer
      toSeller = outcome.toSeller
      evidenceDigest = outcome.evidenceDigest
    }

    init(defaultOf escrow: Escrow, on evidence: Evidence) {
      toBuyer = escrow.defaultToBuyer
      toSeller = escrow.defaultToSeller
      evidenceDigest = evidence.digest
    }
  }

  /// What the rung of the price ladder that stands comes to. Whoever proposed anything else must be contradicted.
  private func owedInDispute(of agreement: Agreement, at now: UInt64) throws(SettlementError) -> Owed {
    let evidence = try Evidence(observations, for: agreement)
    var outcome: Outcome?
    do throws(SettlementError) {
      outcome = try Outcome(of: agreement, given: evidence, exercisedAt: exercisedAt)
    } catch {
      guard error.meansNoOutcome else { throw error }
    }
    switch try PriceLadder.rung(of: terms, hasFixing: outcome != nil, at: now) {
    case .fixing:
      guard let outcome else { throw .unfitClause("it lets a rung stand that has no price") }
      return Owed(outcome)
    default: return Owed(defaultOf: terms.escrow, on: evidence)
    }
  }

  /// A claim is carried only where it is what the terms say on the evidence held.
  func check(
    _ claim: Proposal, of agreement: Agreement, owed: Owed, at now: UInt64
  ) throws(SettlementError) {
    try check(claim, of: agreement, on: owed.evidenceDigest, at: now)
    guard claim.toBuyer == owed.toBuyer, claim.toSeller == owed.toSeller else {
      throw .otherAmounts(expected: owed.toBuyer, found: claim.toBuyer)
    }
  }

  /// Its call holds the evidence that is held here.
  func check(
    _ claim: Proposal, of agreement: Agreement, on evidence: Digest, at now: UInt64
  ) throws(SettlementError) {
    try agreement.checkNamed(by: claim.agreementID, claim.version)
    try Lifecycle.requireBefore(claim.validUntil, "the message's validity", now)
    guard claim.evidenceDigest == evidence else {
      throw .otherEvidence(expected: evidence, found: claim.evidenceDigest)
    }
  }

  func party<Message>(of signed: Signed<Message>) throws(SettlementError) -> Party {
    guard let party = terms.escrow.party(at: signed.signer) else {
      throw .notAParty(of: Message.what, found: signed.signer)
    }
    return party
  }

  mutating func count<Message>(_ signed: Signed<Message>) throws(SettlementError) {
    try count(signed.signature, of: signed.signer)
  }

  /// One signature more of a signer; the same again is none more.
  mutating func count(_ signature: Signature, of signer: Address) throws(SettlementError) {
    var held = messageSignatures[signer, default: []]
    held.insert(signature)
    let max = SettlementLimits.messagesPerSignerMax
    guard held.count <= max else { throw .tooMany(of: "messages", by: signer, max: max) }
    messageSignatures[signer] = held
  }

  /// Whether this was taken before, be it that the signer has signed another one since. Whoever hands in again what
  /// somebody signed once says nothing new.
  public func holds<Message>(_ signed: Signed<Message>) -> Bool {
    holds(signed.signature, of: signed.signer)
      || observations.contains { $0.signature == signed.signature && $0.signer == signed.signer }
  }

  func holds(_ signature: Signature, of signer: Address) -> Bool {
    messageSignatures[signer]?.contains(signature) == true
  }
}
