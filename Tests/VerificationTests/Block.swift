import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import TradeSamples
import Verification

/// The block that paid, made in memory.
enum Block {
  /// A block with two transactions of others around ours.
  static func around(
    _ raw: [UInt8], _ receipt: Receipt, at time: UInt64, in terms: OptionTerms
  ) throws -> (Inclusion, BlockHeader) {
    let others = try ["first", "third"].map { name in
      try FeeMarketTransaction(
        chainID: terms.domain.chainID, nonce: 0, maxPriorityFeePerGas: 1, maxFeePerGas: 2, gasLimit: 21_000,
        to: terms.escrow.token, value: 5, data: [], accessList: []
      ).signed(by: Sample.key(name)).raw
    }
    let plain = try [21_000, 151_000].map {
      try Receipt(type: 2, outcome: .status(true), cumulativeGasUsed: $0, logs: []).encoded()
    }
    let transactions = MerklePatriciaTrie(indexed: [others[0], raw, others[1]])
    let receipts = MerklePatriciaTrie(indexed: [plain[0], receipt.encoded(), plain[1]])
    let header = try BlockHeader(
      parentHash: .zero, ommersHash: Keccak256.hash([0xc0]), beneficiary: .zero, stateRoot: .zero,
      transactionsRoot: transactions.root, receiptsRoot: receipts.root, logsBloom: receipt.bloom, difficulty: .zero,
      number: 42, gasLimit: 30_000_000, gasUsed: 151_000, timestamp: time, extraData: [], mixHash: .zero, nonce: .zero,
      baseFeePerGas: 7)
    let key = MerklePatriciaTrie.key(ofIndex: 1)
    let inclusion = Inclusion(
      header: header.encoded(), index: 1, transaction: raw, transactionProof: transactions.proof(for: key),
      receipt: receipt.encoded(), receiptProof: receipts.proof(for: key))
    return (inclusion, header)
  }
}
