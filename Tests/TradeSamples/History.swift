public import Arithmetic
import Ethereum
public import Settlement
import Signing
public import Terms

/// A trade played through the life cycle event by event, each at a time when it is allowed.
public struct History {
  /// The events so far.
  public private(set) var journal = Journal()
  /// What is traded at first.
  public let first: OptionTerms

  /// Nothing happened yet.
  public init(_ terms: OptionTerms) { first = terms }

  /// The terms that hold.
  public var terms: OptionTerms { trade?.terms ?? first }

  /// What every message names.
  private var named: (id: AgreementID, version: UInt64) {
    (AgreementID(first.digest), trade?.agreement?.version ?? 1)
  }

  /// The state so far.
  public var trade: Trade? { journal.trade }

  /// Takes an event.
  @discardableResult
  public mutating func take(_ event: Event, at now: UInt64) throws(SettlementError) -> [Action] {
    try journal.append(event, at: now).actions
  }

  /// How far a history goes.
  public enum Stage: String, CaseIterable, Sendable {
    case unknown, execution, confirmed, active, proposed, disputed, ruled, appealed, closed, lapsed
  }

  /// A history that has just come this far. The proposal on chain is the seller's and false, so it can be disputed.
  public init(_ terms: OptionTerms, reaching stage: Stage) throws {
    self.init(terms)
    let escrow = terms.escrow
    if stage == .unknown { return }
    try submit()
    if stage == .execution { return }
    if stage == .lapsed {
      try take(.lapsed, at: escrow.acceptBy)
      return
    }
    try sign()
    if stage == .confirmed { return }
    try open()
    try observe([275_000_000_000, 275_100_000_000, 275_200_000_000])
    if stage == .active { return }
    try take(.happened(lie, Self.fact("proposal", at: escrow.settleFrom)), at: escrow.settleFrom + 12)
    if stage == .proposed { return }
    if stage != .closed {
      try take(.happened(dispute, Self.fact("dispute", at: escrow.settleFrom + 60)), at: escrow.settleFrom + 72)
      if stage == .disputed { return }
      try take(.happened(ruling(), Self.fact("ruling", at: escrow.settleFrom + 120)), at: escrow.settleFrom + 132)
      if stage == .ruled { return }
      try take(.happened(appeal, Self.fact("appeal", at: escrow.settleFrom + 180)), at: escrow.settleFrom + 192)
      return
    }
    let payment = EscrowEvent.settled(.finalised, toBuyer: lieToBuyer, toSeller: lieToSeller)
    try take(.happened(payment, Self.fact("payment", at: escrow.settleBy)), at: escrow.settleBy)
  }

  /// The terms arrive.
  public mutating func submit() throws {
    try take(
      .submitted(
        terms,
        PayoffClause(source: Sample.clause(terms.economics.optionType == .call ? "european-call" : "european-put"))),
      at: terms.escrow.acceptBy - 100)
  }

  /// Both parties sign.
  public mutating func sign() throws {
    for party in Party.allCases {
      try take(.signed(party, Sample.key(party.rawValue).sign(terms.digest)), at: terms.escrow.acceptBy - 90)
    }
  }

  /// The escrow opens, carried by the coordinator.
  public mutating func open() throws {
    let now = terms.escrow.acceptBy - 50
    try take(.due(.open), at: now)
    try take(.instructed(.open, transaction: Self.fact("opening", at: now).transaction), at: now)
    try take(.happened(.opened, Self.fact("opening", at: now)), at: now + 24)
  }

  /// Both parties amend the terms, and the vault says so.
  public mutating func amend(to amended: OptionTerms, at now: UInt64) throws {
    guard let agreement = trade?.agreement else { return }
    let message = Sample.amendment(agreement, to: amended)
    let clause = try PayoffClause(source: Sample.clause())
    for name in ["buyer", "seller"] {
      try take(.amendmentSigned(Sample.sign(message, by: name, in: terms.domain), amended, clause), at: now)
    }
    let event = EscrowEvent.amended(terms: message.terms, version: message.version)
    try take(.happened(event, Self.fact("amendment", at: now)), at: now)
  }

  /// `heir` takes the seller's place.
  public mutating func novate(at now: UInt64) throws {
    guard let agreement = trade?.agreement else { return }
    let (message, novated) = try Sample.novation(agreement)
    let clause = try PayoffClause(source: Sample.clause())
    for name in ["buyer", "seller", "heir"] {
      try take(.novationSigned(Sample.sign(message, by: name, in: terms.domain), novated, clause), at: now)
    }
    let event = EscrowEvent.novated(
      terms: message.terms, transferor: message.transferor, transferee: message.transferee, version: message.version,
      consideration: message.consideration)
    try take(.happened(event, Self.fact("novation", at: now)), at: now)
  }

  /// Observers 0, 1, 2 … sign these prices.
  public mutating func observe(_ prices: [UInt64]) throws {
    for (index, price) in prices.enumerated() {
      try take(
        .observed(Sample.observation(terms, by: "observer \(index)", price: price)),
        at: terms.escrow.expirationTime + 12)
    }
  }

  /// A place on chain, made from a name.
  public static func fact(_ name: String, at time: UInt64) -> ChainFact {
    ChainFact(
      blockNumber: 7, blockHash: Keccak256.hash(Array("block of \(name)".utf8)), blockTime: time,
      transaction: Keccak256.hash(Array(name.utf8)))
  }

  /// A false proposal of the seller's: the buyer gets its collateral and nothing else.
  public var lie: EscrowEvent {
    .proposed(
      proposer: terms.escrow.seller, evidenceDigest: .zero, toBuyer: lieToBuyer, toSeller: lieToSeller,
      at: terms.escrow.settleFrom)
  }

  /// What the lie pays the buyer.
  public var lieToBuyer: UInt256 { terms.escrow.buyerCollateral }
  /// What the lie pays the seller.
  public var lieToSeller: UInt256 { terms.escrow.sellerCollateral }

  /// The buyer's dispute of it on chain.
  public var dispute: EscrowEvent {
    .disputed(
      disputer: terms.escrow.buyer, evidenceDigest: .zero, toBuyer: terms.escrowed, toSeller: .zero,
      at: terms.escrow.settleFrom + 60)
  }

  /// A ruling on chain; the arbitrators' two minutes after settleFrom, the fallback panel's four.
  public func ruling(
    round: UInt8 = 1, toBuyer: UInt256 = 2_560_000_000, bondTo: Decision.BondTo = .disputer
  ) throws -> EscrowEvent {
    .ruled(
      Decision(
        round: round, findingsDigest: Keccak256.hash(Array("findings".utf8)), toBuyer: toBuyer,
        toSeller: try terms.escrowed.subtracting(toBuyer), bondTo: bondTo,
        at: terms.escrow.settleFrom + 120 * UInt64(round)))
  }

  /// A ruling on the clause's amounts, signed by one member of a panel.
  public func signedRuling(
    by name: String, round: UInt8 = 1, toBuyer: UInt256 = 2_560_000_000, bondTo: UInt8 = 1
  ) throws -> Signed<Ruling> {
    let message = Ruling(
      agreementID: named.id, version: named.version, round: round,
      findingsDigest: Keccak256.hash(Array("findings".utf8)), toBuyer: toBuyer,
      toSeller: try terms.escrowed.subtracting(toBuyer), bondTo: bondTo)
    return try Sample.sign(message, by: name, in: terms.domain)
  }

  /// The seller's appeal against the first one.
  public var appeal: EscrowEvent { .appealed(appellant: terms.escrow.seller, at: terms.escrow.settleFrom + 180) }

  /// The vault keeps a price of an observer.
  public func held(_ observer: Int, _ price: UInt64) throws -> EscrowEvent {
    .priceHeld(
      observer: try Sample.address("observer \(observer)"), publishedAt: terms.escrow.expirationTime,
      value: UInt256(price))
  }

  /// An outcome that pays the buyer so much, signed by a party.
  public func outcome(
    _ toBuyer: UInt256, by name: String, validUntil: UInt64? = nil
  ) throws -> Signed<AgreedOutcome> {
    try Sample.sign(
      AgreedOutcome(
        agreementID: named.id, version: named.version, toBuyer: toBuyer,
        toSeller: terms.escrowed.subtracting(toBuyer), validUntil: validUntil ?? terms.escrow.settleBy),
      by: name, in: terms.domain)
  }

  /// What the clause says on the evidence so far, claimed by a party; other amounts where they are given.
  public func claim(by name: String, toBuyer: UInt256? = nil, validUntil: UInt64? = nil) throws -> Proposal {
    let observations = trade?.observations ?? []
    let agreement =
      try trade?.agreement
      ?? Sample.agreement(terms, clause: terms.economics.optionType == .call ? "european-call" : "european-put")
    let evidence = try Evidence(observations, for: agreement)
    let paid = try toBuyer ?? Outcome(of: agreement, given: evidence).toBuyer
    return Proposal(
      agreementID: named.id, version: named.version, proposer: try Sample.address(name),
      evidenceDigest: evidence.digest,
      toBuyer: paid, toSeller: try terms.escrowed.subtracting(paid), validUntil: validUntil ?? terms.escrow.settleBy)
  }
}
