import Ethereum
import JSON
import Signing
import Testing
import TradeSamples
import Verification

/// Who must have signed the journal: by default the sender of the settling transaction, else whom the reader names.
struct JournalSignerTests {
  private func journalSignature(_ trade: PaidTrade, named: String?) throws -> (Finding.Verdict?, ProofVerdict) {
    let (proof, block) = try trade.make()
    let signer = try named.map { try Sample.address($0) }
    let findings = Verifier.findings(in: proof, trustedBlock: block, journalSigner: signer)
    return (findings.first { $0.check == .journalSignature }?.verdict, ProofVerdict(findings))
  }

  @Test(arguments: PaidTrade.Ending.allCases)
  func `the named signer's journal counts, whoever sent the transaction`(_ ending: PaidTrade.Ending) throws {
    for sender in ["coordinator", "stranger"] {
      var trade = try PaidTrade(ending)
      trade.sender = sender
      let (verdict, whole) = try journalSignature(trade, named: "coordinator")
      #expect(verdict == .passed)
      #expect(whole == .sound)
    }
  }

  @Test func `another signer than the named one makes the proof unsound, even where it sent the transaction`() throws {
    var trade = try PaidTrade(.finalised)
    for (sender, signer) in [("coordinator", "coordinator"), ("stranger", "coordinator"), ("coordinator", "stranger")] {
      (trade.sender, trade.journalSigner) = (sender, signer)
      let (verdict, whole) = try journalSignature(trade, named: "buyer")
      #expect(verdict == .failed)
      guard case .unsound(let finding) = whole else {
        Issue.record("\(whole)")
        continue
      }
      #expect(finding.check == .journalSignature)
      #expect(finding.detail.contains(try Sample.address(signer).checksummed))
      #expect(finding.detail.contains(try Sample.address("buyer").checksummed))
    }
  }

  @Test func `where nobody is named, the sender alone counts`() throws {
    var trade = try PaidTrade(.finalised)
    #expect(try journalSignature(trade, named: nil).1 == .sound)
    trade.sender = "stranger"
    #expect(try journalSignature(trade, named: nil).0 == .missing)
    (trade.sender, trade.journalSigner) = ("stranger", "stranger")
    #expect(try journalSignature(trade, named: nil).1 == .sound)
  }

  @Test func `a journal that does not hold is nobody's, whoever is named`() throws {
    let (proof, block) = try PaidTrade(.finalised).make()
    let document = proof.document.replacing(["journal", "entries", "3"], with: nil)
    let findings = Verifier.findings(
      in: try SettlementProof(bytes: document.canonicalBytes()), trustedBlock: block,
      journalSigner: try Sample.address("coordinator"))
    #expect(findings.first { $0.check == .journalSignature }?.verdict == .missing)
    #expect(findings.first { $0.check == .journal }?.verdict == .failed)
  }
}
