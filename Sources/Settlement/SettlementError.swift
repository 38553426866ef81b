public import Arithmetic
public import Ethereum
public import Signing
public import Terms

/// Which precondition of a stage does not hold, and the value that breaks it.
public enum SettlementError: Error, Hashable, Sendable {
  /// A signature recovers to somebody else.
  case wrongSigner(of: String, expected: Address, found: Address)
  /// A signature recovers to neither party.
  case notAParty(of: String, found: Address)
  /// A signature recovers to nobody.
  case badSignature(of: String, SigningError)
  /// Bytes that no key made: only the account's own code can tell whether it signed.
  case walletSignature(of: String, account: Address)
  /// The party signed the terms already.
  case alreadySigned(by: Party)
  /// Parties whose signature of the terms is missing.
  case unsigned(by: [Party])
  /// The signer has sent as many messages of a kind as are kept.
  case tooMany(of: String, by: Address, max: Int)
  /// A dispute that names the same amounts as the proposal.
  case nothingToDispute
  /// The clause is not the one that the terms name.
  case otherClause(expected: Digest, found: Digest)
  /// The clause is no payoff, or asks for something that the terms do not hold, or the terms are not what it is given.
  case unfitClause(String)
  /// The clause does not compile.
  case brokenClause(String)
  /// An observation cannot count for this agreement.
  case inadmissible(observer: Address, reason: Inadmissibility)
  /// No price is established yet.
  case noPrice(PriceFinding)
  /// The clause faulted: there is no outcome on these facts.
  case clauseFault(String)
  /// The amounts are not parts of the escrow.
  case notTheWhole(toBuyer: UInt256, toSeller: UInt256, escrowed: UInt256)
  /// The amounts are not what the clause says on the evidence.
  case otherAmounts(expected: UInt256, found: UInt256)
  /// A proposal other than the one that stands, which the vault would take for a dispute.
  case otherProposal(expected: UInt256, found: UInt256)
  /// The evidence digest is not that of the evidence held.
  case otherEvidence(expected: Digest, found: Digest)
  /// The message names another agreement or another version.
  case otherAgreement
  /// The act has no place where an option is settled in this way.
  case otherSettlement(act: String, settled: SettlementType)
  /// What the message allows has passed.
  case expired(String, at: UInt64, now: UInt64)
  /// A ruling by somebody who is not on the round's panel.
  case notAnArbitrator(round: UInt8, found: Address)
  /// A ruling of a round that is not open.
  case otherRound(expected: UInt8, found: UInt8)
  /// Other terms that the vault would not let take the place of the present ones.
  case unfitChange(String)
  /// A permit that would not let the vault take what opening takes.
  case unfitPermit(String)
  /// Other terms hold in the vault, with this struct hash.
  case changedTerms(version: UInt64, terms: Digest)
  /// The event has no place in the agreement's present state.
  case outOfPlace(event: String, state: String)
  /// A value that cannot be encoded; terms that were checked never hold one.
  case unencodable(String)
}

/// Why an observation does not count.
public enum Inadmissibility: Hashable, Sendable {
  /// It is not of the feed that the terms name.
  case otherFeed
  /// It is of another second than the expiration time; Unix seconds.
  case notTheFixingTime(expected: UInt64, found: UInt64)
  /// It is of none of the terms' fixings; Unix seconds.
  case notOnTheSchedule(FixingSchedule, found: UInt64)
  /// It was published before the fixing, or when evidence had closed; Unix seconds.
  case publishedOutsideWindow(from: UInt64, before: UInt64, found: UInt64)
  /// A price is positive.
  case zeroPrice
  /// A price is below two to the 128th, as every amount is.
  case priceTooLarge(found: UInt256)
  /// The signer is no observer of the agreement.
  case notOnThePanel
}

extension SettlementError: CustomStringConvertible {
  /// What, where and what to do, in one line.
  public var description: String {
    switch self {
    case .wrongSigner(let what, let expected, let found):
      "\(what): signed by \(found), not by \(expected); sign it with \(expected)'s key"
    case .notAParty(let what, let found):
      "\(what): signed by \(found), who is neither buyer nor seller; sign it with a party's key"
    case .badSignature(let what, let error): "\(what): \(error)"
    case .walletSignature(let what, let account):
      "\(what): no key's signature; whether the code of \(account) accepts it only a node can tell, give --rpc-url"
    case .alreadySigned(let party): "the \(party.rawValue) signed already; nothing was changed"
    case .unsigned(let parties):
      "not signed by the \(parties.map(\.rawValue).joined(separator: " and the ")); both parties must sign the terms"
    case .tooMany(let what, let signer, let max):
      "\(what): \(signer) has sent \(max), as many as are kept; nothing was changed"
    case .nothingToDispute: "dispute: it names the amounts of the proposal; let the proposal stand"
    case .otherClause(let expected, let found):
      "clause: its digest is \(found), the terms name \(expected); send the source that was agreed on"
    case .unfitClause(let reason): "clause: \(reason)"
    case .brokenClause(let diagnostics): "clause: \(diagnostics)"
    case .inadmissible(let observer, let reason): "observation of \(observer): \(reason)"
    case .noPrice(let finding): "no settlement price: \(finding)"
    case .clauseFault(let fault): "the clause has no outcome on these facts: \(fault)"
    case .notTheWhole(let toBuyer, let toSeller, let escrowed):
      "amounts \(toBuyer) and \(toSeller) do not sum to the escrow of \(escrowed); let them sum to it"
    case .otherAmounts(let expected, let found):
      "the buyer would get \(found), the clause says \(expected); sign what `outcome show` prints"
    case .otherProposal(let expected, let found):
      "the buyer would get \(found), the proposal that stands says \(expected); dispute it where it is wrong"
    case .otherEvidence(let expected, let found):
      "the evidence digest is \(found), the evidence held has \(expected); submit all evidence first"
    case .otherAgreement: "the message names another agreement or version; sign one for this agreement"
    case .otherSettlement(let act, .physical):
      "\(act): the agreement is settled by delivery; exercise it, sign an outcome together, or let it expire"
    case .otherSettlement(let act, .cash):
      "\(act): the agreement is settled in cash; `escrow state` shows what closes it"
    case .expired(let what, let at, let now): "\(what) ended at \(at), it is \(now); sign a new one"
    case .notAnArbitrator(let round, let found):
      "ruling: signed by \(found), who is not on the panel of round \(round); sign it with a key of that panel"
    case .otherRound(let expected, let found):
      "ruling: it is of round \(found), and round \(expected) is open; sign one of that round"
    case .unfitChange(let reason): "change of terms: \(reason)"
    case .unfitPermit(let reason): "permit: \(reason)"
    case .changedTerms(let version, let terms):
      "the vault holds other terms, version \(version) with hash \(terms), which are not known here; hand in the amendment "
        + "or novation with everybody's signature, or use `escrow` with the terms that hold"
    case .outOfPlace(let event, let state): "\(event) has no place while the agreement is \(state)"
    case .unencodable(let what): "\(what) cannot be encoded"
    }
  }
}

extension Inadmissibility: CustomStringConvertible {
  /// What was found, and what would count.
  public var description: String {
    switch self {
    case .otherFeed: "it is about another feed; observe the feed named in the terms"
    case .notTheFixingTime(let expected, let found):
      "observedAt is \(found); it must be the expiration time, \(expected)"
    case .notOnTheSchedule(let fixings, let found):
      "observedAt is \(found); it must be one of the \(fixings.count) fixings, every \(fixings.interval) seconds from "
        + "\(fixings.start) on"
    case .publishedOutsideWindow(let from, let before, let found):
      "publishedAt is \(found); it must be at least \(from) and below \(before)"
    case .zeroPrice: "the price is zero; it must be positive"
    case .priceTooLarge(let found): "the price is \(found); it must be below 2^\(SettlementLimits.priceBitWidthMax)"
    case .notOnThePanel: "the signer is not on the panel of observers"
    }
  }
}

extension SettlementError {
  /// A stable word for programs; never changes its meaning.
  public var code: String {
    switch self {
    case .wrongSigner: "wrong_signer"
    case .notAParty: "not_a_party"
    case .badSignature: "bad_signature"
    case .walletSignature: "wallet_signature"
    case .alreadySigned: "already_signed"
    case .unsigned: "unsigned"
    case .tooMany: "too_many"
    case .nothingToDispute: "nothing_to_dispute"
    case .otherClause: "other_clause"
    case .unfitClause: "unfit_clause"
    case .brokenClause: "broken_clause"
    case .inadmissible: "inadmissible_observation"
    case .noPrice: "no_price"
    case .clauseFault: "clause_fault"
    case .notTheWhole: "not_the_whole"
    case .otherAmounts: "other_amounts"
    case .otherProposal: "other_proposal"
    case .otherEvidence: "other_evidence"
    case .otherAgreement: "other_agreement"
    case .otherSettlement: "other_settlement"
    case .expired: "expired"
    case .notAnArbitrator: "not_an_arbitrator"
    case .otherRound: "other_round"
    case .unfitChange: "unfit_change"
    case .unfitPermit: "unfit_permit"
    case .changedTerms: "changed_terms"
    case .outOfPlace: "out_of_place"
    case .unencodable: "unencodable"
    }
  }
}

extension SettlementError {
  /// Whether this says that the clause has no outcome on the evidence, so that the next rung of the ladder decides.
  public var meansNoOutcome: Bool {
    switch self {
    case .noPrice, .clauseFault: true
    default: false
    }
  }
}
