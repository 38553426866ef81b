/// Exactly `count` bytes, stored in place.
@frozen public struct FixedBytes<let count: Int>: Sendable {
  @usableFromInline
  let storage: InlineArray<count, UInt8>

  /// The given bytes.
  ///
  /// - Throws: `wrongLength`.
  @inlinable
  public init(_ bytes: some Collection<UInt8>) throws(EthereumError) {
    guard bytes.count == count else { throw .wrongLength(expected: count, found: bytes.count) }
    var iterator = bytes.makeIterator()
    storage = InlineArray { _ in iterator.next() ?? 0 }
  }

  /// The bytes that hexadecimal text with `0x` writes, in either case.
  ///
  /// - Throws: `missingHexPrefix`, `oddHexDigits`, `badHexDigit`, `wrongLength`.
  public init(hex text: some StringProtocol) throws(EthereumError) {
    try self.init(Hex.decode(text))
  }

  /// The byte at each position, as computed.
  @inlinable
  init(bytewise byte: (Int) -> UInt8) {
    storage = InlineArray(byte)
  }

  /// All bytes zero.
  public static var zero: FixedBytes { FixedBytes(bytewise: { _ in 0 }) }

  /// The bytes, first to last.
  @inlinable
  public var bytes: [UInt8] {
    unsafe storage.span.withUnsafeBytes { unsafe Array($0) }
  }

  /// Adds the bytes at the end of others.
  @inlinable
  func append(to output: inout [UInt8]) {
    unsafe storage.span.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
  }

  /// The byte at a position in `0..<count`.
  @inlinable
  public subscript(position: Int) -> UInt8 { storage[position] }

  /// `0x` and two lowercase digits a byte.
  public var hex: String { Hex.encode(bytes) }
}

extension FixedBytes: Hashable {
  /// Whether all bytes are equal. Not in constant time: for public values.
  @inlinable
  public static func == (a: FixedBytes, b: FixedBytes) -> Bool {
    for position in 0..<count where a.storage[position] != b.storage[position] { return false }
    return true
  }

  /// Feeds all bytes to the hasher.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    unsafe storage.span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

extension FixedBytes: Comparable {
  /// Whether `a` comes first when bytes are compared from the left.
  @inlinable
  public static func < (a: FixedBytes, b: FixedBytes) -> Bool {
    for position in 0..<count where a.storage[position] != b.storage[position] {
      return a.storage[position] < b.storage[position]
    }
    return false
  }
}

extension FixedBytes: CustomStringConvertible {
  /// The same as `hex`.
  public var description: String { hex }
}
