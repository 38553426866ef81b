import Chain
import Console
import Ethereum
import JSON
import Signing
import Verification

/// That a transaction stands in a block, and what became of it: fetched once, verified anywhere.
enum ReceiptCommands {
  static let all = [
    Command(
      "receipt prove", "write the proof that a transaction stands in a block with its receipt",
      operands: [Operand("HASH", "the transaction's hash")],
      options: [
        EscrowCommands.rpcURL,
        .value("out", "FILE", isRequired: true, "where to write; an existing file is never replaced"),
      ]
    ) { arguments in
      guard let hash = try? Digest(hex: arguments.operand("HASH")) else {
        throw InputError.value(name: "HASH", expected: "0x and 64 hexadecimal digits")
      }
      let path = arguments.value("out") ?? ""
      let inclusion = try await inclusion(
        of: hash, ChainClient(try CurlTransport(url: arguments.value("rpc-url") ?? "")))
      try Files.write(inclusion.document.canonicalBytes(), to: path)
      let block = Keccak256.hash(inclusion.header)
      return Reply(
        text: "\(path): transaction \(inclusion.index) of block \(block)",
        data: ["file": .string(path), "block": .string(block.hex), "index": .string(String(inclusion.index))])
    },
    Command(
      "receipt verify", "check such a proof offline, and print what it shows", operands: [Operand("FILE", "the proof")],
      options: [
        .value("trusted-block", "HASH", isRequired: true, "the block's hash, from a source you trust")
      ]
    ) { arguments in
      let trusted = try arguments.value("trusted-block", as: "0x and 64 hexadecimal digits") { try? Digest(hex: $0) }
      let path = arguments.operand("FILE")
      var reader = ObjectReader(try Files.json(path))
      let inclusion = Inclusion(reading: &reader)
      let faults = reader.finish()
      guard let inclusion, faults.isEmpty else { throw EthereumError.document(faults) }
      return try verify(inclusion, trusted ?? .zero)
    },
  ]

  private static func inclusion(of hash: Digest, _ chain: ChainClient) async throws -> Inclusion {
    guard let found = try await chain.receipt(of: hash) else { throw Missing.transaction(hash) }
    guard let block = try await chain.block(.hash(found.blockHash)),
      let transactions = try await chain.transactions(in: block), let receipts = try await chain.receipts(in: block),
      let index = block.transactionHashes.firstIndex(of: hash), index < transactions.count, index < receipts.count
    else { throw Missing.block(found.blockHash) }
    let encoded = receipts.map { $0.receipt.encoded() }
    let key = MerklePatriciaTrie.key(ofIndex: index)
    return Inclusion(
      header: block.header.encoded(), index: UInt64(index), transaction: transactions[index],
      transactionProof: MerklePatriciaTrie(indexed: transactions).proof(for: key), receipt: encoded[index],
      receiptProof: MerklePatriciaTrie(indexed: encoded).proof(for: key))
  }

  /// The header has the trusted hash, and under its roots and the index stand the transaction and the receipt.
  private static func verify(_ inclusion: Inclusion, _ trusted: Digest) throws -> Reply {
    let header = try BlockHeader(decoding: inclusion.header)
    guard header.hash == trusted else {
      return unsound("the header's hash is \(header.hash), the trusted one \(trusted)")
    }
    let key = RLPItem.integer(inclusion.index).encoded()
    for (what, root, nodes, value) in [
      ("transaction", header.transactionsRoot, inclusion.transactionProof, inclusion.transaction),
      ("receipt", header.receiptsRoot, inclusion.receiptProof, inclusion.receipt),
    ] {
      let held: [UInt8]?
      do throws(EthereumError) { held = try MerklePatriciaTrie.verify(root: root, key: key, proof: nodes) } catch {
        return unsound("the \(what): \(error)")
      }
      guard held == value else { return unsound("the \(what) is not the one at index \(inclusion.index)") }
    }
    let transaction = try SignedTransaction(decoding: inclusion.transaction)
    let receipt = try Receipt(decoding: inclusion.receipt)
    let outcome = receipt.succeeded.map { $0 ? "succeeded" : "failed" } ?? "with a state root"
    return Reply(
      text: "sound: \(transaction.hash) in block \(header.number), index \(inclusion.index), \(outcome)",
      data: [
        "verdict": "sound", "transaction": transaction.document,
        "sender": .string(try transaction.sender().checksummed), "block": .string(header.hash.hex),
        "number": .string(String(header.number)), "timestamp": .string(String(header.timestamp)),
        "index": .string(String(inclusion.index)), "succeeded": receipt.succeeded.map { .bool($0) } ?? .null,
        "logs": .array(receipt.logs.map(\.document)),
      ])
  }

  private static func unsound(_ reason: String) -> Reply {
    Reply(
      text: "unsound", data: ["verdict": "unsound", "reason": .string(reason)],
      failure: Failure(.failure, code: "proof_unsound", "unsound: \(reason)"))
  }

  /// What the node does not have.
  enum Missing: Error, CustomStringConvertible {
    case transaction(Digest)
    case block(Digest)

    var description: String {
      switch self {
      case .transaction(let hash): "the node has \(hash) in no block; ask again when it is mined, or another node"
      case .block(let hash): "the node no longer has block \(hash) whole; ask another node"
      }
    }
  }
}

extension Ethereum.Log {
  fileprivate var document: JSONValue {
    [
      "address": .string(address.checksummed), "topics": .array(topics.map { .string($0.hex) }),
      "data": .string(Hex.encode(data)),
    ]
  }
}
