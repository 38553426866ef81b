import Arithmetic
import Chain
import Coordination
import Ethereum
import JSON
import Settlement
import Signing
import Storage
import Synchronization
import Terms
import Testing
import Verification

/// One signature of a change, as it is handed in.
private struct Change {
  let message: ChangeMessage
  let terms: OptionTerms

  /// Both parties' to terms that differ so from those of the life.
  static func amendment(
    _ life: Life, validUntil: UInt64? = nil, _ change: (inout Economics, inout Escrow) -> Void
  ) throws -> Change {
    var (economics, escrow) = (life.terms.economics, life.escrow)
    change(&economics, &escrow)
    let terms = try OptionTerms(domain: life.world.domain, economics: economics, escrow: escrow)
    return Change(
      message: .amendment(
        Amendment(
          agreementID: life.id, version: 2, terms: terms.typed.structHash, validUntil: validUntil ?? escrow.settleBy)),
      terms: terms)
  }

  /// A thousand more of the seller's for a strike a hundred lower.
  static func dearer(_ life: Life, validUntil: UInt64? = nil) throws -> Change {
    try amendment(life, validUntil: validUntil) { economics, escrow in
      economics.strikePrice = 240_000_000_000
      (escrow.sellerCollateral, escrow.defaultToSeller) = (11_000_000_000, 10_500_000_000)
    }
  }

  func hand(to service: Service, by person: Person) async throws {
    let (terms, source) = (terms, try World.clause.get())
    switch message {
    case .amendment(let amendment):
      let signed = try UnverifiedMessage(amendment, by: person, in: terms.domain)
      try await service.ask { (it) throws(CoordinationError) in
        try await it.accept(amendment.agreementID, signed, to: terms, clauseSource: source)
      }
    case .novation(let novation):
      let signed = try UnverifiedMessage(novation, by: person, in: terms.domain)
      try await service.ask { (it) throws(CoordinationError) in
        try await it.accept(novation.agreementID, signed, to: terms, clauseSource: source)
      }
    }
  }
}

extension Life {
  fileprivate func trade() async throws -> Trade { try await service.coordinator.view(id).trade }

  /// Rounds, with a block after each, until the service follows a version.
  fileprivate func advance(toVersion version: UInt64, rounds: Int = 60) async throws {
    for _ in 0..<rounds {
      try await service.round()
      if try await trade().agreement?.version == version { return }
      try await world.mine()
    }
    let view = try await service.coordinator.view(id)
    throw Service.Exhausted.rounds(
      waitedFor: "version \(version)", phase: view.trade.phase.name, obstacle: view.obstacle)
  }

  /// A proof that is sound under the block that the chain itself names.
  fileprivate func expectSound(_ route: SettledRoute, changes: Int, sent count: Int) async throws {
    let proof = try await service.proof(id)
    guard case .closed(_, let settled) = try await trade().phase else {
      Issue.record("not closed")
      return
    }
    #expect(settled.route == route)
    let block = try #require(try await world.client.block(.number(settled.fact.blockNumber)))
    let findings = Verifier.findings(in: proof, trustedBlock: block.hash)
    #expect(findings.filter { $0.verdict != .passed } == [])
    #expect(findings.count == Finding.Check.allCases.count)
    #expect(proof.changes.count == changes && proof.terms == terms)
    #expect(try await service.coordinator.view(id).transactions.count == count)
    #expect(try await world.balance(of: vault) == .zero)
    #expect(try await service.coordinator.view(id).obstacle == nil)
    for _ in 0..<20 where try await !service.store.openTasks().isEmpty {
      try await service.round()
      try await world.mine()
    }
    #expect(try await service.store.openTasks().isEmpty)
  }

  /// What the buyer has, and a proof that is sound though the node may have lied on the way.
  fileprivate func expectPaid(toBuyer: UInt256, _ change: Change) async throws {
    let trade = try await trade()
    guard case .closed(let agreement, let settled) = trade.phase else {
      Issue.record("not closed")
      return
    }
    #expect(agreement.version == 2 && agreement.terms == change.terms && settled.toBuyer == toBuyer)
    let proof = try SettlementProof(bytes: try await service.coordinator.proof(of: id))
    let block = try #require(try await world.client.block(.number(settled.fact.blockNumber)))
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block.hash)) == .sound)
    #expect(
      try await world.balance(of: escrow.buyer) == start.buyer.subtracting(520_000_000).adding(toBuyer))
    #expect(try await world.balance(of: vault) == .zero)
  }

  fileprivate func events() async throws -> [String] {
    try await service.coordinator.journal(of: id).compactMap { $0.event["name"]?.asString }
  }
}

/// Amendments and novations through the service, on a real chain.
extension LifeTests {
  private static func active(_ world: World, transport: (any Transport)? = nil) async throws -> Life {
    let service = try await Service(world, transport: transport)
    service.restarts = true
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    return life
  }

  @Test func `more collateral for a lower strike is carried once it is allowed, and version 2 is proposed and paid`()
    async throws
  {
    let world = try await World.shared.value
    let life = try await Self.active(world)
    let service = life.service
    let change = try Change.dearer(life)
    try await change.hand(to: service, by: .seller)
    try await change.hand(to: service, by: .seller)
    let handed = try await life.events().count { $0 == "amendmentSigned" }
    #expect(handed == 1, "said twice is said once")
    try await service.round()
    #expect(try await service.coordinator.view(life.id).obstacle == nil)
    try await change.hand(to: service, by: .buyer)
    try await service.coordinator.advance()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("amend: collateral refused") == true)
    #expect(try await life.trade().instruction == nil)
    // A thousand for the vault, and the bond.
    try await world.approve(life.terms, by: .seller, 1_150_000_000)
    try await life.advance(toVersion: 2)
    #expect(try await world.balance(of: life.vault) == 11_100_000_000)
    #expect(try await service.phase(life.id) == "active")
    try await change.hand(to: service, by: .buyer)

    try await life.observe()
    try await world.move(to: life.escrow.settleFrom)
    // 12.345678901234567890 x (3,120.15 - 2,400) = 8,890.740660..., and the buyer's 100; of 11,100.
    let evidence = try Evidence(try await life.trade().observations, under: change.terms)
    let proposal = Proposal(
      agreementID: life.id, version: 2, proposer: life.escrow.buyer, evidenceDigest: evidence.digest,
      toBuyer: 8_990_740_660, toSeller: 2_109_259_340, validUntil: life.escrow.settleBy)
    let (id, message) = (life.id, try UnverifiedMessage(proposal, by: .buyer, in: world.domain))
    try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
    try await service.advance(life.id, to: "proposed")
    try await world.move(to: try await world.now + life.escrow.disputeWindow)
    try await service.advance(life.id, to: "closed")
    try await life.expectSound(.finalised, changes: 1, sent: 4)
    #expect(
      try await world.balance(of: life.escrow.buyer)
        == life.start.buyer.subtracting(520_000_000).adding(8_990_740_660))
    #expect(
      try await world.balance(of: life.escrow.seller)
        == life.start.seller.adding(420_000_000).subtracting(11_000_000_000).adding(2_109_259_340))
  }

  @Test func `who takes the seller's place pays for it, and is paid in its place`() async throws {
    let world = try await World.shared.value
    let life = try await Self.active(world)
    let (service, heir) = (life.service, Person.outsider)
    var escrow = life.escrow
    escrow.seller = try heir.address
    let terms = try OptionTerms(domain: world.domain, economics: life.terms.economics, escrow: escrow)
    let change = Change(
      message: .novation(
        Novation(
          agreementID: life.id, version: 2, transferor: life.escrow.seller, transferee: escrow.seller,
          terms: terms.typed.structHash, consideration: 50_000_000, validUntil: escrow.settleBy)),
      terms: terms)
    await #expect(throws: CoordinationError.self) { try await change.hand(to: service, by: heir) }
    for person in [Person.seller, heir, .buyer] { try await change.hand(to: service, by: person) }
    try await world.mint(50_000_000, to: heir)
    let before = try await world.balance(of: heir.address)
    try await service.coordinator.advance()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("novate: consideration refused") == true)
    try await world.approve(life.terms, by: heir, 50_000_000)
    try await life.advance(toVersion: 2)
    // The one who left signs nothing any more.
    let outcome = AgreedOutcome(
      agreementID: life.id, version: 2, toBuyer: 1_000_000_000, toSeller: 9_100_000_000, validUntil: escrow.settleBy)
    for (person, isRefused) in [(Person.seller, true), (heir, false), (.buyer, false)] {
      let (id, message) = (life.id, try UnverifiedMessage(outcome, by: person, in: world.domain))
      do throws(CoordinationError) {
        try await service.coordinator.accept(id, message)
        #expect(!isRefused)
      } catch {
        guard isRefused, case .refused(.notAParty) = error else { throw error }
      }
    }
    try await service.advance(life.id, to: "closed")
    try await life.expectSound(.agreed, changes: 1, sent: 3)
    #expect(try await world.balance(of: heir.address) == before.subtracting(50_000_000).adding(9_100_000_000))
    #expect(
      try await world.balance(of: life.escrow.seller)
        == life.start.seller.adding(470_000_000).subtracting(10_000_000_000))
  }

  @Test func `what the parties amended past the service is followed and proved once they hand it in`() async throws {
    let world = try await World.shared.value
    let life = try await Self.active(world)
    let service = life.service
    let change = try Change.amendment(life) { _, escrow in
      (escrow.defaultToBuyer, escrow.defaultToSeller) = (1_000_000_000, 9_100_000_000)
    }
    guard case .amendment(let message) = change.message else { return }
    let digest = message.typed.digest(in: world.domain)
    try await world.carry(
      Vault(first: life.terms).amend(
        to: change.terms, validUntil: message.validUntil, buyer: Person.buyer.key().sign(digest),
        seller: Person.seller.key().sign(digest)), from: .outsider)
    try await service.advance(life.id, to: "amended")
    // Another one that both signed is not what the vault took.
    let other = try Change.dearer(life)
    let error = await #expect(throws: CoordinationError.self) { try await other.hand(to: service, by: .buyer) }
    guard case .refused(.changedTerms(2, _)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try await world.move(to: life.escrow.settleBy)
    try await change.hand(to: service, by: .seller)
    #expect(try await service.phase(life.id) == "amended")
    try await change.hand(to: service, by: .buyer)
    #expect(try await service.phase(life.id) == "active")
    try await service.advance(life.id, to: "closed")
    try await life.expectSound(.defaulted, changes: 1, sent: 2)
    #expect(
      try await world.balance(of: life.escrow.buyer)
        == life.start.buyer.subtracting(520_000_000).adding(1_000_000_000))
  }

  @Test func `an amendment for which nobody pays holds up nothing and fills no journal`() async throws {
    let world = try await World.shared.value
    let life = try await Self.active(world)
    let service = life.service
    let change = try Change.dearer(life, validUntil: life.escrow.settleBy + 86_400)
    for person in [Person.buyer, .seller] { try await change.hand(to: service, by: person) }
    for _ in 0..<40 {
      try await service.round()
      try await world.mine()
    }
    try await service.coordinator.advance()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("amend: collateral refused") == true)
    // Submitted, signed twice, opened in three steps, and both signatures of the amendment.
    let events = try await life.events()
    #expect(events.count == 8, "\(events)")
    try await world.move(to: life.escrow.settleBy)
    try await service.advance(life.id, to: "closed")
    try await life.expectSound(.defaulted, changes: 0, sent: 2)
  }

  @Test func `of two amendments that both signed the one that the chain takes is carried`() async throws {
    let world = try await World.shared.value
    let life = try await Self.active(world)
    let (first, second) = (try Change.dearer(life), try Change.amendment(life) { $1.settleBy += 600 })
    for change in [first, second] {
      for person in [Person.buyer, .seller] { try await change.hand(to: life.service, by: person) }
    }
    try await life.advance(toVersion: 2)
    #expect(try await life.trade().terms == second.terms)
    try await world.move(to: second.terms.escrow.settleBy)
    try await life.service.advance(life.id, to: "closed")
    try await life.expectSound(.defaulted, changes: 1, sent: 3)
  }

  @Test(arguments: [UInt64](1...4), Service.Memory.allCases)
  func `a node that loses, repeats, hides and invents changes no amended life`(
    seed: UInt64, memory: Service.Memory
  ) async throws {
    let world = try await World.shared.value
    let transport = FaultyTransport(world.chain.transport, seed: seed, percent: 20)
    func live(_ service: Service) async throws {
      service.restarts = seed.isMultiple(of: 2)
      let life = try await Life(service, salt: Salts.shared.next())
      try await life.agree()
      try await service.advance(life.id, to: "active")
      let change = try Change.amendment(life) { _, escrow in
        (escrow.defaultToBuyer, escrow.defaultToSeller) = (1_000_000_000, 9_100_000_000)
      }
      for person in [Person.buyer, .seller] { try await change.hand(to: service, by: person) }
      try await life.advance(toVersion: 2)
      try await world.move(to: life.escrow.settleBy)
      try await service.advance(life.id, to: "closed")
      _ = try await service.proof(life.id)
      try await life.expectPaid(toBuyer: 1_000_000_000, change)
    }
    switch memory {
    case .memory: try await live(try await Service(world, transport: transport, isFaulty: true))
    case .sqlite:
      try await withDirectory { directory in
        let service = try await Service(
          world, on: try await SQLiteStore.open(directory: directory), directory: directory, transport: transport,
          isFaulty: true)
        try await live(service)
        await service.store.close()
      }
    }
  }

  @Test func `a change that the chain takes no more once it is decided gives way`() async throws {
    let world = try await World.shared.value
    let transport = RefusingTransport(world.chain.transport)
    let life = try await Self.active(world, transport: transport)
    let change = try Change.amendment(life, validUntil: life.escrow.settleBy + 86_400) { $1.settleBy += 600 }
    for person in [Person.buyer, .seller] { try await change.hand(to: life.service, by: person) }
    // The first question is whether it can be carried, the second before it is signed.
    transport.refused.withLock { $0 = 2 }
    try await life.service.round()
    #expect(try await life.events().suffix(2) == ["due", "withdrawn"])
    #expect(try await life.trade().instruction == nil)
    #expect(try await life.service.store.openTasks().isEmpty)
    try await life.advance(toVersion: 2)
    #expect(try await life.service.coordinator.view(life.id).transactions.count == 2)
  }
}

/// A node that refuses one estimate of those that it is asked for.
private final class RefusingTransport: Transport {
  private let inner: any Transport
  /// The estimate from here on that is refused; negative for none.
  let refused = Mutex<Int>(-1)

  init(_ inner: any Transport) { self.inner = inner }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), request["method"]?.asString == "eth_estimateGas",
      let id = request["id"]
    else { return try await inner.send(body) }
    let isRefused = refused.withLock { left in
      left -= left > 0 ? 1 : 0
      return left == 0
    }
    guard isRefused else { return try await inner.send(body) }
    refused.withLock { $0 = -1 }
    let error: JSONValue = ["code": .number(JSONNumber(3)), "message": "execution reverted"]
    return JSONValue.object(["jsonrpc": "2.0", "id": id, "error": error]).canonicalBytes()
  }
}
