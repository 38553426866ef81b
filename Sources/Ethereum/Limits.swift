/// Bounds on what is decoded from outside, each with its reason.
public enum Limits {
  /// Bytes in one RLP item. A whole mainnet block with its transactions stays under 8 MiB.
  public static let rlpByteCountMax = 16 << 20
  /// Lists inside lists. Nothing in Ethereum nests deeper than eight; each level costs a stack frame.
  public static let rlpDepthMax = 64
  /// Items in one RLP item: every one of them costs an allocation, whatever its size.
  public static let rlpItemCountMax = 1 << 20
  /// UTF-8 bytes in the text of an ABI type or signature. Real ones stay under 1 KiB.
  public static let abiTypeByteCountMax = 8 << 10
  /// Tuples and arrays inside each other in an ABI type: each level costs a stack frame.
  public static let abiTypeDepthMax = 32
  /// Bytes that a static ABI type may take, so that `uint8[1000000000]` is refused before memory is taken.
  public static let abiStaticByteCountMax = 1 << 20
  /// Struct types in a typed-data document. Real ones have fewer than twenty; each may name all the others, and every
  /// type string is hashed.
  public static let typedDataTypeCountMax = 128
}
