import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// Two equal proposals that closed a vault at once.
struct ProposalProofTests {
  private func findings(_ document: JSONValue, _ block: Digest) throws -> [Finding.Check: Finding] {
    let proof = try SettlementProof(bytes: document.canonicalBytes())
    return Dictionary(Verifier.findings(in: proof, trustedBlock: block).map { ($0.check, $0) }) { first, _ in first }
  }

  private func verdict(_ check: Finding.Check, _ trade: PaidTrade) throws -> Finding.Verdict? {
    let (proof, block) = try trade.make()
    return try findings(proof.document, block)[check]?.verdict
  }

  @Test func `the first is the service's own, or from the transaction that brought it`() throws {
    for takesFirst in [true, false] {
      var trade = try PaidTrade(.answered)
      trade.takesFirst = takesFirst
      let (proof, block) = try trade.make()
      #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
      let proposals = proof.document.at(["basis", "proposals"])?.asArray ?? []
      #expect(
        try proposals.map { $0.at(["message", "proposer"])?.asString } == [
          Sample.address("buyer").checksummed, Sample.address("seller").checksummed,
        ])
    }
  }

  @Test func `proposals that are not two equal ones of both parties are no basis`() throws {
    let (proof, block) = try PaidTrade(.answered).make()
    let path = ["basis", "proposals"]
    let pair = try proof.document.at(path)?.asArray.orThrow() ?? []
    let domain = try Sample.terms().domain
    func signed(by name: String, _ change: (inout Proposal) throws -> Void) throws -> JSONValue {
      var claim = try proof.answer().message
      claim.proposer = try Sample.address(name)
      try change(&claim)
      return try Sample.sign(claim, by: name, in: domain).document
    }
    let wrong: [[JSONValue]] = [
      [pair[0], pair[0]],
      [pair[0], try signed(by: "buyer") { _ in }],
      [pair[0], try signed(by: "stranger") { _ in }],
      [pair[0], try signed(by: "seller") { $0.version = 2 }],
      [pair[0], try signed(by: "seller") { $0.agreementID = AgreementID(.zero) }],
      [pair[0], try signed(by: "seller") { $0.toBuyer = try $0.toBuyer.adding(1) }],
      [pair[0], pair[1].replacing(["signature"], with: pair[0]["signature"])],
    ]
    for each in wrong {
      let found = try findings(proof.document.replacing(path, with: .array(each)), block)
      #expect(found[.basis]?.verdict == .failed)
    }
    // Another answer than the transaction's; another first than what stood.
    let later = try signed(by: "seller") { $0.validUntil += 1 }
    #expect(try findings(proof.document.replacing(path + ["1"], with: later), block)[.call]?.verdict == .failed)
    let other = try signed(by: "buyer") { $0.evidenceDigest = .zero }
    #expect(try findings(proof.document.replacing(path + ["0"], with: other), block)[.journal]?.verdict == .failed)
    // The two, the other way round.
    let turned = try findings(proof.document.replacing(path, with: .array(pair.reversed())), block)
    #expect(turned[.call]?.verdict == .failed)
    #expect(turned[.journal]?.verdict == .failed)
  }

  @Test func `there are two of them`() throws {
    let (proof, _) = try PaidTrade(.answered).make()
    let path = ["basis", "proposals"]
    let pair = try proof.document.at(path)?.asArray.orThrow() ?? []
    for wrong in [[], [pair[0]], pair + [pair[1]]] {
      #expect(throws: DocumentError.self) {
        try SettlementProof(bytes: proof.document.replacing(path, with: .array(wrong)).canonicalBytes())
      }
    }
  }

  @Test func `the answer came in time, and to what stood`() throws {
    var trade = try PaidTrade(.answered)
    // It is valid for 1,000 seconds from settleFrom on, and was carried after 60.
    for (delay, verdict) in [(939, Finding.Verdict.passed), (940, .failed), (-61, .failed)] {
      trade.delay = Int64(delay)
      #expect(try self.verdict(.timing, trade) == verdict, "\(delay)")
    }
  }

  @Test func `amounts that are not the escrow are no settlement`() throws {
    let (proof, block) = try PaidTrade(.answered).make()
    let domain = try Sample.terms().domain
    let pair = try ["buyer", "seller"].map { name in
      var claim = try proof.answer().message
      claim.proposer = try Sample.address(name)
      claim.toBuyer = try claim.toBuyer.adding(1)
      return try Sample.sign(claim, by: name, in: domain).document
    }
    let found = try findings(proof.document.replacing(["basis", "proposals"], with: .array(pair)), block)
    #expect(found[.amounts]?.verdict == .failed)
  }
}

extension SettlementProof {
  fileprivate func answer() throws -> UnverifiedMessage<Proposal> {
    guard case .proposals(_, let second) = basis else { throw Absent() }
    return second
  }
}
