import API
import Arithmetic
import Chain
import Coordination
import Ethereum
import Foundation
import HTTP
import JSON
import Settlement
import Signing
import Storage
import Terms
import Testing

/// Whoever has a key in these tests.
enum Person: UInt8 {
  case buyer = 2
  case seller, firstObserver, secondObserver, thirdObserver, service, outsider

  func key() throws -> PrivateKey { try PrivateKey(bytes: [UInt8](repeating: rawValue, count: 32)) }

  var address: Address {
    get throws { try key().address }
  }
}

/// The interface over a coordinator in memory, with one agreement in a phase of its life.
struct Desk: Sendable {
  /// How far the agreement is. Each holds what the ones before it hold.
  enum Phase: Int, CaseIterable, Sendable {
    case nothing, submitted, confirmed, active, observed, proposed, closed
  }

  /// The time at which terms are submitted, Unix seconds.
  static let start: UInt64 = 1_800_000_000
  static let expiration = start + 86_400
  static let evidenceCloses = expiration + 3_600
  static let settleBy = expiration + 86_400
  /// What the clause pays at a price of 3,120.15, worked out by hand: 100 and 7,656.172770 of 10,100.
  static let toBuyer = "7756172770"
  static let toSeller = "2343827230"

  let node: ScriptedNode
  let store: MemoryStore
  let router: Router
  let domain: TypedDomain
  let terms: OptionTerms
  var id: AgreementID { AgreementID(terms.digest) }

  init(_ phase: Phase, policy: CoordinatorPolicy = CoordinatorPolicy()) async throws {
    node = ScriptedNode(time: Self.start)
    store = MemoryStore()
    terms = try OptionTerms(document: try Self.termsDocument())
    domain = terms.domain
    try await Self.prepare(terms, phase, in: store)
    switch phase {
    case .nothing, .submitted, .confirmed, .active: break
    case .observed: node.change { $0.time = Self.expiration + 120 }
    case .proposed, .closed: node.change { $0.time = Self.evidenceCloses + 120 }
    }
    let coordinator = try await Coordinator(
      store: store, chain: ChainClient(node), domain: domain, key: Person.service.key(), policy: policy)
    router = Routes.table(for: coordinator)
  }

  /// Writes the journal that leads to a phase.
  private static func prepare(_ terms: OptionTerms, _ phase: Phase, in store: MemoryStore) async throws {
    var journal = Journal()
    var batch = Batch(cursor: 0)
    func add(_ event: Event, at time: UInt64, from first: Phase) throws {
      guard phase.rawValue >= first.rawValue else { return }
      let (entry, actions) = try journal.append(event, at: time)
      batch.entries.append(entry)
      batch.queue += actions.map { (entry.agreementID, $0) }
    }
    let fact = ChainFact(blockNumber: 0, blockHash: .zero, blockTime: start, transaction: .zero)
    try add(.submitted(terms, try PayoffClause(source: clause())), at: start, from: .submitted)
    for (party, person) in [(Party.buyer, Person.buyer), (.seller, .seller)] {
      try add(.signed(party, try person.key().sign(terms.digest)), at: start, from: .confirmed)
    }
    try add(.happened(.opened, fact), at: start, from: .active)
    for person in [Person.firstObserver, .secondObserver] {
      let observation = observation(in: terms)
      let signed = try Signed(
        observation, signature: try person.key().sign(observation.typed.digest(in: terms.domain)), in: terms.domain)
      try add(.observed(signed), at: expiration + 60, from: .observed)
    }
    try add(
      .happened(
        .proposed(
          proposer: try Person.buyer.address, evidenceDigest: .zero, toBuyer: 10_100_000_000, toSeller: .zero,
          at: evidenceCloses + 60), fact), at: evidenceCloses + 60, from: .proposed)
    try add(
      .happened(.settled(.finalised, toBuyer: 10_100_000_000, toSeller: .zero), fact), at: evidenceCloses + 9_000,
      from: .closed)
    try await store.commit(batch)
  }

  // MARK: Requests

  func ask(_ method: HTTP.Method, _ path: String, _ body: JSONValue) async throws -> Response {
    try await ask(method, path, bytes: body.canonicalBytes())
  }

  func ask(_ method: HTTP.Method, _ path: String, bytes: [UInt8] = []) async throws -> Response {
    await router.respond(to: try Request(method, path, body: bytes))
  }

  /// A path below the agreement.
  func path(_ rest: String = "") -> String { "/v1/agreements/\(id)\(rest)" }

  // MARK: Bodies

  static func submission(_ terms: JSONValue, clause source: String? = nil) throws -> JSONValue {
    ["terms": terms, "clause": .string(try source ?? clause())]
  }

  func signature(by person: Person) throws -> JSONValue {
    ["signature": .string(try person.key().sign(terms.digest).hex)]
  }

  func signed<Message: TypedMessage>(_ message: Message, by person: Person) throws -> JSONValue {
    let signature = try person.key().sign(message.typed.digest(in: domain))
    return ["message": message.typed.flatDocument, "signature": .string(signature.hex)]
  }

  static func observation(in terms: OptionTerms) -> Observation {
    Observation(
      feed: terms.escrow.feed, observedAt: expiration, publishedAt: expiration + 60, value: 312_015_000_000)
  }

  /// The outcome of the clause on the two observations.
  func outcome(_ change: (inout AgreedOutcome) -> Void = { _ in }) throws -> AgreedOutcome {
    var outcome = AgreedOutcome(
      agreementID: id, version: 1, toBuyer: try UInt256(decimal: Self.toBuyer),
      toSeller: try UInt256(decimal: Self.toSeller), validUntil: Self.settleBy)
    change(&outcome)
    return outcome
  }

  /// A claim of the same, with the digest of the evidence that the interface shows.
  func claim(by person: Person, _ change: (inout Proposal) -> Void = { _ in }) async throws -> Proposal {
    let shown = try JSONValue(parsing: try await ask(.get, path("/outcome")).body)
    var claim = Proposal(
      agreementID: id, version: 1, proposer: try person.address,
      evidenceDigest: try Digest(hex: shown["evidenceDigest"]?.asString ?? ""),
      toBuyer: try UInt256(decimal: Self.toBuyer),
      toSeller: try UInt256(decimal: Self.toSeller), validUntil: Self.settleBy)
    change(&claim)
    return claim
  }

  // MARK: Terms

  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func clause(_ name: String = "payoff/european-call") throws -> String {
    try String(contentsOf: package.appendingPathComponent("Contracts/Clauses/\(name).clause"), encoding: .utf8)
  }

  /// Terms as somebody writes them, with members of their escrow, economics or domain changed.
  static func termsDocument(_ changes: (part: String, name: String, value: JSONValue)...) throws -> JSONValue {
    let source = "base=ETH quote=USD source=test-fixing method=ClosingPrice decimals=8"
    let observers = try [Person.firstObserver, .secondObserver, .thirdObserver].map { try $0.address }.sorted()
    let none = Address.zero.checksummed
    func time(_ seconds: UInt64) -> JSONValue { .string(String(seconds)) }
    var parts: [(String, JSONObject)] = [
      (
        "domain",
        ["chainId": "31337", "verifyingContract": "0x0000000000000000000000000000000000000060"]
      ),
      (
        "economics",
        [
          "optionType": "Call", "exerciseStyle": "European", "settlementType": "Cash", "underlying": "ETH",
          "priceCurrency": "USD", "strikePrice": "250000000000", "priceDecimals": "8",
          "quantity": "12345678901234567890", "quantityDecimals": "18", "tokenDecimals": "6",
          "priceSource": .string(source), "parameters": "",
        ]
      ),
      (
        "escrow",
        [
          "buyer": .string(try Person.buyer.address.checksummed),
          "seller": .string(try Person.seller.address.checksummed),
          "token": "0x0000000000000000000000000000000000000070", "deliveryToken": .string(none),
          "premium": "420000000", "buyerCollateral": "100000000", "sellerCollateral": "10000000000",
          "clause": .string(try PayoffClause(source: clause()).digest.hex), "payoffKind": "0",
          "feed": .string(Keccak256.hash(Array(source.utf8)).hex), "acceptBy": time(start + 43_200),
          "exerciseStart": time(expiration), "expirationTime": time(expiration),
          "evidenceCloses": time(evidenceCloses), "settleFrom": time(evidenceCloses), "settleBy": time(settleBy),
          "disputeWindow": "7200", "rulingWindow": "10800", "bond": "150000000", "arbitrationFee": "0",
          "defaultToBuyer": "600000000", "defaultToSeller": "9500000000",
          "observers": .array(observers.map { .string($0.checksummed) }), "observerThreshold": "2",
          "maxDisagreementPpm": "1000", "arbitrators": [.string(none)], "arbitratorThreshold": "0",
          "fallbackArbitrators": [.string(none)], "fallbackThreshold": "0", "buyerWatcher": .string(none),
          "sellerWatcher": .string(none), "buyerEpoch": "0", "sellerEpoch": "0", "salt": "1",
        ]
      ),
    ]
    for change in changes {
      let index = try #require(parts.firstIndex { $0.0 == change.part })
      parts[index].1[change.name] = change.value
    }
    return .object(
      JSONObject([("format", "tallystick/terms/1")] + parts.map { ($0.0, .object($0.1)) }))
  }
}
