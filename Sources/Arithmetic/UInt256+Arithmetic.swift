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
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw .overflow }
    return product
  }

  /// The lower 256 bits of the product, and whether there is more of it. A factor of one word is four multiplications.
  func multipliedReportingOverflow(by other: UInt256) -> (product: UInt256, overflow: Bool) {
    if other.asUInt64 != nil { return multipliedReportingOverflow(byWord: other.limbs[0]) }
    if asUInt64 != nil { return other.multipliedReportingOverflow(byWord: limbs[0]) }
    let product = fullWidthProduct(other)
    return (product.low, product.high != .zero)
  }

  /// Whether the top bit is set, so that an `Int256` has no such magnitude above zero.
  var isHigh: Bool { limbs[3] >> 63 == 1 }

  @inline(__always)
  private func multipliedReportingOverflow(byWord word: UInt64) -> (product: UInt256, overflow: Bool) {
    let first = limbs[0].multipliedFullWidth(by: word)
    let second = limbs[1].multipliedFullWidth(by: word)
    let third = limbs[2].multipliedFullWidth(by: word)
    let fourth = limbs[3].multipliedFullWidth(by: word)
    // A high half is at most 2^64 - 2, so that a carry always fits it.
    let (b, carryB) = second.low.addingReportingOverflow(first.high)
    let (c, carryC) = third.low.addingReportingOverflow(second.high &+ (carryB ? 1 : 0))
    let (d, carryD) = fourth.low.addingReportingOverflow(third.high &+ (carryC ? 1 : 0))
    return (UInt256(limbs: [first.low, b, c, d]), fourth.high &+ (carryD ? 1 : 0) != 0)
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

  @inlinable @inline(__always)
  func addingReportingCarry(_ other: UInt256) -> (sum: UInt256, carry: Bool) {
    let (a, carryA) = limbs[0].addingReportingOverflow(other.limbs[0])
    let (b, carryB) = Self.sum(limbs[1], other.limbs[1], carryA)
    let (c, carryC) = Self.sum(limbs[2], other.limbs[2], carryB)
    let (d, carryD) = Self.sum(limbs[3], other.limbs[3], carryC)
    return (UInt256(limbs: [a, b, c, d]), carryD)
  }

  @inlinable @inline(__always)
  func subtractingReportingBorrow(_ other: UInt256) -> (difference: UInt256, borrow: Bool) {
    let (a, borrowA) = limbs[0].subtractingReportingOverflow(other.limbs[0])
    let (b, borrowB) = Self.difference(limbs[1], other.limbs[1], borrowA)
    let (c, borrowC) = Self.difference(limbs[2], other.limbs[2], borrowB)
    let (d, borrowD) = Self.difference(limbs[3], other.limbs[3], borrowC)
    return (UInt256(limbs: [a, b, c, d]), borrowD)
  }

  @inlinable @inline(__always)
  static func sum(_ a: UInt64, _ b: UInt64, _ carry: Bool) -> (UInt64, Bool) {
    let (partial, first) = a.addingReportingOverflow(b)
    let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
    return (sum, first != second)
  }

  @inlinable @inline(__always)
  static func difference(_ a: UInt64, _ b: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
    let (partial, first) = a.subtractingReportingOverflow(b)
    let (difference, second) = partial.subtractingReportingOverflow(borrow ? 1 : 0)
    return (difference, first != second)
  }
}
