import Arithmetic
public import Ethereum
public import Signing
import Terms

/// A ruling, and who signed it so far.
public struct CollectedRuling: Hashable, Sendable {
  /// What was signed.
  public let message: Ruling
  /// The verified signatures of members of the round's panel.
  public internal(set) var signatures: [Address: Signature]
}

/// Taking what arbitrators signed, and the notices that follow from a ruling or come before any.
extension Trade {
  /// The ruling that enough members of the open round's panel signed; of several the first.
  func readyRuling(at now: UInt64) throws(SettlementError) -> CollectedRuling? {
    guard !rulings.isEmpty, let round = try openRound(at: now) else { return nil }
    let panel = panel(of: round)
    return rulings.first { $0.message.round == round && $0.signatures.count >= Int(panel.threshold) }
  }

  private func openRound(at now: UInt64) throws(SettlementError) -> UInt8? {
    try RulingRule.openRound(of: terms, in: vaultState, at: now)
  }

  private func panel(of round: UInt8) -> Panel {
    round == 2 ? terms.escrow.fallbackArbitrators : terms.escrow.arbitrators
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<Ruling>, at now: UInt64
  ) throws(SettlementError) {
    switch phase {
    case .disputed, .appealed: break
    default: throw outOfPlace(event)
    }
    guard let agreement, let round = try openRound(at: now) else { throw outOfPlace(event) }
    let message = signed.message
    try agreement.checkNamed(by: message.agreementID, message.version)
    guard message.round == round else { throw .otherRound(expected: round, found: message.round) }
    guard panel(of: round).members.contains(signed.signer) else {
      throw .notAnArbitrator(round: round, found: signed.signer)
    }
    try Outcome.checkWhole(message.toBuyer, message.toSeller, of: terms)
    // What the panel found is its own where the evidence held has no outcome.
    do throws(SettlementError) {
      let owed = try outcome().toBuyer
      guard message.toBuyer == owed else { throw .otherAmounts(expected: owed, found: message.toBuyer) }
    } catch {
      guard error.meansNoOutcome else { throw error }
    }
    try count(signed)
    if let place = rulings.firstIndex(where: { $0.message == message }) {
      rulings[place].signatures[signed.signer] = signed.signature
    } else {
      rulings.append(CollectedRuling(message: message, signatures: [signed.signer: signed.signature]))
    }
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<Appeal>, at now: UInt64
  ) throws(SettlementError) {
    guard case .ruled(let agreement, _) = phase, try isOpen(.appeal, at: now) else { throw outOfPlace(event) }
    try agreement.checkNamed(by: signed.message.agreementID, signed.message.version)
    _ = try party(of: signed)
    try Lifecycle.requireBefore(signed.message.validUntil, "the appeal's validity", now)
    try count(signed)
    appeals.append(signed)
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<ExerciseNotice>, at now: UInt64
  ) throws(SettlementError) {
    let escrow = terms.escrow
    guard case .active(let agreement, _) = phase, exercisedAt == nil, escrow.exerciseStart < escrow.expirationTime
    else {
      throw outOfPlace(event)
    }
    try agreement.checkNamed(by: signed.message.agreementID, signed.message.version)
    guard try party(of: signed) == .buyer else {
      throw .wrongSigner(of: ExerciseNotice.what, expected: escrow.buyer, found: signed.signer)
    }
    try Lifecycle.requireBefore(escrow.expirationTime, "exercise", now)
    try Lifecycle.requireBefore(signed.message.validUntil, "the notice's validity", now)
    try count(signed)
    exercises.append(signed)
  }

  private func isOpen(_ route: Route, at now: UInt64) throws(SettlementError) -> Bool {
    try routes(at: now).contains { $0.route == route && $0.isOpen }
  }

  func carriableAppeal(at now: UInt64) -> Signed<Appeal>? { appeals.first { now < $0.message.validUntil } }

  func carriableExercise(at now: UInt64) -> Signed<ExerciseNotice>? {
    exercises.first { now < $0.message.validUntil }
  }
}
