extension Int256 {
  /// The sum.
  ///
  /// - Throws: `overflow`.
  public func adding(_ other: Int256) throws(ArithmeticError) -> Int256 {
    let sum = Int256(bits: bits.addingReportingCarry(other.bits).sum)
    guard isNegative != other.isNegative || sum.isNegative == isNegative else { throw .overflow }
    return sum
  }

  /// The difference.
  ///
  /// - Throws: `overflow`.
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
    try Int256(
      magnitude: magnitude.multiplied(by: other.magnitude), isNegative: isNegative != other.isNegative)
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
    let (_, rest) = try UInt512(magnitude).quotientAndRemainder(dividingBy: divisor.magnitude)
    guard rest != .zero else { return .zero }
    // The rest is smaller than the divisor's magnitude, so neither sign leaves the range.
    let truncated = try Int256(magnitude: rest, isNegative: isNegative)
    return isNegative == divisor.isNegative ? truncated : try truncated.adding(divisor)
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
