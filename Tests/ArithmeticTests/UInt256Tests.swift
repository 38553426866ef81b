import Arithmetic
import Testing

@Suite struct UInt256Tests {
  @Test(arguments: [
    ("0", "0x0"), ("1", "0x1"), ("10000000000000000000", "0x8ac7230489e80000"),
    ("18446744073709551616", "0x10000000000000000"),
    (
      "115792089237316195423570985008687907853269984665640564039457584007913129639935",
      "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    ),
  ])
  func `decimal and hexadecimal text write the same number`(decimal: String, hex: String) throws {
    let number = try UInt256(decimal: decimal)
    #expect(try number == UInt256(hex: hex))
    #expect(number.description == decimal)
    #expect(number.hexQuantity == hex)
  }

  @Test(arguments: [
    ("", ArithmeticError.noDigits), ("01", .leadingZero), ("00", .leadingZero), ("-1", .badDigit(offset: 0)),
    ("+1", .badDigit(offset: 0)), ("1 ", .badDigit(offset: 1)), ("1a", .badDigit(offset: 1)),
    ("٣", .badDigit(offset: 0)), ("0x1", .badDigit(offset: 1)),
    ("115792089237316195423570985008687907853269984665640564039457584007913129639936", .overflow),
    (String(repeating: "9", count: 200), .overflow),
  ])
  func `decimal text that is not canonical is refused`(text: String, error: ArithmeticError) {
    #expect(throws: error) { try UInt256(decimal: text) }
  }

  @Test(arguments: [
    ("0x", ArithmeticError.noDigits), ("0x00", .leadingZero), ("0x01", .leadingZero), ("1", .missingHexPrefix),
    ("0X1", .missingHexPrefix), ("0xA", .badDigit(offset: 2)), ("0xg", .badDigit(offset: 2)),
    ("0x1" + String(repeating: "0", count: 64), .overflow),
  ])
  func `hexadecimal text that is not canonical is refused`(text: String, error: ArithmeticError) {
    #expect(throws: error) { try UInt256(hex: text) }
  }

  @Test func `operations that leave the range throw`() {
    #expect(throws: ArithmeticError.overflow) { try UInt256.max.adding(.one) }
    #expect(throws: ArithmeticError.overflow) { try UInt256.zero.subtracting(.one) }
    #expect(throws: ArithmeticError.overflow) { try (UInt256.one << 128).multiplied(by: .one << 128) }
    #expect(throws: ArithmeticError.divisionByZero) { try UInt256.one.quotientAndRemainder(dividingBy: .zero) }
    #expect(throws: ArithmeticError.overflow) {
      try UInt256.product(.max, .max, dividedBy: UInt256.max.subtracting(.one), rounding: .floor)
    }
    #expect(throws: ArithmeticError.overflow) { try UInt256.powerOfTen(78) }
    #expect(throws: ArithmeticError.tooManyBytes(found: 33, max: 32)) {
      try UInt256(bigEndian: [UInt8](repeating: 0, count: 33))
    }
  }

  @Test func `a product is exact before it is divided`() throws {
    #expect(try UInt256.product(.max, .max, dividedBy: .max, rounding: .floor) == .max)
    #expect(try UInt256.product(7, 3, dividedBy: 2, rounding: .floor) == 10)
    #expect(try UInt256.product(7, 3, dividedBy: 2, rounding: .ceiling) == 11)
  }

  @Test func `ten to the 77 has 78 digits`() throws {
    #expect(try UInt256.powerOfTen(77).description == "1" + String(repeating: "0", count: 77))
  }
}
