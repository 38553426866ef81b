/// An unsigned integer of 256 bits, the word of the Ethereum machine.
///
/// Every operation that could leave the range throws; none wraps.
public struct UInt256: Sendable {
  /// Four words, the least significant first.
  public let limbs: InlineArray<4, UInt64>

  /// The number with these words, the least significant first.
  @inlinable
  public init(limbs: InlineArray<4, UInt64>) {
    self.limbs = limbs
  }

  /// The number equal to `value`.
  public init(_ value: UInt64) {
    limbs = [value, 0, 0, 0]
  }

  /// Zero.
  @inlinable @inline(__always) public static var zero: UInt256 { UInt256(limbs: [0, 0, 0, 0]) }
  /// One.
  @inlinable @inline(__always) public static var one: UInt256 { UInt256(limbs: [1, 0, 0, 0]) }
  /// 2^256 - 1.
  public static let max = UInt256(limbs: [.max, .max, .max, .max])

  /// The number whose big-endian bytes these are: none to 32 bytes, zeros in front allowed.
  ///
  /// - Throws: `tooManyBytes`.
  public init(bigEndian bytes: some Collection<UInt8>) throws(ArithmeticError) {
    guard bytes.count <= 32 else { throw .tooManyBytes(found: bytes.count, max: 32) }
    var limbs = InlineArray<4, UInt64>(repeating: 0)
    var position = bytes.count
    for byte in bytes {
      position -= 1
      limbs[position / 8] |= UInt64(byte) << UInt64(position % 8 * 8)
    }
    self.limbs = limbs
  }

  /// The 32 big-endian bytes.
  public var bigEndianBytes: [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: limbs[3 - $0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
  }

  /// How many bits the number needs: 0 for zero, 256 for `max`.
  public var bitWidth: Int {
    for index in [3, 2, 1, 0] where limbs[index] != 0 {
      return 64 * (index + 1) - limbs[index].leadingZeroBitCount
    }
    return 0
  }

  /// The number as a `UInt64`, or nil if it is larger.
  @inlinable @inline(__always) public var asUInt64: UInt64? {
    limbs[1] | limbs[2] | limbs[3] == 0 ? limbs[0] : nil
  }
}

extension UInt256: Hashable {
  /// Whether the numbers are equal.
  @inlinable @inline(__always)
  public static func == (a: UInt256, b: UInt256) -> Bool {
    (a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) | (a.limbs[2] ^ b.limbs[2]) | (a.limbs[3] ^ b.limbs[3]) == 0
  }

  /// Feeds the four words to the hasher.
  public func hash(into hasher: inout Hasher) {
    for index in 0..<4 { hasher.combine(limbs[index]) }
  }
}

extension UInt256: Comparable {
  /// Whether `a` is the smaller number.
  @inlinable @inline(__always)
  public static func < (a: UInt256, b: UInt256) -> Bool {
    a.subtractingReportingBorrow(b).borrow
  }
}

extension UInt256: ExpressibleByIntegerLiteral {
  /// The number a literal writes. A literal that is negative or needs more than 256 bits is a programming error.
  public init(integerLiteral value: StaticBigInt) {
    precondition(value.signum() >= 0 && value.bitWidth <= 257, "the literal is not in 0..<2^256")
    limbs = InlineArray { UInt64(value[$0]) }
  }
}
