extension RLPItem {
  /// The item that the bytes encode, in canonical form and with nothing behind it, within `Limits`.
  ///
  /// - Throws: `rlp`.
  public init(decoding bytes: [UInt8]) throws(EthereumError) {
    guard bytes.count <= Limits.rlpByteCountMax else { throw .rlp(.tooLong, offset: 0) }
    var decoder = RLPDecoder(bytes: bytes)
    self = try decoder.item(end: bytes.count, depth: 0)
    guard decoder.offset == bytes.count else { throw .rlp(.trailingBytes, offset: decoder.offset) }
  }
}

private struct RLPDecoder {
  let bytes: [UInt8]
  var offset = 0
  var itemCount = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func item(end: Int, depth: Int) throws(EthereumError) -> RLPItem {
    let start = offset
    guard start < end else { throw .rlp(.truncated, offset: start) }
    itemCount += 1
    guard itemCount <= Limits.rlpItemCountMax else { throw .rlp(.tooManyItems, offset: start) }
    let first = bytes[start]
    offset += 1
    switch first {
    case 0x00..<0x80:
      return .bytes([first])
    case 0x80..<0xc0:
      let count = try contentCount(first - 0x80, end: end)
      let content = Array(bytes[offset..<offset + count])
      guard count != 1 || content[0] >= 0x80 else { throw .rlp(.wrappedByte, offset: start) }
      offset += count
      return .bytes(content)
    default:
      guard depth < Limits.rlpDepthMax else { throw .rlp(.tooDeep, offset: start) }
      let count = try contentCount(first - 0xc0, end: end)
      let listEnd = offset + count
      var items: [RLPItem] = []
      while offset < listEnd { items.append(try item(end: listEnd, depth: depth + 1)) }
      return .list(items)
    }
  }

  /// The length that a header announces, of content that ends by `end`.
  private mutating func contentCount(_ header: UInt8, end: Int) throws(EthereumError) -> Int {
    var count = UInt64(header)
    if header > 55 {
      let start = offset
      let width = Int(header) - 55
      guard width <= end - start else { throw .rlp(.truncated, offset: start) }
      guard bytes[start] != 0 else { throw .rlp(.longLength, offset: start) }
      count = bytes[start..<start + width].reduce(0) { $0 << 8 | UInt64($1) }
      guard count > 55 else { throw .rlp(.longLength, offset: start) }
      offset += width
    }
    guard count <= UInt64(end - offset) else {
      throw .rlp(end == bytes.count ? .truncated : .pastListEnd, offset: offset)
    }
    return Int(count)
  }
}
