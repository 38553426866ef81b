import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Permits in the life cycle: what they allow is held against the terms, and opening carries those that may still be taken.
struct PermitLifecycleTests {
  private let terms: OptionTerms
  private let separator = Keccak256.hash(Array("another domain".utf8))

  init() throws { terms = try Sample.terms() }

  private var now: UInt64 { terms.escrow.acceptBy - 50 }

  private func permit(
    of name: String = "buyer", _ change: (inout Permit) throws -> Void = { _ in }
  ) throws -> UnverifiedMessage<Permit> {
    let owner = try Sample.address(name)
    let amount = terms.escrow.opening(of: name == "seller" ? .seller : .buyer).amount
    var message = Permit(
      owner: owner, spender: Vault(first: terms).address, value: amount, nonce: .zero, deadline: UInt256(now + 10))
    try change(&message)
    let signature = try Sample.key(name).sign(message.typed.digest(separator: separator))
    var reader = ObjectReader(["message": message.typed.flatDocument, "signature": .string(signature.hex)])
    return try #require(UnverifiedMessage<Permit>(reading: &reader))
  }

  @Test func `opening gives the token every permit that it may still take`() throws {
    var history = try History(terms, reaching: .confirmed)
    let agreement = try #require(history.trade?.agreement)
    let (buyers, sellers) = (try permit(), try permit(of: "seller") { $0.deadline = UInt256(now + 20) })
    try history.take(.permitSigned(buyers), at: now)
    try history.take(.permitSigned(sellers), at: now)
    func call(_ time: UInt64) throws -> SettlementCall? { try history.trade?.call(for: .open, at: time) }
    #expect(try call(now) == .opening(agreement, permits: [.buyer: buyers, .seller: sellers]))
    #expect(try call(now + 10) == call(now))
    #expect(try call(now + 11) == .opening(agreement, permits: [.seller: sellers]))
    #expect(try call(now + 21) == .opening(agreement))
    #expect(try Journal(replaying: history.journal.entries) == history.journal)
  }

  @Test func `a permit must let the vault take what opening takes, in time`() throws {
    let history = try History(terms, reaching: .execution)
    let refused: [(String, UnverifiedMessage<Permit>)] = [
      ("not_a_party", try permit(of: "observer 0")),
      ("unfit_permit", try permit { $0.spender = try Sample.address("seller") }),
      ("unfit_permit", try permit { $0.value = try $0.value.subtracting(1) }),
      ("expired", try permit { $0.deadline = UInt256(now - 1) }),
    ]
    for (code, permit) in refused {
      var copy = history
      let error = #expect(throws: SettlementError.self) { try copy.take(.permitSigned(permit), at: now) }
      #expect(error?.code == code)
      #expect(copy.journal == history.journal)
    }
    var copy = history
    try copy.take(.permitSigned(permit { $0.deadline = .max }), at: now)
    #expect(copy.trade?.permits.keys.map { $0 } == [.buyer])
  }

  @Test(arguments: [History.Stage.active, .proposed, .closed, .lapsed])
  func `once nothing can be opened any more there is no use for one`(_ stage: History.Stage) throws {
    var history = try History(terms, reaching: stage)
    let error = #expect(throws: SettlementError.self) { try history.take(.permitSigned(permit()), at: now) }
    #expect(error?.code == "out_of_place")
  }
}

/// Whoever holds what somebody signed may hand it in again.
struct RepeatedMessageTests {
  @Test func `an earlier message says nothing new, and uses up nothing of its signer's`() throws {
    var history = try History(Sample.terms(), reaching: .active)
    let now = history.terms.escrow.settleFrom
    let (first, second) = (try history.outcome(1, by: "buyer"), try history.outcome(2, by: "buyer"))
    try history.take(.outcomeSigned(first), at: now)
    try history.take(.outcomeSigned(second), at: now)
    let trade = try #require(history.trade)
    #expect(AgreedOutcome.isHeld(first, by: trade) && AgreedOutcome.isHeld(second, by: trade))
    #expect(try !AgreedOutcome.isHeld(history.outcome(1, by: "seller"), by: trade))
    #expect(trade.observations.allSatisfy { Observation.isHeld($0, by: trade) })
    for _ in 0..<100 { try history.take(.outcomeSigned(first), at: now) }
    try history.take(.outcomeSigned(history.outcome(3, by: "buyer")), at: now)
  }

  @Test func `an earlier outcome counts again where the other party signs the same since`() throws {
    var history = try History(Sample.terms(), reaching: .active)
    let now = history.terms.escrow.settleFrom
    let first = try history.outcome(1, by: "buyer")
    try history.take(.outcomeSigned(first), at: now)
    try history.take(.outcomeSigned(history.outcome(2, by: "buyer")), at: now)
    try history.take(.outcomeSigned(history.outcome(1, by: "seller")), at: now)
    #expect(history.trade?.agreedOutcome == nil)
    #expect(try !AgreedOutcome.isHeld(first, by: #require(history.trade)))
    try history.take(.outcomeSigned(first), at: now)
    #expect(history.trade?.agreedOutcome?.outcome == first.message)
    #expect(try AgreedOutcome.isHeld(first, by: #require(history.trade)))
  }
}
