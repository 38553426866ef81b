import Arithmetic
import Testing

@Suite struct Int256Tests {
  @Test(arguments: [
    (Int256(-7), Int256(2), Int256(-4), Int256(-3)), (7, -2, -4, -3), (-7, -2, 3, 4), (7, 2, 3, 4), (-6, 2, -3, -3),
    (6, -2, -3, -3), (0, -5, 0, 0), (-1, 3, -1, 0), (1, 3, 0, 1),
  ])
  func `rounding goes toward the named infinity whatever the signs`(
    a: Int256, b: Int256, floor: Int256, ceiling: Int256
  )
    throws
  {
    #expect(try a.divided(by: b, rounding: .floor) == floor)
    #expect(try a.divided(by: b, rounding: .ceiling) == ceiling)
  }

  @Test func `the ends of the range are exact`() throws {
    #expect(throws: ArithmeticError.overflow) { try Int256.max.adding(.one) }
    #expect(throws: ArithmeticError.overflow) { try Int256.min.subtracting(.one) }
    #expect(throws: ArithmeticError.overflow) { try Int256.min.negated() }
    #expect(throws: ArithmeticError.overflow) { try Int256.min.divided(by: -1, rounding: .floor) }
    #expect(throws: ArithmeticError.divisionByZero) { try Int256.one.divided(by: .zero, rounding: .floor) }
    #expect(throws: ArithmeticError.overflow) { try Int256(Int256.min.magnitude) }
    #expect(throws: ArithmeticError.overflow) { try Int256(-1).asUInt256 }
    #expect(try Int256(magnitude: Int256.min.magnitude, isNegative: true) == .min)
    #expect(Int256.min < Int256.max)
    #expect(Int256(-1).asInt64 == -1)
    #expect(Int256.min.asInt64 == nil)
  }

  @Test(arguments: [
    ("-", ArithmeticError.noDigits), ("-0", .badDigit(offset: 0)), ("--1", .badDigit(offset: 1)),
    ("-01", .leadingZero), ("+1", .badDigit(offset: 0)), ("-1x", .badDigit(offset: 2)),
    ("57896044618658097711785492504343953926634992332820282019728792003956564819968", .overflow),
    ("-57896044618658097711785492504343953926634992332820282019728792003956564819969", .overflow),
  ])
  func `text that is not canonical is refused`(text: String, error: ArithmeticError) {
    #expect(throws: error) { try Int256(decimal: text) }
  }
}
