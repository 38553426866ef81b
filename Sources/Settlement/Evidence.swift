import Arithmetic
public import Ethereum
import Signing
public import Terms

/// What the observers established at one of the terms' instants.
public struct Fixing: Hashable, Sendable {
  /// The instant, in Unix seconds.
  public let time: UInt64
  /// The price, or why there is none.
  public let finding: PriceFinding
}

/// The admissible observations for one agreement, in one order, with what follows from them: their digest, their
/// manifest and the prices. Which of them count is `Contracts/Clauses/arbitration/evidence.clause`'s to say.
public struct Evidence: Hashable, Sendable {
  /// Distinct by (signer, struct hash) and sorted by them.
  public let observations: [Signed<Observation>]
  /// Observers who signed two different prices for one fixing; they count as absent there.
  public let equivocators: [Address]
  /// Keccak-256 of the sorted distinct (kind, signer, struct hash), a word each. Signature bytes are not in it, so a
  /// second valid signature of the same statement changes nothing.
  public let digest: Digest
  /// What the observations establish at each instant of the terms' schedule, in order of time; nothing where the terms
  /// name no observer.
  public let fixings: [Fixing]

  /// What they establish at the last of them; of a vanilla option the only one.
  public var price: PriceFinding { fixings.last?.finding ?? .tooFew(count: 0, threshold: 0) }

  /// - Throws: `SettlementError.inadmissible` for the first observation that can never count, `.tooMany` where one
  ///   observer signed more for one instant than anybody keeps.
  public init(_ observations: [Signed<Observation>], for agreement: Agreement) throws(SettlementError) {
    try self.init(observations, under: agreement.terms)
  }

  /// As `init(_:for:)`, of terms that nobody may have signed yet.
  public init(_ observations: [Signed<Observation>], under terms: OptionTerms) throws(SettlementError) {
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

    let judged = try Self.judge(self.observations, under: terms)
    for observation in observations {
      guard let verdict = judged[Entry(observation)] else { continue }
      try Self.requireAdmissible(observation, verdict, under: terms)
    }
    var absent: Set<Address> = []
    var quotes: [UInt64: [Quote]] = [:]
    for (entry, observation) in sorted {
      switch judged[entry] {
      case .counts:
        let quote = Quote(value: observation.message.value, observer: observation.signer)
        quotes[observation.message.observedAt, default: []].append(quote)
      case .equivocated: absent.insert(observation.signer)
      default: break
      }
    }
    equivocators = absent.sorted()
    var fixings: [Fixing] = []
    for time in terms.escrow.observers.isUnused ? [] : terms.fixings.times {
      let finding = try PriceFinding(
        from: quotes[time] ?? [], threshold: Int(terms.escrow.observers.threshold),
        disagreementPpm: terms.escrow.maxDisagreementPpm)
      fixings.append(Fixing(time: time, finding: finding))
    }
    self.fixings = fixings
  }

  /// All evidence in full, for the calldata of a proposal: the RLP list of
  /// `[kind, signature, feed, observedAt, publishedAt, value]` in the order of `observations`. Nothing where that is more
  /// than the escrow takes: what such a proposal rests on, its digest alone says.
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
    let encoded = RLPItem.list(items).encoded()
    return encoded.count <= SettlementLimits.manifestByteCountMax ? encoded : []
  }

  /// The kinds of evidence, numbered for good.
  enum Kind: UInt8 {
    case observation = 1
  }

  struct Entry: Hashable, Comparable {
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
