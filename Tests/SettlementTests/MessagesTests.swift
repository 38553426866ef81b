import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Messages under the escrow's domain, against digests and signatures made elsewhere.
struct MessagesTests {
  @Test func `every message has the frozen type, digest and signer`() throws {
    try check(
      Observation.self, "Observation",
      "Observation(bytes32 feed,uint64 observedAt,uint64 publishedAt,uint256 value)", named: nil)
    try check(
      AgreedOutcome.self, "Outcome",
      "Outcome(bytes32 agreementId,uint64 version,uint256 toBuyer,uint256 toSeller,uint64 validUntil)", named: nil)
    try check(
      Proposal.self, "Proposal",
      "Proposal(bytes32 agreementId,uint64 version,address proposer,bytes32 evidenceDigest,uint256 toBuyer,"
        + "uint256 toSeller,uint64 validUntil)", named: "proposer")
    try check(
      Dispute.self, "Dispute",
      "Dispute(bytes32 agreementId,uint64 version,address disputer,bytes32 evidenceDigest,uint256 toBuyer,"
        + "uint256 toSeller,uint64 validUntil)", named: "disputer")
    try check(
      JournalHead.self, "JournalHead", "JournalHead(bytes32 agreementId,uint64 entries,bytes32 head)", named: nil)
  }

  private func check<Message: TypedMessage>(
    _ type: Message.Type, _ name: String, _ typeString: String, named member: String?
  ) throws {
    let terms = try Sample.terms()
    let expected = try #require(try Sample.document("agreements/messages.json")[name])
    let document: JSONValue = [
      "message": try #require(expected["message"]), "signature": try #require(expected["signature"]),
    ]
    var reader = ObjectReader(document)
    let unverified = try #require(UnverifiedMessage<Message>(reading: &reader))
    #expect(reader.finish() == [])
    #expect(unverified.document == document)
    #expect(unverified.message.typed.typeString == typeString)
    #expect(unverified.message.typed.digest(in: terms.domain).hex == expected["digest"]?.asString)
    let signed = try unverified.verified(in: terms.domain)
    #expect(signed.signer.checksummed == expected["signer"]?.asString)
    #expect(signed.document == document)
    #expect(unverified.message.claimedSigner == (member == nil ? nil : signed.signer))

    // Every member decides the digest and may not be missing.
    for field in unverified.message.typed.members.map(\.name) {
      var reader = ObjectReader(document.replacing(["message", field], with: nil))
      #expect(UnverifiedMessage<Message>(reading: &reader) == nil)
      #expect(reader.finish().map(\.path) == ["message.\(field)"])
    }
    var more = ObjectReader(document.replacing(["message", "more"], with: "x"))
    _ = UnverifiedMessage<Message>(reading: &more)
    #expect(more.finish().map(\.path) == ["message.more"])

    // Under another domain the signature is somebody else's.
    let elsewhere = TypedDomain(chainID: ChainID(rawValue: 1), escrow: terms.domain.verifyingContract)
    if member == nil {
      #expect(try unverified.verified(in: elsewhere).signer != signed.signer)
    } else {
      #expect(throws: SettlementError.self) { try unverified.verified(in: elsewhere) }
    }
  }

  @Test func `a claim signed by another than it names is refused`() throws {
    let terms = try Sample.terms()
    let history = try History(terms, reaching: .active)
    let claim = try history.claim(by: "buyer")
    let error = try #require(throws: SettlementError.self) { try Sample.sign(claim, by: "seller", in: terms.domain) }
    #expect(
      error
        == .wrongSigner(of: "proposal", expected: try Sample.address("buyer"), found: try Sample.address("seller")))
  }

  @Test func `a signature has one written form`() throws {
    let expected = try #require(try Sample.document("agreements/messages.json")["Observation"])
    let good = try #require(expected["signature"]?.asString)
    let compact = try Hex.encode(Signature(hex: good).compactBytes)
    let digits = Array(good)
    let zeroV = String(digits.dropLast(2)) + (good.hasSuffix("1b") ? "00" : "01")
    for text in [compact, good.uppercased(), String(good.dropFirst(2)), zeroV, good + "00", ""] {
      let document: JSONValue = ["message": try #require(expected["message"]), "signature": .string(text)]
      var reader = ObjectReader(document)
      #expect(UnverifiedMessage<Observation>(reading: &reader) == nil)
      #expect(reader.finish().map(\.path) == ["signature"], "\(text)")
    }
  }
}
