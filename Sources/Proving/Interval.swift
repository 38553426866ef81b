package import Arithmetic

/// What is known of an integer without asking a solver: bounds, each perhaps open. A bound that would not fit 256 bits
/// is open, which is always true.
package struct Interval: Hashable, Sendable {
  package var low: Int256?
  package var high: Int256?

  package static let all = Interval(low: nil, high: nil)

  package init(low: Int256?, high: Int256?) {
    self.low = low
    self.high = high
  }

  package init(_ range: ClosedRange<Int256>) {
    self.init(low: range.lowerBound, high: range.upperBound)
  }

  package static func only(_ value: Int256) -> Interval { Interval(low: value, high: value) }

  /// Whether every value is at least this one.
  func isAtLeast(_ value: Int256) -> Bool { low.map { $0 >= value } ?? false }

  /// Whether every value is at most this one.
  func isAtMost(_ value: Int256) -> Bool { high.map { $0 <= value } ?? false }

  func union(_ other: Interval) -> Interval {
    Interval(low: Self.both(low, other.low, Swift.min), high: Self.both(high, other.high, Swift.max))
  }

  func adding(_ other: Interval) -> Interval {
    Interval(
      low: Self.both(low, other.low) { try? $0.adding($1) }, high: Self.both(high, other.high) { try? $0.adding($1) })
  }

  func subtracting(_ other: Interval) -> Interval {
    Interval(
      low: Self.both(low, other.high) { try? $0.subtracting($1) },
      high: Self.both(high, other.low) { try? $0.subtracting($1) })
  }

  func multiplied(by other: Interval) -> Interval {
    guard let a = low, let b = high, let c = other.low, let d = other.high else {
      // An open side says something only where no factor is negative.
      guard isAtLeast(0), other.isAtLeast(0) else { return .all }
      return Interval(low: Self.both(low, other.low) { try? $0.multiplied(by: $1) }, high: nil)
    }
    var result: Interval?
    for (x, y) in [(a, c), (a, d), (b, c), (b, d)] {
      let corner: Interval
      if let product = try? x.multiplied(by: y) {
        corner = .only(product)
      } else if x.isNegative == y.isNegative {
        corner = Interval(low: .max, high: nil)
      } else {
        corner = Interval(low: nil, high: .min)
      }
      result = result?.union(corner) ?? corner
    }
    return result ?? .all
  }

  /// The rounded quotient; known only for divisors of at least one.
  func divided(by divisor: Interval, rounding: Rounding) -> Interval {
    guard let least = divisor.low, least >= 1 else { return .all }
    func bound(_ value: Int256?, _ by: Int256?) -> Int256? {
      guard let value else { return nil }
      guard let by else { return 0 }
      return try? value.divided(by: by, rounding: rounding)
    }
    let lowBy = isAtLeast(0) ? divisor.high : least
    let highBy = isAtMost(0) ? divisor.high : least
    var low = bound(low, lowBy)
    var high = bound(high, highBy)
    // A quotient by a divisor without an upper bound approaches zero from its side, and rounding may leave it there.
    if lowBy == nil { low = rounding == .floor ? 0 : self.low.map { $0 > 0 ? 1 : 0 } }
    if highBy == nil { high = rounding == .ceiling ? 0 : self.high.map { $0 < 0 ? -1 : 0 } }
    return Interval(low: low, high: high)
  }

  private static func both(
    _ a: Int256?, _ b: Int256?, _ combine: (Int256, Int256) -> Int256?
  ) -> Int256? {
    guard let a, let b else { return nil }
    return combine(a, b)
  }
}
