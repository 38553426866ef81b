public import Arithmetic
import Clauses
public import Ethereum
import Terms

/// What each party is owed: the agreement's clause, run on what its evidence establishes. Of an exercise by delivery the
/// seller's parts include what the buyer brings.
public struct Outcome: Hashable, Sendable {
  /// Base units of the token; `toBuyer` and `toSeller` sum to the escrow, and what the buyer brings.
  public let toBuyer: UInt256
  /// The seller's part: the remainder.
  public let toSeller: UInt256
  /// What each gets of the delivery token; nothing where the option is settled in cash.
  public let delivered: Parts?
  /// The price that the evidence establishes at the last fixing, in the feed's decimals; nothing where it establishes none
  /// and the clause has an outcome without.
  public let settlementPrice: UInt256?
  /// `Evidence.digest` of the evidence.
  public let evidenceDigest: Digest
  /// Keccak-256 of the machine's trace; in nothing that is signed or sent, it is how two readers find where they differ.
  public let traceDigest: Digest
  /// What a party would ask about it; empty mostly.
  public let notes: [Note]

  /// What a party would ask about an outcome.
  public enum Note: Hashable, Sendable, CustomStringConvertible {
    /// The payoff reached the seller's collateral.
    case capReached
    /// Observers who signed two different prices.
    case equivocated([Address])

    /// The note as a person reads it.
    public var description: String {
      switch self {
      case .capReached: "the payoff is capped by the seller's collateral"
      case .equivocated(let observers):
        "signed two different prices and counted as absent: "
          + observers.map(\.description).joined(separator: ", ")
      }
    }
  }

  /// - Parameter exercisedAt: block time of the buyer's notice of exercise, Unix seconds; nothing where there is none.
  /// - Throws: `SettlementError.noPrice` while the evidence establishes none and the clause needs one, `.clauseFault`
  ///   where the clause has no outcome on the facts, `.notTheWhole` where it pays something else than the escrow.
  public init(
    of agreement: Agreement, given evidence: Evidence, exercisedAt: UInt64? = nil
  ) throws(SettlementError) {
    let inputs = try PayoffClause.inputs(of: agreement.terms, on: evidence, exercisedAt: exercisedAt)
    let terms = agreement.terms
    let run = try Self.run(
      agreement.clause.program, on: inputs, evidence, delivers: terms.escrow.settlesByDelivery)
    if let delivered = run.delivered {
      let brought = exercisedAt == nil ? nil : terms.exercising
      try run.paid.check(areWhole: Self.whole(terms.escrowed, of: terms.escrow.token, with: brought))
      try delivered.check(areWhole: Self.whole(terms.escrowedDelivery, of: terms.escrow.deliveryToken, with: brought))
    } else {
      try Self.checkWhole(run.paid.toBuyer, run.paid.toSeller, of: terms)
    }
    delivered = run.delivered
    toBuyer = run.paid.toBuyer
    toSeller = run.paid.toSeller
    settlementPrice = evidence.price.price
    evidenceDigest = evidence.digest
    traceDigest = Keccak256.hash(run.trace)
    var notes: [Note] = []
    if toSeller == .zero, delivered == nil { notes.append(.capReached) }
    if !evidence.equivocators.isEmpty { notes.append(.equivocated(evidence.equivocators)) }
    self.notes = notes
  }

  /// What the clause pays at a price that is established already: what a vault that knows the payoff computes.
  static func payments(
    of agreement: Agreement, at price: UInt256
  ) throws(SettlementError) -> (toBuyer: UInt256, toSeller: UInt256) {
    var inputs = try PayoffClause.inputs(of: agreement.terms)
    inputs["settlementPrice"] = try .unsigned(price)
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(agreement.clause.program, inputs: inputs)
    } catch {
      throw .clauseFault(error.description)
    }
    guard let paid = evaluation.payments else { throw .unfitClause("it does not pay in the token") }
    try checkWhole(paid.toBuyer, paid.toSeller, of: agreement.terms)
    return (paid.toBuyer, paid.toSeller)
  }

  private static func run(
    _ program: Program, on inputs: [String: InputValue], _ evidence: Evidence, delivers: Bool
  ) throws(SettlementError) -> (paid: Parts, delivered: Parts?, trace: [UInt8]) {
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(program, inputs: inputs, tracing: true)
    } catch {
      if case .missingInput("settlementPrice") = error.kind { throw .noPrice(evidence.price) }
      throw .clauseFault(error.description)
    }
    guard let payments = evaluation.payments, (evaluation.deliveries != nil) == delivers, let trace = evaluation.trace
    else {
      throw .unfitClause(
        delivers
          ? "it does not pay in both tokens; give a clause that does"
          : "it does not pay in the token alone; give a clause that does")
    }
    return (
      Parts(toBuyer: payments.toBuyer, toSeller: payments.toSeller),
      evaluation.deliveries.map { Parts(toBuyer: $0.toBuyer, toSeller: $0.toSeller) }, trace.bytes
    )
  }

  /// What there is of one token: what is escrowed, and what the buyer brings of it.
  private static func whole(
    _ escrowed: UInt256, of token: Address, with brought: Funding?
  ) throws(SettlementError) -> UInt256 {
    guard let brought, brought.token == token else { return escrowed }
    guard let whole = try? escrowed.adding(brought.amount) else { throw .unencodable("more than 256 bits of a token") }
    return whole
  }

  /// Parts are parts of the whole: they sum to the escrow exactly.
  static func checkWhole(_ toBuyer: UInt256, _ toSeller: UInt256, of terms: OptionTerms) throws(SettlementError) {
    let sum = try? toBuyer.adding(toSeller)
    guard sum == terms.escrowed else {
      throw .notTheWhole(toBuyer: toBuyer, toSeller: toSeller, escrowed: terms.escrowed)
    }
  }
}
