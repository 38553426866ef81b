import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What an option that is settled by delivery adds: a notice or the expiration as the right to pay, and two tokens.
extension Verifier {
  /// The parts of the delivery token in words, where there is one.
  static func words(_ delivered: Parts?) -> String {
    delivered.map { ", delivering \($0.toBuyer) and \($0.toSeller)" } ?? ""
  }

  mutating func checkDeliveryBasis(_ agreement: Agreement) throws(SettlementError) -> Basis? {
    switch proof.basis {
    case .agreedDelivery(let outcome, let buyer, let seller):
      let agreed = try CountersignedDeliveryOutcome(outcome, buyer: buyer, seller: seller, of: agreement)
      note(.basis, true, "an outcome of this agreement in both tokens, signed by both parties")
      return .agreedDelivery(agreed)
    case .exercised(let unverified):
      let notice = try unverified.verified(in: agreement.terms.domain)
      let isNamed = notice.message.agreementID == agreement.id && notice.message.version == agreement.version
      let isBuyer = notice.signer == agreement.terms.escrow.buyer
      note(
        .basis, isNamed && isBuyer,
        !isBuyer
          ? "a notice of exercise by \(notice.signer), who is not the buyer"
          : isNamed
            ? "the buyer's notice of exercise of this agreement"
            : "a notice of exercise of another agreement or version")
      return isNamed && isBuyer ? .exercised(notice) : nil
    default:
      note(.basis, true, "the expiration, up to which nobody exercised")
      return .expired
    }
  }

  /// What had to be paid: as both signed; else by the rule of deliveries and by the clause, which must say the same.
  mutating func checkDeliveryAmounts(_ basis: Basis, _ outcome: Outcome?) -> Amounts? {
    let (amounts, meaning): (Amounts, String)
    switch basis {
    case .agreedDelivery(let agreed):
      amounts = Amounts(
        toBuyer: agreed.outcome.toBuyer, toSeller: agreed.outcome.toSeller, delivered: agreed.outcome.delivered)
      meaning = "as both parties signed"
    default:
      guard let released = released() else {
        note(.amounts, false, "the rule of deliveries releases nothing")
        return nil
      }
      amounts = released
      meaning = "by the rule of deliveries and by the clause"
      guard let outcome else {
        note(.amounts, false, "the clause has no outcome")
        return nil
      }
      guard outcome.toBuyer == amounts.toBuyer, outcome.toSeller == amounts.toSeller,
        outcome.delivered == amounts.delivered
      else {
        note(
          .amounts, false,
          "the rule of deliveries pays the buyer \(amounts.toBuyer)\(Self.words(amounts.delivered)), the clause "
            + "\(outcome.toBuyer)\(Self.words(outcome.delivered)) where the journal says that "
            + (before?.exercisedAt == nil ? "nobody exercised" : "the buyer exercised"))
        return nil
      }
    }
    note(
      .amounts, true,
      "buyer \(amounts.toBuyer), seller \(amounts.toSeller)\(Self.words(amounts.delivered)), \(meaning)")
    return amounts
  }

  /// What the rule of deliveries pays, whenever the route is open.
  func released() -> Amounts? {
    let escrow = terms.escrow
    let (route, time) =
      if case .exercised = proof.basis { (Route.exercise, escrow.exerciseStart) } else {
        (Route.expire, escrow.expirationTime)
      }
    let views = try? DeliveryRule.routes(of: terms, in: .open, at: time)
    guard let release = views?.first(where: { $0.route == route && $0.isOpen })?.releases else { return nil }
    return Amounts(toBuyer: release.toBuyer, toSeller: release.toSeller, delivered: release.delivered)
  }

  /// What the vault must say, and nothing besides.
  func deliveryEvents(
    _ agreement: Agreement, _ basis: Basis?, _ amounts: Amounts, _ delivered: Parts, at time: UInt64
  ) -> [EscrowEvent] {
    let settled = EscrowEvent.deliverySettled(
      proof.basis.route, paid: Parts(toBuyer: amounts.toBuyer, toSeller: amounts.toSeller), delivered: delivered)
    guard case .exercised = basis, let payment = agreement.terms.strikePayment else { return [settled] }
    return [
      .deliveryExercised(holder: agreement.terms.escrow.buyer, strikePayment: payment, at: time), settled,
    ]
  }

  /// Where the replayed trade and the basis in the file differ.
  func deliveryDisagreement(of trade: Trade, _ settled: Settled) -> String? {
    let header = try? BlockHeader(decoding: proof.inclusion.header)
    switch proof.basis {
    case .agreedDelivery(let outcome, let buyer, let seller):
      let isHeld = trade.deliveryCountersigned.contains {
        $0.outcome == outcome && $0.buyer == buyer && $0.seller == seller
      }
      return isHeld && trade.exercisedAt == nil ? nil : "the agreed outcome"
    case .exercised(let notice):
      let isHeld = trade.exercises.contains { UnverifiedMessage($0) == notice }
      // The vault says both in one transaction.
      let said = proof.journal.suffix(2).map(\.event)
      let isOneAct = said.first?["name"] == "deliveryExercised" && said.first?["fact"] == said.last?["fact"]
      return isHeld && isOneAct && settled.isExercise && trade.exercisedAt == header?.timestamp ? nil : "the exercise"
    default: return settled.isExercise ? "the exercise" : nil
    }
  }

  /// The rule of deliveries, asked for the moment of the block: was this route open, and did it release these amounts?
  mutating func checkDeliveryTiming(
    _ header: BlockHeader, _ record: Record, _ basis: Basis, _ amounts: Amounts, _ delivered: Parts
  ) {
    var agreed: DeliveryOutcome?
    let route: Settlement.Route
    switch basis {
    case .agreedDelivery(let countersigned):
      agreed = countersigned.outcome
      route = .agreed
    case .exercised(let notice):
      guard header.timestamp < notice.message.validUntil else {
        return note(.timing, false, "the notice was valid until \(notice.message.validUntil), not at the block's time")
      }
      route = .exercise
    default: route = .expire
    }
    do throws(SettlementError) {
      let views = try DeliveryRule.routes(
        of: terms, in: record.before.vaultState, agreed: agreed, at: header.timestamp)
      let release = views.first { $0.route == route && $0.isOpen }?.releases
      let same = release == Release(toBuyer: amounts.toBuyer, toSeller: amounts.toSeller, delivered: delivered)
      let words =
        release.map {
          "released \($0.toBuyer) to the buyer and \($0.toSeller) to the seller\(Self.words($0.delivered))"
        } ?? "was not open"
      note(
        .timing, same, "the route \(route.rawValue) \(words) at \(header.timestamp), by the rule of deliveries")
    } catch {
      note(.timing, false, "\(error)")
    }
  }
}
