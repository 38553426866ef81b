import Arithmetic
import Chain
import Ethereum
import JSON
import Signing

/// What nodes answered: read by `ChainClient`, and every hash, root, filter and sender in it computed again.
enum NodeVectors {
  static let suites = [
    Suite("rpc_io", shape: ["exchanges", "speconly"]) { document, report, folder in
      let headers = try knownHeaders(folder)
      for (index, vector) in try document.elements.enumerated() {
        await report.check(vector.name(at: index)) {
          for exchange in try vector.elements("exchanges") { try await Exchange(exchange, headers).check() }
        }
      }
    },
    Suite("rpc_block_validation", shape: ["expect", "fullTransactions", "block"]) { document, report, _ in
      for (index, vector) in try document.elements.enumerated() {
        await report.check(vector.name(at: index)) { try await checkVerdict(vector) }
      }
    },
    .skipped("rpc_io_simulateV1", because: "eth_simulateV1 is not asked by this library"),
    Suite("mainnet_21925176_block", shape: ["parentHash", "stateRoot", "receiptsRoot", "hash"]) { document, report, _ in
      await report.check("block") { try await checkBlock(document["result"] ?? document) }
    },
    Suite(
      "mainnet_21925176_receipts", shape: ["transactionHash", "logs", "cumulativeGasUsed", "blockHash"]
    ) { document, report, folder in
      let receipts = try (document["result"] ?? document).elements
      let exchange: JSONValue = [
        "request": ["method": "eth_getBlockReceipts", "params": []],
        "response": ["jsonrpc": "2.0", "id": 1, "result": .array(receipts)],
      ]
      let headers = try knownHeaders(folder)
      await report.check("receipts root") { try await Exchange(exchange, headers).check() }
      for (index, receipt) in receipts.enumerated() {
        await report.check("receipt \(index)") { try await Exchange.checkReceipt(receipt) }
      }
    },
    Suite(
      "mainnet_21925176_eth_getProof_proof", "mainnet_21925176_eth_getProof_block_miner_proof",
      shape: ["accountProof", "storageHash", "codeHash"]
    ) { document, report, folder in
      let headers = try knownHeaders(folder)
      report.check("account") { try AccountProof.check(document["result"] ?? document, headers) }
    },
    Suite(
      "mainnet_21925176_receipt_proof", "mainnet_21925176_logs_with_receipt_proofs"
    ) { document, report, folder in
      let headers = try knownHeaders(folder)
      var proofs: [JSONValue] = [document["result"] ?? document]
      for name in ["receiptProofs", "receipt_proofs", "receipts"] {
        guard let inner = proofs[0][name] else { continue }
        proofs = inner.asArray ?? inner.asObject?.members.map(\.value) ?? []
        break
      }
      for (index, proof) in proofs.enumerated() {
        report.check("receipt \(index)") { try checkReceiptProof(proof, headers) }
      }
    },
  ]

  /// The headers in all files of the folder, by hash.
  static func knownHeaders(_ folder: VectorFolder) throws -> [Digest: BlockHeader] {
    var headers: [Digest: BlockHeader] = [:]
    func add(_ header: BlockHeader) { headers[header.hash] = header }
    for document in try folder.documents(named: "chain_blocks") {
      for block in try document.elements { add(try EncodedBlock(block.bytes("rlp")).header) }
    }
    for document in try folder.documents(named: "rpc_io") {
      for vector in try document.elements {
        for exchange in try vector.elements("exchanges") {
          guard let result = exchange["response"]?["result"] else { continue }
          switch exchange["request"]?["method"]?.asString {
          case "debug_getRawBlock": add(try EncodedBlock(result.bytes).header)
          case "debug_getRawHeader": add(try BlockHeader(decoding: result.bytes))
          default: break
          }
        }
      }
    }
    for document in try folder.documents(named: "mainnet_21925176_block") {
      add(try BlockHeader(fields: document["result"] ?? document))
    }
    return headers
  }

  static func checkBlock(_ block: JSONValue) async throws {
    if block["hash"] == .null { throw Skip(reason: "a pending block has no hash to compare with") }
    let reference = BlockReference.hash(try block.digest("hash"))
    guard let found = try await client(block).block(reference) else { throw Mismatch(description: "there is no block") }
    try expectEqual(found.header, BlockHeader(fields: block), "header")
    let listed = try block.elements("transactions")
    guard listed.first?.asObject != nil else { return }
    let raw = try await client(block).transactions(in: found)
    for (bytes, fields) in zip(raw ?? [], listed) { try Exchange.checkTransaction(fields, raw: bytes) }
  }

  private static func checkVerdict(_ vector: JSONValue) async throws {
    let block = try vector.field("block")
    func read() async throws {
      guard let found = try await client(block).block(.hash(block.digest("hash"))) else { return }
      if vector["fullTransactions"] == true { _ = try await client(block).transactions(in: found) }
    }
    if vector["expect"]?.asString == "accept" { return try await read() }
    do {
      try await read()
    } catch is ChainError {
      return
    }
    throw Mismatch(description: "a block that contradicts itself is taken")
  }

  private static func checkReceiptProof(_ value: JSONValue, _ headers: [Digest: BlockHeader]) throws {
    let receipt = try value.field("receipt")
    guard let header = headers[try receipt.digest("blockHash")] else { throw Exchange.unknownBlock }
    let nodes = try (value["receiptProof"] ?? value.field("receipt_proof")).elements.map { try $0.bytes }
    guard let index = try receipt.integer("transactionIndex").asUInt64 else { throw Mismatch(description: "no index") }
    let found = try MerklePatriciaTrie.verify(
      root: header.receiptsRoot, key: MerklePatriciaTrie.key(ofIndex: Int(index)), proof: nodes)
    try expectEqual(found, Receipt(fields: receipt).encoded(), "proved receipt")
  }

  static func client(_ result: JSONValue) -> ChainClient {
    ChainClient(Replay(response: ["jsonrpc": "2.0", "id": 1, "result": result]))
  }
}

/// A node that answers every question with one recorded reply.
struct Replay: Transport {
  let response: JSONValue

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    let id = (try? JSONValue(parsing: body))?["id"]
    return Array(response.setting("id", id).prettyText().utf8)
  }
}

extension BlockHeader {
  /// The header in a node's JSON, read here a second time and by other means than the client's.
  init(fields: JSONValue) throws {
    var items: [RLPItem] = []
    for (name, isInteger) in [
      ("parentHash", false), ("sha3Uncles", false), ("miner", false), ("stateRoot", false), ("transactionsRoot", false),
      ("receiptsRoot", false), ("logsBloom", false), ("difficulty", true), ("number", true), ("gasLimit", true),
      ("gasUsed", true), ("timestamp", true), ("extraData", false), ("mixHash", false), ("nonce", false),
      ("baseFeePerGas", true), ("withdrawalsRoot", false), ("blobGasUsed", true), ("excessBlobGas", true),
      ("parentBeaconBlockRoot", false), ("requestsHash", false),
    ] {
      guard let value = fields[name], value != .null else { continue }
      items.append(isInteger ? .integer(try value.integer) : .bytes(try value.bytes))
    }
    try self.init(.list(items))
  }
}

extension Receipt {
  /// The receipt in a node's JSON.
  init(fields: JSONValue) throws {
    let type = try fields["type"]?.integer.asUInt64 ?? 0
    let outcome: Outcome =
      if let status = fields["status"], status != .null { .status(try status.integer == .one) } else {
        .stateRoot(try fields.digest("root"))
      }
    let logs = try fields.elements("logs").map { log in
      Log(
        address: try log.address("address"), topics: try log.elements("topics").map { try Digest($0.bytes) },
        data: try log.bytes("data"))
    }
    try self.init(
      type: UInt8(clamping: type), outcome: outcome,
      cumulativeGasUsed: fields.integer("cumulativeGasUsed").asUInt64 ?? 0, logs: logs)
    try expectEqual(bloom.bytes, fields.bytes("logsBloom"), "filter")
  }
}

/// Proofs of accounts and their storage (EIP-1186).
enum AccountProof {
  static func check(_ value: JSONValue, _ headers: [Digest: BlockHeader]) throws {
    let nodes = try value.elements("accountProof").map { try $0.bytes }
    guard let root = nodes.first.map({ Keccak256.hash($0) }) else { throw Mismatch(description: "the proof is empty") }
    let address = try value.address("address")
    let account = RLPItem.list([
      .integer(try value.integer("nonce")), .integer(try value.integer("balance")),
      .bytes(try value.bytes("storageHash")), .bytes(try value.bytes("codeHash")),
    ])
    let found = try MerklePatriciaTrie.verify(root: root, key: Keccak256.hash(address.bytes).bytes, proof: nodes)
    try expectEqual(found, account.encoded(), "account")
    for slot in try value.elements("storageProof") {
      let key = Digest(try slot.integer("key"))
      let found = try MerklePatriciaTrie.verify(
        root: value.digest("storageHash"), key: Keccak256.hash(key.bytes).bytes,
        proof: slot.elements("proof").map { try $0.bytes })
      let number = try slot.integer("value")
      try expectEqual(found, number == .zero ? nil : RLPItem.integer(number).encoded(), "slot")
    }
    let roots = headers.values.map(\.stateRoot)
    guard roots.isEmpty || roots.contains(root) else {
      throw Skip(reason: "the proof holds together, but its block's header is in none of these files")
    }
  }
}
