/// A signed message that the journal of a trade takes: the service is handed it, and holds it from then on.
public protocol JournalMessage: TypedMessage {
  /// What the journal says once it is taken.
  static func event(_ signed: Signed<Self>) -> Event

  /// Whether a trade holds it already, so that it says nothing new.
  static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool
}

extension Observation: JournalMessage {
  /// `observed`.
  public static func event(_ signed: Signed<Self>) -> Event { .observed(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.observations.contains(signed) }
}

extension AgreedOutcome: JournalMessage {
  /// `outcomeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .outcomeSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.outcomes.values.contains(signed) }
}

extension DeliveryOutcome: JournalMessage {
  /// `deliveryOutcomeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .deliveryOutcomeSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool {
    trade.deliveryOutcomes.values.contains(signed)
  }
}

extension Proposal: JournalMessage {
  /// `proposalSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .proposalSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.proposals.values.contains(signed) }
}

extension Dispute: JournalMessage {
  /// `disputeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .disputeSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.disputes.contains(signed) }
}

extension Ruling: JournalMessage {
  /// `rulingSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .rulingSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool {
    trade.rulings.contains { $0.message == signed.message && $0.signatures[signed.signer] != nil }
  }
}

extension Appeal: JournalMessage {
  /// `appealSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .appealSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.appeals.contains(signed) }
}

extension ExerciseNotice: JournalMessage {
  /// `exerciseSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .exerciseSigned(signed) }
  /// Whether the trade holds it, from the same signer.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.exercises.contains(signed) }
}
