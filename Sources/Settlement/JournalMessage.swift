import Terms

/// A signed message that the journal of a trade takes: the service is handed it, and holds it from then on.
public protocol JournalMessage: TypedMessage {
  /// What the journal says once it is taken.
  static func event(_ signed: Signed<Self>) -> Event

  /// Whether it says nothing new to a trade. Anybody may hand in again what somebody signed once; that must neither fill
  /// the journal nor use up what its signer may still send.
  static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool
}

extension JournalMessage {
  /// Whether it was taken before.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool { trade.holds(signed) }
}

extension Observation: JournalMessage {
  /// `observed`.
  public static func event(_ signed: Signed<Self>) -> Event { .observed(signed) }
}

extension AgreedOutcome: JournalMessage {
  /// `outcomeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .outcomeSigned(signed) }
  /// One that its party signed before its last one says something again where the other party has signed the same since.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool {
    trade.holds(signed)
      && !trade.isAnswered(
        by: signed, trade.outcomes, both: trade.countersigned.contains { $0.outcome == signed.message })
  }
}

extension DeliveryOutcome: JournalMessage {
  /// `deliveryOutcomeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .deliveryOutcomeSigned(signed) }
  /// As for an outcome of one token.
  public static func isHeld(_ signed: Signed<Self>, by trade: Trade) -> Bool {
    trade.holds(signed)
      && !trade.isAnswered(
        by: signed, trade.deliveryOutcomes, both: trade.deliveryCountersigned.contains { $0.outcome == signed.message })
  }
}

extension Proposal: JournalMessage {
  /// `proposalSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .proposalSigned(signed) }
}

extension Dispute: JournalMessage {
  /// `disputeSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .disputeSigned(signed) }
}

extension Ruling: JournalMessage {
  /// `rulingSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .rulingSigned(signed) }
}

extension Appeal: JournalMessage {
  /// `appealSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .appealSigned(signed) }
}

extension ExerciseNotice: JournalMessage {
  /// `exerciseSigned`.
  public static func event(_ signed: Signed<Self>) -> Event { .exerciseSigned(signed) }
}

extension Trade {
  /// Whether the other party's last outcome waits for this very one.
  fileprivate func isAnswered<Message>(
    by signed: Signed<Message>, _ last: [Party: Signed<Message>], both isCountersigned: Bool
  ) -> Bool {
    guard !isCountersigned, let party = terms.escrow.party(at: signed.signer), last[party] != signed else {
      return false
    }
    return last[party.other]?.message == signed.message
  }
}
