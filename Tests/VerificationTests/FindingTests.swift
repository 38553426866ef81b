import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// What findings are, and what they come to.
struct FindingTests {
  private func findings(_ changed: [Finding.Check: Finding.Verdict] = [:]) -> [Finding] {
    Finding.Check.allCases.map { Finding($0, changed[$0] ?? .passed, "") }
  }

  @Test func `checks are numbered from one without a gap, in their order`() {
    #expect(Finding.Check.allCases.map(\.rawValue) == Array(1...20))
    #expect(Set(Finding.Check.allCases.map(\.name)).count == 20)
  }

  @Test func `all passed is sound`() {
    #expect(ProofVerdict(findings()) == .sound)
  }

  @Test(arguments: Finding.Check.allCases) func `one that failed is unsound, one that is missing is incomplete`(
    _ check: Finding.Check
  ) {
    #expect(ProofVerdict(findings([check: .failed])) == .unsound(Finding(check, .failed, "")))
    #expect(ProofVerdict(findings([check: .missing])) == .incomplete([Finding(check, .missing, "")]))
    #expect(ProofVerdict(findings().filter { $0.check != check }) == .incomplete([]))
  }

  @Test func `the first that failed speaks, and a failure outweighs what is missing`() {
    let both = findings([.price: .failed, .call: .failed, .clause: .missing])
    #expect(ProofVerdict(both) == .unsound(Finding(.price, .failed, "")))
    #expect(ProofVerdict([]) == .incomplete([]))
  }
}

/// A proof is made of a closed trade and of nothing less.
struct SettlementProofTests {
  private let nowhere = Inclusion(
    header: [], index: 0, transaction: [], transactionProof: [], receipt: [], receiptProof: [])

  private func prove(_ journal: Journal) throws -> SettlementProof {
    try SettlementProof(of: journal, inclusion: nowhere) { try Sample.key("coordinator").sign($0) }
  }

  @Test(arguments: History.Stage.allCases) func `a trade that is not closed, or closed on a lie, has no proof`(
    _ stage: History.Stage
  ) throws {
    let history = try History(Sample.terms(), reaching: stage)
    let error = try #require(throws: SettlementError.self) { try prove(history.journal) }
    #expect(error.code == "out_of_place")
  }

  @Test func `of several agreed outcomes the proof shows the one that was carried`() throws {
    let terms = try Sample.terms()
    let now = terms.escrow.settleFrom
    var history = try History(terms, reaching: .active)
    for amount: UInt64 in [60, 70] {
      for name in ["buyer", "seller"] {
        try history.take(.outcomeSigned(history.outcome(.init(amount), by: name)), at: now)
      }
    }
    let agreed = try #require(history.trade?.countersigned)
    #expect(agreed.map(\.outcome.toBuyer) == [60, 70])
    let agreement = try #require(history.trade?.agreement)
    for each in agreed {
      let raw = try Envelope(
        carrying: .paying(each, of: agreement), nonce: 0, gasLimit: 1, maxFeePerGas: 1, maxPriorityFeePerGas: 1
      ).transaction.signed(by: Sample.key("coordinator")).raw
      var closed = history
      let event = EscrowEvent.settled(.agreed, toBuyer: each.outcome.toBuyer, toSeller: each.outcome.toSeller)
      try closed.take(.happened(event, History.fact("s", at: now)), at: now)
      let inclusion = Inclusion(
        header: [], index: 0, transaction: raw, transactionProof: [], receipt: [], receiptProof: [])
      let proof = try SettlementProof(of: closed.journal, inclusion: inclusion) {
        try Sample.key("coordinator").sign($0)
      }
      #expect(proof.basis == .agreed(each.outcome, buyer: each.buyer, seller: each.seller))
    }
  }
}
