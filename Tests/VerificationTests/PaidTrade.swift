import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import TradeSamples
import Verification

/// A trade played to its end, with the block that paid made in memory, so that every part can be made false.
struct PaidTrade {
  enum Ending: String, CaseIterable, Sendable {
    case agreed, finalised, silent, disputed
    /// The seller answered the buyer's proposal with an equal one.
    case answered
    /// The vault computed the payoff; nobody claimed anything.
    case observed
    /// The arbitrators' ruling, of the only round, in the transaction itself.
    case ruled
    /// A ruling that nobody appealed against.
    case upheld
    /// A ruling on whose appeal the fallback panel was silent.
    case stood
  }

  var ending: Ending
  var terms: OptionTerms
  /// The payoff clause of the library, or a text of its own.
  var clause: String
  /// Whether the terms were amended, and then `heir` took the seller's place.
  var isChanged = false
  /// One price an observer.
  var prices: [UInt64] = [275_000_000_000, 275_100_000_000, 275_200_000_000]
  /// Seconds added to the time of the block that pays.
  var delay: Int64 = 0
  var sender = "coordinator"
  var journalSigner = "coordinator"
  var succeeded = true
  var editTransaction: (inout FeeMarketTransaction) -> Void = { _ in }
  var editLogs: (inout [Log]) throws -> Void = { _ in }
  /// What a ruling says: the clause's amounts, and both bonds to the disputer, who is the buyer.
  var ruledToBuyer: UInt256 = 2_560_000_000
  var bondTo = Decision.BondTo.disputer
  /// Who signed the ruling, of three arbitrators of whom two are enough.
  var signers = ["arbitrator 0", "arbitrator 1"]
  /// Whether the service took the first of two equal proposals, or only its transaction tells of it.
  var takesFirst = true
  /// Whether the file names who signed a ruling that stood before it was paid.
  var namesSigners = false
  /// Whether proposal and dispute name the evidence that the service holds.
  var namesEvidence = false
  /// The prices that the vault holds, where it holds any.
  var held: [UInt64] = [275_000_000_000, 275_100_000_000, 275_200_000_000]

  init(_ ending: Ending) throws {
    self.ending = ending
    terms = try Sample.terms().changed { _, escrow in
      if ending == .observed { escrow.payoffKind = 1 }
      if ending == .upheld || ending == .stood {
        escrow.fallbackArbitrators = Panel(members: [try Sample.address("fallback")], threshold: 1)
      }
    }
    clause = try Sample.clause()
  }

  static let bond: UInt256 = 120_000_000

  /// - Returns: the proof, and the hash of the block in it.
  func make() throws -> (proof: SettlementProof, block: Digest) {
    var history = History(terms)
    let escrow = terms.escrow
    try history.take(.submitted(terms, PayoffClause(source: clause)), at: escrow.acceptBy - 100)
    try history.sign()
    try history.open()
    guard isChanged else { return try finish(&history) }
    try history.amend(to: terms.changed { _, escrow in escrow.salt = 5 }, at: escrow.expirationTime)
    try history.novate(at: escrow.expirationTime)
    var changed = self
    changed.terms = history.terms
    return try changed.finish(&history)
  }

  private func finish(_ history: inout History) throws -> (proof: SettlementProof, block: Digest) {
    try history.observe(prices)
    let (route, due) = try prepare(&history)
    let trade = try history.trade.orThrow()
    let agreement = try trade.agreement.orThrow()
    let time = UInt64(Int64(due) + delay)
    let happenings = try payment(history)

    var sent = try ruling(agreement)
    if let route {
      try history.take(.due(route), at: due)
      sent =
        Envelope(
          carrying: try trade.call(for: route, at: due), nonce: 4, gasLimit: 400_000, maxFeePerGas: 30_000_000_000,
          maxPriorityFeePerGas: 1_000_000_000
        ).transaction
    }
    editTransaction(&sent)
    let raw = try sent.signed(by: Sample.key(sender)).raw
    if let route { try history.take(.instructed(route, transaction: Keccak256.hash(raw)), at: due) }

    var logs = try logs(happenings, agreement)
    try editLogs(&logs)
    let receipt = try Receipt(type: 2, outcome: .status(succeeded), cumulativeGasUsed: 130_000, logs: logs)
    let (inclusion, header) = try Block.around(raw, receipt, at: time, in: terms)
    let fact = ChainFact(
      blockNumber: header.number, blockHash: header.hash, blockTime: time, transaction: Keccak256.hash(raw))
    for event in happenings { try history.take(.happened(event, fact), at: time) }
    var earlier = namesSigners ? try ruling(agreement).signed(by: Sample.key("carrier")).raw : nil
    if ending == .answered, !takesFirst {
      let first = try Sample.sign(history.claim(by: "buyer"), by: "buyer", in: terms.domain)
      let call = try SettlementCall.proposing(
        first, of: agreement, evidence: Evidence(history.trade.orThrow().observations, for: agreement))
      earlier =
        try Envelope(
          carrying: call, nonce: 0, gasLimit: 400_000, maxFeePerGas: 30_000_000_000, maxPriorityFeePerGas: 1_000_000_000
        ).transaction.signed(by: Sample.key("carrier")).raw
    }
    let proof = try SettlementProof(of: history.journal, inclusion: inclusion, earlier: earlier) {
      try Sample.key(journalSigner).sign($0)
    }
    return (proof, header.hash)
  }

  /// Brings the trade to where a route pays.
  private func prepare(_ history: inout History) throws -> (Route?, UInt64) {
    let escrow = terms.escrow
    let from = escrow.settleFrom
    switch ending {
    case .agreed:
      for name in ["buyer", isChanged ? "heir" : "seller"] {
        try history.take(.outcomeSigned(history.outcome(2_560_000_000, by: name, validUntil: from + 10)), at: from)
      }
      return (.agreed, from)
    case .finalised:
      let claim = try history.claim(by: "buyer")
      try history.take(.proposalSigned(Sample.sign(claim, by: "buyer", in: terms.domain)), at: from)
      try history.take(.due(.propose), at: from)
      let fact = History.fact("proposal", at: from)
      try history.take(.instructed(.propose, transaction: fact.transaction), at: from)
      let event = EscrowEvent.proposed(
        proposer: escrow.buyer, evidenceDigest: claim.evidenceDigest, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: from)
      try history.take(.happened(event, fact), at: from)
      return (.finalise, from + escrow.disputeWindow)
    case .answered:
      let claim = try history.claim(by: "buyer")
      let event = EscrowEvent.proposed(
        proposer: escrow.buyer, evidenceDigest: claim.evidenceDigest, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: from)
      if takesFirst {
        try history.take(.proposalSigned(Sample.sign(claim, by: "buyer", in: terms.domain)), at: from)
      }
      try history.take(.happened(event, History.fact("proposal", at: from)), at: from)
      let seller = isChanged ? "heir" : "seller"
      let answer = try history.claim(by: seller, validUntil: from + 1_000)
      try history.take(.proposalSigned(Sample.sign(answer, by: seller, in: terms.domain)), at: from + 60)
      return (.propose, from + 60)
    case .silent: return (.settleByDefault, escrow.settleBy)
    case .disputed:
      try dispute(&history)
      return (.settleByDefault, from + 60 + escrow.rulingWindow)
    case .observed:
      for (observer, price) in held.enumerated() {
        let fact = History.fact("prices", at: escrow.expirationTime + 24)
        try history.take(.happened(history.held(observer, price), fact), at: fact.blockTime)
      }
      return (.observed, escrow.evidenceCloses)
    case .ruled:
      try dispute(&history)
      return (nil, from + 120)
    case .upheld:
      try dispute(&history)
      let ruling = try history.ruling(toBuyer: ruledToBuyer, bondTo: bondTo)
      try history.take(.happened(ruling, History.fact("ruling", at: from + 120)), at: from + 132)
      return (.uphold, from + 120 + escrow.disputeWindow)
    case .stood:
      try dispute(&history)
      let ruling = try history.ruling(toBuyer: ruledToBuyer, bondTo: bondTo)
      try history.take(.happened(ruling, History.fact("ruling", at: from + 120)), at: from + 132)
      try history.take(.happened(history.appeal, History.fact("appeal", at: from + 180)), at: from + 192)
      return (.uphold, from + 180 + escrow.rulingWindow)
    }
  }

  private func dispute(_ history: inout History) throws {
    let from = terms.escrow.settleFrom
    var (lie, dispute) = (history.lie, history.dispute)
    if namesEvidence, let trade = history.trade, let agreement = trade.agreement,
      case .proposed(let proposer, _, let toBuyer, let toSeller, let at) = lie,
      case .disputed(let disputer, _, let counter, let rest, let later) = dispute
    {
      let digest = try Evidence(trade.observations, for: agreement).digest
      lie = .proposed(proposer: proposer, evidenceDigest: digest, toBuyer: toBuyer, toSeller: toSeller, at: at)
      dispute = .disputed(disputer: disputer, evidenceDigest: digest, toBuyer: counter, toSeller: rest, at: later)
    }
    try history.take(.happened(lie, History.fact("proposal", at: from)), at: from)
    try history.take(.happened(dispute, History.fact("dispute", at: from + 60)), at: from + 60)
  }

  /// The transaction that carries the ruling.
  private func ruling(_ agreement: Agreement) throws -> FeeMarketTransaction {
    FeeMarketTransaction(
      chainID: terms.domain.chainID, nonce: 4, maxPriorityFeePerGas: 1_000_000_000, maxFeePerGas: 30_000_000_000,
      gasLimit: 400_000, to: agreement.vault,
      data: try ruling(History(terms).ruling(toBuyer: ruledToBuyer, bondTo: bondTo), of: agreement))
  }

  /// The call that carries a ruling.
  private func ruling(_ event: EscrowEvent, of agreement: Agreement) throws -> [UInt8] {
    guard case .ruled(let decision) = event else { throw Absent() }
    let message = Ruling(
      agreementID: agreement.id, version: agreement.version, round: decision.round,
      findingsDigest: decision.findingsDigest, toBuyer: decision.toBuyer, toSeller: decision.toSeller,
      bondTo: decision.bondTo.rawValue)
    var signatures: [Address: Signature] = [:]
    for name in signers {
      signatures[try Sample.address(name)] = try Sample.key(name).sign(message.typed.digest(in: terms.domain))
    }
    return try Vault(first: agreement.firstTerms, present: terms).rule(message, signatures).data
  }

  /// What the vault says with the payment, the payment last.
  private func payment(_ history: History) throws -> [EscrowEvent] {
    switch ending {
    case .agreed, .answered: [.settled(.agreed, toBuyer: 2_560_000_000, toSeller: 7_490_000_000)]
    case .finalised: [.settled(.finalised, toBuyer: 2_560_000_000, toSeller: 7_490_000_000)]
    case .silent, .disputed:
      [.settled(.defaulted, toBuyer: terms.escrow.defaultToBuyer, toSeller: terms.escrow.defaultToSeller)]
    case .observed:
      [.priced(275_100_000_000), .settled(.observed, toBuyer: 2_560_000_000, toSeller: 7_490_000_000)]
    case .ruled, .upheld, .stood:
      try (ending == .ruled ? [history.ruling(toBuyer: ruledToBuyer, bondTo: bondTo)] : [])
        + [.settled(.ruled, toBuyer: ruledToBuyer, toSeller: terms.escrowed.subtracting(ruledToBuyer))]
    }
  }

  /// What becomes of two bonds of 120 and a fee of 60, after the parties' parts.
  private func bonds() throws -> [(Address, UInt256)] {
    let escrow = terms.escrow
    let fees: [(Address, UInt256)] = try signers.map { try Sample.address($0) }.sorted().map { ($0, 30_000_000) }
    switch ending {
    case .agreed, .silent, .observed: return []
    // The answer staked nothing.
    case .finalised, .answered: return [(escrow.buyer, escrow.bond)]
    case .disputed: return [(escrow.seller, escrow.bond), (escrow.buyer, escrow.bond)]
    case .stood:
      // The appellant has paid the fee.
      switch bondTo {
      case .proposer: return [(escrow.seller, 240_000_000)]
      case .disputer: return [(escrow.buyer, 240_000_000)]
      case .each: return [(escrow.seller, escrow.bond), (escrow.buyer, escrow.bond)]
      }
    case .ruled, .upheld:
      switch bondTo {
      case .proposer: return [(escrow.seller, 180_000_000)] + fees
      case .disputer: return [(escrow.buyer, 180_000_000)] + fees
      case .each: return [(escrow.seller, 90_000_000), (escrow.buyer, 90_000_000)] + fees
      }
    }
  }

  private func logs(_ events: [EscrowEvent], _ agreement: Agreement) throws -> [Log] {
    let escrow = terms.escrow
    var logs: [Log] = []
    for event in events {
      switch event {
      case .settled(let route, let toBuyer, let toSeller):
        logs.append(try settled(agreement, route.rawValue, toBuyer, toSeller))
        logs.append(transfer(from: agreement.vault, to: escrow.buyer, toBuyer))
        logs.append(transfer(from: agreement.vault, to: escrow.seller, toSeller))
      case .priced(let price): logs.append(log(agreement, "Priced(bytes32,uint64,uint256)", [price]))
      case .ruled(let decision):
        logs.append(
          log(
            agreement, "Ruled(bytes32,uint64,uint8,bytes32,uint256,uint256,uint8,uint64)",
            [
              UInt256(UInt64(decision.round)), try UInt256(bigEndian: decision.findingsDigest.bytes), decision.toBuyer,
              decision.toSeller, UInt256(UInt64(decision.bondTo.rawValue)), UInt256(decision.at),
            ]))
      default: throw Absent()
      }
    }
    for (payee, value) in try bonds() { logs.append(transfer(from: agreement.vault, to: payee, value)) }
    return logs
  }

  /// A log of the agreement's vault, of its version.
  func log(_ agreement: Agreement, _ signature: String, _ values: [UInt256]) -> Log {
    Log(
      address: agreement.vault, topics: [topic(signature), agreement.id.digest],
      data: ([UInt256(agreement.version)] + values).flatMap(\.bigEndianBytes))
  }

  func settled(_ agreement: Agreement, _ route: UInt8, _ toBuyer: UInt256, _ toSeller: UInt256) throws -> Log {
    log(agreement, "Settled(bytes32,uint64,uint8,uint256,uint256)", [UInt256(UInt64(route)), toBuyer, toSeller])
  }

  func transfer(from: Address, to: Address, _ value: UInt256, token: Address? = nil) -> Log {
    Log(
      address: token ?? terms.escrow.token, topics: [topic("Transfer(address,address,uint256)"), word(from), word(to)],
      data: value.bigEndianBytes)
  }

  func claimable(_ agreement: Agreement, _ claimant: Address, _ value: UInt256) -> Log {
    Log(
      address: agreement.vault, topics: [topic("Claimable(bytes32,address,uint256)"), agreement.id.digest],
      data: word(claimant).bytes + value.bigEndianBytes)
  }

  private func topic(_ signature: String) -> Digest { Keccak256.hash(Array(signature.utf8)) }

  private func word(_ address: Address) -> Digest {
    (try? Digest([UInt8](repeating: 0, count: 12) + address.bytes)) ?? .zero
  }
}

extension Optional {
  /// The value, or a failed test.
  func orThrow() throws -> Wrapped {
    guard let self else { throw Absent() }
    return self
  }
}

struct Absent: Error {}
