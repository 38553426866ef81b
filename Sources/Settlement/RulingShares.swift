public import Arithmetic
import Clauses
public import Terms

/// What a ruling that is paid makes of the two bonds, in base units of the token: what
/// `Contracts/Clauses/arbitration/ruling.clause` finds.
public struct RulingShares: Hashable, Sendable {
  /// Of both bonds, to the one who proposed.
  public let toProposer: UInt256
  /// Of both bonds, to the one who disputed.
  public let toDisputer: UInt256
  /// To each of the ruling's signers.
  public let feeEach: UInt256
  /// To the lowest address of them instead.
  public let feeToLowest: UInt256

  /// - Parameters:
  ///   - ruling: The ruling that is paid, as the vault held it or took it with the payment.
  ///   - signerCount: How many signed it.
  ///   - now: Unix seconds of the block that pays.
  /// - Throws: `SettlementError.clauseFault` where the rule faults.
  public init(
    of terms: OptionTerms, paying ruling: StandingRuling, signerCount: Int, at now: UInt64
  ) throws(SettlementError) {
    let state = ruling.vaultState(under: terms)
    var inputs = try RulingRule.inputs(of: terms, in: state, at: now)
    let signers = try InputValue.unsigned(UInt64(signerCount))
    let bondTo = try InputValue.unsigned(UInt64(ruling.decision.bondTo.rawValue))
    if ruling.decision.paysAtOnce(under: terms) {
      inputs["rulingBondTo"] = bondTo
      inputs["rulingSigners"] = signers
    } else {
      inputs["ruledBondTo"] = bondTo
      inputs["ruledSigners"] = signers
    }
    let found = try Rule.ruling.run(inputs)
    func amount(_ name: String) throws(SettlementError) -> UInt256 {
      let value = try found.number(name)
      do throws(ArithmeticError) { return try value.asUInt256 } catch { throw .unfitClause("\(name) is negative") }
    }
    toProposer = try amount("toProposer")
    toDisputer = try amount("toDisputer")
    feeEach = try amount("feeEach")
    feeToLowest = try amount("feeToLowest")
  }
}

/// What `Contracts/Clauses/arbitration/ruling.clause` is asked.
enum RulingRule {
  /// The round in which a panel may rule, 1 or 2; nothing where none may.
  static func openRound(
    of terms: OptionTerms, in state: VaultState, at now: UInt64
  ) throws(SettlementError) -> UInt8? {
    let round = try Rule.ruling.run(inputs(of: terms, in: state, at: now)).integer("round")
    return round == 0 ? nil : UInt8(exactly: round)
  }

  /// Of a ruling that may be overruled, its bonds and signers matter only where it is paid: the caller says them then.
  static func inputs(
    of terms: OptionTerms, in state: VaultState, at now: UInt64
  ) throws(SettlementError) -> [String: InputValue] {
    let escrow = terms.escrow
    var inputs: [String: InputValue] = [
      "acceptBy": try .unsigned(escrow.acceptBy), "settleBy": try .unsigned(escrow.settleBy),
      "disputeWindow": try .unsigned(escrow.disputeWindow), "rulingWindow": try .unsigned(escrow.rulingWindow),
      "bond": try .unsigned(escrow.bond), "arbitrationFee": try .unsigned(escrow.arbitrationFee),
      "hasFallback": .truth(!escrow.fallbackArbitrators.isUnused), "now": try .unsigned(now),
      "status": try .unsigned(state.status),
    ]
    switch state {
    case .proposed(let at, _): inputs["proposedAt"] = try .unsigned(at)
    case .disputed(let at): inputs["disputedAt"] = try .unsigned(at)
    case .ruled(let at, _): inputs["ruledAt"] = try .unsigned(at)
    case .appealed(let at, _): inputs["appealedAt"] = try .unsigned(at)
    case .unopened, .open, .closed: break
    }
    switch state {
    case .ruled, .appealed:
      inputs["ruledBondTo"] = .number(.zero)
      inputs["ruledSigners"] = .number(.one)
    default: break
    }
    return inputs
  }
}
