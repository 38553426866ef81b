import Arithmetic
import Chain
import Ethereum
import JSON
import Settlement
import Synchronization

/// A node in memory with one block, whose time a test sets; it can be silent, and its token can be anything.
final class ScriptedNode: Transport {
  struct State {
    var time: UInt64
    var isDown = false
    /// What `decimals()` returns; nothing where it reverts.
    var decimals: UInt64? = 6
  }

  /// Where an operator's node is: nobody else's business.
  static let endpoint = "https://node.internal.example:8545"

  private let state: Mutex<State>

  init(time: UInt64) {
    state = Mutex(State(time: time))
  }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    let state = state.withLock { $0 }
    if state.isDown { throw .transport(.timedOut, endpoint: Self.endpoint) }
    guard let request = try? JSONValue(parsing: body) else {
      throw .transport(.broken, endpoint: Self.endpoint)
    }
    var reply: [(String, JSONValue)] = [("jsonrpc", "2.0"), ("id", request["id"] ?? .null)]
    switch request["method"]?.asString {
    case "eth_chainId": reply.append(("result", "0x7a69"))
    case "eth_getCode": reply.append(("result", "0x60"))
    case "eth_getBlockByNumber": reply.append(("result", Self.block(at: state.time)))
    case "eth_call" where Self.rule(request) != nil:
      reply.append(("result", .string(Self.rule(request)?.hex ?? "")))
    case "eth_call":
      if let decimals = state.decimals {
        reply.append(("result", .string(Hex.encode(UInt256(decimals).bigEndianBytes))))
      } else {
        reply.append(("error", ["code": 3, "message": "execution reverted", "data": "0x"]))
      }
    default: reply.append(("error", ["code": -32_601, "message": "no such method"]))
    }
    return JSONValue.object(JSONObject(reply)).canonicalBytes()
  }

  /// The digest of the rule that the escrow is asked for.
  private static func rule(_ request: JSONValue) -> Digest? {
    let data = request["params"]?.asArray?.first?["data"]?.asString
    return try? NamedRule.allCases.first { Hex.encode($0.question.selector.bytes) == data }?.digest
  }

  /// The first block, empty, with a hash that is its own.
  private static func block(at time: UInt64) -> JSONValue {
    let zero = Digest.zero
    let header = try? BlockHeader(
      parentHash: zero, ommersHash: zero, beneficiary: .zero, stateRoot: zero, transactionsRoot: zero,
      receiptsRoot: zero, logsBloom: .zero, difficulty: .zero, number: 0, gasLimit: 0, gasUsed: 0, timestamp: time,
      extraData: [], mixHash: zero, nonce: .zero, baseFeePerGas: .one)
    return [
      "hash": .string(header?.hash.hex ?? ""), "parentHash": .string(zero.hex), "sha3Uncles": .string(zero.hex),
      "miner": .string(Address.zero.fixedBytes.hex), "stateRoot": .string(zero.hex),
      "transactionsRoot": .string(zero.hex), "receiptsRoot": .string(zero.hex),
      "logsBloom": .string(Bloom.zero.hex), "difficulty": "0x0", "number": "0x0", "gasLimit": "0x0", "gasUsed": "0x0",
      "timestamp": .string("0x" + String(time, radix: 16)), "extraData": "0x", "mixHash": .string(zero.hex),
      "nonce": "0x0000000000000000", "baseFeePerGas": "0x1", "transactions": [],
    ]
  }
}
