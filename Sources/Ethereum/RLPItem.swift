public import Arithmetic

/// A byte string, or a list of items: all that RLP knows.
///
/// - Source: Ethereum Yellow Paper, appendix B.
public indirect enum RLPItem: Hashable, Sendable {
  /// A byte string.
  case bytes([UInt8])
  /// A list.
  case list([RLPItem])

  /// An integer as RLP writes it: big-endian bytes without zeros in front, none for zero.
  public static func integer(_ value: UInt256) -> RLPItem {
    .bytes(Array(value.bigEndianBytes.drop { $0 == 0 }))
  }

  /// An integer as RLP writes it: big-endian bytes without zeros in front, none for zero.
  public static func integer(_ value: UInt64) -> RLPItem {
    .bytes(minimalBigEndianBytes(value))
  }

  /// The one canonical encoding.
  public func encoded() -> [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  private func append(to output: inout [UInt8]) {
    switch self {
    case .bytes(let bytes):
      if bytes.count != 1 || bytes[0] >= 0x80 {
        Self.appendHeader(0x80, count: bytes.count, to: &output)
      }
      output += bytes
    case .list(let items):
      var content: [UInt8] = []
      for item in items { item.append(to: &content) }
      Self.appendHeader(0xc0, count: content.count, to: &output)
      output += content
    }
  }

  private static func appendHeader(_ base: UInt8, count: Int, to output: inout [UInt8]) {
    if count < 56 {
      output.append(base + UInt8(count))
    } else {
      let length = minimalBigEndianBytes(UInt64(count))
      output.append(base + 55 + UInt8(length.count))
      output += length
    }
  }
}

private func minimalBigEndianBytes(_ value: UInt64) -> [UInt8] {
  let count = (71 - value.leadingZeroBitCount) / 8
  return (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
}
