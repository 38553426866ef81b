public import Ethereum
public import Signing
public import Terms

/// What can happen to a trade. Events are what the journal holds; replaying them gives the state back.
public enum Event: Hashable, Sendable {
  /// Terms and their clause arrived.
  case submitted(OptionTerms, PayoffClause)
  /// A party signed the terms.
  case signed(Party, Signature)
  case observed(Signed<Observation>)
  case outcomeSigned(Signed<AgreedOutcome>)
  case deliveryOutcomeSigned(Signed<DeliveryOutcome>)
  case proposalSigned(Signed<Proposal>)
  case disputeSigned(Signed<Dispute>)
  case rulingSigned(Signed<Ruling>)
  case appealSigned(Signed<Appeal>)
  case exerciseSigned(Signed<ExerciseNotice>)
  /// A party lets the vault take what opening takes, by a signature that its token judges.
  case permitSigned(UnverifiedMessage<Permit>)
  /// A party signed an amendment to these terms, which name this clause.
  case amendmentSigned(Signed<Amendment>, OptionTerms, PayoffClause)
  /// A party or the transferee signed a novation to these terms, likewise.
  case novationSigned(Signed<Novation>, OptionTerms, PayoffClause)
  /// A route is open and wanted: it is to be carried to the chain.
  case due(Route)
  /// The transaction is signed and stored; from here on only these bytes are sent.
  case instructed(Route, transaction: Digest)
  /// The transaction waited for a block: the same call under the same nonce is signed with higher fees, and stored.
  case replaced(Route, transaction: Digest, by: Digest)
  /// An instruction ended without effect: its route closed before it was signed, or its transaction was reverted.
  case withdrawn(Route, transaction: Digest?)
  /// The vault said so, in a block as deep as was asked.
  case happened(EscrowEvent, ChainFact)
  /// Acceptance ended before the escrow was opened.
  case lapsed

  /// The event's name in the journal.
  public var name: String {
    switch self {
    case .submitted: "submitted"
    case .signed: "signed"
    case .observed: "observed"
    case .outcomeSigned: "outcomeSigned"
    case .deliveryOutcomeSigned: "deliveryOutcomeSigned"
    case .proposalSigned: "proposalSigned"
    case .disputeSigned: "disputeSigned"
    case .rulingSigned: "rulingSigned"
    case .appealSigned: "appealSigned"
    case .exerciseSigned: "exerciseSigned"
    case .permitSigned: "permitSigned"
    case .amendmentSigned: "amendmentSigned"
    case .novationSigned: "novationSigned"
    case .due: "due"
    case .instructed: "instructed"
    case .replaced: "replaced"
    case .withdrawn: "withdrawn"
    case .happened(.opened, _): "opened"
    case .happened(.proposed, _): "proposed"
    case .happened(.disputed, _): "disputed"
    case .happened(.ruled, _): "ruled"
    case .happened(.appealed, _): "appealed"
    case .happened(.priceHeld, _): "priceHeld"
    case .happened(.equivocated, _): "equivocated"
    case .happened(.priced, _): "priced"
    case .happened(.exercised, _): "exercised"
    case .happened(.amended, _): "amended"
    case .happened(.novated, _): "novated"
    case .happened(.settled, _): "settled"
    case .happened(.deliveryExercised, _): "deliveryExercised"
    case .happened(.deliverySettled, _): "deliverySettled"
    case .lapsed: "lapsed"
    }
  }
}

/// What the coordinator must do because of an event, at least once.
public enum Action: Hashable, Sendable {
  /// Derive the call, sign its envelope, store it, send it and follow it.
  case carry(Route)
  /// Collect what proves the settlement, and store the proof.
  case prove
}
