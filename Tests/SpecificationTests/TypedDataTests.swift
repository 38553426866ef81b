import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing

/// Types, digests and signatures are those of the specification.
struct TypedDataTests {
  @Test func `type strings and type hashes`() throws {
    let terms = try Specification.terms()
    let id = AgreementID(terms.digest)
    let proposal = Proposal(
      agreementID: id, version: 1, proposer: .zero, evidenceDigest: .zero, toBuyer: 0, toSeller: 0, validUntil: 0)
    let ours: [TypedStruct] = [
      terms.typed, terms.economics.typed, terms.escrow.typed,
      Observation(feed: .zero, observedAt: 0, publishedAt: 0, value: 0).typed,
      AgreedOutcome(agreementID: id, version: 1, toBuyer: 0, toSeller: 0, validUntil: 0).typed, proposal.typed,
      Dispute(counter: proposal).typed, JournalHead(agreementID: id, entries: 0, head: .zero).typed,
    ]
    let stated = try Specification.vectors().at("types").list()
    for type in ours {
      let row = try #require(stated.first { $0["name"]?.asString == type.name }, "\(type.name) is not specified")
      #expect(try type.typeString == row.at("string").text())
      #expect(try type.typeHash.hex == row.at("hash").text())
    }
  }

  @Test func `the domain separator`() throws {
    #expect(try Specification.terms().domain.separator.hex == Specification.vectors().at("domain", "separator").text())
  }

  @Test func `terms, their digest and their vault`() throws {
    let rows = try Specification.vectors().at("terms").list()
    #expect(rows.count > 2)
    for row in rows {
      let terms = try OptionTerms(document: row.at("document"))
      #expect(try terms.digest.hex == row.at("digest").text())
      #expect(try terms.economics.typed.structHash.hex == row.at("economicsHash").text())
      #expect(try terms.escrow.typed.structHash.hex == row.at("escrowHash").text())
      let vault = EscrowContract.vault(of: AgreementID(terms.digest), in: terms.domain)
      #expect(try vault.checksummed == row.at("vault").text())
      #expect(try terms.document.canonicalBytes() == row.at("document").canonicalBytes())
    }
  }

  @Test func `the parties' signatures, to the byte`() throws {
    let terms = try Specification.terms()
    for party in Party.allCases {
      let key = try Specification.key(party.rawValue)
      #expect(key.address == terms.escrow.address(of: party))
      #expect(
        try key.sign(terms.digest).hex == Specification.vectors().at("signatures", .member(party.rawValue)).text())
    }
  }

  @Test func `messages, their hashes and their signers`() throws {
    var seen: Set<String> = []
    for row in try Specification.vectors().at("messages").list() {
      let type = try row.at("type").text()
      let checked =
        switch type {
        case "Observation": try check(row, Observation.self)
        case "Outcome": try check(row, AgreedOutcome.self)
        case "Proposal": try check(row, Proposal.self)
        case "Dispute": try check(row, Dispute.self)
        case "JournalHead": try check(row, JournalHead.self)
        case "Ruling": try check(row, Ruling.self)
        case "Appeal": try check(row, Appeal.self)
        case "ExerciseNotice": try check(row, ExerciseNotice.self)
        case "Amendment": try check(row, Amendment.self)
        case "Novation": try check(row, Novation.self)
        case "DeliveryOutcome": try check(row, DeliveryOutcome.self)
        case "Withdrawal": try check(row, Withdrawal.self)
        case "TokenWithdrawal": try check(row, TokenWithdrawal.self)
        case "Cancellation": try check(row, Cancellation.self)
        case "EpochRaise": try check(row, EpochRaise.self)
        default: false
        }
      if checked { seen.insert(type) }
    }
    let stated = Set(try Specification.vectors().at("types").list().map { try $0.at("name").text() })
    #expect(seen == stated.subtracting(["EIP712Domain", "OptionTerms", "Economics", "Escrow"]))
  }

  private func check<Message: TypedMessage>(_ row: JSONValue, _ type: Message.Type) throws -> Bool {
    let domain = try Specification.terms().domain
    let document: JSONValue = ["message": try row.at("message"), "signature": try row.at("signature")]
    let unverified = try Specification.read(document) { UnverifiedMessage<Message>(reading: &$0) }
    let type = try #require(
      try Specification.vectors().at("types").list().first { $0["name"]?.asString == unverified.message.typed.name })
    #expect(try unverified.message.typed.typeString == type.at("string").text())
    #expect(try unverified.message.typed.structHash.hex == row.at("structHash").text())
    #expect(try unverified.message.typed.digest(in: domain).hex == row.at("digest").text())
    #expect(try unverified.verified(in: domain).signer.checksummed == row.at("signer").text())
    return true
  }
}
