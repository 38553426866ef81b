import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import Verification

/// One trade by the specification: journal, evidence, outcome, calls, transaction, proofs.
struct TradeTests {
  /// When the vectors' messages are still valid: between the fixing and `settleBy`.
  private let now: UInt64 = 1_800_002_050

  @Test func `the journal's digests, and the state it replays to`() throws {
    let entries = try Specification.vectors().at("journal", "entries").list()
    let journal = try Specification.journal()
    #expect(try journal.head.hex == Specification.vectors().at("journal", "head").text())
    for (entry, document) in zip(journal.entries, entries) { #expect(entry.bytes == document.canonicalBytes()) }
    #expect(journal.trade?.phase.name == "disputed")
    let again = try Specification.journal(entries: 6)
    #expect(again.trade?.phase.name == "active")
  }

  @Test func `evidence in its order, with its digest, its manifest and its price`() throws {
    let stated = try Specification.vectors().at("evidence")
    let agreement = try agreement()
    let signed = try stated.at("arrived").list().map { document in
      try Specification.read(document) { UnverifiedMessage<Observation>(reading: &$0) }
        .verified(in: agreement.terms.domain)
    }
    for arrival in [signed, signed.reversed(), signed + signed] {
      let evidence = try Evidence(arrival, for: agreement)
      #expect(try evidence.observations.map(\.signer.checksummed) == stated.at("order").list().map { try $0.text() })
      #expect(try evidence.digest.hex == stated.at("digest").text())
      #expect(try Hex.encode(evidence.manifest) == stated.at("manifest").text())
      #expect(try evidence.price.price?.description == stated.at("price").text())
    }
  }

  @Test func `the outcome and the digest of its trace`() throws {
    let outcome = try #require(try Specification.journal().trade).outcome()
    let stated = try Specification.vectors().at("outcome")
    #expect(try outcome.toBuyer.description == stated.at("toBuyer").text())
    #expect(try outcome.toSeller.description == stated.at("toSeller").text())
    #expect(try outcome.settlementPrice?.description == stated.at("settlementPrice").text())
    #expect(try outcome.evidenceDigest.hex == stated.at("evidenceDigest").text())
    #expect(try outcome.traceDigest.hex == stated.at("traceDigest").text())
  }

  /// Each call from the state that holds what it carries.
  @Test(arguments: [
    (Route.open, 3), (.agreed, 14), (.propose, 15), (.dispute, 17), (.finalise, 15), (.settleByDefault, 18),
  ]) func `the call of a route, to the byte`(route: Route, entries: Int) throws {
    let trade = try #require(try Specification.journal(entries: entries).trade)
    let call = try trade.call(for: route, at: now)
    let stated = try Specification.vectors().at("calls", .member(route.rawValue))
    #expect(try call.to.checksummed == stated.at("to").text())
    #expect(try Hex.encode(call.data) == stated.at("data").text())
    #expect(call.chainID == trade.terms.domain.chainID)
  }

  @Test func `the transaction around a call, to the byte`() throws {
    let trade = try #require(try Specification.journal(entries: 15).trade)
    let stated = try Specification.vectors().at("transaction")
    let envelope = try Envelope(
      carrying: trade.call(for: .finalise, at: now), nonce: number(stated.at("nonce")),
      gasLimit: number(stated.at("gasLimit")), maxFeePerGas: UInt256(decimal: stated.at("maxFeePerGas").text()),
      maxPriorityFeePerGas: UInt256(decimal: stated.at("maxPriorityFeePerGas").text()))
    let signed = try envelope.transaction.signed(by: Specification.key("sender"))
    #expect(try Hex.encode(signed.raw) == stated.at("raw").text())
    #expect(try signed.hash.hex == stated.at("hash").text())
  }

  @Test(
    arguments: [
      "agreed", "finalised", "default", "observed", "ruled", "upheld", "found", "answered", "changed",
      "delivery-agreed", "exercised-call", "exercised-put", "expired",
    ])
  func `a proof that another program wrote is sound, and incomplete without a trusted block`(route: String) throws {
    let bytes = try Specification.bytes("proof-\(route).json")
    let proof = try SettlementProof(bytes: bytes)
    #expect(proof.bytes == bytes)
    let trusted = try Digest(hex: Specification.vectors().at("trustedBlocks", .member(route)).text())
    let findings = Verifier.findings(in: proof, trustedBlock: trusted)
    #expect(findings.filter { $0.verdict != .passed }.map { "\($0.check.name): \($0.detail)" } == [])
    #expect(verdict(proof, trusting: trusted) == "sound")
    #expect(verdict(proof, trusting: nil) == "incomplete")
    #expect(verdict(proof, trusting: .zero) == "unsound")
  }

  /// Whoever sent the transaction can sign any journal; it must still say what the file says.
  @Test(
    arguments: [
      ("event", "toBuyer"), ("event", "toSeller"), ("event", "route"), ("fact", "blockNumber"), ("fact", "blockTime"),
      ("fact", "blockHash"), ("fact", "transaction"),
    ])
  func `a journal that ends otherwise makes the proof unsound, though its sender signed it`(part: String, name: String)
    throws
  {
    let document = try JSONValue(parsing: Specification.bytes("proof-default.json"))
    let entries = try document.at("journal", "entries").list()
    let last = entries.count - 1
    let told = try document.at(.member("journal"), .member("entries"), .element(last), .member("event"), .member(part))
    let other = try #require(told[name]?.asString.map(Self.other(than:)))
    let lie = try document.replacing(
      [.member("journal"), .member("entries"), .element(last), .member("event"), .member(part), .member(name)],
      with: .string(other))
    let end = try lie.at(.member("journal"), .member("entries"), .element(last)).canonicalBytes()
    let terms = try Specification.terms()
    let head = JournalHead(
      agreementID: AgreementID(terms.digest), entries: UInt64(entries.count), head: Keccak256.hash(end))
    let signature = try Specification.key("sender").sign(head.typed.digest(in: terms.domain))
    let sealed = try lie.replacing([.member("journal"), .member("signature")], with: .string(signature.hex))

    let proof = try SettlementProof(bytes: sealed.canonicalBytes())
    let trusted = try Digest(hex: Specification.vectors().at("trustedBlocks", "default").text())
    let failed = Verifier.findings(in: proof, trustedBlock: trusted).filter { $0.verdict == .failed }
    #expect(failed.map(\.check) == [.journal])
  }

  /// Another value of the same form.
  private static func other(than value: String) -> String {
    if value == "default" { return "agreed" }
    return value.hasPrefix("0x") ? "0x" + String(repeating: "7", count: 64) : "7"
  }

  private func verdict(_ proof: SettlementProof, trusting block: Digest?) -> String {
    switch ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) {
    case .sound: "sound"
    case .unsound: "unsound"
    case .incomplete: "incomplete"
    }
  }

  private func agreement() throws -> Agreement {
    try #require(try Specification.journal(entries: 3).trade?.agreement)
  }

  private func number(_ value: JSONValue) throws -> UInt64 { try #require(UInt64(value.text())) }
}
