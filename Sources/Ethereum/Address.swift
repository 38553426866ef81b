/// An account or contract: 20 bytes.
public struct Address: Hashable, Sendable {
  /// The bytes in place.
  public let fixedBytes: FixedBytes<20>

  /// The address with these bytes.
  public init(_ fixedBytes: FixedBytes<20>) {
    self.fixedBytes = fixedBytes
  }

  /// The address with these bytes.
  ///
  /// - Throws: `wrongLength` unless there are 20.
  public init(_ bytes: some Collection<UInt8>) throws(EthereumError) {
    fixedBytes = try FixedBytes(bytes)
  }

  /// The address at the end of a hash: its last 20 bytes.
  public init(lastBytesOf digest: Digest) {
    fixedBytes = FixedBytes(bytewise: { digest[12 + $0] })
  }

  /// All bytes zero: nobody.
  public static let zero = Address(.zero)

  /// The bytes, first to last.
  public var bytes: [UInt8] { fixedBytes.bytes }

  /// The address as a word, 12 zero bytes in front.
  var word: Digest {
    // 20 bytes are any five integers.
    let parts = unsafe unsafeBitCast(fixedBytes, to: InlineArray<5, UInt32>.self)
    return Digest(
      lanes: (
        0, UInt64(parts[0].littleEndian) << 32, UInt64(parts[1].littleEndian) | UInt64(parts[2].littleEndian) << 32,
        UInt64(parts[3].littleEndian) | UInt64(parts[4].littleEndian) << 32
      ))
  }
}

extension Address: Comparable {
  /// Whether `a` is the smaller number.
  public static func < (a: Address, b: Address) -> Bool {
    a.fixedBytes < b.fixedBytes
  }
}
