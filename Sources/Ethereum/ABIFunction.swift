/// A function of a contract, by its signature: what is needed to call it.
///
/// - Source: Solidity documentation, "Contract ABI Specification", "Function Selector".
public struct ABIFunction: Hashable, Sendable {
  /// The function's name.
  public let name: String
  /// The types of its arguments.
  public let inputs: [ABIType]
  /// The first four bytes of the Keccak-256 of the canonical signature.
  public let selector: FixedBytes<4>

  /// The function of this signature, such as `transfer(address,uint256)`.
  ///
  /// - Throws: `abiType`.
  public init(signature: String) throws(EthereumError) {
    var parser = try ABITypeParser(signature)
    name = try parser.name()
    inputs = try parser.list(depth: 0)
    try parser.expectEnd()
    let digest = Keccak256.hash(Array((name + ABIType(.tuple(inputs)).description).utf8))
    selector = FixedBytes(bytewise: { digest[$0] })
  }

  /// The canonical signature.
  public var signature: String { name + ABIType(.tuple(inputs)).description }

  /// The call data: selector and arguments.
  ///
  /// - Throws: `abiMismatch`.
  public func encodeCall(_ arguments: [ABIValue]) throws(EthereumError) -> [UInt8] {
    try selector.bytes + ABIValue.encode(arguments, as: inputs)
  }

  /// The arguments in the data of a call to this function.
  ///
  /// - Throws: `abi`.
  public func decodeCall(_ data: [UInt8]) throws(EthereumError) -> [ABIValue] {
    guard data.starts(with: selector.bytes) else { throw .abi(.wrongSelector, offset: 0) }
    return try ABIValue.decode(Array(data.dropFirst(4)), as: inputs)
  }
}
