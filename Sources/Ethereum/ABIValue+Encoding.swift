import Arithmetic

extension ABIValue {
  /// The values as the arguments or results of a call.
  ///
  /// - Throws: `abiMismatch` when a value is not of its type or their numbers differ.
  /// - Source: Solidity documentation, "Contract ABI Specification", "Formal Specification of the Encoding".
  public static func encode(_ values: [ABIValue], as types: [ABIType]) throws(EthereumError) -> [UInt8] {
    var output: [UInt8] = []
    try append(values, as: types, to: &output)
    return output
  }

  /// Heads of all members, then the tails of the dynamic ones, each head an offset from the first head.
  private static func append(
    _ values: [ABIValue], as types: [ABIType], to output: inout [UInt8]
  ) throws(EthereumError) {
    guard values.count == types.count else { throw .abiMismatch(type: ABIType(.tuple(types)).description) }
    let base = output.count
    var heads: [Int] = []
    for (value, type) in zip(values, types) {
      heads.append(output.count)
      if type.isDynamic {
        output += [UInt8](repeating: 0, count: 32)
      } else {
        try value.append(as: type, to: &output)
      }
    }
    for (index, type) in types.enumerated() where type.isDynamic {
      let offset = UInt256(UInt64(output.count - base)).bigEndianBytes
      output.replaceSubrange(heads[index]..<heads[index] + 32, with: offset)
      try values[index].append(as: type, to: &output)
    }
  }

  private func append(as type: ABIType, to output: inout [UInt8]) throws(EthereumError) {
    switch (type.kind, self) {
    case (.uint(let bits), .uint(let value)) where value.bitWidth <= bits:
      output += value.bigEndianBytes
    case (.int(let bits), .int(let value)) where value.fits(bits: bits):
      output += value.bits.bigEndianBytes
    case (.address, .address(let address)):
      address.word.append(to: &output)
    case (.bool, .bool(let flag)):
      output += UInt256(flag ? 1 : 0).bigEndianBytes
    case (.fixedBytes(let count), .fixedBytes(let bytes)) where bytes.count == count:
      Self.appendPadded(bytes, to: &output)
    case (.function, .fixedBytes(let bytes)) where bytes.count == 24:
      Self.appendPadded(bytes, to: &output)
    case (.bytes, .bytes(let bytes)):
      output += UInt256(UInt64(bytes.count)).bigEndianBytes
      Self.appendPadded(bytes, to: &output)
    case (.string, .string(let text)):
      let bytes = Array(text.utf8)
      output += UInt256(UInt64(bytes.count)).bigEndianBytes
      Self.appendPadded(bytes, to: &output)
    case (.array(let element), .array(let values)):
      output += UInt256(UInt64(values.count)).bigEndianBytes
      try Self.append(values, as: [ABIType](repeating: element, count: values.count), to: &output)
    case (.fixedArray(let element, let count), .array(let values)) where values.count == count:
      try Self.append(values, as: [ABIType](repeating: element, count: count), to: &output)
    case (.tuple(let types), .tuple(let values)):
      try Self.append(values, as: types, to: &output)
    default:
      throw .abiMismatch(type: type.description)
    }
  }

  private static func appendPadded(_ bytes: [UInt8], to output: inout [UInt8]) {
    output += bytes
    output += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
  }
}

extension Int256 {
  /// Whether the number is in -2^(bits-1) ..< 2^(bits-1).
  func fits(bits count: Int) -> Bool {
    (isNegative ? ~bits : bits).bitWidth < count
  }
}
