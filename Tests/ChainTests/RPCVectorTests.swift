import Arithmetic
import Chain
import Ethereum
import JSON
import TestSupport
import Testing

/// The recorded exchanges of the execution-apis repository, read by `ChainClient` and compared with a plain reading.
@Suite(.enabled(if: Vectors.areThere)) struct RPCVectorTests {
  /// The exchanges of one method that have a result.
  static func exchanges(_ method: String) throws -> [(name: String, parameters: [JSONValue], response: JSONValue)] {
    var found: [(String, [JSONValue], JSONValue)] = []
    for test in try Vectors.cases("execution-apis/rpc_io") {
      for exchange in test["exchanges"]?.asArray ?? [] where exchange["request"]?["method"]?.asString == method {
        guard let response = exchange["response"], response["result"] != nil else { continue }
        found.append((test["name"]?.asString ?? "", exchange["request"]?["params"]?.asArray ?? [], response))
      }
    }
    try #require(!found.isEmpty, "no recorded \(method)")
    return found
  }

  private func client(_ response: JSONValue) -> ChainClient { ChainClient(ReplayTransport(responses: [response])) }

  private func digest(_ value: JSONValue?) throws -> Digest { try Digest(hex: #require(value?.asString)) }

  @Test(arguments: ["eth_getBlockByHash", "eth_getBlockByNumber"])
  func `a block's hash is recomputed, and its transactions of every type from their fields`(method: String) async throws
  {
    for (name, _, response) in try Self.exchanges(method) {
      let result = try #require(response["result"])
      let reference = BlockReference.hash(try digest(result["hash"]))
      let block = try #require(try await client(response).block(reference), "\(name)")
      #expect(block.hash.hex == result["hash"]?.asString, "\(name)")
      #expect(hexadecimal(block.header.number) == result["number"]?.asString)
      #expect(hexadecimal(block.header.timestamp) == result["timestamp"]?.asString)
      guard result["transactions"]?.asArray?.first?.asObject != nil else { continue }
      let raw = try #require(try await client(response).transactions(in: block), "\(name)")
      #expect(raw.map { Keccak256.hash($0) } == block.transactionHashes, "\(name)")
    }
  }

  /// The header of a recorded block, from the chain's own file.
  private func header(_ hash: Digest) throws -> BlockHeader? {
    for block in try Vectors.cases("execution-apis/chain_blocks") where block["hash"]?.asString == hash.hex {
      guard case .list(let parts) = try RLPItem(decoding: Hex.decode(#require(block["rlp"]?.asString))) else { break }
      return try BlockHeader(parts[0])
    }
    return nil
  }

  @Test func `receipts of a block have the root of its header`() async throws {
    var checked = 0
    for (name, _, response) in try Self.exchanges("eth_getBlockReceipts") {
      guard let receipts = response["result"]?.asArray, let first = receipts.first else {
        guard response["result"] == .null else { continue }
        let block = Block(header: try #require(try anyHeader()), transactionHashes: [])
        #expect(try await client(response).receipts(in: block) == nil, "\(name)")
        continue
      }
      guard let header = try header(digest(first["blockHash"])) else { continue }
      let block = Block(header: header, transactionHashes: try receipts.map { try digest($0["transactionHash"]) })
      let read = try #require(try await client(response).receipts(in: block), "\(name)")
      #expect(read.map(\.transactionHash) == block.transactionHashes)
      checked += 1

      // Each field that the root or the block binds, changed by one bit in one receipt.
      for field in [
        "transactionHash", "transactionIndex", "blockHash", "blockNumber", "cumulativeGasUsed", "gasUsed", "status",
        "root", "logsBloom", "type",
      ] {
        guard let changed = Self.changing(response, at: ["result", "0", field]) else { continue }
        await #expect(throws: ChainError.self, "\(name) with another \(field)") {
          try await client(changed).receipts(in: block)
        }
      }
      let short = Self.replacing(response, at: ["result"], by: .array(Array(receipts.dropLast())))
      await #expect(throws: ChainError.self) { try await client(short).receipts(in: block) }
    }
    #expect(checked > 0)
  }

  private func anyHeader() throws -> BlockHeader? {
    try header(digest(try Vectors.cases("execution-apis/chain_blocks").first?["hash"]))
  }

  @Test func `a header field that a node changes is found`() async throws {
    var tried = 0
    for (name, _, response) in try Self.exchanges("eth_getBlockByNumber") {
      let result = try #require(response["result"]?.asObject)
      let reference = BlockReference.hash(try digest(result["hash"]))
      for member in result.members where !["size", "totalDifficulty", "uncles"].contains(member.name) {
        let place = ["result", member.name] + (member.value.asArray == nil ? [] : ["0", "hash"])
        guard let changed = Self.changing(response, at: place) else { continue }
        tried += 1
        await #expect(throws: ChainError.self, "\(name) with another \(member.name)") {
          guard let block = try await client(changed).block(reference) else { return }
          _ = try await client(changed).transactions(in: block)
        }
      }
    }
    #expect(tried > 50)
  }

  @Test func `single receipts and logs are read as they are`() async throws {
    for (name, parameters, response) in try Self.exchanges("eth_getTransactionReceipt") {
      guard let result = response["result"], result != .null else { continue }
      let receipt = try #require(try await client(response).receipt(of: digest(parameters[0])), "\(name)")
      #expect(hexadecimal(receipt.gasUsed) == result["gasUsed"]?.asString)
      #expect(receipt.receipt.succeeded.map { $0 ? "0x1" : "0x0" } == result["status"]?.asString)
      #expect(receipt.contractAddress?.fixedBytes.hex == result["contractAddress"]?.asString)
      #expect(receipt.receipt.logs.count == result["logs"]?.asArray?.count)
      await #expect(throws: ChainError.contradiction(method: "eth_getTransactionReceipt", .otherTransaction)) {
        try await client(response).receipt(of: .zero)
      }
    }
    for (name, parameters, response) in try Self.exchanges("eth_getLogs") {
      let filter = try filter(parameters[0])
      let logs = try await client(response).logs(filter)
      let result = try #require(response["result"]?.asArray)
      #expect(logs.map { Hex.encode($0.log.data) } == result.map { $0["data"]?.asString }, "\(name)")
      #expect(logs.map { hexadecimal($0.logIndex) } == result.map { $0["logIndex"]?.asString }, "\(name)")
      var other = filter
      other.addresses = [.zero]
      if !logs.isEmpty {
        await #expect(throws: ChainError.contradiction(method: "eth_getLogs", .logOutsideFilter)) {
          try await client(response).logs(other)
        }
      }
    }
  }

  private func filter(_ value: JSONValue) throws -> LogFilter {
    let source: LogFilter.Source
    if let hash = value["blockHash"]?.asString {
      source = .block(try Digest(hex: hash))
    } else {
      let from = try #require(value["fromBlock"]?.asString), to = try #require(value["toBlock"]?.asString)
      source = .blocks(
        try #require(UInt64(from.dropFirst(2), radix: 16))...#require(UInt64(to.dropFirst(2), radix: 16)))
    }
    var filter = LogFilter(source)
    filter.addresses = try (value["address"]?.asArray ?? value["address"].map { [$0] } ?? [])
      .map { try Address(hex: #require($0.asString)) }
    filter.topics = try (value["topics"]?.asArray ?? []).map { place in
      try (place.asArray ?? (place == .null ? [] : [place])).map { try digest($0) }
    }
    return filter
  }

  @Test func `numbers, code and call results are read as they are`() async throws {
    for (_, _, response) in try Self.exchanges("eth_chainId") {
      #expect(try await client(response).chainID() == 3_503_995_874_084_926)
    }
    for (_, _, response) in try Self.exchanges("eth_blockNumber") {
      #expect(hexadecimal(try await client(response).latestNumber()) == response["result"]?.asString)
    }
    for (name, parameters, response) in try Self.exchanges("eth_getBalance") {
      let address = try Address(hex: #require(parameters[0].asString))
      #expect(try await client(response).balance(of: address).hexQuantity == response["result"]?.asString, "\(name)")
    }
    for (name, parameters, response) in try Self.exchanges("eth_getTransactionCount") {
      let address = try Address(hex: #require(parameters[0].asString))
      #expect(hexadecimal(try await client(response).nonce(of: address)) == response["result"]?.asString, "\(name)")
    }
    for (name, parameters, response) in try Self.exchanges("eth_getCode") {
      let address = try Address(hex: #require(parameters[0].asString))
      #expect(Hex.encode(try await client(response).code(of: address)) == response["result"]?.asString, "\(name)")
    }
    for (name, _, response) in try Self.exchanges("eth_call") {
      let result = try await client(response).call(Call(to: .zero, data: []))
      #expect(Hex.encode(result) == response["result"]?.asString, "\(name)")
    }
    for (name, _, response) in try Self.exchanges("eth_estimateGas") {
      let gas = try await client(response).estimateGas(Call(to: .zero, data: []))
      #expect(hexadecimal(gas) == response["result"]?.asString, "\(name)")
    }
    for (_, _, response) in try Self.exchanges("eth_feeHistory") {
      let history = try await client(response).feeHistory()
      #expect(history.baseFeesPerGas == [1_000_000_000, 0x342a_385a])
      #expect(history.tipsPerGas == [1])
    }
  }

  @Test func `a sent transaction is accepted only under its own hash`() async throws {
    for (name, parameters, response) in try Self.exchanges("eth_sendRawTransaction") {
      let raw = try Hex.decode(#require(parameters[0].asString))
      #expect(try await client(response).sendRawTransaction(raw) == .accepted, "\(name)")
      await #expect(throws: ChainError.contradiction(method: "eth_sendRawTransaction", .sentHash)) {
        try await client(response).sendRawTransaction(raw + [0])
      }
    }
  }

  @Test func `recorded errors become typed errors, reverts with their reason`() async throws {
    var reverts = 0
    for test in try Vectors.cases("execution-apis/rpc_io") {
      for exchange in test["exchanges"]?.asArray ?? [] {
        guard let response = exchange["response"], let recorded = response["error"] else { continue }
        do {
          _ = try await client(response).latestNumber()
          Issue.record("\(test["name"]?.asString ?? "") passes")
        } catch {
          switch error {
          case .reverted(let revert):
            #expect(Hex.encode(revert.data) == recorded["data"]?.asString)
            #expect(revert.reason == .panic(1) || revert.reason == .message("user error"))
            reverts += 1
          case .node(_, let code, _): #expect(code == recorded["code"]?.asInteger)
          default: Issue.record("\(error)")
          }
        }
      }
    }
    #expect(reverts >= 2)
  }

  /// Blocks of an outside suite, most of them tampered with.
  @Test func `tampered blocks are refused`() async throws {
    for test in try Vectors.cases("optimism/rpc_block_validation") {
      let name = test["name"]?.asString ?? ""
      let response: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": try #require(test["block"])]
      let reference = BlockReference.hash(try digest(test["block"]?["hash"]))
      func read() async throws {
        guard let block = try await client(response).block(reference) else { return }
        if test["fullTransactions"] == true { _ = try await client(response).transactions(in: block) }
      }
      if test["expect"]?.asString == "accept" {
        try await read()
      } else {
        await #expect(throws: ChainError.self, "\(name)") { try await read() }
      }
    }
  }

  // MARK: Changing one place

  /// The document with one hexadecimal digit of a text changed; nil where there is no such text.
  static func changing(_ value: JSONValue, at path: [String]) -> JSONValue? {
    guard let name = path.first else {
      guard let text = value.asString, text.hasPrefix("0x"), let last = text.last else { return nil }
      return .string(text.dropLast() + (last == "1" ? "2" : "1"))
    }
    if let elements = value.asArray, let index = Int(name), elements.indices.contains(index) {
      guard let changed = changing(elements[index], at: Array(path.dropFirst())) else { return nil }
      return .array(elements[..<index] + [changed] + elements[(index + 1)...])
    }
    guard let member = value[name], let changed = changing(member, at: Array(path.dropFirst())) else { return nil }
    return replacing(value, at: [name], by: changed)
  }

  static func replacing(_ value: JSONValue, at path: [String], by new: JSONValue) -> JSONValue {
    .object(JSONObject((value.asObject?.members ?? []).map { ($0.name, $0.name == path[0] ? new : $0.value) }))
  }
}

private func hexadecimal(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
