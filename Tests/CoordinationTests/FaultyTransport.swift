import Chain
import Ethereum
import JSON
import Synchronization
import TestSupport

/// The chain behind a network and a node that fail as a seed says.
final class FaultyTransport: Transport {
  enum Fault: String, CaseIterable {
    /// The request never arrives.
    case lostRequest
    /// It arrives and is carried out; the reply is lost.
    case lostReply
    /// The request arrives twice.
    case repeatedRequest
    case internalError
    /// The head of five blocks ago.
    case staleHead
    /// Another block than the one asked for.
    case wrongBlock
    /// Bytes that were sent are said to be taken, and forgotten.
    case forgotten
    /// They are refused as too cheap, whatever they pay.
    case underpriced
    /// They are taken, and said to have been there before.
    case alreadyKnown
    case hiddenReceipt
    case emptyReceipts
    case doubledReceipts
    case emptyLogs
  }

  private let transport: any Transport
  private let percent: Int
  private let state: Mutex<(generator: SeededGenerator, counts: [Fault: Int])>

  init(_ transport: any Transport, seed: UInt64, percent: Int) {
    self.transport = transport
    self.percent = percent
    state = Mutex((SeededGenerator("faults of the node", seed: seed), [:]))
  }

  /// What was done so far.
  var counts: [Fault: Int] { state.withLock { $0.counts } }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), let method = request["method"]?.asString else {
      return try await transport.send(body)
    }
    let fault = state.withLock { state -> Fault? in
      guard Int.random(in: 0..<100, using: &state.generator) < percent else { return nil }
      let fitting = Fault.allCases.filter { $0.fits(method, request["params"]) }
      guard let fault = fitting.randomElement(using: &state.generator) else { return nil }
      state.counts[fault, default: 0] += 1
      return fault
    }
    let silence = ChainError.transport(.timedOut, endpoint: "the faulty node")
    switch fault {
    case nil: return try await transport.send(body)
    case .lostRequest: throw silence
    case .lostReply:
      _ = try await transport.send(body)
      throw silence
    case .repeatedRequest:
      _ = try await transport.send(body)
      return try await transport.send(body)
    case .internalError:
      return reply(to: request, "error", ["code": -32_603, "message": "internal error"])
    case .staleHead:
      let latest = try await result(of: request)
      let number = latest["number"]?.asString.flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? 0
      return try await ask(request, [.string("0x" + String(number - min(number, 5), radix: 16)), false])
    case .wrongBlock:
      let asked = request["params"]?.asArray?.first?.asString.flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? 0
      return try await ask(request, [.string("0x" + String(asked + 1, radix: 16)), false])
    case .forgotten:
      let raw = (try? Hex.decode(request["params"]?.asArray?.first?.asString ?? "")) ?? []
      return reply(to: request, "result", .string(Keccak256.hash(raw).hex))
    case .underpriced:
      return reply(to: request, "error", ["code": -32_000, "message": "replacement transaction underpriced"])
    case .alreadyKnown:
      _ = try await transport.send(body)
      return reply(to: request, "error", ["code": -32_000, "message": "already known"])
    case .hiddenReceipt: return reply(to: request, "result", .null)
    case .emptyReceipts, .emptyLogs: return reply(to: request, "result", [])
    case .doubledReceipts:
      let receipts = try await result(of: request).asArray ?? []
      return reply(to: request, "result", .array(receipts.flatMap { [$0, $0] }))
    }
  }

  private func ask(_ request: JSONValue, _ parameters: JSONValue) async throws(ChainError) -> [UInt8] {
    try await transport.send(body(request, parameters))
  }

  private func body(_ request: JSONValue, _ parameters: JSONValue) -> [UInt8] {
    let changed: JSONValue = [
      "jsonrpc": "2.0", "id": request["id"] ?? .null, "method": request["method"] ?? .null, "params": parameters,
    ]
    return changed.canonicalBytes()
  }

  private func result(of request: JSONValue) async throws(ChainError) -> JSONValue {
    let reply = try await transport.send(request.canonicalBytes())
    let limits = JSONLimits(byteCount: 1 << 24, depth: 64, memberCount: .max)
    return (try? JSONValue(parsing: reply, limits: limits)["result"]) ?? .null
  }

  private func reply(to request: JSONValue, _ member: String, _ value: JSONValue) -> [UInt8] {
    JSONValue.object(JSONObject([("jsonrpc", "2.0"), ("id", request["id"] ?? .null), (member, value)])).canonicalBytes()
  }
}

extension FaultyTransport.Fault {
  fileprivate func fits(_ method: String, _ parameters: JSONValue?) -> Bool {
    switch self {
    case .lostRequest, .lostReply, .repeatedRequest, .internalError: true
    case .staleHead: method == "eth_getBlockByNumber" && parameters?.asArray?.first?.asString == "latest"
    case .wrongBlock: method == "eth_getBlockByNumber" && parameters?.asArray?.first?.asString != "latest"
    case .forgotten, .underpriced, .alreadyKnown: method == "eth_sendRawTransaction"
    case .hiddenReceipt: method == "eth_getTransactionReceipt"
    case .emptyReceipts, .doubledReceipts: method == "eth_getBlockReceipts"
    case .emptyLogs: method == "eth_getLogs"
    }
  }
}
