import Arithmetic
import Chain
import Coordination
import Ethereum
import JSON
import Settlement
import Storage
import Terms
import Testing

/// Transactions that pay too little, on a chain of their own, whose fees rise and fall.
@Suite(.serialized, .enabled(if: DevelopmentChain.isThere)) struct FeeTests {
  static let bound: UInt256 = 20_000_000_000

  private static var policy: CoordinatorPolicy {
    var policy = CoordinatorPolicy(confirmations: 3)
    policy.fees.maxFeePerGasMax = bound
    return policy
  }

  /// An open agreement whose time is over, with blocks held from here on: the next round signs its end.
  private static func overdue(
    _ service: Service, salt: UInt64
  ) async throws -> Life {
    try await service.world.chain.control("release")
    let life = try await Life(service, salt: salt)
    try await life.agree()
    try await service.advance(life.id, to: "active")
    try await service.world.move(to: life.escrow.settleBy)
    try await service.world.chain.control("hold")
    return life
  }

  /// Rounds, each under a new block, until the agreement is closed and nothing of it is queued.
  private static func finish(_ life: Life, sent count: Int) async throws {
    try await life.service.advance(life.id, to: "closed", rounds: 200)
    try await life.expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: count)
  }

  private static func fees(_ transaction: StoredTransaction) throws -> FeeMarketTransaction {
    guard case .feeMarket(let fields) = try SignedTransaction(decoding: transaction.raw).transaction else {
      throw Service.Exhausted.asking
    }
    return fields
  }

  /// That both caps of each rise by a tenth at least, and none is above the bound.
  private static func expectRising(_ transactions: [StoredTransaction]) throws {
    let fields = try transactions.map { try fees($0) }
    #expect(fields.allSatisfy { $0.maxFeePerGas <= bound && $0.maxPriorityFeePerGas <= $0.maxFeePerGas })
    for (old, new) in zip(fields, fields.dropFirst()) {
      for (cap, raised) in [
        (old.maxFeePerGas, new.maxFeePerGas), (old.maxPriorityFeePerGas, new.maxPriorityFeePerGas),
      ] {
        #expect(try raised.multiplied(by: 100) >= cap.multiplied(by: 110))
      }
    }
  }

  private static func transactions(_ life: Life) async throws -> [StoredTransaction] {
    Array(try await life.service.store.transactions(of: life.id).dropFirst())
  }

  @Test(arguments: Service.Memory.allCases)
  func `a transaction that the base fee overtakes is replaced after every third block, and the last one is mined`(
    memory: Service.Memory
  ) async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    try await withDirectory { directory in
      let store: any Store =
        switch memory {
        case .memory: MemoryStore()
        case .sqlite: try await SQLiteStore.open(directory: directory)
        }
      let service = try await Service(
        world, on: store, directory: memory == .sqlite ? directory : nil, transport: transport, policy: Self.policy)
      let life = try await Self.overdue(service, salt: 1)
      let congestion = try await Congestion(world)
      transport.become(.forgetful)
      try await service.round()
      let start = try await congestion.baseFee
      var blocks = 0
      try await congestion.rise(to: try start.multiplied(by: 4)) {
        try await service.round()
        blocks += 1
        #expect(try await Self.transactions(life).count == 1 + blocks / 3)
      }
      let all = try await Self.transactions(life)
      try Self.expectRising(all)
      #expect(Set(all.map(\.nonce)).count == 1)
      // Each is in the journal, in the place of the one before.
      let entries = try await service.store.journal(of: life.id).suffix(all.count)
      #expect(entries.first?.event["name"] == "instructed")
      for ((old, new), entry) in zip(zip(all, all.dropFirst()), entries.dropFirst()) {
        #expect(
          entry.event == [
            "name": "replaced", "route": "default", "transaction": .string(old.hash.hex),
            "by": .string(new.hash.hex),
          ])
      }
      // Started again, it sends what was stored last.
      if memory == .sqlite { try await service.restart() }
      transport.become(.honest)
      _ = transport.takeSent()
      try await service.round()
      let last = try #require(all.last)
      #expect(transport.takeSent() == [last.raw])
      try await congestion.stay(blocks: 1) {}
      #expect(try await world.client.receipt(of: last.hash)?.receipt.succeeded == true)
      try await Self.finish(life, sent: 2)
      #expect(try await Self.transactions(life) == all)
      await service.store.close()
    }
  }

  /// At least fifty times as dear for 200 blocks, which is more than the operator allows.
  @Test func `a spike above the bound delays an act, and costs no more than the bound`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    let congestion = try await Congestion(world)
    try await service.round()
    try await world.chain.control("dropPending")
    let start = try await congestion.baseFee
    try await congestion.rise(to: max(try start.multiplied(by: 50), try Self.bound.adding(1)))
    _ = transport.takeSent()
    try await congestion.stay(blocks: 200) { try await service.round() }
    let stuck = try await Self.transactions(life)
    #expect(stuck.count == 2)
    #expect(try Self.fees(try #require(stuck.last)).maxFeePerGas == Self.bound)
    let sent = transport.takeSent()
    #expect(sent.count >= 200, "in every round again")
    #expect(Set(sent) == Set(stuck.map(\.raw)))
    let view = try await service.coordinator.view(life.id)
    #expect(view.trade.phase.name == "active")
    #expect(view.obstacle?.contains("20000000000 wei") == true)
    #expect(await service.coordinator.gasObstacle == view.obstacle)
    // Back to where it was: blocks without anything in them.
    try await Self.finish(life, sent: 2)
    #expect(await service.coordinator.gasObstacle == nil)
    #expect(try await Self.transactions(life) == stuck)
    let last = try #require(stuck.last)
    let mined = try #require(try await world.client.receipt(of: last.hash))
    let block = try #require(try await world.client.block(.number(mined.blockNumber)))
    #expect(try #require(block.header.baseFeePerGas) <= Self.bound)
  }

  @Test func `a node that calls it underpriced is given a dearer one with each block, and takes one`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    for text in ["transaction underpriced", "replacement transaction underpriced"] {
      transport.become(.refusing { _ in text })
      for _ in 0..<3 {
        // Under one head only once.
        for _ in 0..<3 { try await service.round() }
        try await world.mine()
      }
    }
    let refused = try await Self.transactions(life)
    #expect(refused.count == 6)
    try Self.expectRising(refused)
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("pays too little") == true)
    transport.become(.honest)
    try await service.round()
    #expect(try await Self.transactions(life) == refused)
    #expect(try await service.coordinator.view(life.id).obstacle == nil)
    try await Self.finish(life, sent: 2)
  }

  @Test func `however little a node takes, the bound holds`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.refusing { _ in "transaction underpriced" })
    for _ in 0..<80 {
      try await service.round()
      try await world.mine()
    }
    let all = try await Self.transactions(life)
    try Self.expectRising(all)
    // A tenth more would be above the bound.
    #expect(try Self.fees(#require(all.last)).maxFeePerGas.multiplied(by: 11) > Self.bound.multiplied(by: 10))
    #expect(await service.coordinator.gasObstacle != nil)
    transport.become(.honest)
    try await Self.finish(life, sent: 2)
  }

  @Test func `a pool that forgets is given the same bytes in every round`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.forgetful)
    for _ in 0..<10 {
      _ = transport.takeSent()
      try await service.round()
      #expect(transport.takeSent() == (try await Self.transactions(life).map(\.raw)))
      try await world.mine()
    }
    transport.become(.refusing { _ in "already known" })
    for _ in 0..<5 { try await service.round() }
    #expect(try await Self.transactions(life).count == 1)
    transport.become(.honest)
    try await Self.finish(life, sent: 2)
  }

  @Test func `where ether is missing it is said, and cheaper bytes are tried`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.refusing { _ in "transaction underpriced" })
    for _ in 0..<2 {
      try await service.round()
      try await world.mine()
    }
    let all = try await Self.transactions(life)
    #expect(all.count == 2)
    let affordable = try Self.fees(try #require(all.first)).maxFeePerGas
    transport.become(
      .refusing { $0.maxFeePerGas > affordable ? "insufficient funds for gas * price + value" : nil })
    _ = transport.takeSent()
    try await service.round()
    #expect(transport.takeSent() == all.reversed().map(\.raw))
    let obstacle = try await service.coordinator.view(life.id).obstacle
    #expect(obstacle == "\(try Person.service.address) cannot pay for gas; send it ether")
    #expect(await service.coordinator.gasObstacle == obstacle)
    // The first one is mined, which is as good.
    try await Self.finish(life, sent: 2)
    #expect(await service.coordinator.gasObstacle == nil)
    #expect(try await world.client.receipt(of: try #require(all.first).hash) != nil)
    #expect(try await Self.transactions(life) == all)
  }

  @Test func `where the first one is mined after all, the act is done and nothing more is signed`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.refusing { _ in "replacement transaction underpriced" })
    for _ in 0..<3 {
      try await service.round()
      try await world.mine()
    }
    let all = try await Self.transactions(life)
    #expect(all.count == 3)
    #expect(try await world.client.sendRawTransaction(try #require(all.first).raw) == .accepted)
    try await world.mine()
    _ = transport.takeSent()
    try await Self.finish(life, sent: 2)
    #expect(transport.takeSent().isEmpty)
    #expect(try await Self.transactions(life) == all)
  }

  @Test func `a nonce whose act others have done is freed, and what comes after it goes on`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.refusing { _ in "transaction underpriced" })
    try await service.round()
    let call = try SettlementCall.defaulting(try life.agreement())
    try await world.send(call.data, to: call.to, from: .outsider)
    try await world.mine()
    try await service.advance(life.id, to: "closed")
    let entries = try await service.store.journal(of: life.id)
    let count = try await Self.transactions(life).count
    for _ in 0..<3 {
      try await world.mine()
      try await service.round()
    }
    // Dearer still, though there is no act any more that the journal could speak of.
    #expect(try await Self.transactions(life).count == count + 3)
    #expect(try await service.store.journal(of: life.id) == entries)
    let other = try await Life(service, salt: 2)
    try await world.chain.control("release")
    try await other.agree()
    transport.become(.honest)
    try await service.advance(other.id, to: "active")
    for _ in 0..<5 {
      try await service.round()
      try await world.mine()
    }
    #expect(try await service.store.openTasks().isEmpty)
    #expect(try await service.store.journal(of: life.id) == entries)
  }

  @Test func `a transaction never offers more than one may cost in all`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    var policy = CoordinatorPolicy(confirmations: 3)
    policy.costMax = 1_000_000_000_000_000
    let service = try await Service(world, transport: transport, policy: policy)
    let life = try await Self.overdue(service, salt: 1)
    transport.become(.refusing { _ in "transaction underpriced" })
    for _ in 0..<60 {
      try await service.round()
      try await world.mine()
    }
    let all = try await Self.transactions(life).map { try Self.fees($0) }
    #expect(all.count > 1)
    for each in all {
      #expect(try each.maxFeePerGas.multiplied(by: UInt256(each.gasLimit)) <= policy.costMax)
    }
    let last = try #require(all.last)
    let next = try last.maxFeePerGas.multiplied(by: 11).divided(by: 10, rounding: .ceiling)
    #expect(try next.multiplied(by: UInt256(last.gasLimit)) > policy.costMax)
    transport.become(.honest)
    try await Self.finish(life, sent: 2)
  }

  @Test func `an operator who allows more ends the waiting`() async throws {
    let world = try await World()
    let transport = PoolTransport(world.chain.transport)
    let service = try await Service(world, transport: transport, policy: Self.policy)
    let life = try await Self.overdue(service, salt: 1)
    let congestion = try await Congestion(world)
    transport.become(.forgetful)
    try await service.round()
    try await congestion.rise(to: Self.bound.adding(1))
    try await congestion.stay(blocks: 5) { try await service.round() }
    #expect(await service.coordinator.gasObstacle != nil)
    let count = try await Self.transactions(life).count
    transport.become(.honest)
    var policy = Self.policy
    policy.fees.maxFeePerGasMax = try Self.bound.multiplied(by: 10)
    let richer = try await Service(world, on: service.store, transport: transport, policy: policy)
    // Patience begins anew with the process.
    try await congestion.stay(blocks: 5) { try await richer.round() }
    #expect(await richer.coordinator.gasObstacle == nil)
    let all = try await Self.transactions(life)
    #expect(all.count == count + 1)
    #expect(try await world.client.receipt(of: try #require(all.last).hash)?.receipt.succeeded == true)
    try await richer.advance(life.id, to: "closed")
    #expect(try await world.balance(of: life.vault) == .zero)
  }

  @Test(arguments: LifeTests.seeds)
  func `a node and a store that fail while transactions are replaced change nothing but the time it takes`(
    seed: UInt64
  ) async throws {
    let world = try await World()
    let pool = PoolTransport(world.chain.transport)
    let store = FaultyStore(seed: seed)
    let faulty = FaultyTransport(pool, seed: seed, percent: 15)
    let service = try await Service(world, on: store, transport: faulty, policy: Self.policy, isFaulty: true)
    let life = try await Self.overdue(service, salt: seed)
    pool.become(.refusing { _ in "transaction underpriced" })
    for round in 0..<300 where try await Self.transactions(life).count < 6 {
      try await service.round()
      try await world.mine()
      // A process that is started anew waits for a block first.
      if round % 5 == 4 { try await service.restart() }
    }
    let all = try await Self.transactions(life)
    #expect(all.count == 6)
    try Self.expectRising(all)
    #expect(await store.faultCount > 0)
    pool.become(.honest)
    try await Self.finish(life, sent: 2)
  }
}
