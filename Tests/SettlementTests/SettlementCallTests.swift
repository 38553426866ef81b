import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// The bytes that go to the chain, against those that eth-abi makes by the ABI of the compiled escrow.
struct SettlementCallTests {
  let agreement: Agreement
  let evidence: Evidence
  let history: History

  init() throws {
    let document = try AgreementDocument(Sample.document("agreements/call.json"))
    agreement = try document.agreement()
    evidence = try document.evidence(for: agreement)
    history = History(document.terms)
  }

  private func claim(by name: String) throws -> Proposal {
    let outcome = try Outcome(of: agreement, given: evidence)
    return Proposal(
      agreementID: agreement.id, version: 1, proposer: try Sample.address(name), evidenceDigest: evidence.digest,
      toBuyer: outcome.toBuyer, toSeller: outcome.toSeller, validUntil: agreement.terms.escrow.settleBy)
  }

  private func countersigned(_ toBuyer: UInt256) throws -> CountersignedOutcome {
    try CountersignedOutcome(
      history.outcome(toBuyer, by: "buyer").message, buyer: history.outcome(toBuyer, by: "buyer").signature,
      seller: history.outcome(toBuyer, by: "seller").signature, of: agreement)
  }

  /// The routes of an option that is settled in cash.
  static let routes = Route.allCases.filter { $0 != .expire }

  private func call(_ route: Route, _ agreement: Agreement) throws -> SettlementCall {
    let domain = agreement.terms.domain
    switch route {
    case .open: return try .opening(agreement)
    case .agreed: return try .paying(countersigned(Outcome(of: agreement, given: evidence).toBuyer), of: agreement)
    case .propose:
      return try .proposing(Sample.sign(claim(by: "buyer"), by: "buyer", in: domain), of: agreement, evidence: evidence)
    case .dispute:
      let dispute = Dispute(counter: try claim(by: "seller watcher"))
      return try .disputing(
        Sample.sign(dispute, by: "seller watcher", in: domain), of: agreement, evidence: evidence)
    case .finalise: return try .finalising(agreement)
    case .expire: return try .expiring(agreement)
    case .settleByDefault: return try .defaulting(agreement)
    case .observe: return try .observing(evidence.observations, of: agreement)
    case .observed: return try .settlingObserved(agreement)
    case .uphold: return try .upholding(agreement)
    case .rule:
      // Collected one by one, the later address first.
      var disputed = try History(agreement.terms, reaching: .disputed)
      let message = Ruling(
        agreementID: agreement.id, version: 1, round: 1, findingsDigest: Keccak256.hash(Array("findings".utf8)),
        toBuyer: 2_560_000_000, toSeller: 7_490_000_000, bondTo: 1)
      let now = agreement.terms.escrow.settleFrom + 100
      for name in ["arbitrator 1", "arbitrator 0"] {
        try disputed.take(.rulingSigned(Sample.sign(message, by: name, in: domain)), at: now)
      }
      guard let call = try disputed.trade?.call(for: .rule, at: now) else {
        throw SettlementError.outOfPlace(event: "rule", state: "nothing")
      }
      return call
    case .appeal:
      let message = Appeal(
        agreementID: agreement.id, version: 1, appellant: agreement.terms.escrow.seller,
        validUntil: agreement.terms.escrow.settleBy)
      return try .appealing(Sample.sign(message, by: "seller", in: domain), of: agreement)
    case .exercise:
      let message = ExerciseNotice(
        agreementID: agreement.id, version: 1, holder: agreement.terms.escrow.buyer,
        validUntil: agreement.terms.escrow.settleBy)
      return try .exercising(Sample.sign(message, by: "buyer", in: domain), of: agreement)
    case .amend:
      let terms = try agreement.terms.changed { _, escrow in
        escrow.sellerCollateral = try escrow.sellerCollateral.adding(1_000_000)
        escrow.defaultToSeller = try escrow.defaultToSeller.adding(1_000_000)
      }
      return try .changing(
        agreement,
        by: Sample.agreed(
          .amendment(Sample.amendment(agreement, to: terms)), to: terms, of: agreement, by: ["buyer", "seller"]))
    case .novate:
      let (message, terms) = try Sample.novation(agreement, watcher: "heir watcher")
      return try .changing(
        agreement,
        by: Sample.agreed(.novation(message), to: terms, of: agreement, by: ["seller", "heir", "buyer"]))
    }
  }

  @Test(arguments: routes) func `every route's calldata is the one made elsewhere`(_ route: Route) throws {
    let expected = try #require(try Sample.document("agreements/calls.json")[route.rawValue])
    let call = try call(route, agreement)
    #expect(call.route == route)
    #expect(call.chainID == ChainID(rawValue: 31_337))
    #expect(call.to.checksummed == expected["to"]?.asString)
    #expect(Hex.encode(call.data) == expected["data"]?.asString)
  }

  @Test func `no route's call is left out`() throws {
    let names = try #require(try Sample.document("agreements/calls.json").asObject).members.map(\.name)
    #expect(Set(names) == Set(Self.routes.map(\.rawValue)))
  }

  @Test(arguments: [Route.open, .finalise, .settleByDefault, .observed, .uphold])
  func `one base unit more in the terms is another call`(_ route: Route) throws {
    let terms = try agreement.terms.changed { _, escrow in escrow.premium = try escrow.premium.adding(1) }
    let other = try call(route, Sample.agreement(terms))
    let call = try call(route, agreement)
    #expect(other.data != call.data)
    #expect((other.to == call.to) == (route == .open))
  }

  @Test func `what was signed for another agreement or on other evidence is not carried`() throws {
    let domain = agreement.terms.domain
    let other = try Sample.agreement(agreement.terms.changed { _, escrow in escrow.salt = 2 })
    let agreed = try countersigned(50_000_000)
    #expect(throws: SettlementError.otherAgreement) { try SettlementCall.paying(agreed, of: other) }
    let proposal = try Sample.sign(claim(by: "buyer"), by: "buyer", in: domain)
    #expect(throws: SettlementError.otherAgreement) {
      try SettlementCall.proposing(proposal, of: other, evidence: evidence)
    }
    let none = try Evidence([], for: agreement)
    #expect(throws: SettlementError.otherEvidence(expected: none.digest, found: evidence.digest)) {
      try SettlementCall.proposing(proposal, of: agreement, evidence: none)
    }
  }

  @Test func `a countersigned outcome holds two right signatures of this agreement's whole`() throws {
    let buyer = try history.outcome(60_000_000, by: "buyer")
    let seller = try history.outcome(60_000_000, by: "seller")
    func make(
      _ message: AgreedOutcome, _ first: Signature, _ second: Signature
    ) throws(SettlementError) -> CountersignedOutcome {
      try CountersignedOutcome(message, buyer: first, seller: second, of: agreement)
    }
    let good = try make(buyer.message, buyer.signature, seller.signature)
    #expect(good.outcome == buyer.message)
    func code(_ message: AgreedOutcome, _ first: Signature, _ second: Signature) -> String? {
      do throws(SettlementError) {
        _ = try make(message, first, second)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(buyer.message, seller.signature, buyer.signature) == "wrong_signer")
    #expect(code(buyer.message, buyer.signature, buyer.signature) == "wrong_signer")
    var other = buyer.message
    other.version = 2
    #expect(code(other, buyer.signature, seller.signature) == "other_agreement")
    other = buyer.message
    other.agreementID = AgreementID(.zero)
    #expect(code(other, buyer.signature, seller.signature) == "other_agreement")
    other = buyer.message
    other.toSeller = try other.toSeller.adding(1)
    #expect(code(other, buyer.signature, seller.signature) == "not_the_whole")
    other = buyer.message
    other.validUntil += 1
    #expect(code(other, buyer.signature, seller.signature) == "wrong_signer")
  }

  @Test func `an envelope carries the call and adds nothing to it`() throws {
    let call = try call(.finalise, agreement)
    let envelope = Envelope(
      carrying: call, nonce: 7, gasLimit: 300_000, maxFeePerGas: 20, maxPriorityFeePerGas: 2)
    let sent = envelope.transaction
    #expect(sent.to == call.to)
    #expect(sent.data == call.data)
    #expect(sent.value == .zero)
    #expect(sent.chainID == call.chainID)
    #expect(sent.nonce == 7 && sent.gasLimit == 300_000 && sent.maxFeePerGas == 20 && sent.maxPriorityFeePerGas == 2)
    #expect(sent.accessList.isEmpty)

    let key = try Sample.key("coordinator")
    #expect(call.isCarried(by: try sent.signed(by: key).raw))
    for change: (inout FeeMarketTransaction) -> Void in [
      { $0.value = 1 }, { $0.to = .zero }, { $0.to = nil }, { $0.data.append(0) }, { $0.data[0] ^= 1 },
      { $0.chainID = ChainID(rawValue: 1) },
    ] {
      var other = sent
      change(&other)
      #expect(!call.isCarried(by: try other.signed(by: key).raw))
    }
    #expect(!call.isCarried(by: []))
  }
}
