import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Terms that take the place of others: only what the vault would take as well, and only with every signature.
struct AgreedChangeTests {
  let agreement: Agreement

  init() throws { agreement = try Sample.agreement(Sample.terms()) }

  private func offer(_ message: ChangeMessage, _ terms: OptionTerms, _ clause: String = "european-call") throws
    -> OfferedChange
  {
    try OfferedChange(message, to: terms, clause: PayoffClause(source: Sample.clause(clause)), of: agreement)
  }

  private func amended(_ change: (inout Economics, inout Escrow) throws -> Void) throws -> OptionTerms {
    try agreement.terms.changed(change)
  }

  @Test func `an amended agreement keeps its id and its vault, and has the new terms under the next version`() throws {
    let terms = try amended { economics, escrow in
      economics.strikePrice = try economics.strikePrice.adding(100_000_000)
      escrow.sellerCollateral = try escrow.sellerCollateral.adding(1_000_000)
      escrow.defaultToSeller = try escrow.defaultToSeller.adding(1_000_000)
    }
    let change = try Sample.agreed(
      .amendment(Sample.amendment(agreement, to: terms)), to: terms, of: agreement, by: ["buyer", "seller"])
    let changed = try agreement.changed(by: change)
    #expect(changed.id == agreement.id && changed.vault == agreement.vault)
    #expect(changed.version == 2 && changed.terms == terms && changed.firstTerms == agreement.terms)
    #expect(changed.buyerSignature == agreement.buyerSignature)
    // It counts once, for the terms of which it was signed.
    #expect(throws: SettlementError.otherAgreement) { try changed.changed(by: change) }
    let other = try Sample.agreement(amended { _, escrow in escrow.salt = 2 })
    #expect(throws: SettlementError.otherAgreement) { try other.changed(by: change) }
  }

  @Test func `a novated agreement has the transferee in the transferor's place, and may change again`() throws {
    let (message, terms) = try Sample.novation(agreement, watcher: "heir's watcher")
    let first = try agreement.changed(
      by: Sample.agreed(.novation(message), to: terms, of: agreement, by: ["seller", "heir", "buyer"]))
    #expect(first.terms.escrow.seller == (try Sample.address("heir")))
    let next = try first.terms.changed { _, escrow in escrow.settleBy += 60 }
    let second = try first.changed(
      by: Sample.agreed(
        .amendment(Sample.amendment(first, to: next)), to: next, of: first, by: ["buyer", "heir"]))
    #expect(second.version == 3 && second.changes.count == 2 && second.terms.escrow.settleBy == next.escrow.settleBy)
  }

  /// Terms, and how the message differs from what they ask for.
  struct Broken: Sendable, CustomTestStringConvertible {
    let what: String
    let change: @Sendable (inout Economics, inout Escrow) throws -> Void
    var message: @Sendable (inout Amendment) -> Void = { _ in }
    let code: String
    var testDescription: String { what }
  }

  static let broken: [Broken] = [
    Broken(what: "another buyer", change: { $1.buyer = try Sample.address("heir") }, code: "unfit_change"),
    Broken(what: "another seller", change: { $1.seller = try Sample.address("heir") }, code: "unfit_change"),
    Broken(what: "another token", change: { $1.token = try Sample.address("coin") }, code: "unfit_change"),
    Broken(what: "another premium", change: { $1.premium = 1 }, code: "unfit_change"),
    Broken(what: "another clause", change: { $1.clause = Keccak256.hash([1]) }, code: "other_clause"),
    Broken(
      what: "a parameter nobody declares", change: { economics, _ in economics.parameters = "rebate 5 amount\n" },
      code: "unfit_clause"),
    Broken(what: "other terms", change: { $1.salt = 9 }, message: { $0.terms = .zero }, code: "unfit_change"),
    Broken(what: "the present version", change: { $1.salt = 9 }, message: { $0.version = 1 }, code: "other_agreement"),
    Broken(what: "a version left out", change: { $1.salt = 9 }, message: { $0.version = 3 }, code: "other_agreement"),
    Broken(
      what: "another agreement", change: { $1.salt = 9 }, message: { $0.agreementID = AgreementID(.zero) },
      code: "other_agreement"),
  ]

  @Test(arguments: broken) func `an amendment that the vault would refuse is refused`(_ broken: Broken) throws {
    let terms = try amended(broken.change)
    var message = Sample.amendment(agreement, to: terms)
    broken.message(&message)
    let error = try #require(throws: SettlementError.self) { try offer(.amendment(message), terms) }
    #expect(error.code == broken.code, "\(error)")
  }

  @Test func `terms of another chain or escrow change nothing`() throws {
    let domain = agreement.terms.domain
    let terms = try OptionTerms(
      domain: .init(chainID: 5, escrow: domain.verifyingContract), economics: agreement.terms.economics,
      escrow: agreement.terms.escrow)
    let error = try #require(throws: SettlementError.self) {
      try offer(.amendment(Sample.amendment(agreement, to: terms)), terms)
    }
    #expect(error.code == "unfit_change" && error.description.contains("another chain"))
  }

  static let brokenNovations: [(String, @Sendable (inout Novation, inout Escrow) throws -> Void)] = [
    ("nobody's place", { message, _ in message.transferor = try Sample.address("heir") }),
    ("the buyer's place", { message, escrow in message.transferor = escrow.buyer }),
    ("the transferor again", { message, _ in message.transferee = message.transferor }),
    ("another than in the terms", { message, _ in message.transferee = try Sample.address("stranger") }),
    (
      "a collateral as well",
      { _, escrow in
        escrow.sellerCollateral = try escrow.sellerCollateral.adding(1)
        escrow.defaultToSeller = try escrow.defaultToSeller.adding(1)
      }
    ),
    ("the other's watcher as well", { _, escrow in escrow.buyerWatcher = .zero }),
    ("the other's epoch as well", { _, escrow in escrow.buyerEpoch += 1 }),
  ]

  @Test(arguments: brokenNovations.indices) func `a novation changes one party and nothing else`(_ index: Int) throws {
    var (message, terms) = try Sample.novation(agreement)
    terms = try terms.changed { _, escrow in try Self.brokenNovations[index].1(&message, &escrow) }
    message.terms = terms.typed.structHash
    let error = try #require(throws: SettlementError.self) { try offer(.novation(message), terms) }
    #expect(error.code == "unfit_change", "\(Self.brokenNovations[index].0): \(error)")
  }

  @Test func `the economics stay with a novation`() throws {
    var (message, terms) = try Sample.novation(agreement)
    terms = try terms.changed { economics, _ in economics.strikePrice = try economics.strikePrice.adding(1) }
    message.terms = terms.typed.structHash
    #expect(try #require(throws: SettlementError.self) { try offer(.novation(message), terms) }.code == "unfit_change")
  }

  @Test(arguments: [
    ["buyer", "buyer"], ["seller", "buyer"], ["buyer", "stranger"], ["buyer"], ["buyer", "seller", "seller"],
  ]) func `an amendment needs both parties, each in its place`(_ names: [String]) throws {
    let terms = try amended { _, escrow in escrow.salt = 9 }
    let message = ChangeMessage.amendment(Sample.amendment(agreement, to: terms))
    #expect(throws: SettlementError.self) {
      try Sample.agreed(message, to: terms, of: agreement, by: names)
    }
  }

  @Test(arguments: [
    ["seller", "heir", "heir"], ["seller", "stranger", "buyer"], ["heir", "seller", "buyer"], ["seller", "heir"],
  ]) func `a novation needs all three, each in its place`(_ names: [String]) throws {
    let (message, terms) = try Sample.novation(agreement)
    #expect(throws: SettlementError.self) {
      try Sample.agreed(.novation(message), to: terms, of: agreement, by: names)
    }
  }

  @Test func `a change is written in one form and read back, and every member of it counts`() throws {
    let (message, terms) = try Sample.novation(agreement)
    let change = try Sample.agreed(.novation(message), to: terms, of: agreement, by: ["seller", "heir", "buyer"])
    let document = UnverifiedChange(change).document
    var reader = ObjectReader(document)
    let read = try #require(UnverifiedChange(reading: &reader))
    #expect(reader.finish().isEmpty && read.document == document)
    #expect(try read.verified(of: agreement) == change)
    #expect(
      Set(document["signatures"]?.asObject?.members.map(\.name) ?? []) == ["transferor", "transferee", "remaining"])
    for path in document.leaves where path.last.map({ Int($0) == nil }) == true {
      var reader = ObjectReader(document.replacing(path, with: nil))
      let shortened = UnverifiedChange(reading: &reader)
      #expect(shortened == nil || !reader.finish().isEmpty, "\(path)")
    }
  }
}
