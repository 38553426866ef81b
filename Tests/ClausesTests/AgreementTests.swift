import ClauseAgreement
import TestSupport
import Testing

@Suite struct AgreementTests {
  /// The machine's runs cost at most the bound, which a program without branches meets; the same program from its bytes
  /// gives the same: all of that is part of the agreement.
  @Test func `machine and tree walker agree on 10,000 random programs and inputs, and on two threads`() async throws {
    var random = SeededGenerator("machine against tree walker")
    let seed = random.next()
    print("make pairs SEED=\(seed)")
    let (tally, again) = Agreement.runTwice(pairs: 10_000, seed: seed)
    print(tally.report)
    #expect(tally.disagreements.prefix(3) == [])
    #expect(tally.pairs >= 10_000)
    #expect(tally.missing == [])
    #expect(tally.answers["result", default: 0] > 3_000)
    #expect(tally.straightRuns > 100)
    #expect(tally.dearestRuns > 100)
    #expect(tally.digest == again.digest)
  }

  @Test func `every build gives the same for the seed of the golden digest`() {
    let tally = Agreement.run(pairs: Agreement.goldenPairs, seed: Agreement.goldenSeed, threads: 1)
    #expect(tally.disagreements.prefix(3) == [])
    Golden.expect(tally.digest + "\n", in: "Fixtures/agreement/digest.txt")
  }
}
