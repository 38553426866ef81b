import API
import Arithmetic
import Chain
import Coordination
import Ethereum
import HTTP
import JSON
import Settlement
import Signing
import Storage
import Terms
import Testing

/// One request that is refused: from which phase, when, and with which status and code.
struct Refusal: Sendable, CustomTestStringConvertible {
  let name: String
  let phase: Desk.Phase
  var time: UInt64?
  let status: Status
  let code: String
  let ask: @Sendable (Desk) async throws -> Response

  init(
    _ name: String, _ phase: Desk.Phase, at time: UInt64? = nil, _ status: Status, _ code: String,
    _ ask: @escaping @Sendable (Desk) async throws -> Response
  ) {
    self.name = name
    self.phase = phase
    self.time = time
    self.status = status
    self.code = code
    self.ask = ask
  }

  var testDescription: String { "\(code): \(name)" }

  static func submitting(
    _ name: String, _ status: Status, _ code: String, clause: String? = nil,
    _ changes: (part: String, name: String, value: JSONValue)...
  ) -> Refusal {
    Refusal(name, .nothing, status, code) { desk in
      var terms = try Desk.termsDocument()
      for change in changes {
        guard var whole = terms.asObject, var part = whole[change.part]?.asObject else { continue }
        part[change.name] = change.value
        whole[change.part] = .object(part)
        terms = .object(whole)
      }
      return try await desk.ask(.post, "/v1/agreements", Desk.submission(terms, clause: clause))
    }
  }

  static func observing(
    _ name: String, by person: Person = .firstObserver, at time: UInt64? = nil, _ code: String,
    _ change: @escaping @Sendable (inout Observation) -> Void = { _ in }
  ) -> Refusal {
    Refusal(name, .active, at: time ?? Desk.expiration + 120, .unprocessableContent, code) { desk in
      var observation = Desk.observation(in: desk.terms)
      change(&observation)
      return try await desk.ask(.post, desk.path("/evidence"), desk.signed(observation, by: person))
    }
  }

  static func agreeing(
    _ name: String, by person: Person = .buyer, _ code: String,
    _ change: @escaping @Sendable (inout AgreedOutcome) -> Void = { _ in }
  ) -> Refusal {
    Refusal(name, .observed, .unprocessableContent, code) { desk in
      try await desk.ask(.post, desk.path("/outcomes"), desk.signed(try desk.outcome(change), by: person))
    }
  }

  static func proposing(
    _ name: String, by person: Person = .buyer, at time: UInt64 = Desk.evidenceCloses,
    status: Status = .unprocessableContent, _ code: String,
    _ change: @escaping @Sendable (inout Proposal) -> Void = { _ in }
  ) -> Refusal {
    Refusal(name, .observed, at: time, status, code) { desk in
      let claim = try await desk.claim(by: .buyer, change)
      return try await desk.ask(.post, desk.path("/proposals"), desk.signed(claim, by: person))
    }
  }
}

@Suite struct RefusalTests {
  static let malformed: [Refusal] = [
    Refusal("no JSON", .nothing, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, "/v1/agreements", bytes: Array("{".utf8))
    },
    Refusal("a member twice", .submitted, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, desk.path("/signatures"), bytes: Array(#"{"signature":"","signature":""}"#.utf8))
    },
    Refusal("no object", .nothing, .badRequest, "document_malformed") { try await $0.ask(.post, "/v1/agreements", []) },
    Refusal("no clause", .nothing, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, "/v1/agreements", ["terms": try Desk.termsDocument()])
    },
    Refusal("an unknown member", .submitted, .badRequest, "document_malformed") { desk in
      var body = try #require(try desk.signature(by: .buyer).asObject)
      body["comment"] = "please"
      return try await desk.ask(.post, desk.path("/signatures"), .object(body))
    },
    Refusal("a number for a string", .submitted, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, desk.path("/signatures"), ["signature": 7])
    },
    Refusal("a high s", .submitted, .badRequest, "document_malformed") { desk in
      let signature = "0x" + String(repeating: "11", count: 32) + String(repeating: "ff", count: 32) + "1b"
      return try await desk.ask(.post, desk.path("/signatures"), ["signature": .string(signature)])
    },
    Refusal("no message", .observed, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, desk.path("/outcomes"), try desk.signature(by: .buyer))
    },
    Refusal("no room on the page", .nothing, .badRequest, "query_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements?limit=0")
    },
    Refusal("too large a page", .nothing, .badRequest, "query_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements?limit=1001")
    },
    Refusal("a page without a number", .nothing, .badRequest, "query_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements?limit=many")
    },
    Refusal("after nothing", .nothing, .badRequest, "query_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements?after=0x")
    },
    Refusal("a short id", .submitted, .notFound, "agreement_id_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements/0x12")
    },
    Refusal("an id in capitals", .submitted, .notFound, "agreement_id_malformed") { desk in
      try await desk.ask(.get, "/v1/agreements/0x" + String(repeating: "AB", count: 32))
    },
    Refusal("another id", .submitted, .notFound, "unknown_agreement") { desk in
      try await desk.ask(.get, "/v1/agreements/0x" + String(repeating: "ab", count: 32))
    },
    Refusal("a signature for another id", .submitted, .notFound, "unknown_agreement") { desk in
      let path = "/v1/agreements/0x" + String(repeating: "ab", count: 32) + "/signatures"
      return try await desk.ask(.post, path, try desk.signature(by: .buyer))
    },
    Refusal("no such path", .nothing, .notFound, "not_found") { try await $0.ask(.get, "/v2/agreements") },
    Refusal("no such method", .nothing, .methodNotAllowed, "method_not_allowed") { desk in
      try await desk.ask(.delete, "/v1/agreements")
    },
  ]

  static let terms: [Refusal] = [
    .submitting(
      "two faults", .unprocessableContent, "terms_invalid", ("escrow", "premium", "-1"), ("economics", "underlying", "")
    ),
    .submitting("another chain", .unprocessableContent, "other_chain", ("domain", "chainId", "1")),
    .submitting(
      "another escrow", .unprocessableContent, "other_escrow",
      ("domain", "verifyingContract", "0x0000000000000000000000000000000000000061")),
    .submitting(
      "acceptance over", .unprocessableContent, "expired", ("escrow", "acceptBy", .string(String(Desk.start)))),
    .submitting("no clause at all", .unprocessableContent, "broken_clause", clause: "pay me"),
    Refusal("an escrow rule for a payoff", .nothing, .unprocessableContent, "unfit_clause") { desk in
      let body = try Desk.submission(Desk.termsDocument(), clause: Desk.clause("escrow/vault"))
      return try await desk.ask(.post, "/v1/agreements", body)
    },
    Refusal("another clause", .nothing, .unprocessableContent, "other_clause") { desk in
      let body = try Desk.submission(Desk.termsDocument(), clause: Desk.clause("payoff/european-put"))
      return try await desk.ask(.post, "/v1/agreements", body)
    },
    Refusal("another clause for known terms", .submitted, .unprocessableContent, "other_clause") { desk in
      let body = try Desk.submission(Desk.termsDocument(), clause: Desk.clause("payoff/european-put"))
      return try await desk.ask(.post, "/v1/agreements", body)
    },
    Refusal("another token", .nothing, .unprocessableContent, "other_decimals") { desk in
      desk.node.change { $0.decimals = 18 }
      return try await desk.ask(.post, "/v1/agreements", Desk.submission(Desk.termsDocument()))
    },
    Refusal("no token", .nothing, .unprocessableContent, "other_decimals") { desk in
      desk.node.change { $0.decimals = nil }
      return try await desk.ask(.post, "/v1/agreements", Desk.submission(Desk.termsDocument()))
    },
  ]

  static let messages: [Refusal] = [
    Refusal("an outsider's signature", .submitted, .unprocessableContent, "not_a_party") { desk in
      try await desk.ask(.post, desk.path("/signatures"), try desk.signature(by: .outsider))
    },
    Refusal("nobody's signature", .submitted, .unprocessableContent, "bad_signature") { desk in
      // Some small r is no point's coordinate.
      let one = UInt256.one.bigEndianBytes
      let signature = try #require(
        try (1...20).lazy.map { try Signature(bytes: UInt256(UInt64($0)).bigEndianBytes + one + [27]) }
          .first { (try? $0.signer(of: desk.terms.digest)) == nil })
      return try await desk.ask(.post, desk.path("/signatures"), ["signature": .string(signature.hex)])
    },
    Refusal("a signature too late", .submitted, at: Desk.start + 43_200, .unprocessableContent, "expired") { desk in
      try await desk.ask(.post, desk.path("/signatures"), try desk.signature(by: .buyer))
    },
    .observing("a stranger's price", by: .outsider, "inadmissible_observation"),
    .observing("a price of nothing", "inadmissible_observation") { $0.value = .zero },
    .observing("another feed", "inadmissible_observation") { $0.feed = .zero },
    .observing("a second too early", "inadmissible_observation") { $0.observedAt -= 1 },
    .observing("published before it was seen", "inadmissible_observation") { $0.publishedAt = Desk.expiration - 1 },
    .observing("published too late", "inadmissible_observation") { $0.publishedAt = Desk.evidenceCloses },
    .observing("evidence closed", at: Desk.evidenceCloses, "expired"),
    .agreeing("an outsider's outcome", by: .outsider, "not_a_party"),
    .agreeing("more than there is", "not_the_whole") { $0.toSeller = .max },
    .agreeing("another agreement", "other_agreement") { $0.agreementID = AgreementID(.zero) },
    .agreeing("another version", "other_agreement") { $0.version = 2 },
    .agreeing("no longer valid", "expired") { $0.validUntil = Desk.expiration + 120 },
    .proposing("in the other's name", by: .seller, "wrong_signer"),
    .proposing("other amounts", "other_amounts") {
      $0.toBuyer = .zero
      $0.toSeller = 10_100_000_000
    },
    .proposing("other evidence", "other_evidence") { $0.evidenceDigest = .zero },
    .proposing("while evidence is open", at: Desk.evidenceCloses - 1, status: .conflict, "out_of_place"),
    Refusal("no price yet", .active, .conflict, "no_price") { try await $0.ask(.get, $0.path("/outcome")) },
    Refusal("no proof yet", .active, .conflict, "not_settled") { try await $0.ask(.get, $0.path("/proof")) },
    Refusal("a dispute by the proposer", .proposed, .unprocessableContent, "not_a_party") { desk in
      try await desk.ask(
        .post, desk.path("/disputes"), desk.signed(Dispute(counter: try await desk.claim(by: .buyer)), by: .buyer))
    },
    Refusal("a dispute of nothing", .observed, .conflict, "out_of_place") { desk in
      try await desk.ask(
        .post, desk.path("/disputes"),
        desk.signed(Dispute(counter: try await desk.claim(by: .seller)), by: .seller))
    },
    Refusal("an outcome before the escrow is open", .confirmed, .conflict, "out_of_place") { desk in
      try await desk.ask(.post, desk.path("/outcomes"), desk.signed(try desk.outcome(), by: .buyer))
    },
  ]

  static let outside: [Refusal] = [
    Refusal("no node", .submitted, .badGateway, "chain_unavailable") { desk in
      desk.node.change { $0.isDown = true }
      return try await desk.ask(.post, desk.path("/signatures"), try desk.signature(by: .buyer))
    },
    Refusal("not ready", .nothing, .badGateway, "chain_unavailable") { desk in
      desk.node.change { $0.isDown = true }
      return try await desk.ask(.get, "/readyz")
    },
    Refusal("no store", .submitted, .serviceUnavailable, "storage_unavailable") { desk in
      await desk.store.close()
      return try await desk.ask(.get, desk.path())
    },
    Refusal("not acknowledged without a store", .submitted, .serviceUnavailable, "storage_unavailable") { desk in
      await desk.store.close()
      return try await desk.ask(.post, desk.path("/signatures"), try desk.signature(by: .buyer))
    },
  ]

  @Test(arguments: malformed + terms + messages + outside)
  func `a refusal is a problem document with a stable code, and changes nothing`(refusal: Refusal) async throws {
    let desk = try await Desk(refusal.phase)
    if let time = refusal.time { desk.node.change { $0.time = time } }
    let before = try? await desk.store.journal(of: desk.id)
    let response = try await refusal.ask(desk)
    let problem = try JSONValue(parsing: response.body)
    #expect(problem["code"]?.asString == refusal.code, "\(problem.prettyText())")
    #expect(response.status == refusal.status)
    #expect(problem["status"]?.asInteger == Int64(refusal.status.code))
    #expect(problem["title"]?.asString == refusal.status.reason)
    #expect(problem["type"]?.asString == "urn:tallystick:problem:\(refusal.code)")
    #expect(response.headers["Content-Type"] == "application/problem+json")
    let isLater = [502, 503].contains(refusal.status.code)
    #expect((response.headers["Retry-After"] != nil) == isLater)
    let detail = problem["detail"]?.asString ?? ""
    #expect(!detail.isEmpty)
    #expect(!String(decoding: response.body, as: UTF8.self).contains("internal.example"), "the node is the operator's")
    if refusal.code == "method_not_allowed" { #expect(response.headers["Allow"] == "GET, HEAD, POST") }
    if let before, let after = try? await desk.store.journal(of: desk.id) { #expect(before == after) }
  }

  @Test func `every fault of a document is named at once`() async throws {
    let desk = try await Desk(.nothing)
    let terms = try Desk.termsDocument(
      (part: "escrow", name: "premium", value: 420),
      (part: "escrow", name: "observerThreshold", value: "two"),
      (part: "economics", name: "optionType", value: "Straddle"))
    let response = try await desk.ask(.post, "/v1/agreements", Desk.submission(terms))
    let faults = try JSONValue(parsing: response.body)["faults"]?.asArray ?? []
    let paths = faults.compactMap { $0["path"]?.asString }
    #expect(Set(paths) == ["escrow.premium", "escrow.observerThreshold", "economics.optionType"])
    #expect(faults.allSatisfy { $0["found"]?.asString != nil && $0["fix"]?.asString?.isEmpty == false })
  }

  @Test func `one observer is heard so often and no more`() async throws {
    let desk = try await Desk(.active)
    desk.node.change { $0.time = Desk.expiration + 120 }
    for price in 1...5 as ClosedRange<UInt64> {
      var observation = Desk.observation(in: desk.terms)
      observation.value = UInt256(price)
      let body = try desk.signed(observation, by: .firstObserver)
      let response = try await desk.ask(.post, desk.path("/evidence"), body)
      #expect(response.status == (price < 5 ? .ok : .unprocessableContent))
      if price == 5 { #expect(try JSONValue(parsing: response.body)["code"] == "too_many") }
    }
  }

  @Test func `agreements that wait are bounded`() async throws {
    var policy = CoordinatorPolicy()
    policy.waitingCountMax = 1
    let desk = try await Desk(.submitted, policy: policy)
    let other = try Desk.submission(Desk.termsDocument((part: "escrow", name: "salt", value: "2")))
    let response = try await desk.ask(.post, "/v1/agreements", other)
    #expect(response.status == .serviceUnavailable)
    #expect(try JSONValue(parsing: response.body)["code"] == "too_many_waiting")
    // What is known is still answered.
    #expect(try await desk.ask(.post, "/v1/agreements", Desk.submission(Desk.termsDocument())).status == .created)
  }
}
