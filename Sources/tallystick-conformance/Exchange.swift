import Arithmetic
import Chain
import Ethereum
import JSON
import Signing

/// One recorded question to a node and its reply.
struct Exchange {
  private let method: String
  private let parameters: [JSONValue]
  private let response: JSONValue
  private let headers: [Digest: BlockHeader]

  init(_ exchange: JSONValue, _ headers: [Digest: BlockHeader]) throws {
    method = try exchange.field("request").text("method")
    parameters = exchange["request"]?["params"]?.asArray ?? []
    response = try exchange.field("response")
    self.headers = headers
  }

  static let unknownBlock = Skip(reason: "the header of the block is in none of these files")

  private var client: ChainClient { ChainClient(Replay(response: response)) }

  func check() async throws {
    if let error = response["error"] { return try await checkError(error) }
    let result = try response.field("result")
    switch method {
    case "eth_getBlockByHash", "eth_getBlockByNumber":
      if result == .null { return }
      try await NodeVectors.checkBlock(result)
    case "eth_getBlockReceipts": try await checkReceipts(result)
    case "eth_getTransactionReceipt":
      if result != .null { try await Self.checkReceipt(result) }
    case "eth_getTransactionByHash", "eth_getTransactionByBlockHashAndIndex",
      "eth_getTransactionByBlockNumberAndIndex":
      if result != .null { try Self.checkTransaction(result) }
    case "eth_sendRawTransaction":
      let raw = try parameters[0].bytes
      try expectEqual(try await client.sendRawTransaction(raw), .accepted, "outcome")
      try expectEqual(SignedTransaction(decoding: raw).hash.bytes, result.bytes, "hash")
    case "eth_getLogs": try await checkLogs(result)
    case "eth_getProof": try AccountProof.check(result, headers)
    case "debug_getRawHeader":
      try expectEqual(BlockHeader(decoding: result.bytes).encoded(), result.bytes, "header written again")
    case "debug_getRawBlock":
      let block = try EncodedBlock(result.bytes)
      try block.checkRoots()
      for raw in block.transactions { _ = try SignedTransaction(decoding: raw).sender() }
    case "debug_getRawTransaction":
      try expectEqual(SignedTransaction(decoding: result.bytes).hash.bytes, parameters[0].bytes, "hash")
    case "debug_getRawReceipts": try checkRawReceipts(result)
    default: try await checkValue(result)
    }
  }

  /// Replies that are one value, where the client asks for it.
  private func checkValue(_ result: JSONValue) async throws {
    let zero = Address.zero
    switch method {
    case "eth_chainId":
      try expectEqual(UInt256(try await client.chainID().rawValue), result.integer, "chain")
    case "eth_blockNumber": try expectEqual(UInt256(try await client.latestNumber()), result.integer, "height")
    case "eth_getBalance": try expectEqual(try await client.balance(of: zero), result.integer, "balance")
    case "eth_getTransactionCount": try expectEqual(UInt256(try await client.nonce(of: zero)), result.integer, "nonce")
    case "eth_getCode": try expectEqual(try await client.code(of: zero), result.bytes, "code")
    case "eth_call": try expectEqual(try await client.call(Call(to: zero, data: [])), result.bytes, "result")
    case "eth_estimateGas":
      try expectEqual(UInt256(try await client.estimateGas(Call(to: zero, data: []))), result.integer, "gas")
    case "eth_feeHistory":
      let fees = try result.elements("baseFeePerGas").map { try $0.integer }
      try expectEqual(try await client.feeHistory().baseFeesPerGas, fees, "base fees")
    default: throw Skip(reason: "this library does not ask \(family)")
    }
  }

  /// The part of the method's name that its relatives share.
  private var family: String { method.hasPrefix("debug_trace") ? "debug_trace…" : method }

  private func checkError(_ recorded: JSONValue) async throws {
    var found: ChainError?
    do throws(ChainError) { _ = try await client.latestNumber() } catch { found = error }
    switch found {
    case .reverted(let revert)?: try expectEqual(revert.data, recorded["data"]?.bytes ?? [], "data of the revert")
    case .node(_, let code, _)?: try expectEqual(code, recorded["code"]?.asInteger ?? 0, "code")
    case let other: throw Mismatch(description: "read as \(other.map { "\($0)" } ?? "a result")")
    }
  }

  private func checkReceipts(_ result: JSONValue) async throws {
    guard let receipts = result.asArray, let first = receipts.first else { return }
    guard let header = headers[try first.digest("blockHash")] else { throw Self.unknownBlock }
    let block = Block(header: header, transactionHashes: try receipts.map { try $0.digest("transactionHash") })
    let read = try await client.receipts(in: block)
    try expectEqual(read?.map(\.receipt.logs.count) ?? [], receipts.map { try $0.elements("logs").count }, "logs")
  }

  private func checkRawReceipts(_ result: JSONValue) throws {
    let bytes = try result.elements.map { try $0.bytes }
    for receipt in bytes { try expectEqual(Receipt(decoding: receipt).encoded(), receipt, "receipt written again") }
    let root = MerklePatriciaTrie(indexed: bytes).root
    let number = try? parameters[0].integer.asUInt64
    guard let number, let header = headers.values.first(where: { $0.number == number }) else { throw Self.unknownBlock }
    try expectEqual(root, header.receiptsRoot, "receipts root")
  }

  /// A receipt of one transaction: the client's reading, and ours, and what they say about the filter.
  static func checkReceipt(_ receipt: JSONValue) async throws {
    let found = try await NodeVectors.client(receipt).receipt(of: receipt.digest("transactionHash"))
    try expectEqual(found?.receipt, Receipt(fields: receipt), "receipt")
  }

  /// A transaction's fields give its hash, and its signature its sender.
  static func checkTransaction(_ fields: JSONValue, raw: [UInt8]? = nil) throws {
    let signed = try SignedTransaction(fields)
    try expectEqual(signed.hash, fields.digest("hash"), "hash")
    if let raw { try expectEqual(signed.raw, raw, "encoding") }
    try expectEqual(SignedTransaction(decoding: signed.raw), signed, "decoding")
    try expectEqual(signed.sender().bytes, fields.bytes("from"), "sender")
    try expectEqual(SignedTransaction(signed.document), signed, "its own JSON read again")
  }

  private func checkLogs(_ result: JSONValue) async throws {
    let logs = try await client.logs(try filter(parameters[0]))
    try expectEqual(logs.map(\.log.data), result.elements.map { try $0.bytes("data") }, "data")
    try expectEqual(logs.map { UInt256($0.logIndex) }, result.elements.map { try $0.integer("logIndex") }, "places")
  }

  private func filter(_ value: JSONValue) throws -> LogFilter {
    let source: LogFilter.Source
    if let hash = value["blockHash"] {
      source = .block(try Digest(hash.bytes))
    } else {
      // A tag such as "latest" stands for a number that the file does not tell.
      let from = (try? value.integer("fromBlock").asUInt64) ?? 0
      source = .blocks(from...max(from, (try? value.integer("toBlock").asUInt64) ?? .max))
    }
    var filter = LogFilter(source)
    filter.addresses = try (value["address"].map { $0.asArray ?? [$0] } ?? []).map { try Address(hex: $0.text) }
    filter.topics = try (value["topics"]?.asArray ?? []).map { place in
      try (place.asArray ?? (place == .null ? [] : [place])).map { try Digest($0.bytes) }
    }
    return filter
  }
}
