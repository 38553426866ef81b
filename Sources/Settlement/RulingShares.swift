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
    let found = try Rule.ruling.run(Self.inputs(of: terms, ruling, signerCount, at: now))
    func amount(_ name: String) throws(SettlementError) -> UInt256 {
      let value = try found.number(name)
      do throws(ArithmeticError) { return try value.asUInt256 } catch { throw .unfitClause("\(name) is negative") }
    }
    toProposer = try amount("toProposer")
    toDisputer = try amount("toDisputer")
    feeEach = try amount("feeEach")
    feeToLowest = try amount("feeToLowest")
  }

  private static func inputs(
    of terms: OptionTerms, _ ruling: StandingRuling, _ signerCount: Int, at now: UInt64
  ) throws(SettlementError) -> [String: InputValue] {
    let escrow = terms.escrow
    let state = ruling.vaultState(under: terms)
    let signers = try InputValue.unsigned(UInt64(signerCount))
    let bondTo = try InputValue.unsigned(UInt64(ruling.decision.bondTo.rawValue))
    var inputs: [String: InputValue] = [
      "acceptBy": try .unsigned(escrow.acceptBy), "settleBy": try .unsigned(escrow.settleBy),
      "disputeWindow": try .unsigned(escrow.disputeWindow), "rulingWindow": try .unsigned(escrow.rulingWindow),
      "bond": try .unsigned(escrow.bond), "arbitrationFee": try .unsigned(escrow.arbitrationFee),
      "hasFallback": .truth(!escrow.fallbackArbitrators.isUnused), "now": try .unsigned(now),
      "status": try .unsigned(state.status),
    ]
    switch state {
    case .disputed(let at): inputs["disputedAt"] = try .unsigned(at)
    case .ruled(let at, _): inputs["ruledAt"] = try .unsigned(at)
    case .appealed(let at, _): inputs["appealedAt"] = try .unsigned(at)
    case .unopened, .open, .proposed, .closed: break
    }
    if ruling.decision.paysAtOnce(under: terms) {
      inputs["rulingBondTo"] = bondTo
      inputs["rulingSigners"] = signers
      // Of the ruling appealed against: another panel's, whose fee is paid.
      if let overruled = ruling.overruled {
        inputs["ruledBondTo"] = try .unsigned(UInt64(overruled.bondTo.rawValue))
        inputs["ruledSigners"] = .number(.one)
      }
    } else {
      inputs["ruledBondTo"] = bondTo
      inputs["ruledSigners"] = signers
    }
    return inputs
  }
}
