import Arithmetic

extension TypedStruct {
  /// The function by which a contract describes the domain of its signatures.
  ///
  /// - Source: EIP-5267.
  public static let domainFunction: ABIFunction = "eip712Domain()"

  /// The domain that a contract describes: the struct `EIP712Domain` with the fields that it says it uses.
  ///
  /// - Throws: `abi`; `field` when the contract names fields, or extensions, that no standard knows.
  /// - Source: EIP-5267.
  public init(contractDomain reply: [UInt8]) throws(EthereumError) {
    let types: [ABIType] = [
      "bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]",
    ]
    let values = try ABIValue.decode(reply, as: types)
    guard values.count == 7, case .fixedBytes(let fields) = values[0], case .string(let name) = values[1],
      case .string(let version) = values[2], case .uint(let chainID) = values[3],
      case .address(let contract) = values[4], case .fixedBytes(let salt) = values[5],
      case .array(let extensions) = values[6]
    else { throw .abi(.truncated, offset: 0) }
    guard fields[0] < 0x20 else { throw .field("eip712Domain.fields", expected: "the five lowest bits only") }
    guard extensions.isEmpty else { throw .field("eip712Domain.extensions", expected: "none: no extension is known") }
    let all: [Member] = [
      .init("name", "string", .string(name)), .init("version", "string", .string(version)),
      .init("chainId", "uint256", .uint(chainID)), .init("verifyingContract", "address", .address(contract)),
      .init("salt", "bytes32", .bytes32(try Digest(salt))),
    ]
    self.init(
      name: "EIP712Domain", members: all.enumerated().filter { fields[0] >> UInt8($0.offset) & 1 == 1 }.map(\.element))
  }
}
