import Arithmetic
import Coordination
import Ethereum
import Settlement
import Signing
import Storage
import Terms
import Testing

/// What the parties do to the vault past the service: exercise, amend, novate.
extension LifeTests {
  /// An American call whose price is looked at two hours, one hour and no time before it expires.
  private static func american(_ service: Service) async throws -> Life {
    let source = try DevelopmentChain.text("Contracts/Clauses/payoff/american-call.clause")
    let digest = try PayoffClause(source: source).digest
    return try await Life(
      service, salt: Salts.shared.next(), clause: source,
      economics: { economics, escrow in
        economics.exerciseStyle = .american
        economics.parameters =
          "fixingCount 3 count\nfixingInterval 3600 duration\nfixingStart \(escrow.expirationTime - 7_200) time\n"
          + "noticeDelay 600 duration\n"
      },
      { escrow in
        escrow.clause = digest
        escrow.exerciseStart = escrow.acceptBy
      })
  }

  private static func exercise(_ life: Life) async throws {
    let notice = ExerciseNotice(
      agreementID: life.id, version: 1, holder: try Person.buyer.address, validUntil: life.escrow.expirationTime)
    let signature = try Person.buyer.key().sign(notice.typed.digest(in: life.world.domain))
    try await life.world.carry(Vault(first: life.terms).exercise(notice, signature), from: .outsider)
  }

  @Test(arguments: [true, false])
  func `what the option pays follows from when the vault was told of the exercise`(isExercised: Bool) async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    service.restarts = true
    let life = try await Self.american(service)
    try await life.agree()
    try await service.advance(life.id, to: "active")
    if isExercised {
      // An hour and twenty minutes before the end: ten minutes later the fixing of the last hour is the next.
      try await world.move(to: life.escrow.expirationTime - 4_800)
      try await Self.exercise(life)
    }
    try await world.move(to: life.escrow.expirationTime + 60)
    let prices: [UInt256] = [290_000_000_000, 312_015_000_000, 260_000_000_000]
    for (round, price) in prices.enumerated() {
      try await life.observe([price, price, price], at: life.escrow.expirationTime - 7_200 + 3_600 * UInt64(round))
    }
    for _ in 0..<3 {
      try await service.round()
      try await world.mine()
    }
    let exercisedAt = try await service.coordinator.view(life.id).trade.exercisedAt
    #expect(exercisedAt.map { $0 >= life.escrow.expirationTime - 4_800 } == (isExercised ? true : nil))
    // At expiry 100 in the money, times 12.34567890123456789, and the collateral of 100; an hour before it 620.15.
    let toBuyer: UInt256 = isExercised ? Life.toBuyer : 1_334_567_890
    try await world.move(to: life.escrow.settleFrom)
    try await service.round()
    #expect(try await service.coordinator.view(life.id).trade.outcome().toBuyer == toBuyer)
    let proposal = Proposal(
      agreementID: life.id, version: 1, proposer: try Person.seller.address,
      evidenceDigest: try await life.evidence().digest, toBuyer: toBuyer,
      toSeller: try UInt256(10_100_000_000).subtracting(toBuyer), validUntil: life.escrow.settleBy)
    try await service.coordinator.accept(life.id, UnverifiedMessage(proposal, by: .seller, in: world.domain))
    try await service.advance(life.id, to: "proposed")
    try await world.move(to: try await world.now + life.escrow.disputeWindow)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(
      .finalised, toBuyer: toBuyer, toSeller: try UInt256(10_100_000_000).subtracting(toBuyer), sent: 3)
  }

  /// Refused with the words that say why, whoever asks.
  private static func expectRefusals(_ life: Life) async throws {
    let outcome = AgreedOutcome(
      agreementID: life.id, version: 1, toBuyer: Life.toBuyer, toSeller: Life.toSeller,
      validUntil: life.escrow.settleBy)
    let error = await #expect(throws: CoordinationError.self) {
      try await life.service.coordinator.accept(life.id, UnverifiedMessage(outcome, by: .buyer, in: life.world.domain))
    }
    guard case .refused(.changedTerms(let version, _)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(version == 2)
    let view = try await life.service.coordinator.view(life.id)
    #expect(view.obstacle?.contains("other terms, version 2") == true)
    #expect(view.routes.allSatisfy { !$0.isOpen })
  }

  private static func expectClosed(_ life: Life, toBuyer: UInt256, toSeller: UInt256) async throws {
    let service = life.service
    try await service.advance(life.id, to: "closed")
    let view = try await service.coordinator.view(life.id)
    guard case .closed(_, let settled) = view.trade.phase else { return }
    #expect(settled.route == .defaulted && settled.toBuyer == toBuyer && settled.toSeller == toSeller)
    #expect(settled.change?.version == 2)
    #expect(view.obstacle?.contains("no proof") == true)
    #expect(view.transactions.count == 1)
    for _ in 0..<5 { try await service.round() }
    #expect(try await service.store.openTasks().isEmpty)
    await #expect(throws: CoordinationError.self) { try await service.coordinator.proof(of: life.id) }
    #expect(try await life.world.balance(of: life.vault) == .zero)
  }

  @Test func `an amended agreement is named as such, and followed to its end without an act`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    service.restarts = true
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    var escrow = life.escrow
    (escrow.defaultToBuyer, escrow.defaultToSeller) = (1_000_000_000, 9_100_000_000)
    let amended = try OptionTerms(domain: world.domain, economics: life.terms.economics, escrow: escrow)
    let amendment = Amendment(
      agreementID: life.id, version: 2, terms: amended.typed.structHash, validUntil: escrow.settleBy)
    let digest = amendment.typed.digest(in: world.domain)
    try await world.carry(
      Vault(first: life.terms).amend(
        to: amended, validUntil: escrow.settleBy, buyer: Person.buyer.key().sign(digest),
        seller: Person.seller.key().sign(digest)), from: .outsider)
    try await service.advance(life.id, to: "amended")
    #expect(try await service.coordinator.view(life.id).trade.change?.terms == amended.typed.structHash)
    try await Self.expectRefusals(life)
    try await world.move(to: escrow.settleBy)
    for _ in 0..<5 {
      try await service.round()
      try await world.mine()
    }
    try await world.carry(Vault(first: life.terms, present: amended).settleByDefault(), from: .outsider)
    try await Self.expectClosed(life, toBuyer: 1_000_000_000, toSeller: 9_100_000_000)
  }

  @Test func `a novated agreement is named as such, with whoever took the place`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    var escrow = life.escrow
    escrow.seller = try Person.outsider.address
    let novated = try OptionTerms(domain: world.domain, economics: life.terms.economics, escrow: escrow)
    let novation = Novation(
      agreementID: life.id, version: 2, transferor: life.escrow.seller, transferee: escrow.seller,
      terms: novated.typed.structHash, consideration: 0, validUntil: escrow.settleBy)
    let digest = novation.typed.digest(in: world.domain)
    try await world.carry(
      Vault(first: life.terms).novate(
        novation, watcher: .zero, epoch: 0, transferor: Person.seller.key().sign(digest),
        transferee: Person.outsider.key().sign(digest), remaining: Person.buyer.key().sign(digest)), from: .deployer)
    try await service.advance(life.id, to: "novated")
    let change = try #require(try await service.coordinator.view(life.id).trade.change)
    #expect(change.kind == .novated(transferor: life.escrow.seller, transferee: escrow.seller, consideration: 0))
    try await Self.expectRefusals(life)
    try await world.move(to: escrow.settleBy)
    try await world.carry(Vault(first: life.terms, present: novated).settleByDefault(), from: .deployer)
    try await Self.expectClosed(life, toBuyer: 600_000_000, toSeller: 9_500_000_000)
  }
}
