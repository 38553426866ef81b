import Arithmetic
import Chain
import Ethereum
import JSON
import Signing
import Synchronization
import Testing

/// Others who fill a chain's blocks and so move its base fee, by the rule that real chains have (EIP-1559). Blocks are
/// held: they come from here alone.
struct Congestion {
  let world: World
  /// A contract whose one instruction uses up all gas that it is given.
  private let waste: Address

  init(_ world: World) async throws {
    self.world = world
    let nonce = try await world.client.nonce(of: Person.deployer.address)
    waste = Address.created(by: try Person.deployer.address, nonce: nonce)
    try await world.chain.control("hold")
    // PUSH1 fe PUSH1 0 MSTORE8 PUSH1 1 PUSH1 0 RETURN: what it deploys is INVALID.
    try await send(try Hex.decode("0x60fe60005360016000f3"), to: nil, nonce: nonce, gas: 100_000)
    try await world.mine()
    try #require(try await world.client.code(of: waste) == [0xfe])
  }

  /// What the next block asks for at least, in wei per gas.
  var baseFee: UInt256 {
    get async throws { try #require(try await world.client.feeHistory().baseFeesPerGas.last) }
  }

  /// Blocks of 19 in 20 parts full, each of which raises the base fee by 11.25 per cent, until it is as high.
  func rise(to fee: UInt256, between: () async throws -> Void = {}) async throws {
    while try await baseFee < fee {
      try await fill([9_500_000, 9_500_000, 9_500_000])
      try await between()
    }
  }

  /// Blocks that are half full, which leave the base fee where it is.
  func stay(blocks: Int, between: () async throws -> Void) async throws {
    for _ in 0..<blocks {
      try await fill([7_500_000, 7_500_000])
      try await between()
    }
  }

  private func fill(_ gas: [UInt64]) async throws {
    let nonce = try await world.client.nonce(of: Person.deployer.address)
    for (offset, gas) in gas.enumerated() { try await send([], to: waste, nonce: nonce + UInt64(offset), gas: gas) }
    try await world.mine()
  }

  private func send(_ data: [UInt8], to: Address?, nonce: UInt64, gas: UInt64) async throws {
    let transaction = FeeMarketTransaction(
      chainID: world.domain.chainID, nonce: nonce, maxPriorityFeePerGas: 1_000_000_000,
      maxFeePerGas: 100_000_000_000, gasLimit: gas, to: to, data: data)
    let raw = try transaction.signed(by: Person.deployer.key()).raw
    try #require(try await world.client.sendRawTransaction(raw) == .accepted)
  }
}

/// A node whose pool does to transactions what it is told to, and remembers which it was sent.
final class PoolTransport: Transport {
  enum Mood: Sendable {
    case honest
    /// Says that it took them, and has none.
    case forgetful
    /// Refuses them with a text, where it has one.
    case refusing(@Sendable (FeeMarketTransaction) -> String?)
  }

  private let transport: any Transport
  private let state = Mutex<(mood: Mood, sent: [[UInt8]])>((.honest, []))

  init(_ transport: any Transport) {
    self.transport = transport
  }

  func become(_ mood: Mood) { state.withLock { $0.mood = mood } }

  /// Everything sent since this was asked last, in order.
  func takeSent() -> [[UInt8]] {
    state.withLock { state in
      defer { state.sent = [] }
      return state.sent
    }
  }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), request["method"] == "eth_sendRawTransaction",
      let raw = try? Hex.decode(request["params"]?.asArray?.first?.asString ?? ""),
      case .feeMarket(let transaction)? = try? SignedTransaction(decoding: raw).transaction
    else { return try await transport.send(body) }
    let mood = state.withLock { state in
      state.sent.append(raw)
      return state.mood
    }
    var reply: (String, JSONValue)?
    switch mood {
    case .honest: break
    case .forgetful: reply = ("result", .string(Keccak256.hash(raw).hex))
    case .refusing(let text):
      if let text = text(transaction) { reply = ("error", ["code": -32_000, "message": .string(text)]) }
    }
    guard let reply else { return try await transport.send(body) }
    return JSONValue.object(JSONObject([("jsonrpc", "2.0"), ("id", request["id"] ?? .null), reply])).canonicalBytes()
  }
}
