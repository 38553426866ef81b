import Arithmetic

extension ABIValue {
  /// The values one after the other without padding: what Solidity's `abi.encodePacked` gives. Elements of arrays are
  /// padded to 32 bytes. Different values may give the same bytes, so that nothing can be decoded from it.
  ///
  /// - Throws: `abiMismatch`, also for tuples, which have no packed form.
  /// - Source: Solidity documentation, "Contract ABI Specification", "Non-standard Packed Mode".
  public static func packed(_ values: [ABIValue], as types: [ABIType]) throws(EthereumError) -> [UInt8] {
    guard values.count == types.count else { throw .abiMismatch(type: ABIType(.tuple(types)).description) }
    var output: [UInt8] = []
    for (value, type) in zip(values, types) { try value.appendPacked(as: type, to: &output) }
    return output
  }

  private func appendPacked(as type: ABIType, to output: inout [UInt8]) throws(EthereumError) {
    switch (type.kind, self) {
    case (.string, .string(let text)): output += text.utf8
    case (.bytes, .bytes(let bytes)): output += bytes
    case (.array(let element), .array(let values)), (.fixedArray(let element, _), .array(let values)):
      if case .fixedArray(_, let count) = type.kind, count != values.count {
        throw .abiMismatch(type: type.description)
      }
      for value in values {
        if element.isArray {
          try value.appendPacked(as: element, to: &output)
        } else if !element.isDynamic, !element.isTuple {
          output += try ABIValue.encode([value], as: [element])
        } else {
          throw .abiMismatch(type: type.description)
        }
      }
    default:
      guard !type.isDynamic, !type.isTuple else { throw .abiMismatch(type: type.description) }
      let word = try ABIValue.encode([self], as: [type])
      switch type.kind {
      case .uint(let bits), .int(let bits): output += word.suffix(bits / 8)
      case .address: output += word.suffix(20)
      case .bool: output += word.suffix(1)
      case .fixedBytes(let count): output += word.prefix(count)
      case .function: output += word.prefix(24)
      default: throw .abiMismatch(type: type.description)
      }
    }
  }
}

extension ABIType {
  fileprivate var isArray: Bool {
    switch kind {
    case .array, .fixedArray: true
    default: false
    }
  }

  fileprivate var isTuple: Bool {
    if case .tuple = kind { true } else { false }
  }
}
