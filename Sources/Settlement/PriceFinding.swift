public import Arithmetic
import Clauses
public import Ethereum

/// One observer's price.
public struct Quote: Hashable, Sendable {
  /// The price in the feed's decimals.
  public let value: UInt256
  /// Who signed it.
  public let observer: Address

  /// A quote of one observer.
  public init(value: UInt256, observer: Address) {
    self.value = value
    self.observer = observer
  }
}

/// Whether observations establish a settlement price: what `Contracts/Clauses/escrow/price.clause` finds, with the quotes
/// named that led there.
public enum PriceFinding: Hashable, Sendable {
  /// The price, and the quotes of the run that established it.
  case established(price: UInt256, run: [Quote])
  /// Too few observers signed one price each.
  case tooFew(count: Int, threshold: Int)
  /// Enough observers, but no quorum of them within the agreed spread.
  case disagreement(lowest: UInt256, highest: UInt256)

  /// - Throws: `SettlementError.clauseFault` where there are more quotes than a panel has members, or no threshold.
  package init(from quotes: [Quote], threshold: Int, disagreementPpm: UInt64) throws(SettlementError) {
    let sorted = quotes.sorted { ($0.value, $0.observer) < ($1.value, $1.observer) }
    var prices: [Int256] = []
    for quote in sorted { prices.append(try signed(quote.value)) }
    let found = try Rule.price.run([
      "prices": .list(prices), "threshold": .number(Int256(Int64(threshold))),
      "maxDisagreementPpm": try .unsigned(disagreementPpm),
    ])
    if try found.number("established") == .one {
      let (first, length) = (try found.integer("first"), try found.integer("length"))
      guard first >= 0, length > 0, first + length <= sorted.count, let price = try? found.number("price").asUInt256
      else { throw .unfitClause("it finds a run that is not there") }
      self = .established(price: price, run: Array(sorted[first..<first + length]))
    } else if let low = sorted.first, let high = sorted.last, sorted.count >= threshold {
      self = .disagreement(lowest: low.value, highest: high.value)
    } else {
      self = .tooFew(count: sorted.count, threshold: threshold)
    }
  }

  /// The price, where one is established.
  public var price: UInt256? {
    if case .established(let price, _) = self { price } else { nil }
  }
}

extension PriceFinding: CustomStringConvertible {
  /// What was found, and what is needed where it is not enough.
  public var description: String {
    switch self {
    case .established(let price, let run): "\(price), the lower median of \(run.count) observers"
    case .tooFew(_, threshold: 0): "none, as the terms ask no observer"
    case .tooFew(let count, let threshold):
      "\(count) of the panel signed, \(threshold) are needed; submit further observations"
    case .disagreement(let lowest, let highest):
      "the observers' prices, \(lowest) to \(highest), agree nowhere within the agreed spread"
    }
  }
}
