public import Ethereum
import JSON

/// A block as a node gives it, checked: the hash is the header's own.
public struct Block: Hashable, Sendable {
  /// The header.
  public let header: BlockHeader
  /// Keccak-256 of the header's RLP, computed here.
  public let hash: Digest
  /// The hashes of its transactions, in order, as the node says.
  public let transactionHashes: [Digest]

  /// A block whose header is known from elsewhere.
  package init(header: BlockHeader, transactionHashes: [Digest]) {
    self.header = header
    self.hash = header.hash
    self.transactionHashes = transactionHashes
  }

  init(_ reply: Reply) throws(ChainError) {
    header = try BlockHeader(reply)
    hash = header.hash
    let claimed = try reply["hash"].digest()
    guard claimed == hash else {
      throw .contradiction(method: reply.method, .blockHash(claimed: claimed.hex, computed: hash.hex))
    }
    transactionHashes = try reply["transactions"].elements { transaction throws(ChainError) in
      try transaction.value.asObject == nil ? transaction.digest() : transaction["hash"].digest()
    }
    try Self.checkWithdrawals(of: reply, against: header)
  }

  /// - Source: EIP-4895.
  private static func checkWithdrawals(of reply: Reply, against header: BlockHeader) throws(ChainError) {
    guard let root = header.withdrawalsRoot, let list = try reply["withdrawals"].present else { return }
    let encoded = try list.elements { withdrawal throws(ChainError) in
      RLPItem.list([
        .integer(try withdrawal["index"].uint64()), .integer(try withdrawal["validatorIndex"].uint64()),
        .bytes(try withdrawal["address"].address().bytes), .integer(try withdrawal["amount"].uint64()),
      ]).encoded()
    }
    guard MerklePatriciaTrie(indexed: encoded).root == root else {
      throw .contradiction(method: reply.method, .withdrawalsRoot)
    }
  }
}

extension BlockHeader {
  fileprivate init(_ reply: Reply) throws(ChainError) {
    let parentHash = try reply["parentHash"].digest()
    let ommersHash = try reply["sha3Uncles"].digest()
    let beneficiary = try reply["miner"].address()
    let stateRoot = try reply["stateRoot"].digest()
    let transactionsRoot = try reply["transactionsRoot"].digest()
    let receiptsRoot = try reply["receiptsRoot"].digest()
    let logsBloom: Bloom = try reply["logsBloom"].fixedBytes()
    let difficulty = try reply["difficulty"].quantity()
    let number = try reply["number"].uint64()
    let gasLimit = try reply["gasLimit"].uint64()
    let gasUsed = try reply["gasUsed"].uint64()
    let timestamp = try reply["timestamp"].uint64()
    let extraData = try reply["extraData"].bytes()
    let mixHash = try reply["mixHash"].digest()
    let nonce: FixedBytes<8> = try reply["nonce"].fixedBytes()
    let baseFeePerGas = try reply.optional("baseFeePerGas") { value throws(ChainError) in try value.quantity() }
    let withdrawalsRoot = try reply.optional("withdrawalsRoot") { value throws(ChainError) in try value.digest() }
    let blobGasUsed = try reply.optional("blobGasUsed") { value throws(ChainError) in try value.uint64() }
    let excessBlobGas = try reply.optional("excessBlobGas") { value throws(ChainError) in try value.uint64() }
    let beaconRoot = try reply.optional("parentBeaconBlockRoot") { value throws(ChainError) in try value.digest() }
    let requestsHash = try reply.optional("requestsHash") { value throws(ChainError) in try value.digest() }
    do {
      try self.init(
        parentHash: parentHash, ommersHash: ommersHash, beneficiary: beneficiary, stateRoot: stateRoot,
        transactionsRoot: transactionsRoot, receiptsRoot: receiptsRoot, logsBloom: logsBloom, difficulty: difficulty,
        number: number, gasLimit: gasLimit, gasUsed: gasUsed, timestamp: timestamp, extraData: extraData,
        mixHash: mixHash, nonce: nonce, baseFeePerGas: baseFeePerGas, withdrawalsRoot: withdrawalsRoot,
        blobGasUsed: blobGasUsed, excessBlobGas: excessBlobGas, parentBeaconBlockRoot: beaconRoot,
        requestsHash: requestsHash)
    } catch {
      throw reply.malformed("the header fields of one fork")
    }
  }
}
