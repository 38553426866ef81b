import Arithmetic

extension ABIValue {
  /// The values that the bytes encode. Only the one canonical encoding is accepted: offsets in order and without gaps,
  /// padding zero, numbers in range, nothing behind; so encoding the result gives the bytes back.
  ///
  /// - Throws: `abi`.
  public static func decode(_ bytes: [UInt8], as types: [ABIType]) throws(EthereumError) -> [ABIValue] {
    var decoder = ABIDecoder(bytes: bytes)
    let values = try decoder.values(types)
    guard decoder.end == bytes.count else { throw .abi(.trailingBytes, offset: decoder.end) }
    return values
  }
}

/// Reads front to back. `end` is where the next bytes that belong to nobody yet begin: each is read exactly once.
private struct ABIDecoder {
  let bytes: [UInt8]
  var end = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Members whose heads stand at `end`.
  mutating func values(_ types: [ABIType]) throws(EthereumError) -> [ABIValue] {
    let base = end
    _ = try claim(types.reduce(0) { $0 + $1.headByteCount })
    var head = base
    var values: [ABIValue] = []
    for type in types {
      if type.isDynamic {
        guard word(at: head) == UInt256(UInt64(end - base)) else { throw .abi(.badOffset, offset: head) }
        values.append(try dynamicValue(type))
      } else {
        values.append(try staticValue(type, at: head))
      }
      head += type.headByteCount
    }
    return values
  }

  private mutating func dynamicValue(_ type: ABIType) throws(EthereumError) -> ABIValue {
    switch type.kind {
    case .bytes:
      return .bytes(try content())
    case .string:
      let start = end
      guard let text = String(validating: try content(), as: UTF8.self) else {
        throw .abi(.badUTF8, offset: start + 32)
      }
      return .string(text)
    case .array(let element):
      let start = try claim(32)
      // Every element takes at least one word in place, so the bytes that are left bound the count.
      guard let count = word(at: start).asUInt64, count <= UInt64((bytes.count - end) / element.headByteCount) else {
        throw .abi(.truncated, offset: start)
      }
      return .array(try values([ABIType](repeating: element, count: Int(count))))
    case .fixedArray(let element, let count):
      return .array(try values([ABIType](repeating: element, count: count)))
    case .tuple(let members):
      return .tuple(try values(members))
    default:
      return try staticValue(type, at: claim(type.headByteCount))
    }
  }

  /// A value that stands whole at `offset`, inside bytes already claimed.
  private func staticValue(_ type: ABIType, at offset: Int) throws(EthereumError) -> ABIValue {
    switch type.kind {
    case .uint(let bits):
      let value = word(at: offset)
      guard value.bitWidth <= bits else { throw .abi(.outOfRange, offset: offset) }
      return .uint(value)
    case .int(let bits):
      let value = Int256(bits: word(at: offset))
      guard value.fits(bits: bits) else { throw .abi(.outOfRange, offset: offset) }
      return .int(value)
    case .bool:
      let value = word(at: offset)
      guard value <= .one else { throw .abi(.outOfRange, offset: offset) }
      return .bool(value == .one)
    case .address:
      try expectZeros(offset..<offset + 12)
      return .address(try Address(bytes[offset + 12..<offset + 32]))
    case .fixedBytes(let count):
      try expectZeros(offset + count..<offset + 32)
      return .fixedBytes(Array(bytes[offset..<offset + count]))
    case .function:
      try expectZeros(offset + 24..<offset + 32)
      return .fixedBytes(Array(bytes[offset..<offset + 24]))
    case .fixedArray(let element, let count):
      var values: [ABIValue] = []
      for index in 0..<count { values.append(try staticValue(element, at: offset + index * element.headByteCount)) }
      return .array(values)
    case .tuple(let members):
      var values: [ABIValue] = []
      var position = offset
      for member in members {
        values.append(try staticValue(member, at: position))
        position += member.headByteCount
      }
      return .tuple(values)
    case .bytes, .string, .array:
      throw .abiMismatch(type: type.description)
    }
  }

  /// A length, and that many bytes padded to a whole word.
  private mutating func content() throws(EthereumError) -> [UInt8] {
    let start = try claim(32)
    guard let announced = word(at: start).asUInt64, announced <= UInt64(bytes.count - end) else {
      throw .abi(.truncated, offset: start)
    }
    let count = Int(announced)
    let first = try claim((count + 31) / 32 * 32)
    try expectZeros(first + count..<end)
    return Array(bytes[first..<first + count])
  }

  /// Takes the next bytes; gives the offset of the first.
  private mutating func claim(_ count: Int) throws(EthereumError) -> Int {
    guard count <= bytes.count - end else { throw .abi(.truncated, offset: end) }
    defer { end += count }
    return end
  }

  private func word(at offset: Int) -> UInt256 {
    UInt256(
      limbs: InlineArray { limb in
        let first = offset + 24 - 8 * limb
        return (first..<first + 8).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
      })
  }

  private func expectZeros(_ range: Range<Int>) throws(EthereumError) {
    for offset in range where bytes[offset] != 0 { throw .abi(.dirtyPadding, offset: offset) }
  }
}
