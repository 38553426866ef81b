import Chain
import Ethereum
import JSON
import Testing

@Suite struct JSONRPCTests {
  @Test func `a request is an envelope with an id of its own`() async throws {
    let transport = ReplayTransport(results: ["\"0x1\"", "\"0x2\""])
    let client = ChainClient(transport)
    #expect(try await client.latestNumber() == 1)
    #expect(try await client.nonce(of: .zero, at: .hash(.zero)) == 2)
    let zeros = String(repeating: "0", count: 64)
    #expect(
      transport.requests == [
        ["jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []],
        [
          "jsonrpc": "2.0", "id": 2, "method": "eth_getTransactionCount",
          "params": [
            "0x0000000000000000000000000000000000000000",
            ["blockHash": .string("0x" + zeros), "requireCanonical": true],
          ],
        ],
      ])
  }

  /// Bodies that are no answer to request 1 for a number.
  static let malformed: [String] = [
    "", " ", "null", "true", "1", "\"0x1\"", "[]", "{}", "<html><body>502 Bad Gateway</body></html>", "not json",
    #"[{"jsonrpc":"2.0","id":1,"result":"0x1"}]"#, #"{"jsonrpc":"2.0","result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":2,"result":"0x1"}"#, #"{"jsonrpc":"2.0","id":"1","result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":null,"result":"0x1"}"#, #"{"jsonrpc":"2.0","id":1.0,"result":"0x1"}"#,
    #"{"jsonrpc":"1.0","id":1,"result":"0x1"}"#, #"{"id":1,"result":"0x1"}"#, #"{"jsonrpc":2,"id":1,"result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"2.0","id":1,"result":null}"#,
    #"{"jsonrpc":"2.0","id":1,"result":1}"#, #"{"jsonrpc":"2.0","id":1,"result":""}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0x"}"#, #"{"jsonrpc":"2.0","id":1,"result":"1"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0xg"}"#, #"{"jsonrpc":"2.0","id":1,"result":"0x-1"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0x 1"}"#, #"{"jsonrpc":"2.0","id":1,"result":"0X1"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0x10000000000000000"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0x1\#(String(repeating: "0", count: 64))"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":["0x1"]}"#, #"{"jsonrpc":"2.0","id":1,"result":{"x":"0x1"}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":"0x1"}{}"#, #"{"jsonrpc":"2.0","id":1,"result":"0x1","result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":1,"id":1,"result":"0x1"}"#, #"{"jsonrpc":"2.0","id":1,"result":"0x1"},"#,
    #"{"jsonrpc":"2.0","id":1,"error":"no"}"#, #"{"jsonrpc":"2.0","id":1,"error":{}}"#,
    #"{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"m"}}"#, #"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":NaN}"#, "\u{FEFF}" + #"{"jsonrpc":"2.0","id":1,"result":"0x1"}"#,
    #"{"jsonrpc":"2.0","id":1,"result":\#(String(repeating: "[", count: 100_000))"#,
    #"{"jsonrpc":"2.0","id":99999999999999999999,"result":"0x1"}"#,
  ]

  @Test(arguments: malformed)
  func `a body that is no answer is a malformed reply`(body: String) async throws {
    let client = ChainClient(ReplayTransport(bytes: Array(body.utf8)))
    do {
      let number = try await client.latestNumber()
      Issue.record("read \(number)")
    } catch {
      guard case .malformedReply("eth_blockNumber", _, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(error.isRetryable)
    }
  }

  @Test func `a reply cut anywhere is a malformed reply`() async throws {
    let whole = Array(#"{"jsonrpc":"2.0","id":1,"result":"0x10"}"#.utf8)
    #expect(try await ChainClient(ReplayTransport(bytes: whole)).latestNumber() == 16)
    for end in whole.indices {
      await #expect(throws: ChainError.self, "\(end)") {
        try await ChainClient(ReplayTransport(bytes: Array(whole[..<end]))).latestNumber()
      }
      var invalid = whole
      invalid[end] = 0xFF
      await #expect(throws: ChainError.self, "\(end)") {
        try await ChainClient(ReplayTransport(bytes: invalid)).latestNumber()
      }
    }
  }

  @Test func `the node's own refusal keeps its code, and its text on one short line`() async throws {
    let noisy = #"{"code":-32005,"message":"limit\n\u001b[31m exceeded \#(String(repeating: "x", count: 1000))"}"#
    do {
      _ = try await ChainClient(ReplayTransport(error: noisy)).latestNumber()
      Issue.record("passes")
    } catch {
      guard case .node("eth_blockNumber", -32005, let text) = error else { throw error }
      #expect(text.hasPrefix("limit  [31m exceeded xxx") && text.count == 300)
      #expect(error.isRetryable)
    }
    await #expect(throws: ChainError.node(method: "eth_blockNumber", code: -32700, message: "parse error")) {
      try await ChainClient(
        ReplayTransport(replies: [#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}"#])
      ).latestNumber()
    }
  }

  @Test(arguments: [
    (#"{"code":-32000,"message":"finalized block not found"}"#, true),
    (#"{"code":-39001,"message":"Unknown block"}"#, true),
    (#"{"code":-32000,"message":"database is closed"}"#, false), (#"{"code":-32601,"message":"not found"}"#, false),
  ])
  func `no finalized block yet is nil, whichever way the node says it`(error: String, isNone: Bool) async throws {
    if isNone {
      #expect(try await ChainClient(ReplayTransport(error: error)).block(.finalized) == nil)
      #expect(try await ChainClient(ReplayTransport(results: ["null"])).block(.safe) == nil)
    } else {
      await #expect(throws: ChainError.self) { try await ChainClient(ReplayTransport(error: error)).block(.finalized) }
    }
    await #expect(throws: ChainError.self) { try await ChainClient(ReplayTransport(error: error)).block(.latest) }
  }
}
