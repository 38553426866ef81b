public import Ethereum
public import JSON

extension TypedStruct {
  /// The document that a wallet's `eth_signTypedData_v4` takes for this message.
  ///
  /// Integers are decimal strings, but the chain id is a number: wallets have misread it as a string.
  /// - Source: EIP-712, "Specification of the eth_signTypedData JSON RPC".
  public func walletDocument(in domain: TypedDomain) -> JSONValue {
    var types: [(String, JSONValue)] = [
      (
        "EIP712Domain",
        [
          ["name": "name", "type": "string"], ["name": "version", "type": "string"],
          ["name": "chainId", "type": "uint256"], ["name": "verifyingContract", "type": "address"],
        ]
      )
    ]
    collectTypes(into: &types)
    return [
      "types": .object(JSONObject(types)),
      "primaryType": .string(name),
      "domain": [
        "name": .string(domain.name),
        "version": .string(domain.version),
        "chainId": walletChainID(domain.chainID),
        "verifyingContract": .string(domain.verifyingContract.checksummed),
      ],
      "message": flatDocument,
    ]
  }

  private func collectTypes(into types: inout [(String, JSONValue)]) {
    if types.contains(where: { $0.0 == name }) { return }
    types.append(
      (name, .array(members.map { ["name": .string($0.name), "type": .string($0.type)] })))
    for member in members {
      if case .structure(let value) = member.value { value.collectTypes(into: &types) }
    }
  }
}

/// A JSON number, or a decimal string where a number would lose digits (above 2^53 - 1).
private func walletChainID(_ chainID: ChainID) -> JSONValue {
  chainID.rawValue < 1 << 53 ? .number(JSONNumber(Int64(chainID.rawValue))) : .string(String(chainID.rawValue))
}
