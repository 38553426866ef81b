import Arithmetic
public import Ethereum
import Signing
import Terms

/// The admissible observations for one agreement, in one order, with what follows from them: their digest, their
/// manifest and the settlement price.
public struct Evidence: Hashable, Sendable {
  /// Distinct by (signer, struct hash) and sorted by them.
  public let observations: [Signed<Observation>]
  /// Observers who signed two different prices for the fixing; they count as absent.
  public let equivocators: [Address]
  /// Keccak-256 of the sorted distinct (kind, signer, struct hash), a word each. Signature bytes are not in it, so a
  /// second valid signature of the same statement changes nothing.
  public let digest: Digest
  /// What the observations establish.
  public let price: PriceFinding

  /// - Throws: `SettlementError.inadmissible` for the first observation that can never count.
  public init(_ observations: [Signed<Observation>], for agreement: Agreement) throws(SettlementError) {
    for observation in observations {
      try Self.checkAdmissible(observation, under: agreement.terms.escrow)
    }
    let escrow = agreement.terms.escrow
    var entries: [Entry: Signed<Observation>] = [:]
    for observation in observations {
      let entry = Entry(observation)
      // Of several signatures under one statement the lowest stands, so that the manifest has one form.
      if let held = entries[entry], held.signature.bytes.lexicographicallyPrecedes(observation.signature.bytes) {
        continue
      }
      entries[entry] = observation
    }
    let sorted = entries.sorted { $0.key < $1.key }
    self.observations = sorted.map(\.value)
    var hasher = Keccak256()
    for (entry, _) in sorted { hasher.update(entry.words) }
    digest = hasher.finalize()

    var prices: [Address: Set<UInt256>] = [:]
    for observation in self.observations {
      prices[observation.signer, default: []].insert(observation.message.value)
    }
    equivocators = prices.filter { $0.value.count > 1 }.keys.sorted()
    let quotes = prices.compactMap { signer, values in
      values.count == 1 ? values.first.map { Quote(value: $0, observer: signer) } : nil
    }
    price = PriceFinding(
      from: quotes, threshold: Int(escrow.observers.threshold), disagreementPpm: escrow.maxDisagreementPpm)
  }

  /// An observation counts when it is of the agreed feed at the fixing's second, published while evidence was open, with
  /// a price above zero and below two to the 128th, by a member of the panel.
  static func checkAdmissible(
    _ signed: Signed<Observation>, under escrow: Escrow
  ) throws(SettlementError) {
    let observation = signed.message
    let reason: Inadmissibility? =
      if observation.feed != escrow.feed {
        .otherFeed
      } else if observation.observedAt != escrow.expirationTime {
        .notTheFixingTime(expected: escrow.expirationTime, found: observation.observedAt)
      } else if observation.publishedAt < observation.observedAt || observation.publishedAt >= escrow.evidenceCloses {
        .publishedOutsideWindow(
          from: observation.observedAt, before: escrow.evidenceCloses, found: observation.publishedAt)
      } else if observation.value == .zero {
        .zeroPrice
      } else if observation.value.bitWidth > SettlementLimits.priceBitWidthMax {
        .priceTooLarge(found: observation.value)
      } else if !escrow.observers.members.contains(signed.signer) {
        .notOnThePanel
      } else {
        nil
      }
    if let reason { throw .inadmissible(observer: signed.signer, reason: reason) }
  }

  /// All evidence in full, for the calldata of a proposal: the RLP list of
  /// `[kind, signature, feed, observedAt, publishedAt, value]` in the order of `observations`.
  public var manifest: [UInt8] {
    let items = observations.map { signed in
      RLPItem.list([
        .bytes([Kind.observation.rawValue]),
        .bytes(signed.signature.bytes),
        .bytes(signed.message.feed.bytes),
        .integer(UInt256(signed.message.observedAt)),
        .integer(UInt256(signed.message.publishedAt)),
        .integer(signed.message.value),
      ])
    }
    return RLPItem.list(items).encoded()
  }

  /// The kinds of evidence, numbered for good.
  enum Kind: UInt8 {
    case observation = 1
  }

  private struct Entry: Hashable, Comparable {
    let kind: Kind
    let signer: Address
    let structHash: Digest

    init(_ observation: Signed<Observation>) {
      kind = .observation
      signer = observation.signer
      structHash = observation.message.typed.structHash
    }

    var words: [UInt8] {
      UInt256(UInt64(kind.rawValue)).bigEndianBytes + [UInt8](repeating: 0, count: 12) + signer.bytes
        + structHash.bytes
    }

    static func < (a: Self, b: Self) -> Bool { a.words.lexicographicallyPrecedes(b.words) }
  }
}
