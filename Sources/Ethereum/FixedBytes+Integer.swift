public import Arithmetic

extension FixedBytes<32> {
  /// The number as 32 big-endian bytes.
  public init(_ value: UInt256) {
    let limbs = value.limbs
    self.init(lanes: (limbs[3].bigEndian, limbs[2].bigEndian, limbs[1].bigEndian, limbs[0].bigEndian))
  }

  /// The bytes of four integers as they lie in memory.
  init(lanes: (UInt64, UInt64, UInt64, UInt64)) {
    // Any 32 bytes are such an array.
    storage = unsafe unsafeBitCast(lanes, to: InlineArray<32, UInt8>.self)
  }
}

extension UInt256 {
  /// The number whose big-endian bytes these are.
  public init(_ word: FixedBytes<32>) {
    // 32 bytes are any four integers.
    let lanes = unsafe unsafeBitCast(word.storage, to: InlineArray<4, UInt64>.self)
    self.init(limbs: InlineArray { UInt64(bigEndian: lanes[3 - $0]) })
  }
}
