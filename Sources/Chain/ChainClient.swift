public import Arithmetic
public import Ethereum
import JSON
import Synchronization

/// A node, as typed questions. What a reply says about itself is checked; that it is the truth is not.
///
/// Every method throws `ChainError`: `transport`, `node` and `malformedReply` from all, others where they are named.
public final class ChainClient: Sendable {
  private let transport: any Transport
  private let lastID = Atomic<Int64>(0)

  /// A node behind a transport.
  public init(_ transport: any Transport) {
    self.transport = transport
  }

  func ask(_ method: String, _ parameters: JSONValue...) async throws(ChainError) -> Reply {
    let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
    let reply = try await transport.send(JSONRPC.request(id: id, method: method, parameters: parameters))
    return try JSONRPC.result(in: reply, id: id, method: method)
  }

  /// The chain's id (EIP-695).
  public func chainID() async throws(ChainError) -> ChainID {
    ChainID(rawValue: try await ask("eth_chainId").uint64())
  }

  /// The height of the newest block. A node behind a balancer may go backwards.
  public func latestNumber() async throws(ChainError) -> UInt64 {
    try await ask("eth_blockNumber").uint64()
  }

  /// The number of transactions that an account has sent up to a block: the next nonce.
  public func nonce(of address: Address, at block: BlockReference = .latest) async throws(ChainError) -> UInt64 {
    try await ask("eth_getTransactionCount", .string(address.fixedBytes.hex), block.parameter).uint64()
  }

  /// The balance of an account, in wei.
  public func balance(of address: Address, at block: BlockReference = .latest) async throws(ChainError) -> UInt256 {
    try await ask("eth_getBalance", .string(address.fixedBytes.hex), block.parameter).quantity()
  }

  /// The code of an account; empty where there is none.
  public func code(of address: Address, at block: BlockReference = .latest) async throws(ChainError) -> [UInt8] {
    try await ask("eth_getCode", .string(address.fixedBytes.hex), block.parameter).bytes()
  }

  /// What a call returns.
  ///
  /// - Throws: `reverted` with the data and the reason, besides the others.
  public func call(_ call: Call, at block: BlockReference = .latest) async throws(ChainError) -> [UInt8] {
    try await ask("eth_call", call.parameter, block.parameter).bytes()
  }

  /// The gas that a call would use as a transaction.
  ///
  /// - Throws: `reverted`, besides the others.
  public func estimateGas(_ call: Call) async throws(ChainError) -> UInt64 {
    try await ask("eth_estimateGas", call.parameter).uint64()
  }

  /// The fees of the last blocks, as a policy looks at them.
  public func feeHistory(for policy: FeePolicy = FeePolicy()) async throws(ChainError) -> FeeHistory {
    let reply = try await ask(
      "eth_feeHistory", .string(hexadecimal(UInt64(policy.blockCount))), "latest",
      [.number(JSONNumber(Int64(policy.tipPercentile)))])
    let baseFees = try reply["baseFeePerGas"].elements { fee throws(ChainError) in try fee.quantity() }
    guard !baseFees.isEmpty else { throw try reply["baseFeePerGas"].malformed("the fee of the coming block") }
    let tips = try reply.optional("reward") { rewards throws(ChainError) in
      try rewards.elements { block throws(ChainError) in
        guard let tip = try block.elements().first else { throw block.malformed("one tip a percentile") }
        return try tip.quantity()
      }
    }
    return FeeHistory(baseFeesPerGas: baseFees, tipsPerGas: tips ?? [])
  }

  /// Sends a signed transaction. A refusal is an outcome; whether a lost reply means success only the chain tells.
  ///
  /// - Throws: `contradiction` when the node answers with another hash; `node` for refusals that say nothing about the
  ///   transaction, such as a rate limit.
  public func sendRawTransaction(_ raw: [UInt8]) async throws(ChainError) -> SendOutcome {
    let method = "eth_sendRawTransaction"
    let hash: Digest
    do throws(ChainError) {
      hash = try await ask(method, .string(Hex.encode(raw))).digest()
    } catch {
      guard case .node(_, let code, let message) = error else { throw error }
      let outcome = SendOutcome(code: code, text: message)
      if case .rejected = outcome, error.isRetryable { throw error }
      return outcome
    }
    guard hash == Keccak256.hash(raw) else { throw .contradiction(method: method, .sentHash) }
    return .accepted
  }
}
