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
