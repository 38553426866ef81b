import Arithmetic
import Ethereum
import HTTP
import JSON
import Settlement
import Terms
import Testing

/// Amendments and novations over the interface.
@Suite struct ChangeRouteTests {
  /// A day more to settle, signed by a person, as the route takes it.
  private static func amendment(
    _ desk: Desk, by person: Person, _ change: (inout Amendment) -> Void = { _ in }
  ) throws -> JSONValue {
    let terms = try Desk.termsDocument((part: "escrow", name: "settleBy", value: .string(String(Desk.settleBy + 60))))
    var message = Amendment(
      agreementID: desk.id, version: 2, terms: try OptionTerms(document: terms).typed.structHash,
      validUntil: Desk.settleBy)
    change(&message)
    return ["signed": try desk.signed(message, by: person), "terms": terms, "clause": .string(try Desk.clause())]
  }

  /// `outsider` in the seller's place, signed by a person.
  private static func novation(_ desk: Desk, by person: Person) throws -> JSONValue {
    let heir = try Person.outsider.address
    let terms = try Desk.termsDocument((part: "escrow", name: "seller", value: .string(heir.checksummed)))
    let message = Novation(
      agreementID: desk.id, version: 2, transferor: desk.terms.escrow.seller, transferee: heir,
      terms: try OptionTerms(document: terms).typed.structHash, consideration: 5, validUntil: Desk.settleBy)
    return ["signed": try desk.signed(message, by: person), "terms": terms, "clause": .string(try Desk.clause())]
  }

  private func document(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

  @Test func `what is signed is taken once, shown, and open once everybody signed`() async throws {
    let desk = try await Desk(.active)
    for (path, people) in [
      ("/amendments", [Person.buyer, .seller]), ("/novations", [.buyer, .outsider, .seller]),
    ] {
      for (place, person) in people.enumerated() {
        let body =
          try path == "/novations" ? Self.novation(desk, by: person) : Self.amendment(desk, by: person)
        let first = try await desk.ask(.post, desk.path(path), body)
        #expect(first.status == .ok, "\(String(decoding: first.body, as: UTF8.self))")
        #expect(try await desk.ask(.post, desk.path(path), body) == first)
        let shown = try document(first)
        #expect(shown["version"] == "1")
        let offers = try #require(shown["offers"]?.asArray)
        #expect(offers.last?["signers"]?.asArray?.count == place + 1)
        let route = try #require(
          shown["routes"]?.asArray?.first { $0["route"]?.asString == (path == "/novations" ? "novate" : "amend") })
        #expect(route["open"] == .bool(place + 1 == people.count))
      }
    }
    let shown = try document(try await desk.ask(.get, desk.path()))
    #expect(shown["offers"]?.asArray?.map { $0["kind"]?.asString } == ["amendment", "novation"])
  }

  static let refusals: [Refusal] = [
    Refusal("terms that do not hold", .active, .unprocessableContent, "terms_invalid") { desk in
      let body = try amendment(desk, by: .buyer).replacing("terms", ["domain": [:]])
      return try await desk.ask(.post, desk.path("/amendments"), body)
    },
    Refusal("a member too many", .active, .badRequest, "document_malformed") { desk in
      let body = try amendment(desk, by: .buyer).replacing("colour", "red")
      return try await desk.ask(.post, desk.path("/amendments"), body)
    },
    Refusal("an amendment as a novation", .active, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, desk.path("/novations"), amendment(desk, by: .buyer))
    },
    Refusal("the message alone", .active, .badRequest, "document_malformed") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer)["signed"] ?? .null)
    },
    Refusal("a clause that does not compile", .active, .unprocessableContent, "broken_clause") { desk in
      let body = try amendment(desk, by: .buyer).replacing("clause", "payoff")
      return try await desk.ask(.post, desk.path("/amendments"), body)
    },
    Refusal("another clause", .active, .unprocessableContent, "other_clause") { desk in
      let body = try amendment(desk, by: .buyer).replacing("clause", .string(Desk.clause("payoff/european-put")))
      return try await desk.ask(.post, desk.path("/amendments"), body)
    },
    Refusal("by a stranger", .active, .unprocessableContent, "not_a_party") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .outsider))
    },
    Refusal("a transferee first", .active, .unprocessableContent, "not_a_party") { desk in
      try await desk.ask(.post, desk.path("/novations"), novation(desk, by: .outsider))
    },
    Refusal("of the present version", .active, .unprocessableContent, "other_agreement") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer) { $0.version = 1 })
    },
    Refusal("of other terms", .active, .unprocessableContent, "unfit_change") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer) { $0.terms = .zero })
    },
    Refusal("too late", .active, .unprocessableContent, "expired") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer) { $0.validUntil = Desk.start })
    },
    Refusal("before it is open", .confirmed, .conflict, "out_of_place") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer))
    },
    Refusal("while a proposal stands", .proposed, .conflict, "out_of_place") { desk in
      try await desk.ask(.post, desk.path("/novations"), novation(desk, by: .buyer))
    },
    Refusal("of terms that nobody submitted", .nothing, .notFound, "unknown_agreement") { desk in
      try await desk.ask(.post, desk.path("/amendments"), amendment(desk, by: .buyer))
    },
  ]

  @Test(arguments: refusals) func `what cannot be a change is refused, and nothing is changed`(
    _ refusal: Refusal
  ) async throws {
    let desk = try await Desk(refusal.phase)
    let before = try await desk.ask(.get, desk.path("/journal"))
    let reply = try await refusal.ask(desk)
    #expect(reply.status == refusal.status)
    #expect(try document(reply)["code"]?.asString == refusal.code, "\(String(decoding: reply.body, as: UTF8.self))")
    #expect(try await desk.ask(.get, desk.path("/journal")) == before)
  }
}

extension JSONValue {
  /// The same object with a member replaced or added.
  fileprivate func replacing(_ name: String, _ value: JSONValue) -> JSONValue {
    let members = (asObject?.members ?? []).filter { $0.name != name }.map { ($0.name, $0.value) }
    return .object(JSONObject(members + [(name, value)]))
  }
}
