extension UInt256 {
  /// The remainder, which is smaller than the divisor.
  ///
  /// - Throws: `divisionByZero`.
  public func remainder(dividingBy divisor: UInt256) throws(ArithmeticError) -> UInt256 {
    let count = divisor.wordCount
    guard count > 0 else { throw .divisionByZero }
    guard divisor <= self else { return self }
    return count == 1 ? remainder(dividingByWord: divisor.limbs[0]) : remainder(dividingBy: divisor, of: count)
  }

  /// How many words the number needs.
  private var wordCount: Int { limbs[3] != 0 ? 4 : limbs[2] != 0 ? 3 : limbs[1] != 0 ? 2 : limbs[0] != 0 ? 1 : 0 }

  private func remainder(dividingByWord divisor: UInt64) -> UInt256 {
    var rest: UInt64 = 0
    for index in stride(from: 3, through: 0, by: -1) where rest != 0 || limbs[index] != 0 {
      rest = divisor.dividingFullWidth((rest, limbs[index])).remainder
    }
    return UInt256(rest)
  }

  /// Long division by words (Knuth, volume 2, algorithm D): the divisor is moved up until its top bit is set, each word of
  /// the quotient is guessed from the top words and is at most two too large.
  private func remainder(dividingBy divisor: UInt256, of count: Int) -> UInt256 {
    let shift = UInt64(divisor.limbs[count - 1].leadingZeroBitCount)
    var v = InlineArray<4, UInt64>(repeating: 0)
    var u = InlineArray<5, UInt64>(repeating: 0)
    var (carryV, carryU): (UInt64, UInt64) = (0, 0)
    for index in 0..<4 {
      v[index] = divisor.limbs[index] &<< shift | carryV
      u[index] = limbs[index] &<< shift | carryU
      carryV = shift == 0 ? 0 : divisor.limbs[index] &>> (64 &- shift)
      carryU = shift == 0 ? 0 : limbs[index] &>> (64 &- shift)
    }
    u[4] = carryU
    let (top, second) = (v[count - 1], v[count - 2])
    var place = wordCount - count
    while place >= 0 {
      let guess = Self.guess(u[place + count], u[place + count - 1], u[place + count - 2], top, second)
      if guess != 0 { Self.subtract(guess, v, count, from: &u, at: place) }
      place -= 1
    }
    var rest = InlineArray<4, UInt64>(repeating: 0)
    for index in 0..<count {
      rest[index] = u[index] &>> shift | (shift == 0 ? 0 : u[index + 1] &<< (64 &- shift))
    }
    return UInt256(limbs: rest)
  }

  /// A word of the quotient, or one more.
  private static func guess(
    _ high: UInt64, _ middle: UInt64, _ low: UInt64, _ top: UInt64, _ second: UInt64
  ) -> UInt64 {
    guard high < top else { return .max }
    guard high != 0 || middle >= top else { return 0 }
    var (quotient, rest) = top.dividingFullWidth((high, middle))
    while true {
      let product = quotient.multipliedFullWidth(by: second)
      guard product.high > rest || (product.high == rest && product.low > low) else { return quotient }
      quotient &-= 1
      let (sum, overflow) = rest.addingReportingOverflow(top)
      guard !overflow else { return quotient }
      rest = sum
    }
  }

  /// Takes `guess * v` from the words at `place`, and gives `v` back as long as that was too much.
  private static func subtract(
    _ guess: UInt64, _ v: InlineArray<4, UInt64>, _ count: Int, from u: inout InlineArray<5, UInt64>, at place: Int
  ) {
    var carry: UInt64 = 0
    var borrow = false
    for index in 0..<count {
      let product = guess.multipliedFullWidth(by: v[index])
      let (low, more) = product.low.addingReportingOverflow(carry)
      carry = product.high &+ (more ? 1 : 0)
      (u[place + index], borrow) = difference(u[place + index], low, borrow)
    }
    (u[place + count], borrow) = difference(u[place + count], carry, borrow)
    while borrow {
      var carried = false
      for index in 0..<count { (u[place + index], carried) = sum(u[place + index], v[index], carried) }
      let (high, isBack) = u[place + count].addingReportingOverflow(carried ? 1 : 0)
      u[place + count] = high
      borrow = !isBack
    }
  }
}
