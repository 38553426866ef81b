extension UInt256 {
  /// The sum.
  ///
  /// - Throws: `overflow`.
  public func adding(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
    let (sum, carry) = addingReportingCarry(other)
    guard !carry else { throw .overflow }
    return sum
  }

  /// The difference.
  ///
  /// - Throws: `overflow` when `other` is the larger one.
  public func subtracting(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
    let (difference, borrow) = subtractingReportingBorrow(other)
    guard !borrow else { throw .overflow }
    return difference
  }

  /// The product.
  ///
  /// - Throws: `overflow`.
  public func multiplied(by other: UInt256) throws(ArithmeticError) -> UInt256 {
    let product = fullWidthProduct(other)
    guard product.high == .zero else { throw .overflow }
    return product.low
  }

  /// The exact product of twice the width.
  public func fullWidthProduct(_ other: UInt256) -> UInt512 {
    var words = InlineArray<8, UInt64>(repeating: 0)
    for i in 0..<4 {
      var carry: UInt64 = 0
      for j in 0..<4 {
        let (high, low) = limbs[i].multipliedFullWidth(by: other.limbs[j])
        let (partial, first) = low.addingReportingOverflow(words[i + j])
        let (sum, second) = partial.addingReportingOverflow(carry)
        words[i + j] = sum
        carry = high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
      }
      words[i + 4] = carry
    }
    return UInt512(limbs: words)
  }

  /// The whole quotient, and the remainder, which is smaller than the divisor.
  ///
  /// - Throws: `divisionByZero`.
  public func quotientAndRemainder(
    dividingBy divisor: UInt256
  ) throws(ArithmeticError) -> (quotient: UInt256, remainder: UInt256) {
    let (quotient, remainder) = try UInt512(self).quotientAndRemainder(dividingBy: divisor)
    return (quotient.low, remainder)
  }

  /// The quotient, rounded as said.
  ///
  /// - Throws: `divisionByZero`.
  public func divided(by divisor: UInt256, rounding: Rounding) throws(ArithmeticError) -> UInt256 {
    try UInt256.product(self, .one, dividedBy: divisor, rounding: rounding)
  }

  /// `a * b / c`, with the product exact at 512 bits and one rounding at the end.
  ///
  /// - Throws: `divisionByZero`; `overflow` when the rounded quotient needs more than 256 bits.
  public static func product(
    _ a: UInt256, _ b: UInt256, dividedBy c: UInt256, rounding: Rounding
  ) throws(ArithmeticError) -> UInt256 {
    let (quotient, remainder) = try a.fullWidthProduct(b).quotientAndRemainder(dividingBy: c)
    guard quotient.high == .zero else { throw .overflow }
    return rounding == .ceiling && remainder != .zero ? try quotient.low.adding(.one) : quotient.low
  }

  /// 10 to the power of `exponent`, which must not be negative.
  ///
  /// - Throws: `overflow` above 77.
  public static func powerOfTen(_ exponent: Int) throws(ArithmeticError) -> UInt256 {
    precondition(exponent >= 0, "a negative power of ten is not an integer")
    guard exponent <= 77 else { throw .overflow }
    var power = UInt256.one
    for _ in 0..<exponent { power = try power.multiplied(by: 10) }
    return power
  }

  func addingReportingCarry(_ other: UInt256) -> (sum: UInt256, carry: Bool) {
    var words = limbs
    var carry = false
    for index in 0..<4 {
      let (partial, first) = limbs[index].addingReportingOverflow(other.limbs[index])
      let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
      words[index] = sum
      carry = first || second
    }
    return (UInt256(limbs: words), carry)
  }

  func subtractingReportingBorrow(_ other: UInt256) -> (difference: UInt256, borrow: Bool) {
    var words = limbs
    var borrow = false
    for index in 0..<4 {
      let (partial, first) = limbs[index].subtractingReportingOverflow(other.limbs[index])
      let (difference, second) = partial.subtractingReportingOverflow(borrow ? 1 : 0)
      words[index] = difference
      borrow = first || second
    }
    return (UInt256(limbs: words), borrow)
  }
}
