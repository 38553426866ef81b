import API
import Chain
import Coordination
import Ethereum
import HTTP
import JSON
import Settlement
import Storage
import Terms
import Testing

/// Every route, each with what it answers when all is well.
@Suite struct RouteTests {
  private func document(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

  private func phase(_ response: Response) throws -> String? { try document(response)["phase"]?.asString }

  @Test func `terms are taken, shown and listed`() async throws {
    let desk = try await Desk(.nothing)
    let submitted = try await desk.ask(.post, "/v1/agreements", Desk.submission(Desk.termsDocument()))
    #expect(submitted.status == .created)
    #expect(submitted.headers["Content-Type"] == "application/json")
    let shown = try await desk.ask(.get, desk.path())
    #expect(shown.status == .ok)
    #expect(shown.body == submitted.body)
    let agreement = try document(shown)
    #expect(agreement["agreementId"]?.asString == desk.id.description)
    #expect(agreement["phase"] == "execution")
    #expect(agreement["terms"] == (try Desk.termsDocument()))
    #expect(agreement["clause"]?.asString == (try Desk.clause()))
    #expect(agreement["signatures"] == [:])
    #expect(agreement["headTime"] == "1800000000")
    #expect(agreement["proof"] == false)
    #expect(try await desk.ask(.head, desk.path()).status == .ok)
    let list = try document(try await desk.ask(.get, "/v1/agreements"))
    #expect(list == ["agreements": [.string(desk.id.description)]])
  }

  @Test func `both signatures make an agreement`() async throws {
    let desk = try await Desk(.submitted)
    let first = try await desk.ask(.post, desk.path("/signatures"), desk.signature(by: .seller))
    #expect(try phase(first) == "execution")
    let second = try await desk.ask(.post, desk.path("/signatures"), desk.signature(by: .buyer))
    #expect(try phase(second) == "confirmed")
    let vault = EscrowContract.vault(of: desk.id, in: desk.domain)
    #expect(try document(second)["vault"]?.asString == vault.checksummed)
  }

  @Test func `evidence leads to the outcome that was worked out by hand`() async throws {
    let desk = try await Desk(.active)
    desk.node.change { $0.time = Desk.expiration + 120 }
    for person in [Person.firstObserver, .secondObserver] {
      let body = try desk.signed(Desk.observation(in: desk.terms), by: person)
      #expect(try await desk.ask(.post, desk.path("/evidence"), body).status == .ok)
    }
    let outcome = try document(try await desk.ask(.get, desk.path("/outcome")))
    #expect(outcome["toBuyer"]?.asString == Desk.toBuyer)
    #expect(outcome["toSeller"]?.asString == Desk.toSeller)
    #expect(outcome["settlementPrice"] == "312015000000")
  }

  @Test func `outcomes, proposals and disputes are taken in their time`() async throws {
    let active = try await Desk(.observed)
    for person in [Person.buyer, .seller] {
      let body = try active.signed(try active.outcome(), by: person)
      #expect(try await active.ask(.post, active.path("/outcomes"), body).status == .ok)
    }
    let routes = try document(try await active.ask(.get, active.path()))["routes"]?.asArray ?? []
    let agreed = try #require(routes.first { $0["route"] == "agreed" })
    #expect(agreed["open"] == true)
    #expect(agreed["toBuyer"]?.asString == Desk.toBuyer)

    active.node.change { $0.time = Desk.evidenceCloses }
    let proposal = try active.signed(try await active.claim(by: .seller), by: .seller)
    #expect(try await active.ask(.post, active.path("/proposals"), proposal).status == .ok)

    let proposed = try await Desk(.proposed)
    let dispute = try proposed.signed(Dispute(counter: try await proposed.claim(by: .seller)), by: .seller)
    let reply = try await proposed.ask(.post, proposed.path("/disputes"), dispute)
    #expect(reply.status == .ok)
    #expect(try document(reply)["proposal"]?["toBuyer"] == "10100000000")
  }

  @Test func `the settlement, the journal and the proof of a closed agreement are shown`() async throws {
    let desk = try await Desk(.closed)
    let settlement = try document(try await desk.ask(.get, desk.path("/settlement")))
    #expect(settlement["phase"] == "closed")
    #expect(settlement["settled"]?["route"] == "finalised")
    #expect(settlement["settled"]?["toBuyer"] == "10100000000")
    let journal = try document(try await desk.ask(.get, desk.path("/journal")))["entries"]?.asArray ?? []
    #expect(journal.count == 8)
    #expect(journal.map { $0["sequence"]?.asString } == (0..<8).map { String($0) })
    let proof = Array(#"{"proof":"file"}"#.utf8)
    try await desk.store.commit(Batch(proof: (desk.id, proof)))
    let reply = try await desk.ask(.get, desk.path("/proof"))
    #expect(reply.status == .ok)
    #expect(reply.body == proof)
    #expect(try document(try await desk.ask(.get, desk.path()))["proof"] == true)
  }

  @Test func `the service says what it works for and how it is`() async throws {
    let desk = try await Desk(.nothing)
    #expect(try document(try await desk.ask(.get, "/livez")) == ["status": "live"])
    let ready: JSONValue = ["status": "ready", "headBlock": "0", "headTime": "1800000000", "takenBlock": "0"]
    #expect(try document(try await desk.ask(.get, "/readyz")) == ready)
    let service: JSONValue = [
      "chainId": "31337", "escrow": .string(desk.domain.verifyingContract.checksummed),
      "sender": .string(try Person.service.address.checksummed),
      "journalSigner": .string(try Person.service.address.checksummed), "confirmations": "12",
    ]
    #expect(try document(try await desk.ask(.get, "/v1/service")) == service)
  }

  @Test func `saying a thing twice says it once`() async throws {
    let terms = try Desk.submission(Desk.termsDocument())
    var cases: [(Desk, String, JSONValue)] = []
    let nothing = try await Desk(.nothing)
    cases.append((nothing, "/v1/agreements", terms))
    let submitted = try await Desk(.submitted)
    cases.append((submitted, submitted.path("/signatures"), try submitted.signature(by: .buyer)))
    let active = try await Desk(.active)
    active.node.change { $0.time = Desk.expiration + 120 }
    cases.append(
      (active, active.path("/evidence"), try active.signed(Desk.observation(in: active.terms), by: .firstObserver)))
    let observed = try await Desk(.observed)
    cases.append((observed, observed.path("/outcomes"), try observed.signed(try observed.outcome(), by: .buyer)))
    let late = try await Desk(.observed)
    late.node.change { $0.time = Desk.evidenceCloses }
    cases.append(
      (late, late.path("/proposals"), try late.signed(try await late.claim(by: .buyer), by: .buyer)))
    let proposed = try await Desk(.proposed)
    cases.append(
      (
        proposed, proposed.path("/disputes"),
        try proposed.signed(Dispute(counter: try await proposed.claim(by: .seller)), by: .seller)
      ))
    for (desk, path, body) in cases {
      let first = try await desk.ask(.post, path, body)
      let second = try await desk.ask(.post, path, body)
      #expect(first.status.code < 300, "\(path): \(String(decoding: first.body, as: UTF8.self))")
      #expect(first == second, "\(path)")
    }
  }

  @Test func `a list is read page by page, each agreement once`() async throws {
    let desk = try await Desk(.nothing)
    for salt in 1...5 {
      let terms = try Desk.termsDocument((part: "escrow", name: "salt", value: .string(String(salt))))
      #expect(try await desk.ask(.post, "/v1/agreements", Desk.submission(terms)).status == .created)
    }
    let whole = try document(try await desk.ask(.get, "/v1/agreements"))["agreements"]?.asArray ?? []
    #expect(whole.count == 5)
    var pages: [JSONValue] = []
    var next: String? = ""
    while let after = next {
      let query = "/v1/agreements?limit=2" + (after.isEmpty ? "" : "&after=\(after)")
      let page = try document(try await desk.ask(.get, query))
      pages += page["agreements"]?.asArray ?? []
      next = page["next"]?.asString
    }
    #expect(pages == whole)
  }

  @Test func `without a node everything that is known can still be read`() async throws {
    let desk = try await Desk(.closed)
    desk.node.change { $0.isDown = true }
    for rest in ["", "/outcome", "/settlement", "/journal"] {
      #expect(try await desk.ask(.get, desk.path(rest)).status == .ok, "\(rest)")
    }
    #expect(try await desk.ask(.get, "/v1/agreements").status == .ok)
    #expect(try await desk.ask(.get, "/v1/service").status == .ok)
    #expect(try await desk.ask(.get, "/livez").status == .ok)
    #expect(try await desk.ask(.get, "/readyz").status == .badGateway)
  }
}
