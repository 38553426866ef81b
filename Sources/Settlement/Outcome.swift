public import Arithmetic
import Clauses
public import Ethereum
import Terms

/// What each party is owed: the agreement's clause, run on what its evidence establishes.
public struct Outcome: Hashable, Sendable {
  /// Base units of the token; `toBuyer` and `toSeller` sum to the escrow.
  public let toBuyer: UInt256
  /// The seller's part: the remainder.
  public let toSeller: UInt256
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
    let run = try Self.run(agreement.clause.program, on: inputs, evidence)
    try Self.checkWhole(run.payments.toBuyer, run.payments.toSeller, of: agreement.terms)
    toBuyer = run.payments.toBuyer
    toSeller = run.payments.toSeller
    settlementPrice = evidence.price.price
    evidenceDigest = evidence.digest
    traceDigest = Keccak256.hash(run.trace)
    var notes: [Note] = []
    if toSeller == .zero { notes.append(.capReached) }
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
    _ program: Program, on inputs: [String: InputValue], _ evidence: Evidence
  ) throws(SettlementError) -> (payments: Payments, trace: [UInt8]) {
    let evaluation: Evaluation
    do throws(Trap) {
      evaluation = try Machine.run(program, inputs: inputs, tracing: true)
    } catch {
      if case .missingInput("settlementPrice") = error.kind { throw .noPrice(evidence.price) }
      throw .clauseFault(error.description)
    }
    guard let payments = evaluation.payments, evaluation.deliveries == nil, let trace = evaluation.trace else {
      throw .unfitClause("it does not pay in the token alone; give a clause that does")
    }
    return (payments, trace.bytes)
  }

  /// Parts are parts of the whole: they sum to the escrow exactly.
  static func checkWhole(_ toBuyer: UInt256, _ toSeller: UInt256, of terms: OptionTerms) throws(SettlementError) {
    let sum = try? toBuyer.adding(toSeller)
    guard sum == terms.escrowed else {
      throw .notTheWhole(toBuyer: toBuyer, toSeller: toSeller, escrowed: terms.escrowed)
    }
  }
}
