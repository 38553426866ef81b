public import Arithmetic
public import Ethereum

/// A receipt as a node gives it: what the receipt trie holds, and where the transaction stands.
///
/// Checked: the filter is the one of the logs, and every log names this transaction and block. That the receipt is in
/// the block only the block's root shows: `ChainClient.receipts(in:)`.
public struct TransactionReceipt: Hashable, Sendable {
  /// What the receipt trie holds.
  public let receipt: Receipt
  /// The transaction's hash.
  public let transactionHash: Digest
  /// The transaction's place in the block.
  public let transactionIndex: UInt64
  /// The block's hash.
  public let blockHash: Digest
  /// The block's number.
  public let blockNumber: UInt64
  /// Gas used by this transaction alone.
  public let gasUsed: UInt64
  /// Wei paid per gas; nil from nodes that do not say.
  public let effectiveGasPrice: UInt256?
  /// The contract that the transaction created.
  public let contractAddress: Address?

  init(_ reply: Reply) throws(ChainError) {
    transactionHash = try reply["transactionHash"].digest()
    transactionIndex = try reply["transactionIndex"].uint64()
    blockHash = try reply["blockHash"].digest()
    blockNumber = try reply["blockNumber"].uint64()
    gasUsed = try reply["gasUsed"].uint64()
    effectiveGasPrice = try reply.optional("effectiveGasPrice") { value throws(ChainError) in try value.quantity() }
    contractAddress = try reply.optional("contractAddress") { value throws(ChainError) in try value.address() }
    let entries = try reply["logs"].elements { log throws(ChainError) in try LogEntry(log) }
    for entry in entries {
      guard entry.transactionHash == transactionHash, entry.blockHash == blockHash else {
        throw .contradiction(method: reply.method, .otherTransaction)
      }
    }
    let type = try reply.optional("type") { value throws(ChainError) in try value.uint64() } ?? 0
    let outcome: Receipt.Outcome
    if let status = try reply["status"].present {
      let number = try status.uint64()
      guard number <= 1 else { throw status.malformed("0x0 or 0x1") }
      outcome = .status(number == 1)
    } else {
      outcome = .stateRoot(try reply["root"].digest())
    }
    let cumulativeGasUsed = try reply["cumulativeGasUsed"].uint64()
    do {
      receipt = try Receipt(
        type: UInt8(clamping: type), outcome: outcome, cumulativeGasUsed: cumulativeGasUsed, logs: entries.map(\.log))
    } catch {
      throw .unknownTransactionType(UInt8(clamping: type))
    }
    guard try reply["logsBloom"].fixedBytes() == receipt.bloom else {
      throw .contradiction(method: reply.method, .logsBloom)
    }
  }
}
