import Arithmetic
import Ethereum
import JSON

/// The raw bytes of a transaction that a node gave as JSON, checked by their hash.
///
/// - Source: EIP-155, 2930, 1559, 4844 and 7702: one list of fields a type.
func rawTransaction(_ reply: Reply) throws(ChainError) -> [UInt8] {
  let type = try reply.optional("type") { value throws(ChainError) in try value.uint64() } ?? 0
  let typed = ["chainId", "nonce"]
  let fees = ["maxPriorityFeePerGas", "maxFeePerGas"]
  let call = ["gas", "to", "value", "input"]
  let signature = ["yParity", "r", "s"]
  let names: [String]
  switch type {
  case 0: names = ["nonce", "gasPrice"] + call + ["v", "r", "s"]
  case 1: names = typed + ["gasPrice"] + call + ["accessList"] + signature
  case 2: names = typed + fees + call + ["accessList"] + signature
  case 3: names = typed + fees + call + ["accessList", "maxFeePerBlobGas", "blobVersionedHashes"] + signature
  case 4: names = typed + fees + call + ["accessList", "authorizationList"] + signature
  default: throw .unknownTransactionType(UInt8(clamping: type))
  }
  var items: [RLPItem] = []
  for name in names { items.append(try item(name, of: reply)) }
  let raw = (type == 0 ? [] : [UInt8(type)]) + RLPItem.list(items).encoded()
  let (claimed, computed) = (try reply["hash"].digest(), Keccak256.hash(raw))
  guard claimed == computed else {
    throw .contradiction(method: reply.method, .transactionHash(claimed: claimed.hex, computed: computed.hex))
  }
  return raw
}

private func item(_ name: String, of reply: Reply) throws(ChainError) -> RLPItem {
  switch name {
  case "to": .bytes(try reply.optional(name) { value throws(ChainError) in try value.address().bytes } ?? [])
  case "input": .bytes(try reply[name].bytes())
  case "yParity": .integer(try parity(of: reply))
  case "blobVersionedHashes":
    .list(try reply[name].elements { hash throws(ChainError) in .bytes(try hash.digest().bytes) })
  case "accessList":
    .list(
      try reply[name].elements { entry throws(ChainError) in
        let keys = try entry["storageKeys"].elements { key throws(ChainError) in RLPItem.bytes(try key.digest().bytes) }
        return .list([.bytes(try entry["address"].address().bytes), .list(keys)])
      })
  case "authorizationList":
    .list(
      try reply[name].elements { entry throws(ChainError) in
        .list([
          .integer(try entry["chainId"].quantity()), .bytes(try entry["address"].address().bytes),
          .integer(try entry["nonce"].quantity()), .integer(try parity(of: entry)),
          .integer(try entry["r"].quantity()), .integer(try entry["s"].quantity()),
        ])
      })
  default: .integer(try reply[name].quantity())
  }
}

/// Older nodes give the parity of typed transactions as v alone.
private func parity(of reply: Reply) throws(ChainError) -> UInt256 {
  if let parity = try reply["yParity"].present { return try parity.quantity() }
  return try reply["v"].quantity()
}
