public import Ethereum
import JSON

extension ChainClient {
  /// A block, or nil where the node has none: too high, not known, or no block of that finality yet.
  ///
  /// - Throws: `contradiction` when the header's hash is not the one given, or not the block asked for.
  public func block(_ reference: BlockReference) async throws(ChainError) -> Block? {
    let reply: Reply
    do throws(ChainError) {
      reply = try await blockReply(reference, full: false)
    } catch {
      if Self.saysNoSuchBlock(error, reference) { return nil }
      throw error
    }
    guard let present = reply.present else { return nil }
    let block = try Block(present)
    switch reference {
    case .number(block.header.number), .hash(block.hash): break
    case .earliest where block.header.number == 0: break
    case .number, .hash, .earliest: throw .contradiction(method: reply.method, .otherBlock)
    case .latest, .safe, .finalized, .pending: break
    }
    return block
  }

  /// The raw bytes of a block's transactions, in order: all types up to 4. Nil where the node no longer has the block.
  ///
  /// - Throws: `contradiction` when they are not those of the block's header, `unknownTransactionType`.
  public func transactions(in block: Block) async throws(ChainError) -> [[UInt8]]? {
    guard let reply = try await blockReply(.hash(block.hash), full: true).present else { return nil }
    let raw = try reply["transactions"].elements { transaction throws(ChainError) in try rawTransaction(transaction) }
    guard MerklePatriciaTrie(indexed: raw).root == block.header.transactionsRoot else {
      throw .contradiction(method: reply.method, .transactionsRoot)
    }
    return raw
  }

  /// The receipts of a block's transactions, in order. Nil where the node no longer has them.
  ///
  /// - Throws: `contradiction` when they are not those of the block's header, `unknownTransactionType`.
  public func receipts(in block: Block) async throws(ChainError) -> [TransactionReceipt]? {
    let method = "eth_getBlockReceipts"
    guard let reply = try await ask(method, .string(block.hash.hex)).present else { return nil }
    let receipts = try reply.elements { receipt throws(ChainError) in try TransactionReceipt(receipt) }
    guard MerklePatriciaTrie(indexed: receipts.map { $0.receipt.encoded() }).root == block.header.receiptsRoot else {
      throw .contradiction(method: method, .receiptsRoot)
    }
    guard receipts.map(\.transactionHash) == block.transactionHashes,
      receipts.enumerated().allSatisfy({ $0.element.transactionIndex == UInt64($0.offset) }),
      receipts.allSatisfy({ $0.blockHash == block.hash && $0.blockNumber == block.header.number })
    else { throw .contradiction(method: method, .otherTransaction) }
    var gasUsedBefore: UInt64 = 0
    for receipt in receipts {
      let (sum, overflow) = gasUsedBefore.addingReportingOverflow(receipt.gasUsed)
      guard !overflow, sum == receipt.receipt.cumulativeGasUsed else { throw .contradiction(method: method, .gasUsed) }
      gasUsedBefore = sum
    }
    return receipts
  }

  /// The receipt of a transaction, or nil while the node has it in no block.
  ///
  /// - Throws: `contradiction`, `unknownTransactionType`.
  public func receipt(of transaction: Digest) async throws(ChainError) -> TransactionReceipt? {
    guard let reply = try await ask("eth_getTransactionReceipt", .string(transaction.hex)).present else { return nil }
    let receipt = try TransactionReceipt(reply)
    guard receipt.transactionHash == transaction else { throw .contradiction(method: reply.method, .otherTransaction) }
    return receipt
  }

  /// The logs that a filter lets through. That none is missing cannot be seen from them.
  ///
  /// - Throws: `contradiction` for a log that was not asked for.
  public func logs(_ filter: LogFilter) async throws(ChainError) -> [LogEntry] {
    let reply = try await ask("eth_getLogs", filter.parameter)
    let entries = try reply.elements { log throws(ChainError) in try LogEntry(log) }
    guard entries.allSatisfy(filter.admits) else { throw .contradiction(method: reply.method, .logOutsideFilter) }
    return entries
  }

  private func blockReply(_ reference: BlockReference, full: Bool) async throws(ChainError) -> Reply {
    if case .hash(let hash) = reference {
      return try await ask("eth_getBlockByHash", .string(hash.hex), .bool(full))
    }
    return try await ask("eth_getBlockByNumber", reference.parameter, .bool(full))
  }

  /// Where there is no safe or finalized block, some nodes answer null and others an error: geth -32000, besu and
  /// erigon -39001.
  private static func saysNoSuchBlock(_ error: ChainError, _ reference: BlockReference) -> Bool {
    guard case .node(_, let code, let message) = error, reference == .safe || reference == .finalized else {
      return false
    }
    let text = message.lowercased()
    return code == -39001 || (code == -32000 && (text.contains("not found") || text.contains("unknown block")))
  }
}
