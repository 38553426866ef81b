import Chain
import Coordination
import Ethereum
import JSON
import Settlement
import Storage
import Testing

extension LifeTests {
  @Test(arguments: NamedRule.allCases)
  func `a service does not start on an escrow that names another rule`(rule: NamedRule) async throws {
    let other = Keccak256.hash(Array("another rule".utf8))
    try await Self.expectRefusal(of: rule, answering: .string(other.hex), found: other)
  }

  @Test func `an escrow that names no rule, or something that is no digest, is another escrow`() async throws {
    try await Self.expectRefusal(of: .ladder, answering: "0x", found: nil)
    try await Self.expectRefusal(of: .ladder, answering: .string("0x" + String(repeating: "0", count: 128)), found: nil)
  }

  @Test func `a node that does not answer says nothing about the rules`() async throws {
    let world = try await World.shared.value
    do {
      _ = try await Service(world, transport: RuleTransport(world.chain.transport, rule: .price, answer: nil))
      Issue.record("it started")
    } catch CoordinationError.chain(.transport(.timedOut, _)) {
      // As it should be.
    }
  }

  private static func expectRefusal(of rule: NamedRule, answering answer: JSONValue, found: Digest?) async throws {
    let world = try await World.shared.value
    do {
      _ = try await Service(world, transport: RuleTransport(world.chain.transport, rule: rule, answer: answer))
      Issue.record("it started")
    } catch CoordinationError.otherRules(let escrow, let differences) {
      #expect(escrow == world.domain.verifyingContract)
      #expect(differences.map(\.rule) == [rule])
      #expect(differences.map(\.found) == [found])
      let bytecode = try DevelopmentChain.ruleDigest(rule)
      #expect(differences.map(\.expected) == [bytecode])
      let words = "\(CoordinationError.otherRules(escrow, differences))"
      for word in ["\(escrow)", "\(rule.rawValue) rule", "\(bytecode)", found?.description ?? "names none"] {
        #expect(words.contains(word), "\(words)")
      }
    }
  }
}

/// A node whose escrow answers one question about its rules otherwise, or never.
private struct RuleTransport: Transport {
  let transport: any Transport
  let rule: NamedRule
  let answer: JSONValue?

  init(_ transport: any Transport, rule: NamedRule, answer: JSONValue?) {
    self.transport = transport
    self.rule = rule
    self.answer = answer
  }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), request["method"]?.asString == "eth_call",
      request["params"]?.asArray?.first?["data"]?.asString == Hex.encode(rule.question.selector.bytes)
    else { return try await transport.send(body) }
    guard let answer else { throw .transport(.timedOut, endpoint: "the silent node") }
    return JSONValue.object(
      JSONObject([("jsonrpc", "2.0"), ("id", request["id"] ?? .null), ("result", answer)])
    ).canonicalBytes()
  }
}

extension DevelopmentChain {
  /// The digest that the contracts have of a rule, from their source.
  fileprivate static func ruleDigest(_ rule: NamedRule) throws -> Digest {
    let words = try text("Contracts/Escrow/codes.vy").split(whereSeparator: \.isWhitespace)
    let place = try #require(words.firstIndex(of: "\(rule.rawValue.uppercased())_RULE:"))
    // NAME: constant(bytes32) = ( DIGEST )
    let word = try #require(words.dropFirst(place + 4).first)
    return try Digest(hex: String(word))
  }
}
