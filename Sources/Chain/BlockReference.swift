public import Ethereum
import JSON

/// Which block a question is about.
public enum BlockReference: Hashable, Sendable {
  /// The newest block.
  case latest
  /// The newest block unlikely to be replaced.
  case safe
  /// The newest block that consensus will not replace.
  case finalized
  /// The block that the node would build next.
  case pending
  /// The first block.
  case earliest
  /// The block of this height on the node's present chain.
  case number(UInt64)
  /// This block and no other; state is read only while it is on the node's present chain.
  case hash(Digest)

  /// - Source: EIP-1898 for the form with a hash.
  var parameter: JSONValue {
    switch self {
    case .latest: "latest"
    case .safe: "safe"
    case .finalized: "finalized"
    case .pending: "pending"
    case .earliest: "earliest"
    case .number(let number): .string(hexadecimal(number))
    case .hash(let hash): ["blockHash": .string(hash.hex), "requireCanonical": true]
    }
  }
}

/// A quantity as JSON-RPC writes it.
func hexadecimal(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
