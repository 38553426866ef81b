import Arithmetic
import Ethereum
import JSON
import Signing

/// Blocks: header and hash, the roots of transactions, withdrawals and receipts, every transaction in them.
enum BlockVectors {
  static let suites = [
    Suite("BlockchainTests_blocks", shape: ["rlp", "header", "transactions"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let block = try EncodedBlock(vector.bytes("rlp"))
        try expectEqual(block.header.hash, vector.field("header").digest("hash"), "hash")
        try block.checkRoots()
        let listed = try vector.elements("transactions")
        try expectEqual(listed.count, block.transactions.count, "number of transactions")
        for (fields, raw) in zip(listed, block.transactions) {
          let signed = try SignedTransaction(decoding: raw)
          if let sender = fields["sender"] { try expectEqual(signed.sender().bytes, sender.bytes, "sender") }
          try expectEqual(SignedTransaction(completed(fields, raw[0])).raw, raw, "encoding")
          try expect(signed.transaction.faults(on: 1, under: .cancun).isEmpty, "a rule refuses it")
        }
      }
    },
    Suite("chain_blocks", shape: ["number", "hash", "rlp"]) { document, report, folder in
      let keys = try accounts(folder)
      report.checkEach(try document.elements) { vector in
        let block = try EncodedBlock(vector.bytes("rlp"))
        try expectEqual(block.header.hash, vector.digest("hash"), "hash")
        try expectEqual(UInt256(block.header.number), vector.integer("number"), "number")
        try block.checkRoots()
        for raw in block.transactions {
          let signed = try SignedTransaction(decoding: raw)
          let sender = try signed.sender()
          // With the sender's key at hand: the signature is RFC 6979's.
          guard let key = keys[sender] else { continue }
          try expectEqual(signed.transaction.signed(by: PrivateKey(bytes: key)).raw, raw, "signed again")
        }
      }
    },
    Suite("chain_accounts") { document, report, _ in
      for member in try document.members {
        report.check(member.name) {
          let address = try PrivateKey(bytes: member.value.bytes("key")).address
          try expectEqual(address.bytes, JSONValue.string(member.name).bytes, "address")
        }
      }
    },
    Suite("portal_blocks", shape: ["header", "body", "receipts"]) { document, report, _ in
      report.checkEach(try document.elements) { try checkMainnet($0) }
    },
    .skipped("chain_txinfo", because: "an index of chain_blocks, which is checked whole"),
    .skipped("chain_genesis", because: "configuration of a node; there is no state to compute here") { _ in 1 },
  ]

  /// The private keys of the chain's accounts.
  private static func accounts(_ folder: VectorFolder) throws -> [Address: [UInt8]] {
    var keys: [Address: [UInt8]] = [:]
    for document in try folder.documents(named: "chain_accounts") {
      for member in try document.members { keys[try Address(hex: member.name)] = try member.value.bytes("key") }
    }
    return keys
  }

  /// These fields leave out the type, and the chain where it is 1.
  private static func completed(_ fields: JSONValue, _ first: UInt8) -> JSONValue {
    let isTyped = first < 0xc0
    let typed = fields.setting("type", isTyped ? .number(JSONNumber(Int64(first))) : 0)
    return isTyped && fields["chainId"] == nil ? typed.setting("chainId", 1) : typed
  }

  private static func checkMainnet(_ vector: JSONValue) throws {
    let bytes = try vector.bytes("header")
    guard case .list(let body) = try RLPItem(decoding: vector.bytes("body")) else {
      throw Mismatch(description: "the body is no list")
    }
    let block = try EncodedBlock(header: RLPItem(decoding: bytes), body: body)
    try expectEqual(block.header.encoded(), bytes, "header written again")
    try expectEqual(block.header.hash, vector.digest("hash"), "hash")
    try expectEqual(UInt256(block.header.number), vector.integer("number"), "number")
    try block.checkRoots()
    for raw in block.transactions {
      let signed = try SignedTransaction(decoding: raw)
      _ = try signed.sender()
      let again = SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s)
      try expectEqual(again.raw, raw, "transaction written again")
    }
    let receiptBytes = try vector.elements("receipts").map { try $0.bytes }
    let receipts = try receiptBytes.map { try Receipt(decoding: $0) }
    try expectEqual(receipts.map { $0.encoded() }, receiptBytes, "receipts written again")
    try expectEqual(MerklePatriciaTrie(indexed: receiptBytes).root, block.header.receiptsRoot, "receipts root")
    try expectEqual(Bloom(of: receipts.flatMap(\.logs)), block.header.logsBloom, "filter")
    try expectEqual(receipts.last?.cumulativeGasUsed ?? 0, block.header.gasUsed, "gas used")
  }
}

/// A block's RLP, taken apart.
struct EncodedBlock {
  let header: BlockHeader
  /// The bytes of each transaction, as the trie holds them.
  let transactions: [[UInt8]]
  let ommers: RLPItem
  let withdrawals: [RLPItem]?

  init(_ bytes: [UInt8]) throws {
    guard case .list(let items) = try RLPItem(decoding: bytes), let first = items.first else {
      throw Mismatch(description: "the block is no list")
    }
    try self.init(header: first, body: Array(items.dropFirst()))
  }

  init(header: RLPItem, body: [RLPItem]) throws {
    self.header = try BlockHeader(header)
    guard (2...3).contains(body.count), case .list(let transactions) = body[0] else {
      throw Mismatch(description: "the body has \(body.count) items")
    }
    self.transactions = transactions.map { item in
      if case .bytes(let typed) = item { typed } else { item.encoded() }
    }
    ommers = body[1]
    if body.count == 3, case .list(let items) = body[2] { withdrawals = items } else { withdrawals = nil }
  }

  func checkRoots() throws {
    try expectEqual(MerklePatriciaTrie(indexed: transactions).root, header.transactionsRoot, "transactions root")
    try expectEqual(Keccak256.hash(ommers.encoded()), header.ommersHash, "ommers hash")
    let root = withdrawals.map { MerklePatriciaTrie(indexed: $0.map { $0.encoded() }).root }
    try expectEqual(root, header.withdrawalsRoot, "withdrawals root")
  }
}
