import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms

/// What gave the escrow the right to pay, and how much.
extension Verifier {
  /// What gave the right to pay, verified.
  enum Basis {
    case agreed(CountersignedOutcome)
    case proposals(first: Signed<Proposal>, second: Signed<Proposal>)
    case finalised(Signed<Proposal>)
    /// The vault's own computation, and the price from which it must come.
    case observed(price: UInt256, Amounts)
    case ruled(Decision)
    case defaulted
    case agreedDelivery(CountersignedDeliveryOutcome)
    case exercised(Signed<ExerciseNotice>)
    case expired
  }

  /// What had to be paid, in base units of the token, and what of the delivery token, where there is one.
  struct Amounts {
    let toBuyer: UInt256
    let toSeller: UInt256
    var delivered: Parts?
  }

  mutating func checkBasis(_ agreement: Agreement?, _ evidence: Evidence?) -> Basis? {
    guard let agreement, let evidence else {
      miss(.basis, "no valid agreement or evidence")
      return nil
    }
    guard proof.basis.isOfDelivery == agreement.terms.escrow.settlesByDelivery else {
      let kind = agreement.terms.escrow.settlesByDelivery ? "by delivery" : "in cash"
      note(.basis, false, "\(proof.basis.name), which is none of an option that is settled \(kind)")
      return nil
    }
    do throws(SettlementError) {
      switch proof.basis {
      case .agreed(let outcome, let buyer, let seller):
        let agreed = try CountersignedOutcome(outcome, buyer: buyer, seller: seller, of: agreement)
        note(.basis, true, "an outcome of this agreement, signed by both parties")
        return .agreed(agreed)
      case .proposals(let first, let second): return try checkProposals(first, second, agreement)
      case .finalised(let unverified):
        let signed = try unverified.verified(in: agreement.terms.domain)
        let proposal = signed.message
        let isParty = agreement.terms.escrow.party(at: signed.signer) != nil
        let isNamed = proposal.agreementID == agreement.id && proposal.version == agreement.version
        let isOnEvidence = proposal.evidenceDigest == evidence.digest
        let holds = isParty && isNamed && isOnEvidence
        note(
          .basis, holds,
          !isParty
            ? "a proposal by \(signed.signer), who is no party"
            : !isNamed
              ? "a proposal of another agreement or version"
              : "a proposal of this agreement by \(signed.signer) on evidence \(proposal.evidenceDigest)"
                + (isOnEvidence ? "" : ", which is not the evidence in the file"))
        return holds ? .finalised(signed) : nil
      case .observed:
        guard let observed = try before?.observed() else {
          note(.basis, false, "the prices that the vault holds establish none, or it does not know the payoff")
          return nil
        }
        note(.basis, true, "the vault's own computation, on the prices that it holds")
        return .observed(
          price: observed.price, Amounts(toBuyer: observed.toBuyer, toSeller: observed.toSeller))
      case .ruled(let decision, _): return checkRuling(decision, agreement)
      case .defaulted:
        note(.basis, true, "silence: the default amounts of the terms")
        return .defaulted
      case .agreedDelivery, .exercised, .expired: return try checkDeliveryBasis(agreement)
      }
    } catch {
      note(.basis, false, "\(error)")
      return nil
    }
  }

  /// What had to be paid: by the basis, and, where a proposal was the basis, by the clause as well. Amounts that both
  /// parties signed, and defaults that they agreed on beforehand, need no clause.
  mutating func checkAmounts(
    _ basis: Basis?, _ agreement: Agreement?, _ evidence: Evidence?, _ outcome: Outcome?
  ) -> Amounts? {
    guard let basis, let agreement, let evidence else {
      miss(.amounts, "no valid basis")
      return nil
    }
    let escrow = terms.escrow
    let amounts: Amounts
    var meaning: String
    switch basis {
    case .agreed(let agreed):
      amounts = Amounts(toBuyer: agreed.outcome.toBuyer, toSeller: agreed.outcome.toSeller)
      meaning = Self.agreed(amounts, outcome)
    case .proposals(let first, _):
      amounts = Amounts(toBuyer: first.message.toBuyer, toSeller: first.message.toSeller)
      meaning = Self.agreed(amounts, outcome)
      guard (try? amounts.toBuyer.adding(amounts.toSeller)) == terms.escrowed else {
        note(.amounts, false, "the proposals' amounts are not the escrow, which is \(terms.escrowed)")
        return nil
      }
    case .finalised(let proposal):
      amounts = Amounts(toBuyer: proposal.message.toBuyer, toSeller: proposal.message.toSeller)
      meaning = "as proposed and as the clause says"
      guard let outcome else {
        note(.amounts, false, "a proposal without an outcome of the clause behind it")
        return nil
      }
      guard outcome.toBuyer == amounts.toBuyer, outcome.toSeller == amounts.toSeller else {
        note(.amounts, false, "the proposal pays the buyer \(amounts.toBuyer), the clause says \(outcome.toBuyer)")
        return nil
      }
    case .observed(let price, let computed):
      amounts = computed
      meaning = "as the clause says at the price \(price)"
    case .ruled(let decision): return checkRuled(decision, agreement, evidence, outcome)
    case .defaulted:
      amounts = Amounts(toBuyer: escrow.defaultToBuyer, toSeller: escrow.defaultToSeller)
      meaning = "the default amounts"
    case .agreedDelivery, .exercised, .expired: return checkDeliveryAmounts(basis, outcome)
    }
    note(
      .amounts, true,
      "buyer \(amounts.toBuyer), seller \(amounts.toSeller), \(meaning); the escrow is \(terms.escrowed)")
    return amounts
  }

  private static func agreed(_ amounts: Amounts, _ outcome: Outcome?) -> String {
    guard let outcome else { return "as both parties signed" }
    return "as both parties signed, "
      + (outcome.toBuyer == amounts.toBuyer ? "and as the clause says" : "though the clause says otherwise")
  }
}
