import Arithmetic
import Ethereum
import JSON
import Terms
import Testing
import TradeSamples

/// Every rule that terms must satisfy: one field changed, the fault it leads to.
struct ValidationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let paths: [String]
    let change: @Sendable (inout Economics, inout Escrow) throws -> Void

    init(
      _ name: String, _ paths: String..., change: @escaping @Sendable (inout Economics, inout Escrow) throws -> Void
    ) {
      testDescription = name
      self.paths = paths
      self.change = change
    }
  }

  static let tooLarge = UInt256.one << 128

  /// What may be had of something that costs `scale` base units at a price of one, and at most 2^128 - 1 times as much.
  static func largestQuantity(times scale: UInt256) throws -> UInt256 {
    let worth = try tooLarge.subtracting(1).multiplied(by: scale)
    return try UInt256.product((UInt256.one << 255).subtracting(1), 1, dividedBy: worth, rounding: .floor)
  }

  static let refused: [Case] = names + amounts + schedule + roles

  static let names = [
    Case("no underlying", "economics.underlying", "economics.priceSource") { e, _ in e.underlying = "" },
    Case("an underlying with a space", "economics.underlying", "economics.priceSource") { e, _ in e.underlying = "E H"
    },
    Case("an underlying beyond ASCII", "economics.underlying", "economics.priceSource") { e, _ in e.underlying = "ÉTH"
    },
    Case("an underlying of 33 bytes", "economics.underlying", "economics.priceSource") { e, _ in
      e.underlying = String(repeating: "E", count: 33)
    },
    Case("no currency", "economics.priceCurrency", "economics.priceSource") { e, _ in e.priceCurrency = "" },
    Case("37 decimals of the token", "economics.tokenDecimals") { e, _ in e.tokenDecimals = 37 },
    Case("37 decimals of the quantity", "economics.quantityDecimals") { e, _ in e.quantityDecimals = 37 },
    Case("other decimals than the source's", "economics.priceDecimals") { e, _ in e.priceDecimals = 7 },
    Case("parameters without an end", "economics.parameters") { e, _ in e.parameters = "barrier 1 price" },
    Case("a source of another form", "economics.priceSource") { e, _ in e.priceSource = "ETH/USD" },
    Case("another source than the feed's", "escrow.feed") { e, _ in
      e.priceSource = "base=ETH quote=USD source=other method=ClosingPrice decimals=8"
    },
    Case("another feed", "escrow.feed") { _, s in s.feed = .zero },
    Case("no clause", "escrow.clause") { _, s in s.clause = .zero },
    Case("a payoff that no contract knows", "escrow.payoffKind") { _, s in s.payoffKind = 5 },
    Case("a put's payoff of a call", "escrow.clause", "escrow.payoffKind") { _, s in s.payoffKind = 2 },
    Case("the contract's payoff with another clause", "escrow.clause") { _, s in
      s.payoffKind = 1
      s.clause = s.feed
    },
    Case("the contract's payoff of an American option", "escrow.payoffKind") { e, s in
      e.exerciseStyle = .american
      s.exerciseStart = s.expirationTime - 86_400
      s.payoffKind = 1
    },
  ]

  static let amounts = [
    Case("a strike of zero", "economics.strikePrice") { e, _ in e.strikePrice = .zero },
    Case("a strike of 2^128", "economics.strikePrice") { e, _ in e.strikePrice = tooLarge },
    Case("a quantity of zero", "economics.quantity") { e, _ in e.quantity = .zero },
    Case("a quantity of 2^128", "economics.quantity") { e, _ in e.quantity = tooLarge },
    Case("a quantity worth 2^255 at the largest price", "economics.quantity") { e, _ in
      e.tokenDecimals = 26  // As many as price and quantity together.
      e.quantity = try (UInt256.one << 127).adding(1)
    },
    Case("a quantity worth 2^255 by its scale", "economics.quantity") { e, _ in
      e.tokenDecimals = 36  // A unit at a price of one is 10^10 base units of the token.
      e.quantity = try largestQuantity(times: UInt256.powerOfTen(10)).adding(1)
    },
    Case("a premium of 2^128", "escrow.premium") { _, s in s.premium = tooLarge },
    Case("a bond of 2^128", "escrow.bond") { _, s in s.bond = tooLarge },
    Case("nothing from the seller", "escrow.sellerCollateral") { _, s in
      s.sellerCollateral = .zero
      s.defaultToBuyer = s.buyerCollateral
      s.defaultToSeller = .zero
    },
    Case("collateral of 2^128", "escrow.sellerCollateral", "escrow.defaultToSeller") { _, s in
      s.sellerCollateral = tooLarge
      s.defaultToBuyer = s.buyerCollateral
      s.defaultToSeller = tooLarge
    },
    Case("a default one unit short", "escrow.defaultToSeller") { _, s in
      s.defaultToSeller = try s.defaultToSeller.subtracting(1)
    },
    Case("a default one unit over", "escrow.defaultToSeller") { _, s in
      s.defaultToBuyer = try s.defaultToBuyer.adding(1)
    },
    Case("a fee above the bond", "escrow.arbitrationFee") { _, s in s.arbitrationFee = try s.bond.adding(1) },
  ]

  static let schedule = [
    Case("acceptance never", "escrow.acceptBy") { _, s in s.acceptBy = 0 },
    Case("acceptance after expiration", "escrow.acceptBy") { _, s in s.acceptBy = s.expirationTime + 1 },
    Case("European exercise before expiration", "escrow.exerciseStart") { _, s in
      s.exerciseStart = s.expirationTime - 1
    },
    Case("American exercise at expiration alone", "escrow.exerciseStart") { e, _ in e.exerciseStyle = .american },
    Case("Bermudan exercise at expiration alone", "escrow.exerciseStart") { e, _ in e.exerciseStyle = .bermudan },
    Case("evidence closed at expiration", "escrow.evidenceCloses") { _, s in s.evidenceCloses = s.expirationTime },
    Case("proposals before evidence closes", "escrow.settleFrom") { _, s in s.settleFrom = s.evidenceCloses - 1 },
    Case("no time for proposals", "escrow.settleBy") { _, s in s.settleBy = s.settleFrom },
    Case("milliseconds", "escrow.settleBy") { _, s in s.settleBy *= 1_000 },
    Case("no dispute window", "escrow.disputeWindow") { _, s in s.disputeWindow = 0 },
    Case("a dispute window above a year", "escrow.disputeWindow") { _, s in s.disputeWindow = 31_536_001 },
    Case("no ruling window", "escrow.rulingWindow") { _, s in s.rulingWindow = 0 },
    Case("a ruling window above a year", "escrow.rulingWindow") { _, s in s.rulingWindow = 31_536_001 },
    Case("a disagreement of the whole", "escrow.maxDisagreementPpm") { _, s in s.maxDisagreementPpm = 1_000_000 },
  ]

  static let roles = [
    Case("no buyer", "escrow.buyer") { _, s in s.buyer = .zero },
    Case("no seller", "escrow.seller") { _, s in s.seller = .zero },
    Case("one party on both sides", "escrow.seller") { _, s in s.seller = s.buyer },
    Case("no token", "escrow.token") { _, s in s.token = .zero },
    Case("a party as token", "escrow.token") { _, s in s.token = s.seller },
    Case("the buyer as watcher", "escrow.sellerWatcher") { _, s in s.sellerWatcher = s.buyer },
    Case("the seller as watcher", "escrow.buyerWatcher") { _, s in s.buyerWatcher = s.seller },
    Case("a token to deliver", "escrow.deliveryToken") { _, s in s.deliveryToken = s.token },
    Case("no observers", "escrow.observers") { _, s in s.observers = .unused },
    Case("an empty panel", "escrow.arbitrators", "escrow.arbitratorThreshold") { _, s in
      s.arbitrators = Panel(members: [], threshold: 0)
    },
    Case("sixteen observers", "escrow.observers") { _, s in
      s.observers = Panel(members: try (0..<16).map { try Sample.address("observer \($0)") }, threshold: 9)
    },
    Case("half of a panel", "escrow.observerThreshold") { _, s in
      s.observers = Panel(members: try (0..<4).map { try Sample.address("observer \($0)") }, threshold: 2)
    },
    Case("more than the panel", "escrow.observerThreshold") { _, s in s.observers.threshold = 4 },
    Case("threshold zero over members", "escrow.arbitratorThreshold") { _, s in s.arbitrators.threshold = 0 },
    Case("an unused panel with a threshold", "escrow.fallbackArbitrators[0]") { _, s in
      s.fallbackArbitrators.threshold = 1
    },
    Case("the zero address among members", "escrow.observers[1]") { _, s in s.observers.members[1] = .zero },
    Case("a member twice", "escrow.observers[2]") { _, s in s.observers.members[2] = s.observers.members[0] },
    Case("the buyer as observer", "escrow.observers[0]") { _, s in s.observers.members[0] = s.buyer },
    Case("a watcher as arbitrator", "escrow.arbitrators[1]") { _, s in s.arbitrators.members[1] = s.sellerWatcher },
    Case("an observer as arbitrator", "escrow.arbitrators[0]") { _, s in
      s.arbitrators.members[0] = s.observers.members[2]
    },
  ]

  @Test(arguments: [("call", UInt8(1)), ("put", 2)])
  func `the escrow computes the payoff of European options itself, where the terms say so`(
    name: String, kind: UInt8
  ) throws {
    let terms = try Sample.terms(name).changed { _, escrow in escrow.payoffKind = kind }
    #expect(terms.escrow.payoffKind == kind)
  }

  @Test(arguments: refused) func `a broken rule is told by the field to change`(_ row: Case) throws {
    let error = try #require(throws: TermsError.self) { try Sample.terms().changed(row.change) }
    #expect(error.faults.map(\.path).sorted() == row.paths.sorted())
    for fault in error.faults {
      #expect(!fault.found.isEmpty && !fault.fix.isEmpty)
      #expect(error.description.contains(fault.path))
    }
  }

  /// The last value that each bound still admits.
  static let accepted = [
    Case("acceptance up to expiration") { _, s in s.acceptBy = s.expirationTime },
    Case("evidence open for one second") { _, s in s.evidenceCloses = s.expirationTime + 1 },
    Case("proposals from the close of evidence on") { _, s in s.settleFrom = s.evidenceCloses },
    Case("one second for proposals") { _, s in s.settleBy = s.settleFrom + 1 },
    Case("windows of one second") { _, s in (s.disputeWindow, s.rulingWindow) = (1, 1) },
    Case("windows of a year") { _, s in (s.disputeWindow, s.rulingWindow) = (31_536_000, 31_536_000) },
    Case("the fee is the bond") { _, s in s.arbitrationFee = s.bond },
    Case("a disagreement of all but a millionth") { _, s in s.maxDisagreementPpm = 999_999 },
    Case("a quantity of 2^128 - 1 that its scale divides") { e, _ in e.quantity = try tooLarge.subtracting(1) },
    Case("a quantity worth just less than 2^255") { e, _ in
      e.tokenDecimals = 26
      e.quantity = .one << 127
    },
    Case("a quantity that its scale makes just fit") { e, _ in
      e.tokenDecimals = 36
      e.quantity = try largestQuantity(times: UInt256.powerOfTen(10))
    },
    Case("no watchers") { _, s in (s.buyerWatcher, s.sellerWatcher) = (.zero, .zero) },
  ]

  @Test(arguments: accepted) func `each bound admits its last value`(_ row: Case) throws {
    _ = try Sample.terms().changed(row.change)
  }

  @Test func `the domain must be Tallystick's, of a chain and a contract`() throws {
    let terms = try Sample.terms()
    let contract = terms.domain.verifyingContract
    let one = ChainID(rawValue: 1)
    let table: [(TypedDomain, String)] = [
      (TypedDomain(name: "Other", version: "1", chainID: one, verifyingContract: contract), "domain.name"),
      (TypedDomain(name: "Tallystick", version: "2", chainID: one, verifyingContract: contract), "domain.version"),
      (TypedDomain(chainID: ChainID(rawValue: 0), escrow: contract), "domain.chainId"),
      (TypedDomain(chainID: one, escrow: .zero), "domain.verifyingContract"),
    ]
    for (domain, path) in table {
      let error = try #require(throws: TermsError.self) {
        try OptionTerms(domain: domain, economics: terms.economics, escrow: terms.escrow)
      }
      #expect(error.faults.map(\.path) == [path])
    }
  }

  @Test func `every fault is told at once`() throws {
    let error = try #require(throws: TermsError.self) {
      try Sample.terms().changed { economics, escrow in
        economics.strikePrice = .zero
        escrow.buyer = .zero
        escrow.disputeWindow = 0
        escrow.observers.threshold = 1
      }
    }
    #expect(
      error.faults.map(\.path) == [
        "economics.strikePrice", "escrow.buyer", "escrow.disputeWindow", "escrow.observerThreshold",
      ])
  }

  @Test(arguments: [
    "base=ETH quote=USD source=x method=ClosingPrice decimals=8 ",
    "base=ETH  quote=USD source=x method=ClosingPrice decimals=8",
    "quote=USD base=ETH source=x method=ClosingPrice decimals=8",
    "base=ETH quote=USD source=x method=Median decimals=8",
    "base=ETH quote=USD source=x method=ClosingPrice decimals=08",
    "base=ETH quote=USD source=x method=ClosingPrice decimals=37",
    "base= quote=USD source=x method=ClosingPrice decimals=8",
    "base=ETH quote=USD source=x=y method=ClosingPrice decimals=8",
    "base=ETH quote=USD source=x method=ClosingPrice",
    "base=ETH\u{301} quote=USD source=x method=ClosingPrice decimals=8",
    "base=ETH quote=USD source=x\r\n method=ClosingPrice decimals=8",
    "",
  ])
  func `a price source has one form`(_ text: String) {
    #expect(PriceSource(text) == nil)
  }

  @Test func `a price source is read field by field`() throws {
    let source = try #require(PriceSource("base=ETH quote=USD source=daily-fixing method=VWAPPrice decimals=0"))
    #expect(source.base == "ETH")
    #expect(source.quote == "USD")
    #expect(source.source == "daily-fixing")
    #expect(source.method == "VWAPPrice")
    #expect(source.decimals == 0)
    #expect(source.feed == Keccak256.hash(Array(source.text.utf8)))
  }
}
