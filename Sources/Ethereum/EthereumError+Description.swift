import JSON

extension EthereumError: CustomStringConvertible {
  /// What was wrong and where, and what is expected instead.
  public var description: String {
    switch self {
    case .missingHexPrefix: "missing 0x: hexadecimal text starts with it"
    case .oddHexDigits(let count): "\(count) hexadecimal digits: write two for each byte"
    case .badHexDigit(let offset): "character \(offset) is not a hexadecimal digit"
    case .wrongLength(let expected, let found): "\(found) bytes where \(expected) are expected"
    case .badChecksum(let expected):
      "the address fails its checksum: copy it again, or if it is right write \(expected)"
    case .rlp(let fault, let offset): "RLP, byte \(offset): \(fault.sentence)"
    case .fieldCount(let structure, let expected, let found):
      "\(structure): \(found) fields where \(expected.sentence) are expected"
    case .field(let name, let expected): "\(name): expected \(expected)"
    case .unknownType(let structure, let type):
      "\(structure) of type 0x\(String(type, radix: 16)): this version knows no such type"
    case .abiType(let fault, let offset): "ABI type, character \(offset): \(fault.sentence)"
    case .abi(let fault, let offset): "ABI, byte \(offset): \(fault.sentence)"
    case .abiMismatch(let type): "the value is not a \(type): give a value of this type and inside its range"
    case .trie(let fault, let node): "trie proof, node \(node): \(fault.sentence)"
    case .document(let faults): faults.map(\.description).joined(separator: "\n")
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var sentence: String {
    lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
  }
}

extension RLPFault {
  fileprivate var sentence: String {
    switch self {
    case .truncated: "the bytes end inside an item"
    case .trailingBytes: "bytes follow the item: give exactly one"
    case .wrappedByte: "a byte below 0x80 must stand for itself"
    case .longLength: "a length must be written as short as possible"
    case .pastListEnd: "an item runs past the end of its list"
    case .tooDeep: "more than \(Limits.rlpDepthMax) lists inside each other"
    case .tooManyItems: "more than \(Limits.rlpItemCountMax) items"
    case .tooLong: "more than \(Limits.rlpByteCountMax) bytes"
    }
  }
}

extension ABITypeFault {
  fileprivate var sentence: String {
    switch self {
    case .unknown: "no such type: write one such as uint256, address, bytes, string or (address,uint256)[]"
    case .badSize: "no such width or count: uint8 to uint256 by 8, bytes1 to bytes32, arrays of at least 1"
    case .badSyntax: "a bracket, comma or name is missing or too many"
    case .tooDeep: "more than \(Limits.abiTypeDepthMax) tuples and arrays inside each other"
    case .tooLarge:
      "longer than \(Limits.abiTypeByteCountMax) characters, or a value of more than \(Limits.abiStaticByteCountMax) bytes"
    }
  }
}

extension ABIFault {
  fileprivate var sentence: String {
    switch self {
    case .truncated: "the bytes end inside a value"
    case .trailingBytes: "bytes follow the values"
    case .badOffset: "the offset does not point right behind what stands before"
    case .outOfRange: "out of the type's range"
    case .dirtyPadding: "padding must be zero"
    case .badUTF8: "text must be UTF-8"
    case .wrongSelector: "the selector or topics are another function's or event's"
    }
  }
}

extension TrieFault {
  fileprivate var sentence: String {
    switch self {
    case .missingNode: "the proof ends before the way to the key does"
    case .wrongHash: "its hash is not the one named above it"
    case .malformedNode: "neither leaf, extension nor branch in canonical form"
    case .unusedNode: "not on the way to the key: leave it out"
    }
  }
}
