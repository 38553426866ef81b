import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples
import Verification

/// A sound proof is sound, and each check fails when its part is false.
struct VerifierTests {
  @Test(arguments: PaidTrade.Ending.allCases)
  func `a proof of each ending is sound, check by check`(_ ending: PaidTrade.Ending) throws {
    let (proof, block) = try PaidTrade(ending).make()
    let findings = Verifier.findings(in: proof, trustedBlock: block)
    #expect(findings.map(\.check) == Finding.Check.allCases)
    for finding in findings { #expect(finding.verdict == .passed, "\(finding.check.name): \(finding.detail)") }
    #expect(ProofVerdict(findings) == .sound)
    #expect(try SettlementProof(bytes: proof.bytes) == proof)
  }

  @Test(arguments: PaidTrade.Ending.allCases)
  func `of an agreement that was amended and novated each ending is proved as well`(
    _ ending: PaidTrade.Ending
  ) throws {
    var trade = try PaidTrade(ending)
    trade.isChanged = true
    let (proof, block) = try trade.make()
    let findings = Verifier.findings(in: proof, trustedBlock: block)
    for finding in findings { #expect(finding.verdict == .passed, "\(finding.check.name): \(finding.detail)") }
    #expect(ProofVerdict(findings) == .sound && findings.last?.detail.contains("novation to version 3") == true)
    #expect(proof.changes.count == 2 && proof.terms == trade.terms)
    #expect(try SettlementProof(bytes: proof.bytes) == proof)
  }

  @Test(arguments: PaidTrade.Ending.allCases)
  func `without a trusted block a sound proof is incomplete, and lacks nothing else`(
    _ ending: PaidTrade.Ending
  ) throws {
    let findings = Verifier.findings(in: try PaidTrade(ending).make().proof, trustedBlock: nil)
    #expect(findings.filter { $0.verdict != .passed }.map(\.check) == [.trustedBlock])
    guard case .incomplete(let missing) = ProofVerdict(findings) else {
      Issue.record("\(ProofVerdict(findings))")
      return
    }
    #expect(missing.map(\.check) == [.trustedBlock])
  }

  // MARK: Each check, made false

  struct Falsehood: Sendable, CustomTestStringConvertible {
    let check: Finding.Check
    let name: String
    let verdict: Finding.Verdict
    let make: @Sendable () throws -> (SettlementProof, Digest)
    var testDescription: String { "\(check.name): \(name)" }

    init(
      _ check: Finding.Check, _ name: String, _ verdict: Finding.Verdict = .failed,
      make: @escaping @Sendable () throws -> (SettlementProof, Digest)
    ) {
      self.check = check
      self.name = name
      self.verdict = verdict
      self.make = make
    }

    /// A sound proof whose file is then changed at one path.
    init(
      _ check: Finding.Check, _ name: String, _ ending: PaidTrade.Ending, _ path: [String],
      _ change: @escaping @Sendable (JSONValue) throws -> JSONValue
    ) {
      self.init(check, name) {
        let (proof, block) = try PaidTrade(ending).make()
        let changed = proof.document.replacing(path, with: try change(proof.document.at(path).orThrow()))
        return (try SettlementProof(bytes: changed.canonicalBytes()), block)
      }
    }

    /// A proof of a trade in which something went otherwise, every hash and signature in it right.
    init(
      _ check: Finding.Check, _ name: String, trade ending: PaidTrade.Ending, _ verdict: Finding.Verdict = .failed,
      _ change: @escaping @Sendable (inout PaidTrade) throws -> Void
    ) {
      self.init(check, name, verdict) {
        var trade = try PaidTrade(ending)
        try change(&trade)
        return try trade.make()
      }
    }
  }

  static func signature(by name: String, _ digest: Digest) throws -> JSONValue {
    .string(try Sample.key(name).sign(digest).hex)
  }

  static func plusOne(_ value: JSONValue) throws -> JSONValue {
    .string(try UInt256(decimal: value.asString.orThrow()).adding(1).description)
  }

  static func flipped(_ value: JSONValue) throws -> JSONValue {
    let text = try value.asString.orThrow()
    return .string(String(text.dropLast()) + (text.hasSuffix("0") ? "1" : "0"))
  }

  static let agreed: [Falsehood] = [
    Falsehood(.clause, "another bytecode", .agreed, ["clause", "bytecode"], flipped),
    Falsehood(.clause, "another source", .agreed, ["clause", "source"]) { _ in
      .string(try Sample.clause("european-put"))
    },
    Falsehood(.clause, "a source that does not compile", .agreed, ["clause", "source"]) { _ in "payoff" },
    Falsehood(.buyerSignature, "the seller's", .agreed, ["signatures", "buyer"]) { _ in
      try signature(by: "seller", Sample.terms().digest)
    },
    Falsehood(.sellerSignature, "the buyer's", .agreed, ["signatures", "seller"]) { _ in
      try signature(by: "buyer", Sample.terms().digest)
    },
    Falsehood(.buyerSignature, "other terms", .agreed, ["terms", "escrow", "premium"], plusOne),
    Falsehood(.sellerSignature, "another chain", .agreed, ["terms", "domain", "chainId"], plusOne),
    Falsehood(.observations, "in another order", .agreed, ["evidence"]) {
      .array(Array(($0.asArray ?? []).reversed()))
    },
    Falsehood(.observations, "one twice", .agreed, ["evidence"]) {
      .array(($0.asArray ?? []) + ($0.asArray ?? []).prefix(1))
    },
    Falsehood(.observations, "another price", .agreed, ["evidence", "0", "message", "value"], plusOne),
    Falsehood(.observations, "by a stranger", .agreed, ["evidence", "0", "signature"]) { _ in
      try signature(by: "stranger", .zero)
    },
    Falsehood(.price, "one more", .agreed, ["outcome", "settlementPrice"], plusOne),
    Falsehood(.price, "none claimed", .agreed, []) { $0.replacing(["outcome"], with: nil) },
    Falsehood(.outcome, "one more to the buyer", .agreed, ["outcome", "toBuyer"], plusOne),
    Falsehood(.outcome, "one more to the seller", .agreed, ["outcome", "toSeller"], plusOne),
    Falsehood(.outcome, "other evidence", .agreed, ["outcome", "evidenceDigest"], flipped),
    Falsehood(.outcome, "none claimed", .agreed, []) { $0.replacing(["outcome"], with: nil) },
    Falsehood(.trace, "another", .agreed, ["outcome", "traceDigest"], flipped),
    Falsehood(.trace, "none claimed", .agreed, []) { $0.replacing(["outcome"], with: nil) },
    Falsehood(.basis, "an outcome signed by one", .agreed, ["basis", "signatures"]) {
      $0.replacing(["seller"], with: $0["buyer"])
    },
    Falsehood(.basis, "other amounts", .agreed, ["basis", "outcome", "toBuyer"], plusOne),
    Falsehood(.basis, "valid longer", .agreed, ["basis", "outcome", "validUntil"], plusOne),
    Falsehood(.basis, "another version", .agreed, ["basis", "outcome", "version"], plusOne),
    Falsehood(.trustedBlock, "another") { (try PaidTrade(.agreed).make().proof, .zero) },
    Falsehood(.trustedBlock, "a header that is none", .agreed, ["inclusion", "header"]) { _ in "0x80" },
    Falsehood(.trustedBlock, "another header", .agreed, ["inclusion", "header"], flipped),
    Falsehood(.transactionInclusion, "another place", .agreed, ["inclusion", "index"], plusOne),
    Falsehood(.transactionInclusion, "another transaction", .agreed, ["inclusion", "transaction"], flipped),
    Falsehood(.transactionInclusion, "another node", .agreed, ["inclusion", "transactionProof", "0"], flipped),
    Falsehood(.transactionInclusion, "no nodes", .agreed, ["inclusion", "transactionProof"]) { _ in .array([]) },
    Falsehood(.receiptInclusion, "another place", .agreed, ["inclusion", "index"], plusOne),
    Falsehood(.receiptInclusion, "another receipt", .agreed, ["inclusion", "receipt"], flipped),
    Falsehood(.receiptInclusion, "another node", .agreed, ["inclusion", "receiptProof", "0"], flipped),
    Falsehood(.receiptInclusion, "a node too many", .agreed, ["inclusion", "receiptProof"]) {
      .array(($0.asArray ?? []) + ["0x80"])
    },
    Falsehood(.timing, "the outcome had expired", trade: .agreed) { $0.delay = 10 },
  ]

  static let finalised: [Falsehood] = [
    Falsehood(.basis, "by an observer", .finalised, ["basis", "proposal"]) { _ in
      var claim = try PaidTrade(.finalised).make().proof.proposal().message
      claim.proposer = try Sample.address("observer 0")
      return try Sample.sign(claim, by: "observer 0", in: Sample.terms().domain).document
    },
    Falsehood(.basis, "by another than it names", .finalised, ["basis", "proposal", "signature"]) { _ in
      try signature(by: "seller", .zero)
    },
    Falsehood(.basis, "on other evidence", .finalised, ["basis", "proposal"]) { _ in
      var claim = try PaidTrade(.finalised).make().proof.proposal().message
      claim.evidenceDigest = .zero
      return try Sample.sign(claim, by: "buyer", in: Sample.terms().domain).document
    },
    Falsehood(.amounts, "other than the clause's", .finalised, ["basis", "proposal"]) { _ in
      var claim = try PaidTrade(.finalised).make().proof.proposal().message
      claim.toBuyer = try claim.toBuyer.adding(1)
      claim.toSeller = try claim.toSeller.subtracting(1)
      return try Sample.sign(claim, by: "buyer", in: Sample.terms().domain).document
    },
    Falsehood(.call, "with ether", trade: .finalised) { $0.editTransaction = { $0.value = 1 } },
    Falsehood(.call, "to another address", trade: .finalised) { $0.editTransaction = { $0.to = .zero } },
    Falsehood(.call, "other calldata", trade: .finalised) { $0.editTransaction = { $0.data[3] ^= 1 } },
    Falsehood(.call, "on another chain", trade: .finalised) {
      $0.editTransaction = { $0.chainID = ChainID(rawValue: 1) }
    },
    Falsehood(.execution, "reverted", trade: .finalised) { $0.succeeded = false },
    Falsehood(.settledEvent, "none", trade: .finalised) { $0.editLogs = { $0.removeFirst() } },
    Falsehood(.settledEvent, "twice", trade: .finalised) { $0.editLogs = { $0.insert($0[0], at: 0) } },
    Falsehood(.settledEvent, "by another contract", trade: .finalised) {
      $0.editLogs = { $0[0] = Log(address: .zero, topics: $0[0].topics, data: $0[0].data) }
    },
    Falsehood(.settledEvent, "of another agreement", trade: .finalised) {
      $0.editLogs = { $0[0] = Log(address: $0[0].address, topics: [$0[0].topics[0], .zero], data: $0[0].data) }
    },
    Falsehood(.settledEvent, "other amounts", trade: .finalised) { trade in
      let (settled, terms) = (trade.settled, trade.terms)
      trade.editLogs = { $0[0] = try settled(Sample.agreement(terms), 3, 2_560_000_001, 7_489_999_999) }
    },
    Falsehood(.settledEvent, "another route", trade: .finalised) { trade in
      let (settled, terms) = (trade.settled, trade.terms)
      trade.editLogs = { $0[0] = try settled(Sample.agreement(terms), 1, 2_560_000_000, 7_490_000_000) }
    },
    Falsehood(.payments, "the buyer's missing", trade: .finalised) { $0.editLogs = { $0.remove(at: 1) } },
    Falsehood(.payments, "the bond missing", trade: .finalised) { $0.editLogs = { $0.remove(at: 3) } },
    Falsehood(.payments, "one twice", trade: .finalised) { $0.editLogs = { $0.append($0[2]) } },
    Falsehood(.payments, "one unit short", trade: .finalised) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        $0[2] = transfer(try Sample.agreement(terms).vault, terms.escrow.seller, 7_489_999_999, nil)
      }
    },
    Falsehood(.payments, "to a stranger", trade: .finalised) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = { $0[2] = transfer(try Sample.agreement(terms).vault, .zero, 7_490_000_000, nil) }
    },
    Falsehood(.payments, "in another token", trade: .finalised) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        $0[2] = transfer(try Sample.agreement(terms).vault, terms.escrow.seller, 7_490_000_000, .zero)
      }
    },
    Falsehood(.timing, "one second early", trade: .finalised) { $0.delay = -1 },
    Falsehood(.timing, "a default one second early", trade: .silent) { $0.delay = -1 },
    Falsehood(.timing, "a default inside the ruling window", trade: .disputed) { $0.delay = -1 },
    Falsehood(.payments, "the disputer's bond missing", trade: .disputed) { $0.editLogs = { $0.remove(at: 4) } },
    Falsehood(.basis, "a default that nobody waited for", .finalised, ["basis"]) { _ in
      [
        "route": "finalised",
        "proposal": try Sample.sign(
          History(Sample.terms(), reaching: .active).claim(by: "seller", toBuyer: 1), by: "seller",
          in: TypedDomain(chainID: ChainID(rawValue: 1), escrow: Sample.terms().domain.verifyingContract)
        ).document,
      ]
    },
  ]

  /// The log of another price, or of another ruling, in place of the first.
  private static func replacing(
    _ trade: inout PaidTrade, _ signature: String, _ values: [UInt256]
  ) {
    let (log, terms) = (trade.log, trade.terms)
    trade.editLogs = { $0[0] = log(try Sample.agreement(terms), signature, values) }
  }

  static let panels: [Falsehood] = [
    Falsehood(.basis, "a payoff that the vault does not know", .silent, ["basis", "route"]) { _ in "observed" },
    Falsehood(.settledEvent, "at another price than the held ones give", trade: .observed) {
      $0.held = [275_000_000_000, 275_200_000_000, 275_300_000_000]
    },
    Falsehood(.settledEvent, "at a price that the vault did not log", trade: .observed) {
      replacing(&$0, "Priced(bytes32,uint64,uint256)", [275_200_000_000])
    },
    Falsehood(.settledEvent, "without a price", trade: .observed) { $0.editLogs = { $0.removeFirst() } },
    Falsehood(.payments, "one unit short at the observed price", trade: .observed) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        $0[2] = transfer(try Sample.agreement(terms).vault, terms.escrow.buyer, 2_559_999_999, nil)
      }
    },
    Falsehood(.timing, "before evidence closed", trade: .observed) { $0.delay = -1 },
    Falsehood(.call, "other terms supplied", trade: .observed) { $0.editTransaction = { $0.data[40] ^= 1 } },
    Falsehood(.amounts, "a ruling of other amounts than the clause's", trade: .ruled) { $0.ruledToBuyer = 1 },
    Falsehood(.amounts, "an upheld ruling of other amounts", trade: .upheld) { $0.ruledToBuyer = 1 },
    Falsehood(.amounts, "a ruling on facts that are not in the file", trade: .ruled, .missing) {
      $0.prices = [275_000_000_000]
    },
    Falsehood(.call, "signed by one arbitrator of two", trade: .ruled) { $0.signers = ["arbitrator 0"] },
    Falsehood(.call, "signed by a stranger", trade: .ruled) { $0.signers = ["arbitrator 0", "stranger"] },
    Falsehood(.call, "a ruling to another vault", trade: .ruled) { $0.editTransaction = { $0.to = .zero } },
    Falsehood(.call, "a ruling that was upheld too early to be one", trade: .upheld) {
      $0.editTransaction = { $0.data[3] ^= 1 }
    },
    Falsehood(.settledEvent, "a ruling without its words", trade: .ruled) { $0.editLogs = { $0.removeFirst() } },
    Falsehood(.settledEvent, "a ruling in the payment of another", trade: .upheld) { trade in
      let (log, terms) = (trade.log, trade.terms)
      trade.editLogs = {
        $0.insert(log(try Sample.agreement(terms), "Priced(bytes32,uint64,uint256)", [5]), at: 0)
      }
    },
    Falsehood(.payments, "a signer's fee missing", trade: .ruled) { $0.editLogs = { $0.removeLast() } },
    Falsehood(.payments, "a fee to who did not sign", trade: .ruled) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        $0[$0.count - 1] = transfer(
          try Sample.agreement(terms).vault, try Sample.address("arbitrator 2"), 30_000_000, nil)
      }
    },
    Falsehood(.payments, "unequal fees", trade: .upheld) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      let payees = try trade.signers.map { try Sample.address($0) }.sorted()
      trade.editLogs = {
        let vault = try Sample.agreement(terms).vault
        $0[$0.count - 2] = transfer(vault, payees[0], 29_999_999, nil)
        $0[$0.count - 1] = transfer(vault, payees[1], 30_000_001, nil)
      }
    },
    Falsehood(.payments, "two fees to one signer", trade: .upheld) { $0.signers = ["arbitrator 0", "arbitrator 0"] },
    Falsehood(.payments, "the bonds to the loser", trade: .upheld) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        $0[3] = transfer(try Sample.agreement(terms).vault, terms.escrow.seller, 180_000_000, nil)
      }
    },
    Falsehood(.payments, "a second fee after an appeal", trade: .stood) { trade in
      let (transfer, terms) = (trade.transfer, trade.terms)
      trade.editLogs = {
        let vault = try Sample.agreement(terms).vault
        $0[3] = transfer(vault, terms.escrow.buyer, 180_000_000, nil)
        for name in ["arbitrator 0", "arbitrator 1"] {
          $0.append(transfer(vault, try Sample.address(name), 30_000_000, nil))
        }
      }
    },
    Falsehood(.timing, "upheld while the fallback panel may still rule", trade: .stood) { $0.delay = -1 },
    Falsehood(.timing, "upheld one second early", trade: .upheld) { $0.delay = -1 },
    Falsehood(.timing, "ruled after the window", trade: .ruled) { $0.delay = 172_800 - 60 },
    Falsehood(.journal, "another ruling", .upheld, ["basis", "ruling", "findingsDigest"], flipped),
    Falsehood(.journal, "a ruling of another time", .upheld, ["basis", "ruling", "at"], plusOne),
  ]

  static let journal: [Falsehood] = [
    Falsehood(.journal, "an entry missing", .finalised, ["journal"]) { $0.replacing(["entries", "3"], with: nil) },
    Falsehood(.journal, "another time", .finalised, ["journal", "entries", "2", "at"], plusOne),
    Falsehood(
      .journal, "another transaction", .finalised, ["journal", "entries", "15", "event", "fact", "transaction"], flipped
    ),
    Falsehood(.journal, "nothing in it", .finalised, ["journal", "entries"]) { _ in .array([]) },
    Falsehood(.journal, "it ends before the payment", .finalised, ["journal", "entries"]) {
      .array(Array(($0.asArray ?? []).dropLast()))
    },
    Falsehood(.journal, "another trade's") {
      let (proof, block) = try PaidTrade(.finalised).make()
      var other = try PaidTrade(.finalised)
      other.terms = try Sample.terms().changed { _, escrow in escrow.salt = 9 }
      let document = proof.document.replacing(["journal"], with: try other.make().proof.document["journal"])
      return (try SettlementProof(bytes: document.canonicalBytes()), block)
    },
    Falsehood(.journal, "of another ending") {
      let (proof, block) = try PaidTrade(.finalised).make()
      let document = proof.document.replacing(
        ["journal"], with: try PaidTrade(.agreed).make().proof.document["journal"])
      return (try SettlementProof(bytes: document.canonicalBytes()), block)
    },
    Falsehood(.journalSignature, "a stranger's", trade: .finalised, .missing) { $0.journalSigner = "stranger" },
    Falsehood(.journalSignature, "the transaction is another's", trade: .finalised, .missing) {
      $0.sender = "stranger"
    },
  ]

  @Test(arguments: agreed + finalised + panels + journal)
  func `a false part is found by its check`(_ falsehood: Falsehood) throws {
    let (proof, block) = try falsehood.make()
    let findings = Verifier.findings(in: proof, trustedBlock: block)
    #expect(findings.map(\.check) == Finding.Check.allCases)
    let finding = findings.first { $0.check == falsehood.check }
    #expect(finding?.verdict == falsehood.verdict, "\(finding?.detail ?? "")")
    #expect(finding?.detail.isEmpty == false)
    #expect(ProofVerdict(findings) != .sound)
    if falsehood.verdict == .failed, case .unsound(let first) = ProofVerdict(findings) {
      #expect(first.check.rawValue <= falsehood.check.rawValue)
    } else {
      #expect(falsehood.verdict == .missing)
    }
  }

  @Test func `every check has a falsehood that it finds`() {
    let all = Self.agreed + Self.finalised + Self.journal + Self.changed
    #expect(Set(all.map(\.check)) == Set(Finding.Check.allCases))
  }

  @Test(arguments: [PaidTrade.Ending.finalised, .agreed, .upheld])
  func `no value of the file can be another`(_ ending: PaidTrade.Ending) throws {
    let (proof, block) = try PaidTrade(ending).make()
    let document = proof.document
    let leaves = document.leaves
    #expect(leaves.count > 250)
    for path in leaves {
      guard let text = document.at(path)?.asString else { continue }
      let other = text.hasPrefix("0x") || UInt64(text) != nil ? try Self.flipped(.string(text)) : .string(text + "x")
      guard let changed = try? SettlementProof(bytes: document.replacing(path, with: other).canonicalBytes()) else {
        continue
      }
      let verdict = ProofVerdict(Verifier.findings(in: changed, trustedBlock: block))
      #expect(verdict != .sound, "\(path.joined(separator: "."))")
    }
  }

  // MARK: What is sound all the same

  @Test func `a payout that the token refused is a claim, and counts as paid`() throws {
    var trade = try PaidTrade(.finalised)
    let (claimable, terms) = (trade.claimable, trade.terms)
    trade.editLogs = { $0[1] = claimable(try Sample.agreement(terms), terms.escrow.buyer, 2_560_000_000) }
    let (proof, block) = try trade.make()
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
  }

  @Test func `a signature of a ruling that is no key's is told apart, since the escrow alone could check it`() throws {
    var trade = try PaidTrade(.ruled)
    let plain = try trade.make()
    func call(_ made: (proof: SettlementProof, block: Digest)) -> Finding? {
      Verifier.findings(in: made.proof, trustedBlock: made.block).first { $0.check == .call }
    }
    #expect(call(plain)?.detail.contains("accepted by the escrow") == false)
    // The last word of the second signature, and with it v.
    trade.editTransaction = { $0.data[$0.data.count - 32] ^= 7 }
    let made = try trade.make()
    #expect(call(made)?.verdict == .passed)
    #expect(call(made)?.detail.contains("1 of the signatures are no key's") == true)
  }

  @Test(arguments: [PaidTrade.Ending.ruled, .upheld, .stood], Decision.BondTo.allCases)
  func `whoever gets the bonds, a ruling's payment is checked to the unit`(
    ending: PaidTrade.Ending, bondTo: Decision.BondTo
  ) throws {
    var trade = try PaidTrade(ending)
    trade.bondTo = bondTo
    let (proof, block) = try trade.make()
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
  }

  @Test func `transfers past the vault are nobody's payment`() throws {
    var trade = try PaidTrade(.finalised)
    let (transfer, terms) = (trade.transfer, trade.terms)
    trade.editLogs = { $0.append(transfer(terms.escrow.seller, terms.escrow.buyer, 5, nil)) }
    let (proof, block) = try trade.make()
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
  }

  @Test func `a default without a price has no outcome to show`() throws {
    var trade = try PaidTrade(.silent)
    trade.prices = [275_000_000_000]
    let (proof, block) = try trade.make()
    #expect(proof.outcome == nil)
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
    let claimed = try PaidTrade(.silent).make().proof.document["outcome"]
    let lying = try SettlementProof(bytes: proof.document.replacing(["outcome"], with: claimed).canonicalBytes())
    let failed = Verifier.findings(in: lying, trustedBlock: block).filter { $0.verdict == .failed }.map(\.check)
    #expect(failed == [.price, .outcome, .trace])
  }

  @Test func `a default because the clause faulted is sound`() throws {
    let source = """
      payoff Broken language 1
      terms
        buyerCollateral : Amount
        sellerCollateral : Amount
      escrow buyerCollateral + sellerCollateral
      pay buyer buyerCollateral + sellerCollateral + 1 Amount
      pay seller remainder

      """
    var trade = try PaidTrade(.silent)
    trade.clause = source
    let digest = try PayoffClause(source: source).digest
    trade.terms = try trade.terms.changed { _, escrow in escrow.clause = digest }
    let (proof, block) = try trade.make()
    #expect(proof.outcome == nil)
    #expect(ProofVerdict(Verifier.findings(in: proof, trustedBlock: block)) == .sound)
  }
}

extension SettlementProof {
  fileprivate func proposal() throws -> UnverifiedMessage<Proposal> {
    guard case .finalised(let proposal) = basis else { throw Absent() }
    return proposal
  }
}
