import Arithmetic
import Chain
import Coordination
import Ethereum
import Settlement
import Signing
import Storage
import Terms
import TestSupport
import Testing
import Verification

/// One option that is settled by delivery, from its terms to its end, with the sums that a person works out beforehand:
/// 2.5 at 2,500.00000001 are 6,250.000000025, rounded up to 6,250.000001. A call's seller locks 3, a put's 6,250.000010; the
/// buyer locks 100 and pays a premium of 420.
struct DeliveryLife {
  enum End: String, CaseIterable, Sendable { case agreed, exercised, expired }

  static let payment: UInt256 = 6_250_000_001
  static let quantity: UInt256 = 2_500_000_000_000_000_000
  static let locked: UInt256 = 3_000_000_000_000_000_000

  let world: World
  let service: Service
  let terms: OptionTerms
  let id: AgreementID
  let isCall: Bool
  let clause: String
  /// Buyer and seller of the token, then of the coin.
  let start: [UInt256]

  var escrow: Escrow { terms.escrow }

  init(_ service: Service, _ option: OptionType) async throws {
    self.service = service
    world = service.world
    let world = world
    isCall = option == .call
    clause = try DevelopmentChain.text("Contracts/Clauses/payoff/physical-\(option == .call ? "call" : "put").clause")
    let digest = try PayoffClause(source: clause).digest
    let locked: UInt256 = option == .call ? Self.locked : 6_250_000_010
    terms = try world.terms(
      from: try await world.now, salt: Salts.shared.next(),
      economics: { economics, _ in
        (economics.optionType, economics.exerciseStyle, economics.settlementType) = (option, .american, .physical)
        (economics.quantity, economics.strikePrice) = (Self.quantity, 250_000_000_001)
      }
    ) { escrow in
      escrow.payoffKind = option == .call ? 3 : 4
      (escrow.clause, escrow.deliveryToken) = (digest, world.coin)
      escrow.exerciseStart = escrow.acceptBy
      escrow.sellerCollateral = locked
      (escrow.defaultToBuyer, escrow.defaultToSeller) = (escrow.buyerCollateral, locked)
      (escrow.observers, escrow.bond) = (.unused, .zero)
    }
    id = AgreementID(terms.digest)
    for person in [Person.buyer, .seller] {
      try await world.mint(20_000_000_000, to: person)
      try await world.mint(5_000_000_000_000_000_000, to: person, of: world.coin)
    }
    start = try await Self.holdings(world)
  }

  private static func holdings(_ world: World) async throws -> [UInt256] {
    var holdings: [UInt256] = []
    for token in [world.token, world.coin] {
      for person in [Person.buyer, .seller] { holdings.append(try await world.balance(of: person.address, in: token)) }
    }
    return holdings
  }

  /// Submitted, signed by both, allowed to take the money, and open.
  func open() async throws {
    let (id, terms, source) = (id, terms, clause)
    _ = try await service.ask { (it) throws(CoordinationError) in try await it.submit(terms, clauseSource: source) }
    for person in [Person.buyer, .seller] {
      let signature = try person.key().sign(terms.digest)
      try await service.ask { (it) throws(CoordinationError) in try await it.sign(id, signature) }
    }
    try await world.approve(terms, by: .buyer, 520_000_000)
    try await world.approve(terms, by: .seller, escrow.sellerCollateral, of: isCall ? world.coin : world.token)
    try await service.advance(id, to: "active")
  }

  func allowExercise() async throws {
    try await world.approve(
      terms, by: .buyer, isCall ? Self.payment : Self.quantity, of: isCall ? world.token : world.coin)
  }

  func notice() throws -> UnverifiedMessage<ExerciseNotice> {
    let notice = ExerciseNotice(
      agreementID: id, version: 1, holder: try Person.buyer.address, validUntil: escrow.expirationTime)
    return try UnverifiedMessage(notice, by: .buyer, in: world.domain)
  }

  func handInNotice() async throws {
    let (id, message) = (id, try notice())
    try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
  }

  /// 30 of the buyer's collateral stay its own; of a call it also gets half a coin.
  func handInOutcomes() async throws {
    let outcome = DeliveryOutcome(
      agreementID: id, version: 1, toBuyer: 30_000_000, toSeller: isCall ? 70_000_000 : 6_320_000_010,
      deliveryToBuyer: isCall ? 500_000_000_000_000_000 : 0, deliveryToSeller: isCall ? Self.quantity : 0,
      validUntil: escrow.settleBy)
    for person in [Person.buyer, .seller] {
      let (id, message) = (id, try UnverifiedMessage(outcome, by: person, in: world.domain))
      try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
    }
  }

  func end(_ end: End) async throws {
    switch end {
    case .agreed: try await handInOutcomes()
    case .exercised:
      try await handInNotice()
      try await allowExercise()
      try await world.move(to: escrow.exerciseStart)
    case .expired: try await world.move(to: escrow.expirationTime)
    }
    try await service.advance(id, to: "closed")
    try await expectEnd(end, sent: 2)
  }

  /// What each has more or less than at the start: buyer and seller of the token, then of the coin.
  private func moved(_ end: End) -> [Int64] {
    switch (end, isCall) {
    case (.agreed, true): [-490_000_000, 490_000_000, 500_000_000_000_000_000, -500_000_000_000_000_000]
    case (.agreed, false): [-490_000_000, 490_000_000, 0, 0]
    case (.exercised, true):
      [-6_670_000_001, 6_670_000_001, 2_500_000_000_000_000_000, -2_500_000_000_000_000_000]
    case (.exercised, false):
      [5_830_000_001, -5_830_000_001, -2_500_000_000_000_000_000, 2_500_000_000_000_000_000]
    case (.expired, _): [-420_000_000, 420_000_000, 0, 0]
    }
  }

  /// Holds balances, state and proof against the sums, and that nothing was sent but what is stored.
  func expectEnd(_ end: End, sent count: Int) async throws {
    let expected = try zip(start, moved(end)).map { held, change in
      change < 0
        ? try held.subtracting(UInt256(UInt64(change.magnitude))) : try held.adding(UInt256(UInt64(change)))
    }
    #expect(try await Self.holdings(world) == expected)
    let vault = Vault(first: terms).address
    for token in [world.token, world.coin] { #expect(try await world.balance(of: vault, in: token) == .zero) }

    let proof = try await service.proof(id)
    let view = try await service.coordinator.view(id)
    guard case .closed(_, let settled) = view.trade.phase else {
      Issue.record("the agreement is \(view.trade.phase.name)")
      return
    }
    #expect(settled.basis == end.rawValue && proof.basis.name == end.rawValue)
    let block = try #require(try await world.client.block(.number(settled.fact.blockNumber)))
    let isOwn = view.transactions.contains { $0.hash == settled.fact.transaction }
    let findings = Verifier.findings(in: proof, trustedBlock: block.hash)
    #expect(findings.count == Finding.Check.allCases.count)
    let open = findings.filter { $0.verdict != .passed }
    #expect(open.allSatisfy { !isOwn && $0.check == .journalSignature && $0.verdict == .missing }, "\(open)")
    let stored = Set(view.transactions.map(\.hash))
    #expect(stored.count == count)
    #expect(try await world.sent(to: [vault]).subtracting(stored).isEmpty, "nothing was sent that is not stored")
    #expect(view.obstacle == nil)
    let again = try Journal(replaying: try await service.coordinator.journal(of: id))
    #expect(again.trade == view.trade)
  }
}

/// Whole lives of options that are settled by delivery, over a real chain.
@Suite(.serialized, .enabled(if: DevelopmentChain.isThere)) struct DeliveryLifeTests {
  /// A chain for this suite alone: the lives of the others set the shared one's clock at the same time.
  private static let world = Task { try await World() }

  @Test(arguments: OptionType.allCases, DeliveryLife.End.allCases)
  func `each way to the end moves what was worked out by hand, restarted after every round`(
    option: OptionType, end: DeliveryLife.End
  ) async throws {
    let world = try await Self.world.value
    try await withDirectory { directory in
      let service = try await Service(
        world, on: try await SQLiteStore.open(directory: directory), directory: directory)
      service.restarts = true
      let life = try await DeliveryLife(service, option)
      try await life.open()
      try await life.end(end)
      await service.store.close()
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `a node that loses, repeats, hides and invents changes nothing but the time it takes`(seed: UInt64) async throws
  {
    let world = try await Self.world.value
    let transport = FaultyTransport(world.chain.transport, seed: seed, percent: 20)
    let service = try await Service(world, transport: transport, isFaulty: true)
    let ends = DeliveryLife.End.allCases
    let life = try await DeliveryLife(service, seed.isMultiple(of: 2) ? .call : .put)
    try await life.open()
    try await life.end(ends[Int(seed) % ends.count])
    #expect(!transport.counts.isEmpty)
  }

  @Test func `an exercise that is not paid for is tried again, and carried once it is`() async throws {
    let world = try await Self.world.value
    let service = try await Service(world)
    let life = try await DeliveryLife(service, .call)
    try await life.open()
    try await life.handInNotice()
    try await world.move(to: life.escrow.exerciseStart)
    for _ in 0..<4 {
      try await service.round()
      try await world.mine()
    }
    let view = try await service.coordinator.view(life.id)
    #expect(view.obstacle?.contains("exercise: payment refused") == true && view.transactions.count == 1)
    try await life.allowExercise()
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.exercised, sent: 2)
  }

  @Test(arguments: OptionType.allCases)
  func `an exercise that is never paid for does not hold up the expiry`(option: OptionType) async throws {
    let world = try await Self.world.value
    let service = try await Service(world)
    let life = try await DeliveryLife(service, option)
    try await life.open()
    try await life.handInNotice()
    try await world.move(to: life.escrow.exerciseStart)
    try await service.round()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("exercise: payment refused") == true)
    try await world.move(to: life.escrow.expirationTime)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.expired, sent: 2)
  }

  @Test func `an exercise that is reverted in its block moves nothing, and the option expires`() async throws {
    let world = try await Self.world.value
    let service = try await Service(world)
    let life = try await DeliveryLife(service, .put)
    try await life.open()
    try await life.handInNotice()
    try await world.move(to: life.escrow.exerciseStart)
    for count in 2..<7 {
      // Signed while it was paid for; mined when it no longer is. Each time the next attempt waits for longer.
      try await life.allowExercise()
      for _ in 0..<60 where try await service.store.transactions(of: life.id).count < count {
        try await world.chain.control("hold")
        try await service.round()
        try await world.chain.control("dropPending")
        try await world.chain.control("release")
        if try await service.store.transactions(of: life.id).count < count { try await world.mine() }
      }
      try #require(try await service.store.transactions(of: life.id).count == count)
      try await world.approve(life.terms, by: .buyer, 0, of: world.coin)
      for _ in 0..<10 where try await service.coordinator.view(life.id).trade.instruction != nil {
        try await service.round()
        try await world.mine()
      }
      #expect(try await service.coordinator.view(life.id).obstacle?.contains("had no effect") == true)
    }
    try await world.move(to: life.escrow.expirationTime)
    try await service.advance(life.id, to: "closed", rounds: 8)
    try await life.expectEnd(.expired, sent: 7)
  }

  @Test func `an exercise that an outsider carries is followed, and proved from the notice held`() async throws {
    let world = try await Self.world.value
    let service = try await Service(world)
    let life = try await DeliveryLife(service, .call)
    try await life.open()
    try await life.handInNotice()
    try await life.allowExercise()
    try await world.move(to: life.escrow.exerciseStart)
    let notice = try life.notice()
    try await world.carry(Vault(first: life.terms).exercise(notice.message, notice.signature), from: .outsider)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.exercised, sent: 1)
  }
}
