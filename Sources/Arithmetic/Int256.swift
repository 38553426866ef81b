/// A signed integer of 256 bits in two's complement.
///
/// Every operation that could leave the range throws; none wraps. Every division names its rounding.
public struct Int256: Hashable, Sendable {
  /// The two's complement bits.
  public let bits: UInt256

  /// The number with these two's complement bits.
  @inlinable
  public init(bits: UInt256) {
    self.bits = bits
  }

  /// The number equal to `value`.
  @inlinable
  public init(_ value: Int64) {
    let extension64: UInt64 = value < 0 ? .max : 0
    bits = UInt256(limbs: [UInt64(bitPattern: value), extension64, extension64, extension64])
  }

  /// The number equal to `value`.
  ///
  /// - Throws: `overflow` from 2^255 on.
  public init(_ value: UInt256) throws(ArithmeticError) {
    try self.init(magnitude: value, isNegative: false)
  }

  /// The number of this size and sign. Zero has no sign.
  ///
  /// - Throws: `overflow` outside -2^255 ..< 2^255.
  public init(magnitude: UInt256, isNegative: Bool) throws(ArithmeticError) {
    let limit = Int256.min.bits
    guard magnitude < limit || (isNegative && magnitude == limit) else { throw .overflow }
    bits = isNegative ? UInt256.zero.subtractingReportingBorrow(magnitude).difference : magnitude
  }

  /// Zero.
  @inlinable @inline(__always) public static var zero: Int256 { Int256(bits: .zero) }
  /// One.
  @inlinable @inline(__always) public static var one: Int256 { Int256(bits: .one) }
  /// -2^255.
  public static let min = Int256(bits: UInt256(limbs: [0, 0, 0, 1 << 63]))
  /// 2^255 - 1.
  public static let max = Int256(bits: UInt256(limbs: [.max, .max, .max, .max >> 1]))

  /// Whether the number is below zero.
  @inlinable @inline(__always) public var isNegative: Bool { bits.limbs[3] >> 63 == 1 }

  /// The distance from zero, which for `min` is 2^255.
  @inlinable @inline(__always) public var magnitude: UInt256 {
    isNegative ? UInt256.zero.subtractingReportingBorrow(bits).difference : bits
  }

  /// The number as an unsigned one.
  ///
  /// - Throws: `overflow` when it is negative.
  public var asUInt256: UInt256 {
    get throws(ArithmeticError) {
      guard !isNegative else { throw .overflow }
      return bits
    }
  }

  /// The number as an `Int64`, or nil if it does not fit.
  public var asInt64: Int64? {
    let low = Int64(bitPattern: bits.limbs[0])
    return Int256(low) == self ? low : nil
  }
}

extension Int256: Comparable {
  /// Whether `a` is the smaller number.
  @inlinable @inline(__always)
  public static func < (a: Int256, b: Int256) -> Bool {
    let (high, other) = (Int64(bitPattern: a.bits.limbs[3]), Int64(bitPattern: b.bits.limbs[3]))
    return high != other ? high < other : a.bits < b.bits
  }
}

extension Int256: ExpressibleByIntegerLiteral {
  /// The number a literal writes. A literal that needs more than 256 bits is a programming error.
  public init(integerLiteral value: StaticBigInt) {
    precondition(value.bitWidth <= 256, "the literal is not in -2^255 ..< 2^255")
    bits = UInt256(limbs: InlineArray { UInt64(value[$0]) })
  }
}

extension Int256: CustomStringConvertible {
  /// The number that canonical decimal text writes: digits, after one `-` when negative; no leading zero, no `-0`.
  ///
  /// - Throws: `noDigits`, `badDigit`, `leadingZero`, `overflow`.
  public init(decimal text: some StringProtocol) throws(ArithmeticError) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let magnitude: UInt256
    do {
      magnitude = try UInt256(decimal: isNegative ? Substring(text.dropFirst()) : Substring(text))
    } catch .badDigit(let offset) where isNegative {
      throw .badDigit(offset: offset + 1)
    }
    guard !isNegative || magnitude != .zero else { throw .badDigit(offset: 0) }
    try self.init(magnitude: magnitude, isNegative: isNegative)
  }

  /// Canonical decimal text.
  public var description: String {
    isNegative ? "-\(magnitude)" : bits.description
  }
}
