import Arithmetic
import Ethereum
import Settlement
import TestSupport
import Testing

/// Whether prices agree, and which one stands.
struct PriceFindingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let prices: [UInt64]
    let threshold: Int
    let ppm: UInt64
    let price: UInt64?
    let run: Int
    var testDescription: String { "\(prices), \(threshold) within \(ppm) ppm" }

    init(_ prices: [UInt64], _ threshold: Int, _ ppm: UInt64, price: UInt64?, run: Int = 0) {
      self.prices = prices
      self.threshold = threshold
      self.ppm = ppm
      self.price = price
      self.run = run
    }
  }

  @Test(arguments: [
    // One observer alone.
    Case([100], 1, 0, price: 100, run: 1),
    // The lower median: index floor((k - 1) / 2).
    Case([100, 101, 102], 2, 999_999, price: 101, run: 3), Case([100, 101, 102, 103], 3, 999_999, price: 101, run: 4),
    Case([103, 100], 2, 999_999, price: 100, run: 2),
    // Exactly at the bound, and a millionth beyond it.
    Case([1_000_000, 1_005_000], 2, 5_000, price: 1_000_000, run: 2),
    Case([1_000_000, 1_005_001], 2, 5_000, price: nil), Case([1_000_000, 1_005_000], 2, 4_999, price: nil),
    // No disagreement allowed: only equal prices.
    Case([7, 7, 8], 2, 0, price: 7, run: 2), Case([7, 8, 9], 2, 0, price: nil),
    // An outlier is left out, on either side.
    Case([1_000_000, 1_001_000, 2_000_000], 2, 5_000, price: 1_000_000, run: 2),
    Case([1, 1_000_000, 1_001_000], 2, 5_000, price: 1_000_000, run: 2),
    // The longest run stands though a shorter one is narrower.
    Case([1_000_000, 1_003_000, 1_005_000, 1_500_000, 1_500_001], 2, 5_000, price: 1_003_000, run: 3),
    // Of two as long the narrower, though it is higher.
    Case([1_000_000, 1_004_000, 2_000_000, 2_003_000], 2, 5_000, price: 2_000_000, run: 2),
    // Of two as long and as narrow the lower.
    Case([1_000_000, 1_003_000, 2_000_000, 2_003_000], 2, 5_000, price: 1_000_000, run: 2),
    // Overlapping runs of one length and width: the lower.
    Case([1_000_000, 1_004_000, 1_008_000], 2, 5_000, price: 1_000_000, run: 2),
    // Too few.
    Case([100], 2, 999_999, price: nil), Case([], 1, 0, price: nil),
  ])
  func `the longest, then the narrowest, then the lowest run stands`(_ row: Case) throws {
    for prices in [row.prices, row.prices.reversed()] {
      let finding = try PriceFinding(from: quotes(prices), threshold: row.threshold, disagreementPpm: row.ppm)
      #expect(finding.price == row.price.map { UInt256($0) })
      if case .established(_, let run) = finding {
        #expect(run.count == row.run)
        #expect(run.map(\.value) == run.map(\.value).sorted())
      }
    }
  }

  @Test func `prices near 2^128 are compared exactly`() throws {
    let low = try (UInt256.one << 128).subtracting(1_000_001)
    let high = try (UInt256.one << 128).subtracting(1)
    let pair = [quote(0, low), quote(1, high)]
    #expect(try PriceFinding(from: pair, threshold: 2, disagreementPpm: 1).price == low)
    #expect(try PriceFinding(from: pair, threshold: 2, disagreementPpm: 0) == .disagreement(lowest: low, highest: high))
  }

  @Test func `what is missing is said`() throws {
    #expect(
      try PriceFinding(from: quotes([5]), threshold: 2, disagreementPpm: 0) == .tooFew(count: 1, threshold: 2))
    #expect(
      try PriceFinding(from: quotes([5, 9]), threshold: 2, disagreementPpm: 0) == .disagreement(lowest: 5, highest: 9))
  }

  @Test func `every subset tried out leads to the same price`() throws {
    var generator = SeededGenerator("price finding")
    var established = 0
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...7, using: &generator)
      let base = UInt64.random(in: 1...2_000, using: &generator)
      let prices = (0..<count).map { _ in base + UInt64.random(in: 0...12, using: &generator) }
      let threshold = Int.random(in: 1...5, using: &generator)
      let ppm = UInt64.random(in: 0...9_000, using: &generator)
      let found = try PriceFinding(from: quotes(prices), threshold: threshold, disagreementPpm: ppm).price
      let expected = naive(prices, threshold, ppm)
      if expected != nil { established += 1 }
      #expect(found == expected.map { UInt256($0) }, "\(prices), \(threshold), \(ppm)")
    }
    #expect((200...1_900).contains(established))
  }

  /// All subsets, not only runs: the best of them is a run anyway.
  private func naive(_ prices: [UInt64], _ threshold: Int, _ ppm: UInt64) -> UInt64? {
    var best: (count: Int, spread: UInt64, low: UInt64, median: UInt64)?
    for subset in 1..<(1 << prices.count) where subset.nonzeroBitCount >= threshold {
      let chosen = prices.indices.filter { subset >> $0 & 1 == 1 }.map { prices[$0] }.sorted()
      let low = chosen[0]
      let spread = chosen[chosen.count - 1] - low
      guard spread * 1_000_000 <= ppm * low else { continue }
      let median = chosen[chosen.count / 2 - (chosen.count.isMultiple(of: 2) ? 1 : 0)]
      if let held = best {
        if held.count > chosen.count { continue }
        if held.count == chosen.count, held.spread < spread { continue }
        if held.count == chosen.count, held.spread == spread, held.low <= low { continue }
      }
      best = (chosen.count, spread, low, median)
    }
    return best?.median
  }

  private func quotes(_ prices: [UInt64]) -> [Quote] {
    prices.enumerated().map { quote($0.offset, UInt256($0.element)) }
  }

  private func quote(_ index: Int, _ value: UInt256) -> Quote {
    Quote(value: value, observer: Address.created(by: .zero, nonce: UInt64(index)))
  }
}
