public import Arithmetic

/// A value inside a typed struct.
public enum TypedValue: Hashable, Sendable {
  /// An unsigned integer of the member's declared width.
  case uint(UInt256)
  /// A signed integer of the member's declared width.
  case int(Int256)
  /// An address.
  case address(Address)
  /// A word of 32 bytes.
  case bytes32(Digest)
  /// A value of `bytes1` to `bytes31`.
  case fixedBytes([UInt8])
  /// Bytes of any number, hashed.
  case bytes([UInt8])
  /// Text, hashed as UTF-8.
  case string(String)
  /// True or false.
  case bool(Bool)
  /// Any number of values of one type.
  case array([TypedValue])
  /// A struct inside the struct.
  case structure(TypedStruct)
  /// No struct where one may be: 32 zero bytes, as `eth_signTypedData_v4` defines.
  case noStructure
}

extension TypedValue {
  /// The 32 bytes that stand for the value inside its struct's hash.
  ///
  /// - Source: EIP-712, "Definition of encodeData".
  @inline(__always)
  var word: Digest {
    switch self {
    case .uint(let value): Digest(value)
    case .int(let value): Digest(value.bits)
    case .address(let address): address.word
    case .bytes32(let word): word
    case .fixedBytes(let bytes): Digest(bytewise: { $0 < bytes.count ? bytes[$0] : 0 })
    case .bytes(let bytes): Keccak256.hash(bytes)
    case .string(let text): Keccak256.hash(text.utf8Span.span)
    case .bool(let flag): Digest(flag ? UInt256.one : .zero)
    case .array(let values): Keccak256.hash(values.map(\.word))
    case .structure(let structure): structure.structHash
    case .noStructure: .zero
    }
  }

  /// Whether the value can be a member of the declared type: its kind, and for integers its width.
  func fits(type: String) -> Bool {
    switch self {
    case .uint(let value):
      guard type.hasPrefix("uint"), let bits = Int(type.dropFirst(4)) else { return false }
      return (8...256).contains(bits) && bits.isMultiple(of: 8) && value.bitWidth <= bits
    case .int(let value):
      guard type.hasPrefix("int"), let bits = Int(type.dropFirst(3)) else { return false }
      return (8...256).contains(bits) && bits.isMultiple(of: 8) && value.fits(bits: bits)
    case .fixedBytes(let bytes): return (1...32).contains(bytes.count) && type == "bytes\(bytes.count)"
    case .bytes: return type == "bytes"
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
    case .noStructure: return !type.hasSuffix("]") && (try? ABIType(parsing: type)) == nil
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

extension TypedValue {
  /// Whether the values are of one kind and equal. Text is equal when its bytes are, as its hash is; Swift's own `==`
  /// takes two spellings of one letter for the same.
  public static func == (a: TypedValue, b: TypedValue) -> Bool {
    switch (a, b) {
    case (.uint(let a), .uint(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.fixedBytes(let a), .fixedBytes(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.noStructure, .noStructure): true
    case (.address(let a), .address(let b)): a == b
    case (.bytes32(let a), .bytes32(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.bool(let a), .bool(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.structure(let a), .structure(let b)): a == b
    default: false
    }
  }
}
