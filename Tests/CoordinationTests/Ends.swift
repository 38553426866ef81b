import Arithmetic
import Coordination
import Ethereum
import Settlement
import Signing
import Terms
import Testing

/// The ways in which an agreement ends, each with what was worked out by hand.
enum End: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case agreed, finalised, silence, disputed, observed, ruled, upheld, overruled, stoodOnAppeal
  /// Like `ruled` and `overruled`, through the service.
  case ruledHere, overruledHere
  /// The seller answers the buyer's proposal with an equal one; both through the service, or both past it.
  case answered, answeredOutside
  var testDescription: String { rawValue }

  /// What its terms have that the others' do not.
  func change(_ escrow: inout Escrow) {
    switch self {
    case .agreed, .finalised, .silence, .disputed, .answered, .answeredOutside: return
    case .observed: escrow.payoffKind = 1
    case .ruled, .upheld, .overruled, .stoodOnAppeal, .ruledHere, .overruledHere:
      let addresses = (try? Person.arbitrators.map { try $0.address }.sorted()) ?? []
      escrow.arbitrators = Panel(members: addresses, threshold: 2)
      // Each of two signers gets half of it, and the lower address the odd unit.
      escrow.arbitrationFee = 40_000_001
      if self != .ruled, self != .ruledHere, let last = try? Person.lastArbitrator.address {
        escrow.fallbackArbitrators = Panel(members: [last], threshold: 1)
      }
    }
  }
}

/// From the fixing to the end.
extension Life {
  func end(_ end: End) async throws {
    switch end {
    case .agreed:
      try await accept(by: .buyer)
      try await accept(by: .seller)
      try await service.advance(id, to: "closed")
      try await expectEnd(.agreed, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: 2)
    case .finalised:
      try await world.move(to: escrow.settleFrom)
      try await propose(by: .buyer)
      try await service.advance(id, to: "proposed")
      try await world.move(to: try await world.now + escrow.disputeWindow)
      try await service.advance(id, to: "closed")
      try await expectEnd(.finalised, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: 3)
    case .answered:
      try await world.move(to: escrow.settleFrom)
      try await propose(by: .buyer)
      try await service.advance(id, to: "proposed")
      try await propose(by: .seller)
      try await service.advance(id, to: "closed")
      try await expectEnd(.agreed, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: 3)
    case .answeredOutside:
      try await world.move(to: escrow.settleFrom)
      for person in [Person.buyer, .seller] {
        let signed = try UnverifiedMessage(try await claim(by: person), by: person, in: world.domain)
          .verified(in: world.domain)
        try await world.carry(
          .proposing(signed, of: try agreement(), evidence: try await evidence()), from: .outsider)
      }
      try await service.advance(id, to: "closed")
      try await expectEnd(.agreed, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: 1)
    case .silence:
      try await world.move(to: escrow.settleBy)
      try await service.advance(id, to: "closed")
      try await expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 2)
    case .disputed:
      try await reachDispute()
      try await world.move(to: try await world.now + escrow.rulingWindow)
      try await service.advance(id, to: "closed")
      try await expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 3)
    case .observed: try await endObserved()
    case .ruled, .upheld, .overruled, .stoodOnAppeal, .ruledHere, .overruledHere: try await endRuled(end)
    }
  }

  /// The buyer carries a claim for everything past the service; the seller's dispute goes through it.
  private func reachDispute() async throws {
    try await world.move(to: escrow.settleFrom)
    let greedy = try await claim(by: .buyer, toBuyer: 10_100_000_000)
    let signed = try UnverifiedMessage(greedy, by: .buyer, in: world.domain).verified(in: world.domain)
    try await world.carry(.proposing(signed, of: try agreement(), evidence: try await evidence()), from: .outsider)
    try await service.advance(id, to: "proposed")
    try await dispute(by: .seller)
    try await service.advance(id, to: "disputed")
  }

  /// The service shows the vault the prices and settles by them; nobody else does anything.
  func endObserved() async throws {
    try await observe()
    for _ in 0..<60 where try await service.coordinator.view(id).trade.heldPrices.count < 3 {
      try await service.round()
      try await world.mine()
    }
    #expect(try await service.coordinator.view(id).trade.observed()?.price == 312_015_000_000)
    try await world.move(to: escrow.evidenceCloses)
    try await service.advance(id, to: "closed")
    try await expectEnd(.observed, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: 3)
  }

  /// Two of three arbitrators find the clause's amounts: the buyer claimed too much, and loses its bond of 150, of which
  /// 40.000001 are the arbitrators'; where the buyer appealed, it has paid them already, and the bond goes whole to the
  /// seller. A fallback panel that rules finds the same, and lets each bear half of its fee: the buyer, who proposed,
  /// 20.000001.
  func endRuled(_ end: End) async throws {
    try await reachDispute()
    let (first, last) = (try await arbitratorBalances(), try await world.balance(of: Person.lastArbitrator.address))
    let isHere = end == .ruledHere || end == .overruledHere
    let isOverruled = end == .overruled || end == .overruledHere
    try await rule(round: 1, bondTo: 1, by: [.firstArbitrator, .thirdArbitrator], here: isHere)
    if isOverruled || end == .stoodOnAppeal {
      try await world.mint(40_000_001, to: .buyer)
      try await world.approve(terms, by: .buyer, 40_000_001)
      try await service.advance(id, to: "ruled")
      let appeal = Appeal(
        agreementID: id, version: 1, appellant: try Person.buyer.address, validUntil: escrow.settleBy + 86_400)
      if isHere {
        let (id, message) = (id, try UnverifiedMessage(appeal, by: .buyer, in: world.domain))
        try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
      } else {
        let signature = try Person.buyer.key().sign(appeal.typed.digest(in: world.domain))
        try await world.carry(Vault(first: terms).appeal(appeal, signature), from: .outsider)
      }
      try await service.advance(id, to: "appealed")
    }
    switch end {
    case .overruled, .overruledHere: try await rule(round: 2, bondTo: 2, by: [.lastArbitrator], here: isHere)
    case .stoodOnAppeal: try await world.move(to: try await world.now + escrow.rulingWindow)
    case .upheld:
      try await service.advance(id, to: "ruled")
      try await world.move(to: try await world.now + escrow.disputeWindow)
    default: break
    }
    try await service.advance(id, to: "closed")
    // The bond of the loser, less the fee, goes to the winner.
    let count =
      switch end {
      case .upheld, .stoodOnAppeal, .ruledHere: 3
      case .overruledHere: 5
      default: 2
      }
    try await expectEnd(
      .ruled, toBuyer: Self.toBuyer, toSeller: Self.toSeller, sent: count,
      bonds: isOverruled
        ? (20_000_001, 20_000_000, 0) : (150_000_000, 0, end == .stoodOnAppeal ? 150_000_000 : 109_999_999))
    let paid = try zip(first, try await arbitratorBalances()).map { try $1.subtracting($0) }.sorted()
    #expect(paid == [0, 20_000_000, 20_000_001])
    #expect(
      try await world.balance(of: Person.lastArbitrator.address).subtracting(last) == (isOverruled ? 40_000_001 : 0))
  }

  private func arbitratorBalances() async throws -> [UInt256] {
    var balances: [UInt256] = []
    for person in Person.arbitrators { balances.append(try await world.balance(of: person.address)) }
    return balances
  }

  private func rule(round: UInt8, bondTo: UInt8, by people: [Person], here: Bool) async throws {
    let ruling = Ruling(
      agreementID: id, version: 1, round: round, findingsDigest: Keccak256.hash(Array("3,120.15".utf8)),
      toBuyer: Self.toBuyer, toSeller: Self.toSeller, bondTo: bondTo)
    if here {
      for person in people {
        let (id, message) = (id, try UnverifiedMessage(ruling, by: person, in: world.domain))
        try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
      }
      return
    }
    var signatures: [Address: Signature] = [:]
    for person in people {
      signatures[try person.address] = try person.key().sign(ruling.typed.digest(in: world.domain))
    }
    try await world.carry(Vault(first: terms).rule(ruling, signatures), from: .outsider)
  }
}
