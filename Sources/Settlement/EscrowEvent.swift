public import Arithmetic
public import Ethereum
import Terms

/// What a vault's log says happened. Logs of other contracts, or about another agreement, are nothing.
public enum EscrowEvent: Hashable, Sendable {
  case opened
  case proposed(proposer: Address, evidenceDigest: Digest, toBuyer: UInt256, toSeller: UInt256, at: UInt64)
  case disputed(disputer: Address, evidenceDigest: Digest, toBuyer: UInt256, toSeller: UInt256, at: UInt64)
  /// Enough of a round's panel signed a ruling.
  case ruled(Decision)
  case appealed(appellant: Address, at: UInt64)
  /// The vault keeps an observer's price.
  case priceHeld(observer: Address, publishedAt: UInt64, value: UInt256)
  /// An observer signed a second price, and counts as absent.
  case equivocated(observer: Address, first: UInt256, second: UInt256)
  /// The price that the observers established, by which the vault settles.
  case priced(UInt256)
  case exercised(holder: Address, at: UInt64)
  /// Other terms hold from now on, with this struct hash, under a new version.
  case amended(terms: Digest, version: UInt64)
  /// Somebody took a party's place, likewise, and paid for it in base units of the token. Journals did not always hold what.
  case novated(
    terms: Digest, transferor: Address, transferee: Address, version: UInt64, consideration: UInt256? = nil)
  case settled(SettledRoute, toBuyer: UInt256, toSeller: UInt256)
  /// The buyer exercised a vault that settles by delivery; the payment in base units of the token.
  case deliveryExercised(holder: Address, strikePayment: UInt256, at: UInt64)
  /// Such a vault was closed, by agreement or by delivery, exercised or not.
  case deliverySettled(SettledRoute, paid: Parts, delivered: Parts)

  /// Reads a log of the vault of `agreement`, said under its present version. A change of terms says the new one.
  public init?(_ log: Log, of agreement: Agreement) {
    self.init(log, of: agreement, version: agreement.version)
  }

  /// Reads a log of the vault of `agreement`.
  ///
  /// - Parameter version: Under which the vault said it; nothing for any.
  public init?(_ log: Log, of agreement: Agreement, version: UInt64?) {
    let events = agreement.terms.escrow.settlesByDelivery ? Self.deliveryEvents : Self.events
    guard log.address == agreement.vault, let topic = log.topics.first,
      let event = events.first(where: { $0.topic == topic }), let values = try? event.decode(log),
      values.first == .bytes32(agreement.id.digest)
    else { return nil }
    let all = EventValues(values)
    // Every event says the version after the agreement, but the first, and what a delivery says of its exercise.
    if !Self.unversioned.contains(event.name) {
      guard let said = all.uint64(1), said == version ?? said else { return nil }
    }
    self.init(event.name, all)
  }

  private init?(_ name: String, _ values: EventValues) {
    switch name {
    case "Opened", "DeliveryOpened": self = .opened
    case "Proposed", "Disputed":
      guard let by = values.address(2), let evidence = values.digest(3), let toBuyer = values.uint(4),
        let toSeller = values.uint(5), let at = values.uint64(6)
      else { return nil }
      self =
        name == "Proposed"
        ? .proposed(proposer: by, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at)
        : .disputed(disputer: by, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at)
    case "Settled":
      guard let route = values.uint8(2).flatMap(SettledRoute.init), route != .delivered,
        let toBuyer = values.uint(3), let toSeller = values.uint(4)
      else { return nil }
      self = .settled(route, toBuyer: toBuyer, toSeller: toSeller)
    case "Ruled":
      guard let round = values.uint8(2), let findings = values.digest(3), let toBuyer = values.uint(4),
        let toSeller = values.uint(5), let bondTo = values.uint8(6).flatMap(Decision.BondTo.init),
        let at = values.uint64(7)
      else { return nil }
      self = .ruled(
        Decision(
          round: round, findingsDigest: findings, toBuyer: toBuyer, toSeller: toSeller, bondTo: bondTo, at: at))
    default: self.init(rare: name, values)
    }
  }

  private init?(rare name: String, _ values: EventValues) {
    switch name {
    case "Appealed":
      guard let appellant = values.address(2), let at = values.uint64(3) else { return nil }
      self = .appealed(appellant: appellant, at: at)
    case "Observed":
      guard let observer = values.address(2), let at = values.uint64(3), let price = values.uint(4) else { return nil }
      self = .priceHeld(observer: observer, publishedAt: at, value: price)
    case "Equivocated":
      guard let observer = values.address(2), let first = values.uint(3), let second = values.uint(4) else {
        return nil
      }
      self = .equivocated(observer: observer, first: first, second: second)
    case "Priced":
      guard let price = values.uint(2) else { return nil }
      self = .priced(price)
    case "Exercised":
      guard let holder = values.address(2), let at = values.uint64(3) else { return nil }
      self = .exercised(holder: holder, at: at)
    case "Amended":
      guard let version = values.uint64(1), let terms = values.digest(2) else { return nil }
      self = .amended(terms: terms, version: version)
    case "Novated":
      guard let version = values.uint64(1), let terms = values.digest(2), let transferor = values.address(3),
        let transferee = values.address(4), let consideration = values.uint(5)
      else { return nil }
      self = .novated(
        terms: terms, transferor: transferor, transferee: transferee, version: version, consideration: consideration)
    case "DeliveryExercised":
      guard let holder = values.address(1), let payment = values.uint(2), let at = values.uint64(3) else { return nil }
      self = .deliveryExercised(holder: holder, strikePayment: payment, at: at)
    case "DeliverySettled":
      guard let route = values.uint8(2).flatMap(SettledRoute.init), route == .agreed || route == .delivered,
        let toBuyer = values.uint(3), let toSeller = values.uint(4), let deliveryToBuyer = values.uint(5),
        let deliveryToSeller = values.uint(6)
      else { return nil }
      self = .deliverySettled(
        route, paid: Parts(toBuyer: toBuyer, toSeller: toSeller),
        delivered: Parts(toBuyer: deliveryToBuyer, toSeller: deliveryToSeller))
    default: return nil
    }
  }

  /// A log's values, read by place.
  private struct EventValues {
    private let values: [ABIValue]

    init(_ values: [ABIValue]) { self.values = values }

    func uint(_ place: Int) -> UInt256? {
      guard values.indices.contains(place), case .uint(let value) = values[place] else { return nil }
      return value
    }

    func uint64(_ place: Int) -> UInt64? { uint(place)?.asUInt64 }

    func uint8(_ place: Int) -> UInt8? { uint64(place).flatMap { UInt8(exactly: $0) } }

    func address(_ place: Int) -> Address? {
      guard values.indices.contains(place), case .address(let value) = values[place] else { return nil }
      return value
    }

    func digest(_ place: Int) -> Digest? {
      guard values.indices.contains(place) else { return nil }
      switch values[place] {
      case .fixedBytes(let bytes): return try? Digest(bytes)
      default: return nil
      }
    }
  }

  private static let events: [ABIEvent] = [
    "Opened(bytes32 indexed,uint256,uint256,uint256)",
    "Proposed(bytes32 indexed,uint64,address,bytes32,uint256,uint256,uint64)",
    "Disputed(bytes32 indexed,uint64,address,bytes32,uint256,uint256,uint64)",
    "Settled(bytes32 indexed,uint64,uint8,uint256,uint256)",
    "Ruled(bytes32 indexed,uint64,uint8,bytes32,uint256,uint256,uint8,uint64)",
    "Appealed(bytes32 indexed,uint64,address,uint64)",
    "Observed(bytes32 indexed,uint64,address,uint64,uint256)",
    "Equivocated(bytes32 indexed,uint64,address,uint256,uint256)",
    "Priced(bytes32 indexed,uint64,uint256)",
    "Exercised(bytes32 indexed,uint64,address,uint64)",
    "Amended(bytes32 indexed,uint64,bytes32)",
    "Novated(bytes32 indexed,uint64,bytes32,address,address,uint256)",
  ]
}

extension EscrowEvent {
  /// Of a vault that settles by delivery.
  private static let deliveryEvents: [ABIEvent] = [
    "DeliveryOpened(bytes32 indexed,uint256,uint256,uint256)",
    "DeliveryExercised(bytes32 indexed,address,uint256,uint64)",
    "DeliverySettled(bytes32 indexed,uint64,uint8,uint256,uint256,uint256,uint256)",
  ]

  private static let unversioned: Set<String> = ["Opened", "DeliveryOpened", "DeliveryExercised"]
}

/// How a vault was closed, by the contract's numbers.
public enum SettledRoute: UInt8, Hashable, Sendable, CaseIterable {
  case agreed = 1
  case observed = 2
  case finalised = 3
  case ruled = 4
  case defaulted = 5
  /// A vault that settles by delivery, with the exercise or, not exercised, after the expiration.
  case delivered = 6

  /// The route's name in documents.
  public var name: String {
    switch self {
    case .agreed: "agreed"
    case .observed: "observed"
    case .ruled: "ruled"
    case .finalised: "finalised"
    case .defaulted: "default"
    case .delivered: "delivered"
    }
  }
}

/// One ERC-20 `Transfer` log.
public struct TokenTransfer: Hashable, Sendable {
  /// The contract that logged it.
  public let token: Address
  /// Whose balance fell.
  public let from: Address
  /// Whose balance rose.
  public let to: Address
  /// Base units of the token.
  public let value: UInt256

  /// Nothing where the log is not a transfer of exactly the standard's form.
  ///
  /// - Source: ERC-20, "Events".
  public init?(_ log: Log) {
    guard let values = try? Self.event.decode(log), values.count == 3, case .address(let from) = values[0],
      case .address(let to) = values[1], case .uint(let value) = values[2]
    else { return nil }
    token = log.address
    self.from = from
    self.to = to
    self.value = value
  }

  private static let event: ABIEvent = "Transfer(address indexed,address indexed,uint256)"
}

/// A payout that the token refused and that the vault booked as a claim, to be withdrawn later.
public struct PayoutClaim: Hashable, Sendable {
  /// Of which token.
  public let token: Address
  /// Who is owed.
  public let claimant: Address
  /// Base units of the token.
  public let amount: UInt256

  /// Reads a `Claimable` log of the vault of `agreement`, or `TokenClaimable` where it settles by delivery; nothing for any
  /// other.
  public init?(_ log: Log, of agreement: Agreement) {
    let escrow = agreement.terms.escrow
    let event = escrow.settlesByDelivery ? Self.tokenEvent : Self.event
    guard log.address == agreement.vault, let values = try? event.decode(log),
      values.count == (escrow.settlesByDelivery ? 4 : 3),
      values[0] == .bytes32(agreement.id.digest), case .address(let claimant) = values[1],
      case .uint(let amount)? = values.last
    else { return nil }
    if escrow.settlesByDelivery {
      guard case .address(let token) = values[2] else { return nil }
      self.token = token
    } else {
      token = escrow.token
    }
    self.claimant = claimant
    self.amount = amount
  }

  private static let event: ABIEvent = "Claimable(bytes32 indexed,address,uint256)"
  private static let tokenEvent: ABIEvent = "TokenClaimable(bytes32 indexed,address,address,uint256)"
}
