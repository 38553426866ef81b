import Arithmetic
import Chain
import Coordination
import Ethereum
import JSON
import Settlement
import Signing
import Storage
import Terms
import Testing

extension LifeTests {
  @Test(arguments: seeds)
  func `a store that refuses commits, or cannot say whether they hold, changes nothing but the time it takes`(
    seed: UInt64
  ) async throws {
    let world = try await World.shared.value
    let store = FaultyStore(seed: seed)
    let service = try await Service(world, on: store, isFaulty: true)
    service.restarts = seed.isMultiple(of: 3)
    try await Self.live(End.allCases[Int(seed) % End.allCases.count], with: service)
    #expect(await store.faultCount > 0)
  }

  @Test func `stored bytes that are not what was signed are never sent`() async throws {
    let world = try await World.shared.value
    let store = FaultyStore(seed: 1)
    let service = try await Service(world, on: store, isFaulty: true)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await world.chain.control("hold")
    for _ in 0..<50 where try await store.transactions(of: life.id).isEmpty { try await service.round() }
    let stored = try #require(try await store.transactions(of: life.id).first)
    try await world.chain.control("dropPending")
    // The same sender and nonce; the money goes elsewhere.
    let elsewhere = try FeeMarketTransaction(
      chainID: world.domain.chainID, nonce: stored.nonce, maxPriorityFeePerGas: 1_000_000_000,
      maxFeePerGas: 100_000_000_000, gasLimit: 21_000, to: Person.outsider.address, value: 1
    ).signed(by: Person.service.key())
    let other = try SignedTransaction(decoding: stored.raw)
    guard case .feeMarket(var raised) = other.transaction else { throw Service.Exhausted.asking }
    raised.nonce += 1
    for raw in [elsewhere.raw, try raised.signed(by: Person.service.key()).raw, Array(stored.raw.dropLast())] {
      await store.forge(StoredTransaction(sender: stored.sender, nonce: stored.nonce, raw: raw))
      for _ in 0..<3 { try await service.round() }
      let sent = try await world.chain.control("received").asArray ?? []
      #expect(!sent.contains { $0["raw"]?.asString == Hex.encode(raw) })
      let obstacle = try await service.coordinator.view(life.id).obstacle
      #expect(obstacle?.contains("not what was signed") == true)
    }
    await store.forge(nil)
    try await service.restart()
    try await world.chain.control("release")
    try await service.advance(life.id, to: "active")
    try await world.move(to: life.escrow.settleBy)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 2)
  }

  @Test func `another key for gas goes on with the first key's bytes`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    try await world.move(to: life.escrow.settleBy)
    try await world.chain.control("hold")
    try await service.round()
    let stored = try #require(try await service.store.transactions(of: life.id).last)
    try await world.chain.control("dropPending")
    // The outsider's own nonce is far beyond the service's, which says nothing about the service's bytes.
    service.payer = .outsider
    try await service.restart()
    for _ in 0..<3 { try await service.round() }
    try await world.chain.control("release")
    try await service.advance(life.id, to: "closed")
    #expect(try await service.store.transactions(of: life.id).last == stored)
    #expect(try await service.store.transactions(of: life.id).count == 2)
    #expect(try await world.balance(of: life.vault) == .zero)
  }

  @Test func `a node of another chain is not worked with`() async throws {
    let world = try await World.shared.value
    let transport = LyingTransport(world.chain.transport)
    let service = try await Service(world, transport: transport)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    transport.answer("eth_chainId", with: "0x1")
    let cursor = try await service.store.cursor()
    await #expect(throws: CoordinationError.self) { try await service.coordinator.advance() }
    #expect(try await service.store.cursor() == cursor)
    #expect(try await service.store.transactions(of: life.id).isEmpty)
    transport.answer("eth_chainId", with: nil)
    try await service.advance(life.id, to: "active")
  }

  @Test func `a call that would use all the gas there is, is not signed`() async throws {
    let world = try await World.shared.value
    let transport = LyingTransport(world.chain.transport)
    let service = try await Service(world, transport: transport)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    for gas in ["0xffffffffffffffff", "0x4c4b41"] as [JSONValue] {
      transport.answer("eth_estimateGas", with: gas)
      try await service.round()
      try await world.mine()
      try await service.round()
      #expect(try await service.coordinator.view(life.id).obstacle?.contains("gas") == true)
    }
    #expect(try await service.store.transactions(of: life.id).isEmpty)
    transport.answer("eth_estimateGas", with: nil)
    try await service.advance(life.id, to: "active")
  }

  @Test func `a proof whose block the node has lost holds up nobody, and is made when it is back`() async throws {
    let world = try await World.shared.value
    let transport = LyingTransport(world.chain.transport)
    let service = try await Service(world, transport: transport)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    try await world.move(to: life.escrow.settleBy)
    transport.answer("eth_getBlockByHash", with: .null)
    try await service.advance(life.id, to: "closed")
    try await service.round()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("archive node") == true)
    await #expect(throws: CoordinationError.self) { try await service.coordinator.proof(of: life.id) }
    let other = try await Life(service, salt: Salts.shared.next())
    try await other.agree()
    try await service.advance(other.id, to: "active")
    transport.answer("eth_getBlockByHash", with: nil)
    _ = try await service.proof(life.id)
    #expect(try await service.coordinator.view(life.id).obstacle == nil)
  }

  @Test func `a reorganisation below the depth is said once`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    try await world.mine(8)
    try await service.round()
    let head = try await world.client.latestNumber()
    try await world.chain.control("reorganise", 6, ["timestamps": [.number(JSONNumber(Int64(try await world.now)))]])
    try await world.mine()
    do {
      try await service.coordinator.advance()
      Issue.record("a block that was taken is gone")
    } catch CoordinationError.reorganised(let below) {
      #expect(below == head - 2)
    }
    try await service.coordinator.advance()
    #expect(try await service.store.cursor() == head)
    try await world.move(to: life.escrow.settleBy)
    try await service.advance(life.id, to: "closed")
  }

  @Test func `a service that is far behind says so`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    try await service.round()
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    #expect(try await service.coordinator.probe().taken != nil)
    try await world.mine(70)
    let head = try await world.client.latestNumber()
    await #expect(throws: CoordinationError.self) { try await service.coordinator.probe() }
    try await service.round()
    #expect(try await service.coordinator.probe().taken == head - 2)
  }
}
