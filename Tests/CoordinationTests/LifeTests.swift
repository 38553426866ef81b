import Arithmetic
import Chain
import Coordination
import Ethereum
import Foundation
import JSON
import Settlement
import Storage
import Terms
import Synchronization
import TestSupport
import Testing

/// Whole lives of agreements, through the real store, over a real chain.
@Suite(.serialized, .enabled(if: DevelopmentChain.isThere)) struct LifeTests {
  static func live(_ end: End, with service: Service) async throws {
    let life = try await Life(service, salt: Salts.shared.next(), end.change)
    try await life.agree()
    try await service.advance(life.id, to: "active")
    if end == .observed {
      try await life.endObserved()
    } else {
      try await life.observe()
      try await life.end(end)
    }
  }

  @Test(arguments: End.allCases, Service.Memory.allCases)
  func `each way to the end pays what was worked out by hand, and is proved`(
    end: End, memory: Service.Memory
  ) async throws {
    let world = try await World.shared.value
    switch memory {
    case .memory: try await Self.live(end, with: try await Service(world))
    case .sqlite:
      try await withDirectory { directory in
        let service = try await Service(
          world, on: try await SQLiteStore.open(directory: directory), directory: directory)
        service.restarts = true
        try await Self.live(end, with: service)
        await service.store.close()
      }
    }
  }

  /// Eight, or as many as `SEEDS` says.
  static let seeds = 1...(ProcessInfo.processInfo.environment["SEEDS"].flatMap { UInt64($0) } ?? 8)

  @Test(arguments: seeds)
  func `a node that loses, repeats, hides and invents changes nothing but the time it takes`(seed: UInt64) async throws
  {
    let world = try await World.shared.value
    let transport = FaultyTransport(world.chain.transport, seed: seed, percent: 20)
    let service = try await Service(world, transport: transport, isFaulty: true)
    service.restarts = seed.isMultiple(of: 4)
    try await Self.live(End.allCases[Int(seed) % End.allCases.count], with: service)
    print(
      "faults of seed \(seed): \(transport.counts.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))")
    #expect(!transport.counts.isEmpty)
  }

  @Test func `without allowances it lapses, and nothing was sent`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.submit()
    try await life.sign(.buyer)
    try await life.sign(.seller)
    try await service.round()
    try await service.round()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("open: premium refused") == true)
    // At the last second of acceptance and less than final: it may still have been opened.
    try await world.move(to: life.escrow.acceptBy, blocks: 2)
    try await service.round()
    #expect(try await service.phase(life.id) == "confirmed")
    try await service.advance(life.id, to: "lapsed")
    #expect(try await service.store.transactions(of: life.id).isEmpty)
    #expect(try await service.store.openTasks().isEmpty)
  }

  // MARK: Others act too

  @Test func `an escrow that an outsider opens in the last second does not lapse`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.submit()
    try await life.sign(.buyer)
    try await life.sign(.seller)
    try await service.round()
    try await world.move(to: life.escrow.acceptBy - 4)
    try await life.approve()
    try await world.carry(.opening(try life.agreement()), from: .outsider)
    try await service.round()
    try await world.mine()
    #expect(try await world.now >= life.escrow.acceptBy)
    try await service.advance(life.id, to: "active")
    try await world.move(to: life.escrow.settleBy)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 1)
  }

  @Test func `an escrow that was opened before its signatures came here is found`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.approve()
    try await world.carry(.opening(try life.agreement()), from: .outsider)
    try await world.mine(10)
    try await service.round()
    try await service.round()
    try await life.submit()
    try await life.sign(.seller)
    try await life.sign(.buyer)
    try await service.advance(life.id, to: "active", rounds: 3)
    try await life.observe()
    try await life.accept(by: .buyer)
    try await life.accept(by: .seller)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.agreed, toBuyer: Life.toBuyer, toSeller: Life.toSeller, sent: 1)
  }

  @Test func `an outsider's finalising in front of the stored one pays once`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active")
    try await life.observe()
    try await world.move(to: life.escrow.settleFrom)
    try await life.propose(by: .seller)
    try await service.advance(life.id, to: "proposed")
    try await world.move(to: try await world.now + life.escrow.disputeWindow)
    try await world.chain.control("hold")
    try await service.round()
    try #require(try await service.store.transactions(of: life.id).count == 3)
    try await world.chain.control("dropPending")
    let call = try SettlementCall.finalising(try life.agreement())
    try await world.send(call.data, to: call.to, from: .outsider)
    try await world.chain.control("release")
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.finalised, toBuyer: Life.toBuyer, toSeller: Life.toSeller, sent: 3)
  }

  @Test func `where its nonce is used elsewhere the act is signed again, and pays once`() async throws {
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
    try await world.send([], to: Person.outsider.address, from: .service, nonce: stored.nonce)
    try await world.chain.control("release")
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 3)
  }

  @Test func `one party's claim without a bond does not keep the other's out`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.submit()
    try await life.sign(.buyer)
    try await life.sign(.seller)
    try await world.approve(life.terms, by: .buyer, 520_000_000)
    try await world.approve(life.terms, by: .seller, 10_150_000_000)
    try await service.advance(life.id, to: "active")
    try await life.observe()
    try await world.move(to: life.escrow.settleFrom)
    try await life.propose(by: .buyer)
    try await service.round()
    #expect(try await service.coordinator.view(life.id).obstacle?.contains("bond") == true)
    try await life.propose(by: .seller)
    try await world.mine()
    try await service.advance(life.id, to: "proposed")
    // What cannot be carried gives way to what is wanted more.
    try await life.accept(by: .buyer)
    try await life.accept(by: .seller)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.agreed, toBuyer: Life.toBuyer, toSeller: Life.toSeller, sent: 3)
  }

  @Test func `an act that cannot be carried gives way to one that is wanted more`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.submit()
    try await life.sign(.buyer)
    try await life.sign(.seller)
    try await world.approve(life.terms, by: .buyer, 520_000_000)
    try await world.approve(life.terms, by: .seller, 10_000_000_000)
    try await service.advance(life.id, to: "active")
    try await life.observe()
    try await world.move(to: life.escrow.settleFrom)
    try await life.propose(by: .buyer)
    try await service.round()
    try await life.accept(by: .buyer)
    try await life.accept(by: .seller)
    try await world.mine()
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.agreed, toBuyer: Life.toBuyer, toSeller: Life.toSeller, sent: 2)
  }

  @Test func `a reorganisation above the depth takes nothing back, and the same bytes are sent again`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    // Settled here, one block deep.
    for _ in 0..<10 where try await service.store.transactions(of: life.id).isEmpty {
      try await service.round()
      try await world.mine()
    }
    let stored = try #require(try await service.store.transactions(of: life.id).first)
    let receipt = try #require(try await world.client.receipt(of: stored.hash))
    let depth = try await world.client.latestNumber() - receipt.blockNumber + 1
    try #require(depth < 3)
    try await world.chain.control(
      "reorganise", .number(JSONNumber(Int64(depth))), ["drop": [.string(stored.hash.hex)], "requeue": false])
    try #require(try await world.client.receipt(of: stored.hash) == nil)
    try await service.advance(life.id, to: "active")
    try await world.move(to: life.escrow.settleBy)
    try await service.advance(life.id, to: "closed")
    try await life.expectEnd(.defaulted, toBuyer: 600_000_000, toSeller: 9_500_000_000, sent: 2)
  }

  @Test func `one agreement that cannot go on does not hold up another`() async throws {
    let world = try await World.shared.value
    let service = try await Service(world)
    var poor: [Life] = []
    for _ in 0..<5 {
      let life = try await Life(service, salt: Salts.shared.next())
      try await life.submit()
      try await life.sign(.buyer)
      try await life.sign(.seller)
      poor.append(life)
    }
    let life = try await Life(service, salt: Salts.shared.next())
    try await life.agree()
    try await service.advance(life.id, to: "active", rounds: 8)
    for other in poor { #expect(try await service.phase(other.id) == "confirmed") }
  }
}

/// Numbers that were not given out before: agreements must differ.
final class Salts: Sendable {
  static let shared = Salts()
  private let last = Mutex<UInt64>(0)

  func next() -> UInt64 {
    last.withLock {
      $0 += 1
      return $0
    }
  }
}
