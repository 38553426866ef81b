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

  /// Four integers that lie in memory as the bytes do.
  var lanes: InlineArray<4, UInt64> {
    // 32 bytes are any four integers.
    unsafe unsafeBitCast(storage, to: InlineArray<4, UInt64>.self)
  }
}

extension UInt256 {
  /// The number whose big-endian bytes these are.
  public init(_ word: FixedBytes<32>) {
    let lanes = word.lanes
    self.init(limbs: InlineArray { UInt64(bigEndian: lanes[3 - $0]) })
  }
}
