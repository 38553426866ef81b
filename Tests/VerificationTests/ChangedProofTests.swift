import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// Proofs of agreements that were amended and novated, with changes that nobody made.
extension VerifierTests {
  /// A sound proof of an agreement under version 3, whose file is then changed at one path.
  private static func lie(
    _ check: Finding.Check, _ name: String, _ path: [String], _ ending: PaidTrade.Ending = .agreed,
    _ change: @escaping @Sendable (JSONValue) throws -> JSONValue?
  ) -> Falsehood {
    Falsehood(check, name) {
      var trade = try PaidTrade(ending)
      trade.isChanged = true
      let (proof, block) = try trade.make()
      let changed = proof.document.replacing(path, with: try change(proof.document.at(path).orThrow()))
      return (try SettlementProof(bytes: changed.canonicalBytes()), block)
    }
  }

  /// What both parties signed, and perhaps never carried to the chain.
  private static func other() throws -> (change: AgreedChange, agreement: Agreement) {
    let agreement = try Sample.agreement(Sample.terms())
    let terms = try agreement.terms.changed { _, escrow in escrow.salt = 6 }
    let change = try Sample.agreed(
      .amendment(Sample.amendment(agreement, to: terms)), to: terms, of: agreement, by: ["buyer", "seller"])
    return (change, try agreement.changed(by: change))
  }

  static let changed: [Falsehood] = [
    lie(.changes, "the seller's signature twice", ["changes", "0", "signatures"]) {
      $0.replacing(["buyer"], with: $0["seller"])
    },
    lie(.changes, "signatures swapped", ["changes", "0", "signatures"]) {
      $0.replacing(["buyer"], with: $0["seller"]).replacing(["seller"], with: $0["buyer"])
    },
    lie(.changes, "the remaining party did not sign", ["changes", "1", "signatures"]) {
      $0.replacing(["remaining"], with: $0["transferor"])
    },
    lie(.changes, "a stranger for the transferee", ["changes", "1", "signatures", "transferee"]) { _ in
      try signature(by: "stranger", .zero)
    },
    lie(.changes, "another version", ["changes", "0", "message", "version"]) { try plusOne($0) },
    lie(.changes, "the last of another version", ["changes", "1", "message", "version"]) { try plusOne($0) },
    lie(.changes, "other terms", ["changes", "0", "terms", "escrow", "salt"]) { try plusOne($0) },
    lie(.changes, "terms of another hash", ["changes", "1", "message", "terms"]) { try flipped($0) },
    lie(.changes, "terms of another chain", ["changes", "0", "terms", "domain", "chainId"]) { try plusOne($0) },
    lie(.changes, "another consideration", ["changes", "1", "message", "consideration"]) { try plusOne($0) },
    lie(.changes, "valid longer", ["changes", "1", "message", "validUntil"]) { try plusOne($0) },
    lie(.changes, "another agreement", ["changes", "0", "message", "agreementId"]) { try flipped($0) },
    lie(.changes, "another clause", ["changes", "0", "clause"]) { _ in .string(try Sample.clause("european-put")) },
    lie(.changes, "a clause that does not compile", ["changes", "1", "clause"]) { _ in "payoff" },
    lie(.changes, "in another order", ["changes"]) { .array(Array(($0.asArray ?? []).reversed())) },
    lie(.changes, "the first left out", ["changes"]) { .array(Array(($0.asArray ?? []).dropFirst())) },
    lie(.changes, "one twice", ["changes"]) { .array(($0.asArray ?? []) + ($0.asArray ?? []).suffix(1)) },
    lie(.basis, "the last left out", ["changes"]) { .array(Array(($0.asArray ?? []).dropLast())) },
    lie(.call, "the last left out", ["changes"], .silent) { .array(Array(($0.asArray ?? []).dropLast())) },
    lie(.settledEvent, "none told", ["changes"], .silent) { _ in nil },
    // Everybody signed it, but the vault holds other terms.
    lie(.call, "another that both signed", ["changes"], .silent) { _ in
      let (change, agreement) = try other()
      let (message, terms) = try Sample.novation(agreement)
      let second = try Sample.agreed(
        .novation(message), to: terms, of: agreement, by: ["seller", "heir", "buyer"])
      return .array([UnverifiedChange(change).document, UnverifiedChange(second).document])
    },
    lie(.journal, "another that both signed", ["changes"], .silent) { _ in
      .array([UnverifiedChange(try other().change).document])
    },
  ]

  @Test(arguments: changed)
  func `a change that is false fails its check`(_ falsehood: Falsehood) throws {
    let (proof, block) = try falsehood.make()
    let findings = Verifier.findings(in: proof, trustedBlock: block)
    #expect(findings.map(\.check) == Finding.Check.allCases)
    let finding = try #require(findings.first { $0.check == falsehood.check })
    #expect(finding.verdict == .failed, "\(finding.detail)")
    #expect(ProofVerdict(findings) != .sound)
  }

  @Test func `a file with a part of a change missing, or of another kind, is refused`() throws {
    var trade = try PaidTrade(.agreed)
    trade.isChanged = true
    let document = try trade.make().proof.document
    for (path, value) in [
      (["changes", "0", "signatures", "seller"], nil), (["changes", "1", "signatures", "remaining"], nil),
      (["changes", "0", "terms"], nil), (["changes", "0", "clause"], nil), (["changes", "0", "kind"], "assignment"),
      (["changes", "0", "kind"], "novation"), (["changes", "0", "more"], "1"), (["changes"], [] as JSONValue),
    ] as [([String], JSONValue?)] {
      #expect(throws: DocumentError.self, "\(path)") {
        try SettlementProof(bytes: document.replacing(path, with: value).canonicalBytes())
      }
    }
  }

  @Test func `no value of a file with changes can be another`() throws {
    var trade = try PaidTrade(.finalised)
    trade.isChanged = true
    let (proof, block) = try trade.make()
    let document = proof.document
    for path in document.leaves where path.first == "changes" {
      guard let text = document.at(path)?.asString else { continue }
      let other = text.hasPrefix("0x") || UInt64(text) != nil ? try Self.flipped(.string(text)) : .string(text + "x")
      guard let changed = try? SettlementProof(bytes: document.replacing(path, with: other).canonicalBytes()) else {
        continue
      }
      #expect(
        ProofVerdict(Verifier.findings(in: changed, trustedBlock: block)) != .sound, "\(path.joined(separator: "."))")
    }
  }
}
