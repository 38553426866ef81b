extension UInt256 {
  /// The bits set in both.
  public static func & (a: UInt256, b: UInt256) -> UInt256 {
    UInt256(limbs: InlineArray { a.limbs[$0] & b.limbs[$0] })
  }

  /// The bits set in either.
  public static func | (a: UInt256, b: UInt256) -> UInt256 {
    UInt256(limbs: InlineArray { a.limbs[$0] | b.limbs[$0] })
  }

  /// The bits set in exactly one.
  public static func ^ (a: UInt256, b: UInt256) -> UInt256 {
    UInt256(limbs: InlineArray { a.limbs[$0] ^ b.limbs[$0] })
  }

  /// The other bits.
  public static prefix func ~ (a: UInt256) -> UInt256 {
    UInt256(limbs: InlineArray { ~a.limbs[$0] })
  }

  /// The bits moved up by `count`, which must not be negative; what passes the top is lost.
  public static func << (a: UInt256, count: Int) -> UInt256 {
    precondition(count >= 0, "a shift count must not be negative")
    let (words, bits) = count.quotientAndRemainder(dividingBy: 64)
    return UInt256(
      limbs: InlineArray { index in
        let source = index - words
        guard source >= 0 else { return 0 }
        let carried = bits > 0 && source > 0 ? a.limbs[source - 1] >> UInt64(64 - bits) : 0
        return a.limbs[source] << UInt64(bits) | carried
      })
  }

  /// The bits moved down by `count`, which must not be negative.
  public static func >> (a: UInt256, count: Int) -> UInt256 {
    precondition(count >= 0, "a shift count must not be negative")
    let (words, bits) = count.quotientAndRemainder(dividingBy: 64)
    return UInt256(
      limbs: InlineArray { index in
        guard words < 4, index + words < 4 else { return 0 }
        let source = index + words
        let carried = bits > 0 && source < 3 ? a.limbs[source + 1] << UInt64(64 - bits) : 0
        return a.limbs[source] >> UInt64(bits) | carried
      })
  }
}
