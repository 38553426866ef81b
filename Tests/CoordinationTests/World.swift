import Arithmetic
import Chain
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing

/// Whoever has a key in these tests.
enum Person: UInt8, CaseIterable {
  case deployer = 1
  case buyer, seller, firstObserver, secondObserver, thirdObserver, service, outsider
  case firstArbitrator, secondArbitrator, thirdArbitrator, lastArbitrator

  static let observers: [Person] = [.firstObserver, .secondObserver, .thirdObserver]
  static let arbitrators: [Person] = [.firstArbitrator, .secondArbitrator, .thirdArbitrator]

  func key() throws -> PrivateKey { try PrivateKey(bytes: [UInt8](repeating: rawValue, count: 32)) }

  var address: Address {
    get throws { try key().address }
  }
}

/// One chain for all tests of this module, with a token and the escrow; tests take their turns on it.
struct World: Sendable {
  let chain: DevelopmentChain
  let client: ChainClient
  let token: Address
  /// What options by delivery deliver: 18 decimals.
  let coin: Address
  let domain: TypedDomain

  static let shared = Task { try await World() }

  init() async throws {
    chain = try DevelopmentChain(funding: Person.allCases.map { try $0.address.fixedBytes.hex })
    client = ChainClient(chain.transport)
    let escrow = try DevelopmentChain.document("Contracts/Escrow/artifact.json")["contracts"]
    let tokens = try DevelopmentChain.document("Contracts/Escrow/tests/tokens.json")["contracts"]
    token = try await Self.deploy(
      client, tokens?["PlainToken"], [.string("Test Dollar"), .string("TUSD"), .uint(6)],
      as: ["string", "string", "uint8"])
    coin = try await Self.deploy(
      client, tokens?["PlainToken"], [.string("Test Ether"), .string("TETH"), .uint(18)],
      as: ["string", "string", "uint8"])
    let vault = try Hex.decode(escrow?["EscrowVault"]?["initCode"]?.asString ?? "")
    let factory = try await Self.deploy(client, escrow?["EscrowFactory"], [.bytes(vault)], as: ["bytes"])
    domain = TypedDomain(chainID: try await client.chainID(), escrow: factory)
    // A vault passes on what its first part does not know; each other part is installed by its init code.
    let install: ABIFunction = "install(bytes)"
    for name in ["EscrowVaultPanels", "EscrowVaultChanges", "DeliveryVault"] {
      let code = try Hex.decode(escrow?[name]?["initCode"]?.asString ?? "")
      let hash = try await send(install.encodeCall([.bytes(code)]), to: factory, from: .deployer)
      try #require(try await client.receipt(of: hash)?.receipt.succeeded == true)
    }
  }

  // MARK: Transactions

  private static func deploy(
    _ client: ChainClient, _ artifact: JSONValue?, _ arguments: [ABIValue], as types: [String]
  ) async throws -> Address {
    let code = try Hex.decode(artifact?["initCode"]?.asString ?? "")
    let data = code + (try ABIValue.encode(arguments, as: types.map { try ABIType(parsing: $0) }))
    let nonce = try await client.nonce(of: Person.deployer.address, at: .pending)
    let hash = try await send(client, data, to: nil, from: .deployer, nonce: nonce, gasLimit: 16_000_000)
    try #require(try await client.receipt(of: hash)?.receipt.succeeded == true)
    return Address.created(by: try Person.deployer.address, nonce: nonce)
  }

  @discardableResult
  private static func send(
    _ client: ChainClient, _ data: [UInt8], to: Address?, from person: Person, nonce: UInt64,
    gasLimit: UInt64 = 8_000_000
  ) async throws -> Digest {
    let transaction = FeeMarketTransaction(
      chainID: try await client.chainID(), nonce: nonce, maxPriorityFeePerGas: 1_000_000_000,
      maxFeePerGas: 50_000_000_000, gasLimit: gasLimit, to: to, data: data)
    let signed = try transaction.signed(by: person.key())
    try #require(try await client.sendRawTransaction(signed.raw) == .accepted)
    return signed.hash
  }

  /// Sends a transaction; mined at once unless blocks are held.
  @discardableResult
  func send(_ data: [UInt8], to: Address, from person: Person, nonce: UInt64? = nil) async throws -> Digest {
    let next: UInt64
    if let nonce { next = nonce } else { next = try await client.nonce(of: person.address, at: .pending) }
    return try await Self.send(client, data, to: to, from: person, nonce: next)
  }

  /// Sends a call, which must succeed.
  func carry(_ call: SettlementCall, from person: Person) async throws {
    try await carry(data: call.data, to: call.to, from: person)
  }

  /// Sends an act of the escrow that no coordinator carries, which must succeed.
  func carry(_ call: EscrowCall, from person: Person) async throws {
    try await carry(data: call.data, to: call.to, from: person)
  }

  private func carry(data: [UInt8], to: Address, from person: Person) async throws {
    let hash = try await send(data, to: to, from: person)
    try #require(try await client.receipt(of: hash)?.receipt.succeeded == true)
  }

  func approve(
    _ terms: OptionTerms, by person: Person, _ amount: UInt256, of token: Address? = nil
  ) async throws {
    let vault = Vault(first: terms).address
    let approve: ABIFunction = "approve(address,uint256)"
    try await send(approve.encodeCall([.address(vault), .uint(amount)]), to: token ?? self.token, from: person)
  }

  func mint(_ amount: UInt256, to person: Person, of token: Address? = nil) async throws {
    let mint: ABIFunction = "mint(address,uint256)"
    try await send(
      mint.encodeCall([.address(try person.address), .uint(amount)]), to: token ?? self.token, from: .deployer)
  }

  func balance(of holder: Address, in token: Address? = nil) async throws -> UInt256 {
    let balanceOf: ABIFunction = "balanceOf(address)"
    let token = token ?? self.token
    return try UInt256(bigEndian: await client.call(Call(to: token, data: balanceOf.encodeCall([.address(holder)]))))
  }

  // MARK: Blocks

  var now: UInt64 {
    get async throws { try #require(try await client.block(.latest)).header.timestamp }
  }

  func mine(_ count: Int = 1) async throws { try await chain.control("mine", .number(JSONNumber(Int64(count)))) }

  /// Blocks, the first of them at a time.
  func move(to time: UInt64, blocks: Int = 1) async throws {
    try await chain.control("setTime", .number(JSONNumber(Int64(time))))
    try await mine(blocks)
  }

  /// Every distinct transaction that the endpoint was ever sent by the service, to one of these contracts.
  func sent(to contracts: [Address]) async throws -> Set<Digest> {
    let service = try Person.service.address
    var hashes: Set<Digest> = []
    for entry in try await chain.control("received").asArray ?? [] {
      let signed = try SignedTransaction(decoding: Hex.decode(entry["raw"]?.asString ?? ""))
      guard case .feeMarket(let transaction) = signed.transaction, let to = transaction.to, contracts.contains(to),
        try signed.sender() == service
      else { continue }
      hashes.insert(signed.hash)
    }
    return hashes
  }

  // MARK: Terms

  static let clause = Result { try DevelopmentChain.text("Contracts/Clauses/payoff/european-call.clause") }

  /// A European call on 12.345678901234567890 ETH at 2,500 USD: premium 420, collaterals 100 and 10,000 of a token with
  /// six decimals. It expires a day after `now`. Silence pays the buyer 600 and the seller 9,500.
  func terms(
    from now: UInt64, salt: UInt64, economics style: (inout Economics, Escrow) -> Void = { _, _ in },
    _ change: (inout Escrow) -> Void = { _ in }
  ) throws -> OptionTerms {
    let source = "base=ETH quote=USD source=test-fixing method=ClosingPrice decimals=8"
    var economics = Economics(
      optionType: .call, exerciseStyle: .european, settlementType: .cash, underlying: "ETH", priceCurrency: "USD",
      strikePrice: 250_000_000_000, priceDecimals: 8, quantity: 12_345_678_901_234_567_890, quantityDecimals: 18,
      tokenDecimals: 6, priceSource: source, parameters: "")
    let expiration = now + 86_400
    var escrow = Escrow(
      buyer: try Person.buyer.address, seller: try Person.seller.address, token: token, deliveryToken: .zero,
      premium: 420_000_000, buyerCollateral: 100_000_000, sellerCollateral: 10_000_000_000,
      clause: try PayoffClause(source: Self.clause.get()).digest, payoffKind: 0,
      feed: Keccak256.hash(Array(source.utf8)), acceptBy: now + 43_200, exerciseStart: expiration,
      expirationTime: expiration, evidenceCloses: expiration + 3_600, settleFrom: expiration + 3_600,
      settleBy: expiration + 86_400, disputeWindow: 7_200, rulingWindow: 10_800, bond: 150_000_000, arbitrationFee: 0,
      defaultToBuyer: 600_000_000, defaultToSeller: 9_500_000_000,
      observers: Panel(members: try Person.observers.map { try $0.address }.sorted(), threshold: 2),
      maxDisagreementPpm: 1_000, arbitrators: .unused, fallbackArbitrators: .unused, buyerWatcher: .zero,
      sellerWatcher: .zero, buyerEpoch: 0, sellerEpoch: 0, salt: UInt256(salt))
    change(&escrow)
    style(&economics, escrow)
    return try OptionTerms(domain: domain, economics: economics, escrow: escrow)
  }
}

extension UnverifiedMessage {
  /// A message signed by a person.
  init(_ message: Message, by person: Person, in domain: TypedDomain) throws {
    self.init(
      try Signed(message, signature: try person.key().sign(message.typed.digest(in: domain)), in: domain))
  }
}
