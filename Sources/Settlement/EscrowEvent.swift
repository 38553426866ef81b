public import Arithmetic
public import Ethereum
import Terms

/// What a vault's log says happened. Logs of other contracts, or about another agreement, are nothing.
public enum EscrowEvent: Hashable, Sendable {
  case opened
  case proposed(proposer: Address, evidenceDigest: Digest, toBuyer: UInt256, toSeller: UInt256, at: UInt64)
  case disputed(disputer: Address, evidenceDigest: Digest, toBuyer: UInt256, toSeller: UInt256, at: UInt64)
  case settled(SettledRoute, toBuyer: UInt256, toSeller: UInt256)

  /// Reads a log of the vault of `agreement`.
  public init?(_ log: Log, of agreement: Agreement) {
    guard log.address == agreement.vault, let topic = log.topics.first,
      let event = Self.events.first(where: { $0.topic == topic }), let values = try? event.decode(log),
      values.first == .bytes32(agreement.id.digest)
    else { return nil }
    // Every event but the first says the version after the agreement.
    if event.name != "Opened" {
      guard values.count > 1, values[1] == .uint(UInt256(agreement.version)) else { return nil }
    }
    switch event.name {
    case "Opened": self = .opened
    case "Proposed":
      guard let claim = Claim(values) else { return nil }
      self = .proposed(
        proposer: claim.by, evidenceDigest: claim.evidence, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: claim.at)
    case "Disputed":
      guard let claim = Claim(values) else { return nil }
      self = .disputed(
        disputer: claim.by, evidenceDigest: claim.evidence, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: claim.at)
    default:
      guard values.count == 5, case .uint(let code) = values[2], case .uint(let toBuyer) = values[3],
        case .uint(let toSeller) = values[4], let raw = code.asUInt64, let byte = UInt8(exactly: raw),
        let route = SettledRoute(rawValue: byte)
      else { return nil }
      self = .settled(route, toBuyer: toBuyer, toSeller: toSeller)
    }
  }

  private struct Claim {
    let by: Address
    let evidence: Digest
    let toBuyer: UInt256
    let toSeller: UInt256
    let at: UInt64

    init?(_ values: [ABIValue]) {
      guard values.count == 7, case .address(let by) = values[2], case .fixedBytes(let digest) = values[3],
        case .uint(let toBuyer) = values[4], case .uint(let toSeller) = values[5], case .uint(let time) = values[6],
        let at = time.asUInt64, let evidence = try? Digest(digest)
      else { return nil }
      self.by = by
      self.evidence = evidence
      self.toBuyer = toBuyer
      self.toSeller = toSeller
      self.at = at
    }
  }

  private static let events: [ABIEvent] = [
    "Opened(bytes32 indexed,uint256,uint256,uint256)",
    "Proposed(bytes32 indexed,uint64,address,bytes32,uint256,uint256,uint64)",
    "Disputed(bytes32 indexed,uint64,address,bytes32,uint256,uint256,uint64)",
    "Settled(bytes32 indexed,uint64,uint8,uint256,uint256)",
  ]
}

/// How a vault was closed, by the contract's numbers.
public enum SettledRoute: UInt8, Hashable, Sendable, CaseIterable {
  case agreed = 1
  case finalised = 3
  case defaulted = 5

  /// The route's name in documents.
  public var name: String {
    switch self {
    case .agreed: "agreed"
    case .finalised: "finalised"
    case .defaulted: "default"
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
  /// Who is owed.
  public let claimant: Address
  /// Base units of the token.
  public let amount: UInt256

  /// Reads a `Claimable` log of the vault of `agreement`; nothing for any other.
  public init?(_ log: Log, of agreement: Agreement) {
    guard log.address == agreement.vault, let values = try? Self.event.decode(log), values.count == 3,
      values[0] == .bytes32(agreement.id.digest), case .address(let claimant) = values[1],
      case .uint(let amount) = values[2]
    else { return nil }
    self.claimant = claimant
    self.amount = amount
  }

  private static let event: ABIEvent = "Claimable(bytes32 indexed,address,uint256)"
}
