import Clauses
import Terms

/// The price ladder: what decides where the fixing has no price. `Contracts/Clauses/escrow/ladder.clause` says which rung
/// stands.
enum PriceLadder {
  /// The rungs by the rule's names, the lowest first.
  enum Rung: String {
    case fixing = "Fixing"
    case postponement = "Postponement"
    case secondSource = "SecondSource"
    case finding = "Finding"
    case settleByDefault = "Default"
  }

  /// The rung that stands. Terms name neither a postponement nor a second source, and findings come with a ruling.
  ///
  /// - Parameter now: Unix seconds.
  static func rung(
    of terms: OptionTerms, hasFixing: Bool, at now: UInt64
  ) throws(SettlementError) -> Rung {
    let name = try Rule.ladder.run([
      "evidenceCloses": .unsigned(terms.escrow.evidenceCloses), "now": .unsigned(now),
      "hasFixing": .truth(hasFixing), "hasPostponement": .truth(false), "hasSecondSource": .truth(false),
      "hasFinding": .truth(false),
    ]).name("rung")
    guard let rung = Rung(rawValue: name) else { throw .unfitClause("it finds a rung \(name)") }
    return rung
  }
}
