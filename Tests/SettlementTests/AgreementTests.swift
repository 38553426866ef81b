import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// An agreement is made from terms, their clause and both parties' signatures, and from nothing else.
struct AgreementTests {
  let terms: OptionTerms
  let clause: PayoffClause

  init() throws {
    terms = try Sample.terms()
    clause = try PayoffClause(source: Sample.clause())
  }

  @Test func `signatures made elsewhere make the agreement, with the id and the vault derived elsewhere`() throws {
    let agreement = try AgreementDocument(Sample.document("agreements/call.json")).agreement()
    let expected = try Sample.document("agreements/call.expected.json")
    #expect(agreement.id.description == expected["agreementId"]?.asString)
    #expect(agreement.vault.checksummed == expected["vault"]?.asString)
    #expect(
      EscrowContract.implementation(of: terms.domain.verifyingContract).checksummed
        == expected["implementation"]?.asString)
    #expect(agreement.version == 1)
    #expect(try agreement == Sample.agreement(terms))
  }

  @Test func `another agreement has another vault, and so has another escrow`() throws {
    let vault = EscrowContract.vault(of: AgreementID(terms.digest), in: terms.domain)
    #expect(EscrowContract.vault(of: AgreementID(.zero), in: terms.domain) != vault)
    let elsewhere = TypedDomain(chainID: terms.domain.chainID, escrow: terms.escrow.token)
    #expect(EscrowContract.vault(of: AgreementID(terms.digest), in: elsewhere) != vault)
  }

  @Test func `a signature that is not its party's is refused, whoever made it`() throws {
    let buyer = try Sample.key("buyer").sign(terms.digest)
    let seller = try Sample.key("seller").sign(terms.digest)
    let stranger = try Sample.key("stranger")
    let elsewhere = TypedDomain(chainID: ChainID(rawValue: 1), escrow: terms.domain.verifyingContract)
    let abroad = try Sample.key("buyer").sign(terms.typed.digest(in: elsewhere))
    let rows: [(String, Signature, Signature, String)] = [
      ("swapped", seller, buyer, "the buyer's signature"),
      ("a stranger for the buyer", try stranger.sign(terms.digest), seller, "the buyer's signature"),
      ("a stranger for the seller", buyer, try stranger.sign(terms.digest), "the seller's signature"),
      ("the buyer twice", buyer, buyer, "the seller's signature"),
      ("under another chain", abroad, seller, "the buyer's signature"),
      ("of another digest", try Sample.key("buyer").sign(.zero), seller, "the buyer's signature"),
    ]
    for (name, first, second, whose) in rows {
      let error = try #require(throws: SettlementError.self, "\(name)") {
        try Agreement(terms, clause: clause, buyerSignature: first, sellerSignature: second)
      }
      guard case .wrongSigner(let what, let expected, let found) = error else {
        Issue.record("\(name): \(error)")
        continue
      }
      #expect(what == whose, "\(name)")
      #expect(expected == (whose.contains("buyer") ? terms.escrow.buyer : terms.escrow.seller), "\(name)")
      #expect(found != expected, "\(name)")
    }
  }

  @Test func `a clause other than the one named is refused`() throws {
    let put = try PayoffClause(source: Sample.clause("european-put"))
    #expect(throws: SettlementError.otherClause(expected: terms.escrow.clause, found: put.digest)) {
      try Agreement(
        terms, clause: put, buyerSignature: Sample.key("buyer").sign(terms.digest),
        sellerSignature: Sample.key("seller").sign(terms.digest))
    }
  }

  @Test func `a document without a signature says whose is missing`() throws {
    let document = try Sample.document("agreements/call.json")
    let rows: [([String], [Party])] = [
      (["buyer"], [.buyer]), (["seller"], [.seller]), (["buyer", "seller"], [.buyer, .seller]),
    ]
    for (names, parties) in rows {
      var changed = document
      for name in names { changed = changed.replacing(["signatures", name], with: nil) }
      let read = try AgreementDocument(changed)
      #expect(throws: SettlementError.unsigned(by: parties)) { try read.agreement() }
    }
  }

  @Test func `a wallet's signature is read, and not believed offline`() throws {
    let wallet = "0x" + String(repeating: "ab", count: 130)
    let document = try Sample.document("agreements/call.json").replacing(
      ["signatures", "seller"], with: .string(wallet))
    let read = try AgreementDocument(document)
    #expect(read.signatures[.seller]?.hex == wallet)
    #expect(throws: SettlementError.walletSignature(of: "the seller's signature", account: terms.escrow.seller)) {
      try read.agreement()
    }
    #expect(try read.evidence().digest == AgreementDocument(Sample.document("agreements/call.json")).evidence().digest)
    let long = document.replacing(
      ["signatures", "seller"], with: .string("0x" + String(repeating: "ab", count: 1_025)))
    let error = try #require(throws: DocumentError.self) { try AgreementDocument(long) }
    #expect(error.faults.map(\.path) == ["signatures.seller"])
  }

  @Test func `a document's faults carry their paths`() throws {
    let document = try Sample.document("agreements/call.json")
      .replacing(["signatures", "buyer"], with: "0x0").replacing(["terms", "escrow", "bond"], with: "1.5")
      .replacing(["clause"], with: nil)
    let error = try #require(throws: DocumentError.self) { try AgreementDocument(document) }
    #expect(Set(error.faults.map(\.path)) == ["signatures.buyer", "terms.escrow.bond", "clause"])
    #expect(error.description.split(separator: "\n").count == 3)
  }

  @Test func `a document as a service serves it may hold more`() throws {
    let served = try Sample.document("agreements/call.json").replacing(["phase"], with: "active")
    #expect(try AgreementDocument(served).agreement().id == AgreementID(terms.digest))
    let bare = served.replacing(["evidence"], with: nil)
    #expect(try AgreementDocument(bare).observations.isEmpty)
  }

  @Test(arguments: [
    (
      "payoff X language 1\nfacts\n  bonus : Amount\nescrow bonus\npay buyer bonus\npay seller remainder\n",
      "unfit_clause"
    ),
    (
      "payoff X language 1\nterms\n  quantity : Amount\nescrow quantity\npay buyer quantity\npay seller remainder\n",
      "unfit_clause"
    ),
    ("payoff X language 1\nescrow\n", "broken_clause"), ("", "broken_clause"),
  ])
  func `a clause that terms cannot feed is refused`(_ source: String, _ code: String) throws {
    let error = try #require(throws: SettlementError.self) { try PayoffClause(source: source) }
    #expect(error.code == code, "\(error)")
  }

  @Test func `the escrow's own rule is no payoff`() throws {
    let error = try #require(throws: SettlementError.self) { try PayoffClause(source: EscrowRule.source) }
    #expect(error.code == "unfit_clause")
  }
}
