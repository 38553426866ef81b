public import Arithmetic

extension FixedBytes<32> {
  /// The number as 32 big-endian bytes.
  public init(_ value: UInt256) {
    self.init(bytewise: { UInt8(truncatingIfNeeded: value.limbs[3 - $0 / 8] >> UInt64(56 - $0 % 8 * 8)) })
  }
}

extension UInt256 {
  /// The number whose big-endian bytes these are.
  public init(_ word: FixedBytes<32>) {
    self.init(
      limbs: InlineArray { limb in
        (0..<8).reduce(0) { $0 << 8 | UInt64(word[24 - 8 * limb + $1]) }
      })
  }
}
