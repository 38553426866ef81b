import Arithmetic
import Clauses
import Ethereum
public import Terms

/// The rule of vaults that settle by delivery: which routes are open at a time, and what each releases. It is a clause,
/// `Contracts/Clauses/escrow/delivery.clause`, compiled into the program; the contract enforces the same.
public enum DeliveryRule {
  /// The rule's source, byte for byte the file.
  public static var source: String { Rule.delivery.source }

  /// Every route, in the rule's order.
  ///
  /// - Parameters:
  ///   - state: What the vault's status is; such a vault is unopened, open or closed.
  ///   - agreed: The outcome that both parties signed, if there is one.
  ///   - now: Unix seconds of a block.
  /// - Throws: `SettlementError.clauseFault` where the rule faults, which the terms' bounds exclude.
  public static func routes(
    of terms: OptionTerms, in state: VaultState, agreed: DeliveryOutcome? = nil, at now: UInt64
  ) throws(SettlementError) -> [RouteView] {
    var inputs = try PayoffClause.inputs(of: terms)
    inputs["acceptBy"] = try .unsigned(terms.escrow.acceptBy)
    inputs["payoffKind"] = try .unsigned(UInt64(terms.escrow.payoffKind))
    inputs["status"] = try .unsigned(state.status)
    inputs["now"] = try .unsigned(now)
    if let agreed {
      inputs["agreedToBuyer"] = try .unsigned(agreed.toBuyer)
      inputs["agreedDeliveryToBuyer"] = try .unsigned(agreed.deliveryToBuyer)
      inputs["agreedValidUntil"] = try .unsigned(agreed.validUntil)
    }
    let evaluation = try Rule.delivery.run(inputs)
    let amount = try brought("broughtAmount", evaluation)
    let delivery = try brought("broughtDelivery", evaluation)
    var views: [RouteView] = []
    for entry in evaluation.routes {
      guard let route = Route(rawValue: entry.name) else { throw .unfitClause("it names a route \(entry.name)") }
      let exercises = route == .exercise
      let release = entry.payments.map { payments in
        Release(
          toBuyer: payments.toBuyer, toSeller: saturating(payments.toSeller, exercises ? amount : .zero),
          delivered: Parts(
            toBuyer: entry.deliveries?.toBuyer ?? .zero,
            toSeller: saturating(entry.deliveries?.toSeller ?? .zero, exercises ? delivery : .zero)))
      }
      views.append(RouteView(route: route, isOpen: entry.isOpen, releases: release))
    }
    return views
  }

  private static func brought(_ name: String, _ evaluation: Evaluation) throws(SettlementError) -> UInt256 {
    let value = try evaluation.number(name)
    guard !value.isNegative else { throw .unencodable("\(value)") }
    return value.magnitude
  }

  /// Amounts are below 2^128, so that no sum is cut.
  private static func saturating(_ a: UInt256, _ b: UInt256) -> UInt256 { (try? a.adding(b)) ?? .max }
}
