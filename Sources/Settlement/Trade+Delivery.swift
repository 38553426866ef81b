import Arithmetic
import Ethereum
import Signing
import Terms

/// The life of an option that is settled by delivery: both sign amounts of both tokens, or the buyer exercises, or it
/// expires. No price decides, so nothing is observed, proposed, disputed or ruled.
extension Trade {
  /// What belongs to the other kind of settlement has no place, whatever the state.
  func checkSettlement(of event: Event) throws(SettlementError) {
    let delivers = terms.escrow.settlesByDelivery
    let isOther: Bool
    switch event {
    case .observed, .outcomeSigned, .proposalSigned, .disputeSigned, .rulingSigned, .appealSigned, .amendmentSigned,
      .novationSigned:
      isOther = delivers
    case .deliveryOutcomeSigned: isOther = !delivers
    case .happened(let happening, _):
      switch happening {
      case .opened: isOther = false
      case .deliveryExercised, .deliverySettled: isOther = !delivers
      default: isOther = delivers
      }
    default: isOther = false
    }
    if isOther { throw .otherSettlement(act: event.name, settled: delivers ? .physical : .cash) }
  }

  mutating func accept(
    _ event: Event, _ signed: Signed<DeliveryOutcome>, at now: UInt64
  ) throws(SettlementError) {
    guard case .active(let agreement, _) = phase else { throw outOfPlace(event) }
    let message = signed.message
    try message.check(against: agreement)
    let party = try party(of: signed)
    try Lifecycle.requireBefore(message.validUntil, "the outcome's validity", now)
    try count(signed)
    deliveryOutcomes[party] = signed
    if let buyer = deliveryOutcomes[.buyer], let seller = deliveryOutcomes[.seller], buyer.message == seller.message {
      deliveryCountersigned.append(
        try CountersignedDeliveryOutcome(
          message, buyer: buyer.signature, seller: seller.signature, of: agreement))
    }
  }

  /// The vault says that the buyer exercised, for what the terms say.
  mutating func exercise(
    _ event: Event, by holder: Address, against payment: UInt256, at time: UInt64
  ) throws(SettlementError) {
    guard exercisedAt == nil, holder == terms.escrow.buyer, payment == terms.strikePayment else {
      throw outOfPlace(event)
    }
    exercisedAt = time
  }

  /// The vault was closed: by agreement, with the exercise that it said before, or after the expiration.
  mutating func close(
    _ event: Event, _ agreement: Agreement, by route: SettledRoute, _ paid: Parts, _ delivered: Parts, _ fact: ChainFact
  ) throws(SettlementError) {
    guard route == .delivered || exercisedAt == nil else { throw outOfPlace(event) }
    phase = .closed(
      agreement,
      Settled(
        route: route, toBuyer: paid.toBuyer, toSeller: paid.toSeller, proposal: nil, ruling: nil, change: nil,
        fact: fact, delivered: delivered, isExercise: exercisedAt != nil))
  }
}
