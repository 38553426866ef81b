/// An unsigned integer of 512 bits: an exact product of two `UInt256`, on its way to a division.
public struct UInt512: Sendable {
  /// Eight words, the least significant first.
  public let limbs: InlineArray<8, UInt64>

  /// The number with these words, the least significant first.
  public init(limbs: InlineArray<8, UInt64>) {
    self.limbs = limbs
  }

  /// The number equal to `value`.
  public init(_ value: UInt256) {
    limbs = [value.limbs[0], value.limbs[1], value.limbs[2], value.limbs[3], 0, 0, 0, 0]
  }

  /// The upper 256 bits.
  public var high: UInt256 { UInt256(limbs: [limbs[4], limbs[5], limbs[6], limbs[7]]) }

  /// The lower 256 bits.
  public var low: UInt256 { UInt256(limbs: [limbs[0], limbs[1], limbs[2], limbs[3]]) }

  /// The whole quotient, and the remainder, which is smaller than the divisor.
  ///
  /// - Throws: `divisionByZero`.
  public func quotientAndRemainder(
    dividingBy divisor: UInt256
  ) throws(ArithmeticError) -> (quotient: UInt512, remainder: UInt256) {
    guard divisor != .zero else { throw .divisionByZero }
    let (quotient, remainder) = wideQuotientAndRemainder(limbs, dividingBy: divisor.limbs)
    return (UInt512(limbs: quotient), UInt256(limbs: remainder))
  }
}

extension UInt512: Hashable {
  /// Whether the numbers are equal.
  public static func == (a: UInt512, b: UInt512) -> Bool {
    a.high == b.high && a.low == b.low
  }

  /// Feeds both halves to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(high)
    hasher.combine(low)
  }
}

extension UInt512: Comparable {
  /// Numeric order.
  public static func < (a: UInt512, b: UInt512) -> Bool {
    (a.high, a.low) < (b.high, b.low)
  }
}
