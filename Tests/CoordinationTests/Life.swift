import Arithmetic
import Chain
import Coordination
import Ethereum
import Settlement
import Signing
import Storage
import Terms
import Testing
import Verification

/// A coordinator on a store, which may be dropped and made anew between any two rounds.
final class Service {
  enum Memory: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite
    var testDescription: String { rawValue }
  }

  let world: World
  private let transport: any Transport
  private let directory: String?
  private(set) var store: any Store
  private(set) var coordinator: Coordinator
  private let policy: CoordinatorPolicy
  /// Whether it starts again after every round.
  var restarts = false
  /// Whether the node or the store may fail.
  let isFaulty: Bool
  /// Whose key pays for gas.
  var payer = Person.service

  init(
    _ world: World, on store: any Store = MemoryStore(), directory: String? = nil, transport: (any Transport)? = nil,
    policy: CoordinatorPolicy = CoordinatorPolicy(confirmations: 3), isFaulty: Bool = false
  ) async throws {
    self.world = world
    self.store = store
    self.directory = directory
    self.policy = policy
    self.isFaulty = isFaulty
    self.transport = transport ?? world.chain.transport
    coordinator = try await Self.start(world, store, self.transport, policy, payer, mayFail: isFaulty)
  }

  private static func start(
    _ world: World, _ store: any Store, _ transport: any Transport, _ policy: CoordinatorPolicy, _ payer: Person,
    mayFail: Bool
  ) async throws -> Coordinator {
    for _ in 0..<50 {
      do {
        return try await Coordinator(
          store: store, chain: ChainClient(transport), domain: world.domain, key: payer.key(), policy: policy)
      } catch CoordinationError.chain(let error) where mayFail {
        _ = error
      }
    }
    throw Exhausted.start
  }

  enum Exhausted: Error {
    case start, rounds(waitedFor: String, phase: String, obstacle: String?), asking
  }

  func restart() async throws {
    if let directory {
      await store.close()
      store = try await SQLiteStore.open(directory: directory)
    }
    coordinator = try await Self.start(world, store, transport, policy, payer, mayFail: isFaulty)
  }

  /// One round; a node that may fail may fail it.
  func round() async throws {
    do throws(CoordinationError) {
      try await coordinator.advance()
    } catch {
      guard isFaulty, error.isOfOutside else { throw error }
    }
    if restarts { try await restart() }
  }

  /// What a client does with a reply of 502, or where the node lags and so it is too early: it asks again.
  func ask<T: Sendable>(_ body: (Coordinator) async throws(CoordinationError) -> T) async throws -> T {
    for _ in 0..<50 {
      do throws(CoordinationError) {
        return try await body(coordinator)
      } catch {
        guard isFaulty, error.isOfOutside || error.isTooEarly else { throw error }
      }
    }
    throw Exhausted.asking
  }

  func phase(_ id: AgreementID) async throws -> String { try await coordinator.view(id).trade.phase.name }

  /// Rounds, with a block after each, until an agreement is in a phase.
  func advance(_ id: AgreementID, to phase: String, rounds: Int = 60) async throws {
    for _ in 0..<rounds {
      try await round()
      if try await self.phase(id) == phase { return }
      try await world.mine()
    }
    let view = try await coordinator.view(id)
    throw Exhausted.rounds(waitedFor: phase, phase: view.trade.phase.name, obstacle: view.obstacle)
  }

  /// The proof, once it is made.
  func proof(_ id: AgreementID) async throws -> SettlementProof {
    for _ in 0..<60 {
      if try await coordinator.view(id).hasProof {
        return try SettlementProof(bytes: try await coordinator.proof(of: id))
      }
      try await round()
      try await world.mine()
    }
    throw Exhausted.rounds(waitedFor: "a proof", phase: try await phase(id), obstacle: nil)
  }
}

extension CoordinationError {
  /// Whether the state, or the time of a node's old head, has no place for it yet.
  fileprivate var isTooEarly: Bool { if case .refused(.outOfPlace) = self { true } else { false } }

  /// Whether the node or the store failed.
  fileprivate var isOfOutside: Bool {
    switch self {
    case .chain, .storage: true
    default: false
    }
  }
}

/// One trade from its terms to its end, with the sums that a person works out beforehand.
///
/// The price is 3,120.15: 12.345678901234567890 x (3,120.15 - 2,500) = 7,656.172770..., rounded down to six decimals.
struct Life {
  static let payoff: UInt256 = 7_656_172_770
  static let premium: UInt256 = 420_000_000
  /// 100 and the payoff.
  static let toBuyer: UInt256 = 7_756_172_770
  /// 10,100 without it.
  static let toSeller: UInt256 = 2_343_827_230

  let world: World
  let service: Service
  let terms: OptionTerms
  let id: AgreementID
  let clause: String
  let start: (buyer: UInt256, seller: UInt256)

  var escrow: Escrow { terms.escrow }
  var vault: Address { EscrowContract.vault(of: id, in: world.domain) }

  init(
    _ service: Service, salt: UInt64, clause: String? = nil,
    economics style: (inout Economics, Escrow) -> Void = { _, _ in }, _ change: (inout Escrow) -> Void = { _ in }
  ) async throws {
    self.service = service
    world = service.world
    let world = world
    self.clause = try clause ?? World.clause.get()
    terms = try world.terms(from: try await world.now, salt: salt, economics: style, change)
    id = AgreementID(terms.digest)
    for person in [Person.buyer, .seller] { try await world.mint(20_000_000_000, to: person) }
    start = (
      try await world.balance(of: Person.buyer.address), try await world.balance(of: Person.seller.address)
    )
  }

  func submit() async throws {
    let (terms, source) = (terms, clause)
    let submitted = try await service.ask { (it) throws(CoordinationError) in
      try await it.submit(terms, clauseSource: source)
    }
    try #require(submitted == id)
  }

  func sign(_ person: Person) async throws {
    let (id, signature) = (id, try person.key().sign(terms.digest))
    try await service.ask { (it) throws(CoordinationError) in try await it.sign(id, signature) }
  }

  /// Premium, collateral and a bond: 420 + 100 + 150 and 10,000 + 150.
  func approve() async throws {
    try await world.approve(terms, by: .buyer, 670_000_000)
    try await world.approve(terms, by: .seller, 10_150_000_000)
  }

  /// Submitted, signed by both and allowed to take the money.
  func agree() async throws {
    try await submit()
    try await sign(.buyer)
    try await sign(.seller)
    try await approve()
  }

  func agreement() throws -> Agreement {
    try Agreement(
      terms, clause: try PayoffClause(source: clause),
      buyerSignature: Person.buyer.key().sign(terms.digest),
      sellerSignature: Person.seller.key().sign(terms.digest))
  }

  /// Three prices, the lower median of which is 3,120.15.
  func observe() async throws {
    try await world.move(to: escrow.expirationTime + 60)
    try await observe([312_015_000_000, 312_020_000_001, 312_010_000_000], at: escrow.expirationTime)
  }

  /// One price an observer of the fixing at a time, published a minute after expiration.
  func observe(_ prices: [UInt256], at fixing: UInt64) async throws {
    for (person, price) in zip(Person.observers, prices) {
      let observation = Observation(
        feed: escrow.feed, observedAt: fixing, publishedAt: escrow.expirationTime + 60, value: price)
      let (id, message) = (id, try UnverifiedMessage(observation, by: person, in: world.domain))
      try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
    }
  }

  func evidence() async throws -> Evidence {
    try Evidence(try await service.coordinator.view(id).trade.observations, for: try agreement())
  }

  func claim(by person: Person, toBuyer: UInt256 = toBuyer) async throws -> Proposal {
    Proposal(
      agreementID: id, version: 1, proposer: try person.address, evidenceDigest: try await evidence().digest,
      toBuyer: toBuyer, toSeller: try UInt256(10_100_000_000).subtracting(toBuyer),
      validUntil: escrow.settleBy + 86_400)
  }

  func propose(by person: Person) async throws {
    let (id, message) = (
      id, try UnverifiedMessage(try await claim(by: person), by: person, in: world.domain)
    )
    try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
  }

  func accept(by person: Person) async throws {
    let outcome = AgreedOutcome(
      agreementID: id, version: 1, toBuyer: Self.toBuyer, toSeller: Self.toSeller,
      validUntil: escrow.settleBy)
    let (id, message) = (id, try UnverifiedMessage(outcome, by: person, in: world.domain))
    try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
  }

  func dispute(by person: Person) async throws {
    let dispute = Dispute(counter: try await claim(by: person))
    let (id, message) = (id, try UnverifiedMessage(dispute, by: person, in: world.domain))
    try await service.ask { (it) throws(CoordinationError) in try await it.accept(id, message) }
  }

  /// Holds the end against the sums: what the parties have, that the vault is empty, that the proof is sound under the
  /// block that the chain itself names, and that the service used so many nonces and no more, each for one call.
  func expectEnd(
    _ route: SettledRoute, toBuyer: UInt256, toSeller: UInt256, sent count: Int,
    bonds: (buyerLoses: UInt256, sellerLoses: UInt256, sellerGains: UInt256) = (0, 0, 0)
  ) async throws {
    let buyer = try start.buyer.adding(toBuyer).subtracting(520_000_000).subtracting(bonds.buyerLoses)
    let seller = try start.seller.adding(toSeller).adding(Self.premium).subtracting(10_000_000_000)
      .adding(bonds.sellerGains).subtracting(bonds.sellerLoses)
    #expect(try await world.balance(of: Person.buyer.address) == buyer)
    #expect(try await world.balance(of: Person.seller.address) == seller)
    #expect(try await world.balance(of: vault) == .zero)

    let proof = try await service.proof(id)
    let view = try await service.coordinator.view(id)
    guard case .closed(_, let settled) = view.trade.phase else {
      Issue.record("the agreement is \(view.trade.phase.name)")
      return
    }
    #expect(settled.route == route)
    #expect(settled.toBuyer == toBuyer)
    let block = try #require(try await world.client.block(.number(settled.fact.blockNumber)))
    #expect(block.hash == settled.fact.blockHash)
    let findings = Verifier.findings(in: proof, trustedBlock: block.hash)
    // Where somebody else sent what settled, nothing in the chain names the journal's signer; all else is checked.
    let isOwn = view.transactions.contains { $0.hash == settled.fact.transaction }
    let open = findings.filter { $0.verdict != .passed }
    #expect(open.allSatisfy { !isOwn && $0.check == .journalSignature && $0.verdict == .missing }, "\(open)")
    #expect(findings.count == Finding.Check.allCases.count)
    // Who knows the service needs nobody's transaction for it.
    let known = Verifier.findings(
      in: proof, trustedBlock: block.hash, journalSigner: service.coordinator.sender)
    #expect(ProofVerdict(known) == .sound)

    let stored = Set(view.transactions.map(\.hash))
    #expect(try await world.sent(to: [vault]).subtracting(stored).isEmpty, "nothing was sent that is not stored")
    let sent = try await world.sent(to: [vault, world.domain.verifyingContract])
    let nonces = Dictionary(grouping: view.transactions, by: \.nonce)
    #expect(nonces.count == count)
    for transactions in nonces.values {
      #expect(!sent.isDisjoint(with: transactions.map(\.hash)), "every nonce was used or tried")
      var (mined, calls) = (0, Set<[UInt8]>())
      for transaction in transactions {
        if try await world.client.receipt(of: transaction.hash) != nil { mined += 1 }
        guard case .feeMarket(var call) = try SignedTransaction(decoding: transaction.raw).transaction else { continue }
        (call.maxFeePerGas, call.maxPriorityFeePerGas) = (0, 0)
        calls.insert(call.signingPayload)
      }
      #expect(mined <= 1)
      #expect(calls.count == 1, "one call under one nonce")
    }
    // Every task ends, also those whose act somebody else carried.
    for _ in 0..<20 where try await !service.store.openTasks().isEmpty {
      try await service.round()
      try await world.mine()
    }
    #expect(try await service.store.openTasks().isEmpty)
    for _ in 0..<20 where try await service.coordinator.view(id).obstacle != nil { try await service.round() }
    #expect(try await service.coordinator.view(id).obstacle == nil)
  }
}
