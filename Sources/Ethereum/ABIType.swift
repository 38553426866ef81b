/// A type of the contract ABI, such as `uint256`, `address[]` or `(bytes32,string)[3]`.
///
/// - Source: Solidity documentation, "Contract ABI Specification", "Types".
public struct ABIType: Hashable, Sendable {
  indirect enum Kind: Hashable, Sendable {
    case uint(bits: Int)
    case int(bits: Int)
    case address
    case bool
    case fixedBytes(count: Int)
    /// An address and a selector, encoded as `bytes24`.
    case function
    case bytes
    case string
    case array(ABIType)
    case fixedArray(ABIType, count: Int)
    case tuple([ABIType])
  }

  let kind: Kind
  /// Whether values differ in length, so that an offset stands in their place.
  let isDynamic: Bool
  /// The bytes that a value takes in place: the whole value, or 32 for an offset.
  let headByteCount: Int

  /// A type of a kind whose sizes have been checked.
  init(_ kind: Kind) {
    self.kind = kind
    let inPlaceByteCount: Int
    switch kind {
    case .bytes, .string, .array:
      isDynamic = true
      inPlaceByteCount = 32
    case .fixedArray(let element, let count):
      isDynamic = element.isDynamic
      inPlaceByteCount = element.headByteCount * count
    case .tuple(let members):
      isDynamic = members.contains(where: \.isDynamic)
      inPlaceByteCount = members.reduce(0) { $0 + $1.headByteCount }
    default:
      isDynamic = false
      inPlaceByteCount = 32
    }
    headByteCount = isDynamic ? 32 : inPlaceByteCount
  }
}

extension ABIType: CustomStringConvertible {
  /// The canonical text: `uint256`, never `uint`; no spaces, no names.
  public var description: String {
    switch kind {
    case .uint(let bits): "uint\(bits)"
    case .int(let bits): "int\(bits)"
    case .address: "address"
    case .bool: "bool"
    case .fixedBytes(let count): "bytes\(count)"
    case .function: "function"
    case .bytes: "bytes"
    case .string: "string"
    case .array(let element): "\(element)[]"
    case .fixedArray(let element, let count): "\(element)[\(count)]"
    case .tuple(let members): "(\(members.map(\.description).joined(separator: ",")))"
    }
  }
}
