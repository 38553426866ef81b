import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// Rulings in proofs: who signed one that stood before it was paid, and one on facts that are not in the evidence.
struct RulingProofTests {
  static func named(_ ending: PaidTrade.Ending = .upheld) throws -> PaidTrade {
    var trade = try PaidTrade(ending)
    trade.namesSigners = true
    return trade
  }

  private func findings(_ proof: SettlementProof, _ block: Digest) -> [Finding.Check: Finding] {
    Dictionary(Verifier.findings(in: proof, trustedBlock: block).map { ($0.check, $0) }) { first, _ in first }
  }

  private func verdict(_ trade: PaidTrade) throws -> ProofVerdict {
    let (proof, block) = try trade.make()
    return ProofVerdict(Verifier.findings(in: proof, trustedBlock: block))
  }

  // MARK: Who signed

  @Test(arguments: [PaidTrade.Ending.upheld, .stood], Decision.BondTo.allCases)
  func `a ruling that stood names its signers, and they alone are paid`(
    ending: PaidTrade.Ending, bondTo: Decision.BondTo
  ) throws {
    var trade = try Self.named(ending)
    trade.bondTo = bondTo
    let (proof, block) = try trade.make()
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
    let basis = try #require(findings(proof, block)[.basis])
    let signers = try trade.signers.map { try Sample.address($0) }
    for signer in signers { #expect(basis.detail.contains(signer.checksummed)) }
    let stated = proof.document.at(["basis", "ruling", "signatures"])?.asArray ?? []
    #expect(stated.map { $0["signer"]?.asString } == signers.sorted().map(\.checksummed))
    #expect(try SettlementProof(bytes: proof.bytes) == proof)
  }

  @Test func `a proof without the signatures is what it was before they could be told`() throws {
    var trade = try PaidTrade(.upheld)
    #expect(try trade.make().proof.document.at(["basis", "ruling", "signatures"]) == nil)
    #expect(try verdict(trade) == .sound)
    // One that paid at once has them in its call.
    trade = try Self.named(.ruled)
    #expect(try verdict(trade) == .sound)
  }

  @Test func `where signers are named, another member of the panel is nobody's payee`() throws {
    for (names, verdict) in [(false, Finding.Verdict.passed), (true, .failed)] {
      var trade = try PaidTrade(.upheld)
      trade.namesSigners = names
      let (transfer, terms) = (trade.transfer, trade.terms)
      let payees = try ["arbitrator 0", "arbitrator 2"].map { try Sample.address($0) }
      trade.editLogs = {
        let vault = try Sample.agreement(terms).vault
        for place in 0..<2 { $0[$0.count - 2 + place] = transfer(vault, payees[place], 30_000_000, nil) }
      }
      let (proof, block) = try trade.make()
      #expect(findings(proof, block)[.payments]?.verdict == verdict)
    }
  }

  @Test func `a signer left out, or added though its signature holds, is not who was paid`() throws {
    var trade = try Self.named()
    trade.signers = ["arbitrator 0", "arbitrator 1", "arbitrator 2"]
    // Two were paid, three are named.
    trade.editLogs = { [transfer = trade.transfer, terms = trade.terms] logs in
      let vault = try Sample.agreement(terms).vault
      logs.removeLast(3)
      for name in ["arbitrator 0", "arbitrator 1"] {
        logs.append(transfer(vault, try Sample.address(name), 30_000_000, nil))
      }
    }
    let (proof, block) = try trade.make()
    #expect(findings(proof, block)[.payments]?.verdict == .failed)
    // Three were paid, two are named.
    trade.editLogs = { _ in }
    let (whole, root) = try trade.make()
    let list = try whole.document.at(["basis", "ruling", "signatures"])?.asArray.orThrow() ?? []
    let shorter = whole.document.replacing(["basis", "ruling", "signatures"], with: .array(Array(list.dropLast())))
    let found = findings(try SettlementProof(bytes: shorter.canonicalBytes()), root)
    #expect(found[.basis]?.verdict == .passed)
    #expect(found[.payments]?.verdict == .failed)
  }

  @Test func `signatures that are not a quorum of the panel are found`() throws {
    let (proof, block) = try Self.named().make()
    let path = ["basis", "ruling", "signatures"]
    let list = try proof.document.at(path)?.asArray.orThrow() ?? []
    let digest = try Sample.terms().digest
    let stranger: JSONValue = [
      "signer": .string(try Sample.address("stranger").checksummed),
      "signature": .string(try Sample.key("stranger").sign(digest).hex),
    ]
    let swapped = zip(list, list.reversed()).map { own, other in
      own.replacing(["signature"], with: other["signature"])
    }
    let strangers = (list.prefix(1) + [stranger]).sorted {
      ($0["signer"]?.asString?.lowercased() ?? "") < ($1["signer"]?.asString?.lowercased() ?? "")
    }
    for wrong in [Array(list.prefix(1)), swapped, strangers] {
      let changed = try SettlementProof(bytes: proof.document.replacing(path, with: .array(wrong)).canonicalBytes())
      #expect(findings(changed, block)[.basis]?.verdict == .failed)
    }
    // The same decision, otherwise.
    let other = proof.document.replacing(["basis", "ruling", "bondTo"], with: "0")
    #expect(findings(try SettlementProof(bytes: other.canonicalBytes()), block)[.basis]?.verdict == .failed)
  }

  @Test func `the signatures have one form`() throws {
    let proof = try Self.named().make().proof
    let path = ["basis", "ruling", "signatures"]
    let list = try proof.document.at(path)?.asArray.orThrow() ?? []
    for wrong in [[], Array(list.reversed()), list + list.suffix(1)] {
      #expect(throws: DocumentError.self) {
        try SettlementProof(bytes: proof.document.replacing(path, with: .array(wrong)).canonicalBytes())
      }
    }
    let lower = proof.document.replacing(
      path + ["0", "signer"], with: list[0]["signer"].map { .string($0.asString?.lowercased() ?? "") })
    #expect(throws: DocumentError.self) { try SettlementProof(bytes: lower.canonicalBytes()) }
  }

  @Test func `no value of a file that names signers can be another`() throws {
    let (proof, block) = try Self.named().make()
    let document = proof.document
    var tried = 0
    for path in document.leaves where path.starts(with: ["basis"]) {
      guard let text = document.at(path)?.asString else { continue }
      let other = text.hasPrefix("0x") || UInt64(text) != nil ? try VerifierTests.flipped(.string(text)) : "x"
      tried += 1
      guard let changed = try? SettlementProof(bytes: document.replacing(path, with: other).canonicalBytes()) else {
        continue
      }
      #expect(ProofVerdict(Verifier.findings(in: changed, trustedBlock: block)) != .sound, "\(path)")
    }
    #expect(tried == 11)
  }

  // MARK: Facts that are not in the evidence

  /// One price of three, of which two establish one: the clause has no outcome. The panel gives the buyer 1,234.
  static func found(_ ending: PaidTrade.Ending, names: Bool = true) throws -> PaidTrade {
    var trade = try named(ending)
    (trade.prices, trade.ruledToBuyer) = ([275_000_000_000], 1_234_000_000)
    (trade.namesEvidence, trade.namesSigners) = (true, names)
    return trade
  }

  @Test(arguments: [PaidTrade.Ending.ruled, .upheld, .stood])
  func `where the clause has no outcome, the panel's finding counts`(_ ending: PaidTrade.Ending) throws {
    let (proof, block) = try Self.found(ending).make()
    #expect(proof.outcome == nil)
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
    let words = "as the panel ruled; the clause has no outcome on the evidence in the file"
    #expect(findings(proof, block)[.amounts]?.detail.contains(words) == true)
  }

  @Test func `it does not count where nobody shows who ruled, or on other evidence than the file's`() throws {
    #expect(try amounts(Self.found(.upheld, names: false)) == .missing)
    for ending in [PaidTrade.Ending.ruled, .upheld] {
      var trade = try Self.found(ending)
      trade.namesEvidence = false
      #expect(try amounts(trade) == .missing)
    }
    // A member whose signature no key made: the contract may have asked its code, and nobody can offline.
    var trade = try Self.found(.ruled)
    trade.editTransaction = { $0.data[$0.data.count - 32] ^= 7 }
    #expect(try amounts(trade) == .missing)
  }

  @Test func `where the clause has an outcome, the panel must have found that`() throws {
    var trade = try Self.named(.upheld)
    (trade.ruledToBuyer, trade.namesEvidence) = (1_234_000_000, true)
    #expect(try amounts(trade) == .failed)
  }

  private func amounts(_ trade: PaidTrade) throws -> Finding.Verdict? {
    let (proof, block) = try trade.make()
    return findings(proof, block)[.amounts]?.verdict
  }
}
