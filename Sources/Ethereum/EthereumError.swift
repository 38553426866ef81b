public import JSON

/// Why bytes or text are not the value they claim to be.
public enum EthereumError: Error, Hashable, Sendable {
  /// Hexadecimal text does not start with `0x`.
  case missingHexPrefix
  /// Hexadecimal text has an odd number of digits.
  case oddHexDigits(count: Int)
  /// The character at this UTF-8 offset is not a hexadecimal digit.
  case badHexDigit(offset: Int)
  /// Not as many bytes as the type holds.
  case wrongLength(expected: Int, found: Int)
  /// An address in mixed case whose case is not its checksum.
  case badChecksum(expected: String)
  /// The bytes are not one canonical RLP item.
  case rlp(RLPFault, offset: Int)
  /// A list has another number of items than the structure it stands for.
  case fieldCount(of: String, expected: ClosedRange<Int>, found: Int)
  /// A field of a structure does not hold what it must.
  case field(String, expected: String)
  /// A type byte that this version does not know.
  case unknownType(of: String, UInt8)
  /// The text is not a type or signature of the contract ABI, from this UTF-8 offset on.
  case abiType(ABITypeFault, offset: Int)
  /// The bytes are not the one canonical ABI encoding of values of the given types.
  case abi(ABIFault, offset: Int)
  /// A value given for encoding is not of the type it is to be encoded as.
  case abiMismatch(type: String)
  /// The nodes do not prove anything about the key under the root; the node with this number fails.
  case trie(TrieFault, node: Int)
  /// A JSON document that does not say what it must: everything that is wrong with it.
  case document([DocumentFault])
}

/// What breaks the canonical form of RLP.
public enum RLPFault: Hashable, Sendable {
  /// The bytes end inside an item.
  case truncated
  /// Bytes follow the item.
  case trailingBytes
  /// A single byte below 0x80 has a header of its own.
  case wrappedByte
  /// A length is written longer than needed.
  case longLength
  /// An item's content runs past the end of its list.
  case pastListEnd
  /// Lists nest deeper than `Limits.rlpDepthMax`.
  case tooDeep
  /// More items than `Limits.rlpItemCountMax`.
  case tooManyItems
  /// More bytes than `Limits.rlpByteCountMax`.
  case tooLong
}

/// What is wrong with the text of an ABI type or signature.
public enum ABITypeFault: Hashable, Sendable {
  /// No such type.
  case unknown
  /// A width or count that the type cannot have.
  case badSize
  /// A bracket, comma or name is missing or too many.
  case badSyntax
  /// Tuples or arrays nest deeper than `Limits.abiTypeDepthMax`.
  case tooDeep
  /// Longer than `Limits.abiTypeByteCountMax`, or a type larger than `Limits.abiStaticByteCountMax`.
  case tooLarge
}

/// What breaks the canonical form of an ABI encoding.
public enum ABIFault: Hashable, Sendable {
  /// The bytes end inside a value.
  case truncated
  /// Bytes follow the values.
  case trailingBytes
  /// An offset does not point to the place right after what stands before.
  case badOffset
  /// A number is out of its type's range, or a bool is neither 0 nor 1.
  case outOfRange
  /// Padding that is not zero.
  case dirtyPadding
  /// Text that is not UTF-8.
  case badUTF8
  /// Another function's selector, or another event's topics.
  case wrongSelector
}
