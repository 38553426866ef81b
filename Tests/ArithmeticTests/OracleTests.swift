import Arithmetic
import Testing
import TestSupport

/// The fixed-width integers against GMP's integers of any size, on random operands.
@Suite struct OracleTests {
  @Test func `unsigned operations agree with GMP`() throws {
    var random = SeededGenerator("UInt256 against GMP")
    for _ in 0..<3_000 {
      let (a, b, c) = (random.uint256(), random.uint256(), random.uint256())
      let (x, y, z) = (BigInteger(a), BigInteger(b), BigInteger(c))
      #expect(a.description == x.description)
      #expect(try UInt256(decimal: x.description) == a)
      #expect(a.bigEndianBytes.drop { $0 == 0 } == x.bigEndianBytes[...])
      #expect((try? a.adding(b)) == (x + y).asUInt256, "\(a) + \(b)")
      #expect((try? a.subtracting(b)) == (x - y).asUInt256, "\(a) - \(b)")
      #expect((try? a.multiplied(by: b)) == (x * y).asUInt256, "\(a) * \(b)")
      let wide = a.fullWidthProduct(b)
      #expect(BigInteger(wide.high) * .powerOfTwo(256) + BigInteger(wide.low) == x * y, "\(a) * \(b)")
      #expect((a < b) == (x - y).description.hasPrefix("-"))
      guard c != .zero else { continue }
      for rounding in [Rounding.floor, .ceiling] {
        #expect(
          (try? UInt256.product(a, b, dividedBy: c, rounding: rounding))
            == (x * y).divided(by: z, rounding: rounding).asUInt256, "\(a) * \(b) / \(c), \(rounding)")
      }
      let parts = try? a.quotientAndRemainder(dividingBy: c)
      #expect(parts?.quotient == x.divided(by: z, rounding: .floor).asUInt256, "\(a) / \(c)")
      #expect(parts?.remainder == x.remainder(dividingBy: z).asUInt256, "\(a) % \(c)")
      #expect(try a.remainder(dividingBy: c) == parts?.remainder, "\(a) % \(c)")
    }
  }

  @Test func `signed operations agree with GMP`() throws {
    var random = SeededGenerator("Int256 against GMP")
    for _ in 0..<3_000 {
      let (a, b, c) = (random.int256(), random.int256(), random.int256())
      let (x, y, z) = (BigInteger(a), BigInteger(b), BigInteger(c))
      #expect(a.description == x.description)
      #expect(try Int256(decimal: x.description) == a)
      #expect((try? a.adding(b)) == (x + y).asInt256, "\(a) + \(b)")
      #expect((try? a.subtracting(b)) == (x - y).asInt256, "\(a) - \(b)")
      #expect((try? a.multiplied(by: b)) == (x * y).asInt256, "\(a) * \(b)")
      #expect((try? a.negated()) == (BigInteger("0") - x).asInt256, "-\(a)")
      #expect((a < b) == (x - y).description.hasPrefix("-"), "\(a) < \(b)")
      guard c != .zero else { continue }
      for rounding in [Rounding.floor, .ceiling] {
        #expect(
          (try? Int256.product(a, b, dividedBy: c, rounding: rounding))
            == (x * y).divided(by: z, rounding: rounding).asInt256, "\(a) * \(b) / \(c), \(rounding)")
        #expect(
          (try? a.divided(by: c, rounding: rounding)) == x.divided(by: z, rounding: rounding).asInt256,
          "\(a) / \(c), \(rounding)")
      }
      let quotient = x.divided(by: z, rounding: .floor)
      #expect(try a.remainder(dividingBy: c) == (x - quotient * z).asInt256, "\(a) % \(c)")
    }
  }

  /// Words of all ones and of the top bit alone make the guesses of a long division wrong.
  @Test func `remainders by words at the edges agree with GMP`() throws {
    let words: [UInt64] = [0, 1, 2, .max, .max - 1, 1 << 63, (1 << 63) - 1, 1 << 32]
    var random = SeededGenerator("remainders at the edges")
    func number() -> UInt256 { UInt256(limbs: InlineArray { _ in words.randomElement(using: &random) ?? 0 }) }
    for _ in 0..<20_000 {
      let (a, b) = (number(), number() >> (64 * Int.random(in: 0...3, using: &random)))
      guard b != .zero else { continue }
      let expected = BigInteger(a).remainder(dividingBy: BigInteger(b)).asUInt256
      #expect(try a.remainder(dividingBy: b) == expected, "\(a) % \(b)")
    }
    #expect(throws: ArithmeticError.divisionByZero) { try Int256.one.remainder(dividingBy: .zero) }
  }

  @Test func `shifts are multiplications and divisions by powers of two`() {
    var random = SeededGenerator("UInt256 shifts against GMP")
    for _ in 0..<2_000 {
      let a = random.uint256()
      let count = Int.random(in: 0...300, using: &random)
      let power = BigInteger.powerOfTwo(UInt(count))
      let up = (BigInteger(a) * power).remainder(dividingBy: .powerOfTwo(256))
      #expect(a << count == up.asUInt256, "\(a) << \(count)")
      #expect(a >> count == BigInteger(a).divided(by: power, rounding: .floor).asUInt256, "\(a) >> \(count)")
    }
  }
}
