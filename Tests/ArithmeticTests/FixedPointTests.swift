import Arithmetic
import Testing

@Suite struct FixedPointTests {
  @Test(arguments: [
    ("1.5", 18, 1_500_000_000_000_000_000 as Int256, "1.5"), ("-00.100", 2, -10, "-0.1"), ("7", 0, 7, "7.0"),
    ("-0", 3, 0, "0.0"), ("0.000", 0, 0, "0.0"), ("12.34", 2, 1234, "12.34"), (".5", 1, 5, "0.5"), ("5.", 1, 50, "5.0"),
  ])
  func `decimal text means smallest units, and back`(text: String, decimals: Int, units: Int256, shortest: String)
    throws
  {
    #expect(try Int256(fixedPoint: text, decimals: decimals) == units)
    #expect(units.fixedPoint(decimals: decimals) == shortest)
  }

  @Test(arguments: [
    ("", ArithmeticError.noDigits), (".", .noDigits), ("-.", .noDigits), ("-", .noDigits),
    ("1.234", .badDigit(offset: 4)),
    ("1.2.3", .badDigit(offset: 3)), ("+1", .badDigit(offset: 0)), ("1e3", .badDigit(offset: 1)),
    ("1" + String(repeating: "0", count: 77), .overflow),
  ])
  func `text that is no amount is refused`(text: String, error: ArithmeticError) {
    #expect(throws: error) { try Int256(fixedPoint: text, decimals: 2) }
  }
}
