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
    guard log.address == agreement.vault, log.topics.count == 2, log.topics[1] == agreement.id.digest,
      let signature = Self.signatures[log.topics[0]],
      let values = try? ABIValue.decode(log.data, as: signature.types)
    else { return nil }
    switch (signature.name, values) {
    case ("Opened", _):
      self = .opened
    case ("Proposed", let values):
      guard let claim = Claim(values) else { return nil }
      self = .proposed(
        proposer: claim.by, evidenceDigest: claim.evidence, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: claim.at)
    case ("Disputed", let values):
      guard let claim = Claim(values) else { return nil }
      self = .disputed(
        disputer: claim.by, evidenceDigest: claim.evidence, toBuyer: claim.toBuyer, toSeller: claim.toSeller,
        at: claim.at)
    case ("Settled", let values):
      guard values.count == 4, case .uint(let code) = values[1], case .uint(let toBuyer) = values[2],
        case .uint(let toSeller) = values[3], let raw = code.asUInt64, let byte = UInt8(exactly: raw),
        let route = SettledRoute(rawValue: byte)
      else { return nil }
      self = .settled(route, toBuyer: toBuyer, toSeller: toSeller)
    default: return nil
    }
  }

  private struct Claim {
    let by: Address
    let evidence: Digest
    let toBuyer: UInt256
    let toSeller: UInt256
    let at: UInt64

    init?(_ values: [ABIValue]) {
      guard values.count == 6, case .address(let by) = values[1], case .fixedBytes(let digest) = values[2],
        case .uint(let toBuyer) = values[3], case .uint(let toSeller) = values[4], case .uint(let time) = values[5],
        let at = time.asUInt64, let evidence = try? Digest(digest)
      else { return nil }
      self.by = by
      self.evidence = evidence
      self.toBuyer = toBuyer
      self.toSeller = toSeller
      self.at = at
    }
  }

  private struct Signature {
    let name: String
    let types: [ABIType]
  }

  /// The events by their first topic, with the types of their data.
  private static let signatures: [Digest: Signature] = {
    let claim = ["uint64", "address", "bytes32", "uint256", "uint256", "uint64"]
    let events: [(String, [String])] = [
      ("Opened", ["uint256", "uint256", "uint256"]), ("Proposed", claim), ("Disputed", claim),
      ("Settled", ["uint64", "uint8", "uint256", "uint256"]),
    ]
    var signatures: [Digest: Signature] = [:]
    for (name, types) in events {
      let text = "\(name)(bytes32,\(types.joined(separator: ",")))"
      signatures[Keccak256.hash(Array(text.utf8))] = Signature(
        name: name, types: types.compactMap { try? ABIType(parsing: $0) })
    }
    return signatures
  }()
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
  public let token: Address
  public let from: Address
  public let to: Address
  public let value: UInt256

  /// Nothing where the log is not a transfer of exactly the standard's form.
  ///
  /// - Source: ERC-20, "Events".
  public init?(_ log: Log) {
    guard log.topics.count == 3, log.topics[0] == Self.topic, log.data.count == 32,
      let from = Self.address(log.topics[1]), let to = Self.address(log.topics[2]),
      let value = try? UInt256(bigEndian: log.data)
    else { return nil }
    token = log.address
    self.from = from
    self.to = to
    self.value = value
  }

  private static let topic = Keccak256.hash(Array("Transfer(address,address,uint256)".utf8))

  private static func address(_ topic: Digest) -> Address? {
    guard topic.bytes.prefix(12).allSatisfy({ $0 == 0 }) else { return nil }
    return (try? FixedBytes<20>(topic.bytes.dropFirst(12))).map { Address($0) }
  }
}

/// A payout that the token refused and that the vault booked as a claim, to be withdrawn later.
public struct PayoutClaim: Hashable, Sendable {
  public let claimant: Address
  public let amount: UInt256

  /// Reads a `Claimable` log of the vault of `agreement`; nothing for any other.
  public init?(_ log: Log, of agreement: Agreement) {
    guard log.address == agreement.vault, log.topics == [Self.topic, agreement.id.digest],
      let types = try? ["address", "uint256"].map({ try ABIType(parsing: $0) }),
      let values = try? ABIValue.decode(log.data, as: types), values.count == 2,
      case .address(let claimant) = values[0], case .uint(let amount) = values[1]
    else { return nil }
    self.claimant = claimant
    self.amount = amount
  }

  private static let topic = Keccak256.hash(Array("Claimable(bytes32,address,uint256)".utf8))
}
