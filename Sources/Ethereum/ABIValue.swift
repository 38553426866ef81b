public import Arithmetic

/// A value of the contract ABI.
public indirect enum ABIValue: Hashable, Sendable {
  /// An unsigned integer.
  case uint(UInt256)
  /// A signed integer.
  case int(Int256)
  /// An address.
  case address(Address)
  /// True or false.
  case bool(Bool)
  /// A value of `bytes1` to `bytes32`.
  case fixedBytes([UInt8])
  /// Bytes of any number.
  case bytes([UInt8])
  /// Text, as UTF-8.
  case string(String)
  /// Values of one type: an array of fixed or any length.
  case array([ABIValue])
  /// Values of several types.
  case tuple([ABIValue])
}

extension ABIValue {
  /// A word of 32 bytes.
  public static func bytes32(_ word: Digest) -> ABIValue { .fixedBytes(word.bytes) }
}

extension ABIValue {
  /// Whether the values are of one kind and equal. Text is equal when its bytes are, as its encoding is; Swift's own
  /// `==` takes two spellings of one letter for the same.
  public static func == (a: ABIValue, b: ABIValue) -> Bool {
    switch (a, b) {
    case (.uint(let a), .uint(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.address(let a), .address(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    case (.fixedBytes(let a), .fixedBytes(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.tuple(let a), .tuple(let b)): a == b
    default: false
    }
  }
}
