public import Arithmetic
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

/// Whether observations establish a settlement price.
///
/// The quotes are sorted by (value, observer). Among the runs of neighbours that hold at least `threshold` of them and
/// spread no further than (max - min) x 10^6 <= ppm x min, the longest stands, then the narrowest, then the lowest; the
/// price is its lower median, the one at index floor((k - 1) / 2).
public enum PriceFinding: Hashable, Sendable {
  /// The price, and the quotes of the run that established it.
  case established(price: UInt256, run: [Quote])
  /// Too few observers signed one price each.
  case tooFew(count: Int, threshold: Int)
  /// Enough observers, but no quorum of them within the agreed spread.
  case disagreement(lowest: UInt256, highest: UInt256)

  package init(from quotes: [Quote], threshold: Int, disagreementPpm: UInt64) {
    let sorted = quotes.sorted { ($0.value, $0.observer) < ($1.value, $1.observer) }
    guard let first = sorted.first, let last = sorted.last, sorted.count >= threshold, threshold > 0 else {
      self = .tooFew(count: sorted.count, threshold: threshold)
      return
    }
    var best: (run: ArraySlice<Quote>, spread: UInt256)?
    for start in sorted.indices {
      for end in sorted.indices.dropFirst(start) where end - start + 1 >= threshold {
        let low = sorted[start].value
        let high = sorted[end].value
        guard let spread = try? high.subtracting(low),
          spread.fullWidthProduct(1_000_000) <= low.fullWidthProduct(UInt256(disagreementPpm))
        else { continue }
        let run = sorted[start...end]
        // Runs are met in ascending order of their lowest quote, so a tie leaves the lower one standing.
        if let held = best, (held.run.count, spread) >= (run.count, held.spread) { continue }
        best = (run, spread)
      }
    }
    guard let run = best?.run else {
      self = .disagreement(lowest: first.value, highest: last.value)
      return
    }
    self = .established(price: run[run.startIndex + (run.count - 1) / 2].value, run: Array(run))
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
    case .tooFew(let count, let threshold):
      "\(count) of the panel signed, \(threshold) are needed; submit further observations"
    case .disagreement(let lowest, let highest):
      "the observers' prices, \(lowest) to \(highest), agree nowhere within the agreed spread"
    }
  }
}
