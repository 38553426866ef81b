import Ethereum
import JSON
import Settlement
import Terms
import Testing
import TradeSamples
import Verification

/// A proof has one file.
struct ProofDocumentTests {
  @Test(arguments: PaidTrade.Ending.allCases) func `a proof is read as it was written`(_ ending: PaidTrade.Ending)
    throws
  {
    let proof = try PaidTrade(ending).make().proof
    #expect(try SettlementProof(bytes: proof.bytes) == proof)
    #expect(try SettlementProof(bytes: proof.bytes).bytes == proof.bytes)
    #expect(proof.bytes.count < VerificationLimits.proofByteCountMax)
  }

  @Test func `any other writing of it is refused`() throws {
    let proof = try PaidTrade(.finalised).make().proof
    let document = proof.document
    let members = try #require(document.asObject?.members)
    let turned =
      "{"
      + members.map { "\"\($0.name)\":" + String(decoding: $0.value.canonicalBytes(), as: UTF8.self) }
      .joined(separator: ",") + "}"
    let buyer = try #require(document.at(["terms", "escrow", "buyer"])?.asString)
    let lower = document.replacing(["terms", "escrow", "buyer"], with: .string(buyer.lowercased()))
    let rows: [(String, [UInt8])] = [
      ("pretty", Array(document.prettyText().utf8)), ("a line feed", proof.bytes + [0x0a]),
      ("members in another order", Array(turned.utf8)), ("cut short", Array(proof.bytes.dropLast())),
      ("an address in one case", lower.canonicalBytes()), ("empty", []), ("another thing", Array("[]".utf8)),
    ]
    for (name, bytes) in rows {
      #expect(bytes != proof.bytes, "\(name)")
      #expect(throws: DocumentError.self, "\(name)") { try SettlementProof(bytes: bytes) }
    }
    let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: lower.canonicalBytes()) }
    #expect(error.faults.map(\.path) == ["terms.escrow.buyer"])
  }

  @Test func `every member must be there, and no other`() throws {
    let document = try PaidTrade(.finalised).make().proof.document
    for member in try #require(document.asObject?.members) {
      let without = document.replacing([member.name], with: nil)
      if member.name == "outcome" {
        #expect(try SettlementProof(bytes: without.canonicalBytes()).outcome == nil)
      } else {
        let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: without.canonicalBytes()) }
        #expect(error.faults.contains { $0.path == member.name }, "\(member.name)")
      }
    }
    for path in [["notes"], ["clause", "name"], ["basis", "outcome"], ["inclusion", "block"], ["journal", "head"]] {
      let more = document.replacing(path, with: "x")
      let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: more.canonicalBytes()) }
      #expect(error.faults.map(\.path) == [path.joined(separator: ".")])
    }
  }

  @Test func `faults carry their paths, all at once`() throws {
    let document = try PaidTrade(.agreed).make().proof.document
      .replacing(["format"], with: "tallystick/proof/2")
      .replacing(["signatures", "buyer"], with: "0x00")
      .replacing(["evidence", "1", "message", "value"], with: "1.5")
      .replacing(["inclusion", "receiptProof", "0"], with: "0XAB")
      .replacing(["journal", "entries", "2", "sequence"], with: "two")
      .replacing(["outcome", "toBuyer"], with: "-1")
    let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: document.canonicalBytes()) }
    #expect(
      Set(error.faults.map(\.path)) == [
        "format", "signatures.buyer", "evidence[1].message.value", "inclusion.receiptProof[0]",
        "journal.entries[2].sequence", "outcome.toBuyer",
      ])
  }

  @Test func `an unknown route is refused`() throws {
    let document = try PaidTrade(.silent).make().proof.document.replacing(["basis", "route"], with: "withdrawn")
    let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: document.canonicalBytes()) }
    #expect(error.faults.contains { $0.path == "basis.route" })
  }

  @Test func `a file above the limit is refused before it is parsed`() throws {
    let bytes = [UInt8](repeating: 0x20, count: VerificationLimits.proofByteCountMax + 1)
    let error = try #require(throws: DocumentError.self) { try SettlementProof(bytes: bytes) }
    #expect(error.faults.map(\.found) == ["\(bytes.count) bytes"])
  }
}
