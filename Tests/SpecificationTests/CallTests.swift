import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing

/// Every call of the escrow and of a vault, against the bytes that the specification's vectors state.
struct CallTests {
  private let terms: OptionTerms
  private let vault: Vault
  private let vectors: JSONValue

  init() throws {
    terms = try Specification.terms()
    vault = Vault(first: terms)
    vectors = try Specification.vectors()
  }

  /// The messages of a type in the vectors, with their signatures.
  private func signed<Message: TypedMessage>(_ type: Message.Type, _ name: String) throws -> [Signed<Message>] {
    try vectors.at("messages").list().filter { $0["type"]?.asString == name }.map { row in
      let document: JSONValue = ["message": try row.at("message"), "signature": try row.at("signature")]
      return try Specification.read(document) { UnverifiedMessage<Message>(reading: &$0) }.verified(in: terms.domain)
    }
  }

  private func one<Message: TypedMessage>(_ type: Message.Type, _ name: String) throws -> Signed<Message> {
    try #require(try signed(type, name).first)
  }

  private func party(_ party: Party) throws -> Signature {
    try Signature(hex: vectors.at("signatures", .member(party.rawValue)).text())
  }

  private func expect(_ call: EscrowCall, _ name: String) throws {
    let stated = try vectors.at("calls", .member(name))
    #expect(try Hex.encode(call.data) == stated.at("data").text(), "\(name)")
    #expect(try call.to.checksummed == stated.at("to").text(), "\(name)")
    #expect(call.chainID == terms.domain.chainID)
  }

  @Test func `the escrow's own calls`() throws {
    let (buyer, seller) = (try party(.buyer), try party(.seller))
    try expect(EscrowActs.open(terms, buyer: buyer, seller: seller), "open")
    let words = [UInt8](repeating: 1, count: 32) + [UInt8](repeating: 2, count: 32) + [27]
    var permit = ObjectReader([
      "message": [
        "owner": .string(terms.escrow.buyer.checksummed), "spender": .string(vault.address.checksummed),
        "value": "1000", "nonce": "0",
        "deadline": .string(String(try one(Amendment.self, "Amendment").message.validUntil)),
      ],
      "signature": .string(Hex.encode(words)),
    ])
    try expect(
      EscrowActs.open(
        terms, buyer: buyer, seller: seller, buyerPermit: UnverifiedMessage<Permit>(reading: &permit), sellerPermit: nil
      ),
      "openWithPermits")
    let cancelled = try one(Cancellation.self, "Cancellation")
    try expect(EscrowActs.cancel(cancelled.message, cancelled.signature, in: terms.domain), "cancel")
    let raised = try one(EpochRaise.self, "EpochRaise")
    try expect(EscrowActs.raiseEpoch(raised.message, raised.signature, in: terms.domain), "raiseEpoch")
    let code = [[UInt8]](repeating: [0x60, 0x00], count: 30).flatMap { $0 }
    try expect(EscrowActs.install(code, in: terms.domain), "install")
  }

  @Test func `calls that need nobody's signature`() throws {
    try expect(vault.finalise(), "finalise")
    try expect(vault.settleByDefault(), "default")
    try expect(vault.uphold(), "uphold")
    try expect(vault.settleObserved(), "observed")
  }

  @Test func `claims and what panels sign`() throws {
    let outcomes = try signed(AgreedOutcome.self, "Outcome")
    try expect(
      vault.settle(outcomes[0].message, buyer: outcomes[0].signature, seller: outcomes[1].signature), "agreed")
    let manifest = try #require(parseBytes(vectors.at("evidence", "manifest").text()))
    let proposal = try one(Proposal.self, "Proposal")
    try expect(vault.propose(proposal.message, proposal.signature, manifest: manifest), "propose")
    let dispute = try one(Dispute.self, "Dispute")
    try expect(vault.dispute(dispute.message, dispute.signature, manifest: manifest), "dispute")
    let ruling = try one(Ruling.self, "Ruling")
    try expect(vault.rule(ruling.message, [ruling.signer: ruling.signature]), "rule")
    let appeal = try one(Appeal.self, "Appeal")
    try expect(vault.appeal(appeal.message, appeal.signature), "appeal")
    let observations = try vectors.at("evidence", "arrived").list().map { document in
      try Specification.read(document) { UnverifiedMessage<Observation>(reading: &$0) }.verified(in: terms.domain)
    }
    try expect(vault.observe(observations), "observe")
  }

  @Test func `signers of a ruling stand in the order of their addresses`() throws {
    let ruling = try one(Ruling.self, "Ruling")
    var signatures: [Address: Signature] = [:]
    for name in ["buyer", "seller", "sender"] {
      let key = try Specification.key(name)
      signatures[key.address] = try key.sign(ruling.message.typed.digest(in: terms.domain))
    }
    let data = try vault.rule(ruling.message, signatures).data
    let words = signatures.keys.sorted().flatMap { [UInt8](repeating: 0, count: 12) + $0.bytes }
    #expect(data.indices.contains { data[$0...].starts(with: words) })
  }

  @Test func `exercise, amendment, novation and withdrawal`() throws {
    let notice = try one(ExerciseNotice.self, "ExerciseNotice")
    try expect(vault.exercise(notice.message, notice.signature), "exercise")
    let amendments = try signed(Amendment.self, "Amendment")
    let amended = try OptionTerms(document: vectors.at("changedTerms", "amended"))
    #expect(amended.typed.structHash == amendments[0].message.terms)
    try expect(
      vault.amend(
        to: amended, validUntil: amendments[0].message.validUntil, buyer: amendments[0].signature,
        seller: amendments[1].signature), "amend")
    let novations = try signed(Novation.self, "Novation")
    let novated = try OptionTerms(document: vectors.at("changedTerms", "novated"))
    #expect(novated.typed.structHash == novations[0].message.terms)
    try expect(
      vault.novate(
        novations[0].message, watcher: novated.escrow.sellerWatcher, epoch: novated.escrow.sellerEpoch,
        transferor: novations[0].signature, transferee: novations[1].signature, remaining: novations[2].signature),
      "novate")
    let withdrawal = try one(Withdrawal.self, "Withdrawal")
    try expect(vault.withdraw(withdrawal.message, withdrawal.signature), "withdraw")
  }

  @Test func `a vault keeps its address when its terms change`() throws {
    let amended = try OptionTerms(document: vectors.at("changedTerms", "amended"))
    let later = Vault(first: terms, present: amended)
    #expect(later.address == vault.address && later.id == vault.id)
    #expect(try later.finalise().data != vault.finalise().data)
    #expect(Vault(first: amended).address != vault.address)
  }

  @Test(arguments: ["call", "put"]) func `a vault that settles by delivery`(_ option: String) throws {
    let stated = try vectors.at("deliveries", .member(option))
    let terms = try OptionTerms(document: stated.at("terms"))
    let vault = Vault(first: terms)
    #expect(try vault.id.description == stated.at("agreementId").text())
    #expect(try vault.address.checksummed == stated.at("vault").text())
    #expect(try terms.strikePayment?.description == stated.at("strikePayment").text())
    func data(_ name: String) throws -> String { try stated.at("calls", .member(name)).text() }
    func message<Message: TypedMessage>(_ type: Message.Type, _ name: String) throws -> Signed<Message> {
      try Specification.read(stated.at("signed", .member(name))) { UnverifiedMessage<Message>(reading: &$0) }
        .verified(in: terms.domain)
    }
    let outcome = try Specification.read(stated.at("signed", "outcome", "message")) { DeliveryOutcome(reading: &$0) }
    let signatures = try stated.at("signed", "outcome", "signatures").list().map { try Signature(hex: $0.text()) }
    #expect(
      try Hex.encode(vault.settle(outcome, buyer: signatures[0], seller: signatures[1]).data) == data("agreed"))
    let notice = try message(ExerciseNotice.self, "exercise")
    #expect(try Hex.encode(vault.exercise(notice.message, notice.signature).data) == data("exercise"))
    #expect(try Hex.encode(vault.expire().data) == data("expire"))
    // The service's calls are the same.
    let agreement = try Agreement(
      terms, clause: PayoffClause(source: Specification.clause("physical-\(option)")),
      buyerSignature: Specification.key("buyer").sign(terms.digest),
      sellerSignature: Specification.key("seller").sign(terms.digest))
    let agreed = try CountersignedDeliveryOutcome(outcome, buyer: signatures[0], seller: signatures[1], of: agreement)
    for (call, name) in [
      (try SettlementCall.paying(agreed, of: agreement), "agreed"),
      (try SettlementCall.exercising(notice, of: agreement), "exercise"),
      (try SettlementCall.expiring(agreement), "expire"),
    ] {
      #expect(try Hex.encode(call.data) == data(name))
      #expect(call.to == vault.address)
    }
    let claim = try message(TokenWithdrawal.self, "withdrawal")
    let withdrawal = try vault.withdraw(claim.message, claim.signature)
    #expect(try Hex.encode(withdrawal.data) == data("withdrawal"))
    #expect(withdrawal.to == vault.address)
  }
}
