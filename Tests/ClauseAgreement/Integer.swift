internal import CGMP

/// An integer of any size, by GMP. The tree walker computes with nothing else.
@safe package final class Integer: Sendable {
  // Written only while the number is made, by the one who makes it.
  private nonisolated(unsafe) let number = UnsafeMutablePointer<__mpz_struct>.allocate(capacity: 1)

  package static let zero = Integer(0)
  package static let one = Integer(1)
  /// 2^255, the first number above 256 bits with sign.
  private static let wordEnd = Integer(1).shifted(255)
  private static let wordStart = -wordEnd

  private init(make: (UnsafeMutablePointer<__mpz_struct>) -> Void) {
    unsafe __gmpz_init(number)
    unsafe make(number)
  }

  deinit {
    unsafe __gmpz_clear(number)
    unsafe number.deallocate()
  }

  package convenience init(_ value: Int) {
    unsafe self.init { unsafe __gmpz_set_si($0, value) }
  }

  /// What digits write in this base; zero if they write nothing.
  package convenience init(digits: String, base: Int32 = 10) {
    unsafe self.init { number in
      if unsafe __gmpz_set_str(number, digits, base) != 0 { unsafe __gmpz_set_ui(number, 0) }
    }
  }

  /// The integer that four words hold in two's complement, the least significant first.
  package convenience init(words: [UInt64]) {
    unsafe self.init { number in
      unsafe __gmpz_import(number, words.count, -1, 8, 0, 0, words)
      if let last = words.last, last >> 63 == 1 {
        let modulus = Integer(1).shifted(UInt(64 * words.count))
        unsafe __gmpz_sub(number, number, modulus.number)
      }
    }
  }

  private func shifted(_ bits: UInt) -> Integer {
    unsafe Integer { unsafe __gmpz_mul_2exp($0, number, bits) }
  }

  /// Whether 256 bits with sign hold it.
  package var fitsWord: Bool { self < Self.wordEnd && !(self < Self.wordStart) }

  package var isZero: Bool { self == Self.zero }

  package var isNegative: Bool { self < Self.zero }

  /// The number as an index, or nil where it is none.
  package var index: Int? {
    guard !isNegative, unsafe __gmpz_fits_slong_p(number) != 0 else { return nil }
    return unsafe __gmpz_get_si(number)
  }

  package static prefix func - (a: Integer) -> Integer { unsafe Integer { unsafe __gmpz_neg($0, a.number) } }

  package static func + (a: Integer, b: Integer) -> Integer {
    unsafe Integer { unsafe __gmpz_add($0, a.number, b.number) }
  }

  package static func - (a: Integer, b: Integer) -> Integer {
    unsafe Integer { unsafe __gmpz_sub($0, a.number, b.number) }
  }

  package static func * (a: Integer, b: Integer) -> Integer {
    unsafe Integer { unsafe __gmpz_mul($0, a.number, b.number) }
  }

  /// The quotient, rounded down; the divisor must not be zero.
  package func floor(dividedBy divisor: Integer) -> Integer {
    unsafe Integer { unsafe __gmpz_fdiv_q($0, number, divisor.number) }
  }

  /// The quotient, rounded up; the divisor must not be zero.
  package func ceiling(dividedBy divisor: Integer) -> Integer {
    unsafe Integer { unsafe __gmpz_cdiv_q($0, number, divisor.number) }
  }
}

extension Integer: Comparable {
  package static func == (a: Integer, b: Integer) -> Bool { unsafe __gmpz_cmp(a.number, b.number) == 0 }

  package static func < (a: Integer, b: Integer) -> Bool { unsafe __gmpz_cmp(a.number, b.number) < 0 }
}

extension Integer: CustomStringConvertible {
  /// Decimal text.
  package var description: String {
    // Room for the digits, a sign and the end of the string.
    var characters = unsafe [CChar](repeating: 0, count: __gmpz_sizeinbase(number, 10) + 2)
    _ = unsafe __gmpz_get_str(&characters, 10, number)
    return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
