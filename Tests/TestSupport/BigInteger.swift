public import Arithmetic
internal import CGMP

/// An integer of any size, by GMP: what tests hold the fixed-width integers against.
@safe public final class BigInteger {
  private let number = UnsafeMutablePointer<__mpz_struct>.allocate(capacity: 1)

  private init() {
    unsafe __gmpz_init(number)
  }

  deinit {
    unsafe __gmpz_clear(number)
    unsafe number.deallocate()
  }

  /// The integer that decimal text writes; zero if it writes none.
  public convenience init(_ decimal: String) {
    self.init()
    if unsafe __gmpz_set_str(number, decimal, 10) != 0 { unsafe __gmpz_set_ui(number, 0) }
  }

  /// The integer of a sign and words, the least significant first.
  private convenience init(limbs: InlineArray<4, UInt64>, isNegative: Bool) {
    self.init()
    for index in [3, 2, 1, 0] {
      unsafe __gmpz_mul_2exp(number, number, 64)
      unsafe __gmpz_add_ui(number, number, UInt(limbs[index]))
    }
    if isNegative {
      // Two's complement: the words less 2^256.
      let modulus = BigInteger.powerOfTwo(256)
      unsafe __gmpz_sub(number, number, modulus.number)
    }
  }

  /// The same number.
  public convenience init(_ value: UInt256) {
    self.init(limbs: value.limbs, isNegative: false)
  }

  /// The same number.
  public convenience init(_ value: Int256) {
    self.init(limbs: value.bits.limbs, isNegative: value.isNegative)
  }

  /// 2 to the power of `exponent`.
  public static func powerOfTwo(_ exponent: UInt) -> BigInteger {
    let power = BigInteger("1")
    unsafe __gmpz_mul_2exp(power.number, power.number, exponent)
    return power
  }

  /// The sum.
  public static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    let result = BigInteger()
    unsafe __gmpz_add(result.number, a.number, b.number)
    return result
  }

  /// The difference.
  public static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    let result = BigInteger()
    unsafe __gmpz_sub(result.number, a.number, b.number)
    return result
  }

  /// The product.
  public static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    let result = BigInteger()
    unsafe __gmpz_mul(result.number, a.number, b.number)
    return result
  }

  /// The quotient, rounded as said. The divisor must not be zero.
  public func divided(by divisor: BigInteger, rounding: Rounding) -> BigInteger {
    let result = BigInteger()
    switch rounding {
    case .floor: unsafe __gmpz_fdiv_q(result.number, number, divisor.number)
    case .ceiling: unsafe __gmpz_cdiv_q(result.number, number, divisor.number)
    }
    return result
  }

  /// What the division by a positive divisor leaves, from zero up.
  public func remainder(dividingBy divisor: BigInteger) -> BigInteger {
    let result = BigInteger()
    unsafe __gmpz_fdiv_r(result.number, number, divisor.number)
    return result
  }

  /// The number as an unsigned one, or nil out of its range.
  public var asUInt256: UInt256? { try? UInt256(decimal: description) }

  /// The number as a signed one, or nil out of its range.
  public var asInt256: Int256? { try? Int256(decimal: description) }

  /// The bytes of a number that is not negative, the most significant first; none for zero.
  public var bigEndianBytes: [UInt8] {
    var digits = text(base: 16)
    if digits == "0" { return [] }
    if !digits.count.isMultiple(of: 2) { digits = "0" + digits }
    let characters = Array(digits)
    return stride(from: 0, to: characters.count, by: 2).compactMap {
      UInt8(String(characters[$0...$0 + 1]), radix: 16)
    }
  }

  private func text(base: Int32) -> String {
    // Room for the digits, a sign and the end of the string.
    var characters = unsafe [CChar](repeating: 0, count: __gmpz_sizeinbase(number, base) + 2)
    _ = unsafe __gmpz_get_str(&characters, base, number)
    return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension BigInteger: CustomStringConvertible {
  /// Decimal text.
  public var description: String { text(base: 10) }
}

extension BigInteger: Comparable {
  /// Whether the numbers are equal.
  public static func == (a: BigInteger, b: BigInteger) -> Bool {
    unsafe __gmpz_cmp(a.number, b.number) == 0
  }

  /// Whether `a` is the smaller number.
  public static func < (a: BigInteger, b: BigInteger) -> Bool {
    unsafe __gmpz_cmp(a.number, b.number) < 0
  }
}
