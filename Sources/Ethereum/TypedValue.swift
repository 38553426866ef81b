public import Arithmetic

/// A value inside a typed struct.
public indirect enum TypedValue: Hashable, Sendable {
  /// An unsigned integer of the member's declared width.
  case uint(UInt256)
  /// An address.
  case address(Address)
  /// A word of 32 bytes.
  case bytes32(Digest)
  /// Text, hashed as UTF-8.
  case string(String)
  /// True or false.
  case bool(Bool)
  /// Any number of values of one type.
  case array([TypedValue])
  /// A struct inside the struct.
  case structure(TypedStruct)
}

extension TypedValue {
  /// The 32 bytes that stand for the value inside its struct's hash.
  ///
  /// - Source: EIP-712, "Definition of encodeData".
  var encodedData: [UInt8] {
    switch self {
    case .uint(let value): value.bigEndianBytes
    case .address(let address): [UInt8](repeating: 0, count: 12) + address.bytes
    case .bytes32(let word): word.bytes
    case .string(let text): Keccak256.hash(Array(text.utf8)).bytes
    case .bool(let flag): [UInt8](repeating: 0, count: 31) + [flag ? 1 : 0]
    case .array(let values): Keccak256.hash(values.flatMap(\.encodedData)).bytes
    case .structure(let structure): structure.structHash.bytes
    }
  }

  /// Whether the value can be a member of the declared type: its kind, and for integers its width.
  func fits(type: String) -> Bool {
    switch self {
    case .uint(let value):
      guard type.hasPrefix("uint"), let bits = Int(type.dropFirst(4)) else { return false }
      return (8...256).contains(bits) && bits.isMultiple(of: 8) && value.bitWidth <= bits
    case .address: return type == "address"
    case .bytes32: return type == "bytes32"
    case .string: return type == "string"
    case .bool: return type == "bool"
    case .array(let values):
      guard type.hasSuffix("]"), let open = type.lastIndex(of: "[") else { return false }
      let count = type[type.index(after: open)...].dropLast()
      return (count.isEmpty || String(values.count) == count)
        && values.allSatisfy { $0.fits(type: String(type[..<open])) }
    case .structure(let structure): return type == structure.name
    }
  }

  /// The structs directly inside the value.
  var structures: [TypedStruct] {
    switch self {
    case .structure(let structure): [structure]
    case .array(let values): values.flatMap(\.structures)
    default: []
    }
  }
}
