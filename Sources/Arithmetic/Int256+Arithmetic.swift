extension Int256 {
  /// The sum.
  ///
  /// - Throws: `overflow`.
  @inlinable @inline(__always)
  public func adding(_ other: Int256) throws(ArithmeticError) -> Int256 {
    let sum = Int256(bits: bits.addingReportingCarry(other.bits).sum)
    guard isNegative != other.isNegative || sum.isNegative == isNegative else { throw .overflow }
    return sum
  }

  /// The difference.
  ///
  /// - Throws: `overflow`.
  @inlinable @inline(__always)
  public func subtracting(_ other: Int256) throws(ArithmeticError) -> Int256 {
    let difference = Int256(bits: bits.subtractingReportingBorrow(other.bits).difference)
    guard isNegative == other.isNegative || difference.isNegative == isNegative else { throw .overflow }
    return difference
  }

  /// The number with the other sign.
  ///
  /// - Throws: `overflow` for `min`.
  public func negated() throws(ArithmeticError) -> Int256 {
    try Int256.zero.subtracting(self)
  }

  /// The product.
  ///
  /// - Throws: `overflow`.
  public func multiplied(by other: Int256) throws(ArithmeticError) -> Int256 {
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: other.magnitude)
    guard !overflow else { throw .overflow }
    if !product.isHigh, isNegative == other.isNegative { return Int256(bits: product) }
    return try Int256(magnitude: product, isNegative: isNegative != other.isNegative)
  }

  /// The quotient, rounded as said: -7 by 2 is -4 by floor and -3 by ceiling.
  ///
  /// - Throws: `divisionByZero`; `overflow` for `min` by -1.
  public func divided(by divisor: Int256, rounding: Rounding) throws(ArithmeticError) -> Int256 {
    try Int256.product(self, .one, dividedBy: divisor, rounding: rounding)
  }

  /// The remainder of the division that rounds down: it has the divisor's sign, so -7 by 2 leaves 1.
  ///
  /// - Throws: `divisionByZero`.
  public func remainder(dividingBy divisor: Int256) throws(ArithmeticError) -> Int256 {
    let size = divisor.magnitude
    let rest = try magnitude.remainder(dividingBy: size)
    guard rest != .zero, isNegative != divisor.isNegative else {
      return Int256(bits: isNegative ? UInt256.zero.subtractingReportingBorrow(rest).difference : rest)
    }
    // The rest is the other way round the divisor, and smaller.
    let complement = size.subtractingReportingBorrow(rest).difference
    return Int256(
      bits: divisor.isNegative ? UInt256.zero.subtractingReportingBorrow(complement).difference : complement)
  }

  /// `a * b / c`, with the product exact and one rounding at the end, toward the named infinity whatever the signs.
  ///
  /// - Throws: `divisionByZero`; `overflow` when the rounded quotient is out of range.
  public static func product(
    _ a: Int256, _ b: Int256, dividedBy c: Int256, rounding: Rounding
  ) throws(ArithmeticError) -> Int256 {
    let isNegative = (a.isNegative != b.isNegative) != c.isNegative
    // Rounding a negative quotient down makes its magnitude larger.
    let awayFromZero = isNegative == (rounding == .floor)
    let magnitude = try UInt256.product(
      a.magnitude, b.magnitude, dividedBy: c.magnitude, rounding: awayFromZero ? .ceiling : .floor)
    return try Int256(magnitude: magnitude, isNegative: isNegative)
  }
}
