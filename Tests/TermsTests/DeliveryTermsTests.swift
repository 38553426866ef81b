import Arithmetic
import Ethereum
import JSON
import Terms
import Testing
import TradeSamples

/// Terms of options that are settled by delivery.
struct DeliveryTermsTests {
  /// The fixture's terms, turned into a delivery of a token.
  static func terms(_ name: String = "call") throws -> OptionTerms {
    let text = String(
      decoding: try Sample.bytes("Contracts/Clauses/payoff/physical-\(name).bytecode"), as: UTF8.self)
    let bytecode = try Hex.decode(text.filter { !$0.isWhitespace })
    return try Sample.terms(name).changed { economics, escrow in
      (economics.settlementType, economics.exerciseStyle) = (.physical, .american)
      escrow.payoffKind = name == "call" ? 3 : 4
      escrow.clause = Keccak256.hash(bytecode)
      escrow.deliveryToken = try Sample.address("delivered token")
      escrow.exerciseStart = escrow.acceptBy
      escrow.expirationTime = escrow.acceptBy + 1
      escrow.sellerCollateral = (UInt256.one << 127)
      (escrow.defaultToBuyer, escrow.defaultToSeller) = (escrow.buyerCollateral, escrow.sellerCollateral)
      (escrow.observers, escrow.arbitrators, escrow.fallbackArbitrators) = (.unused, .unused, .unused)
      (escrow.buyerWatcher, escrow.sellerWatcher) = (.zero, .zero)
      (escrow.bond, escrow.arbitrationFee) = (.zero, .zero)
    }
  }

  @Test(arguments: ["call", "put"]) func `a call locks what it delivers, a put the strike`(_ name: String) throws {
    let terms = try Self.terms(name)
    let escrow = terms.escrow
    #expect(escrow.settlesByDelivery && escrow.tokens == [escrow.token, escrow.deliveryToken])
    let locked = escrow.opening(of: .seller)
    let brought = try #require(terms.exercising)
    if name == "call" {
      #expect(locked.token == escrow.deliveryToken && brought.token == escrow.token)
      #expect(brought.amount == terms.strikePayment)
      #expect(terms.escrowed == escrow.buyerCollateral && terms.escrowedDelivery == escrow.sellerCollateral)
    } else {
      #expect(locked.token == escrow.token && brought.token == escrow.deliveryToken)
      #expect(brought.amount == terms.economics.quantity)
      #expect(try terms.escrowed == escrow.buyerCollateral.adding(escrow.sellerCollateral))
      #expect(terms.escrowedDelivery == .zero)
    }
    #expect(escrow.due(from: .seller) == locked)
    let review = TermsReview(of: terms)
    #expect(review.releasedBy == escrow.expirationTime && review.warnings.isEmpty && review.capBindsAt == nil)
  }

  @Test func `a strike's payment is rounded up, to the seller's advantage`() throws {
    let terms = try Self.terms().changed { economics, _ in
      (economics.quantity, economics.quantityDecimals) = (1, 18)
      (economics.strikePrice, economics.tokenDecimals) = (1, 6)
    }
    #expect(terms.strikePayment == 1)
    let exact = try terms.changed { economics, _ in
      economics.quantity = try UInt256.powerOfTen(18)
      economics.strikePrice = 250_000_000_000
    }
    #expect(exact.strikePayment == 2_500_000_000)
  }

  @Test func `options in cash take nothing at exercise`() throws {
    let terms = try Sample.terms()
    #expect(terms.exercising == nil && !terms.escrow.settlesByDelivery && terms.escrow.tokens == [terms.escrow.token])
    #expect(try terms.escrow.due(from: .seller).amount == terms.escrow.sellerCollateral.adding(terms.escrow.bond))
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let name: String
    let paths: [String]
    let change: @Sendable (inout Economics, inout Escrow) throws -> Void

    init(
      _ description: String, of name: String = "call", _ paths: String...,
      change: @escaping @Sendable (inout Economics, inout Escrow) throws -> Void
    ) {
      (testDescription, self.name, self.paths, self.change) = (description, name, paths, change)
    }
  }

  static let refused: [Case] = [
    Case("cash", "economics.settlementType") { e, _ in e.settlementType = .cash },
    Case("a put's kind of a call", "escrow.payoffKind", "escrow.clause") { _, s in s.payoffKind = 4 },
    Case("another clause", "escrow.clause") { _, s in s.clause = s.feed },
    Case("a delivery that is automatic", "economics.exerciseStyle") { e, s in
      e.exerciseStyle = .european
      s.exerciseStart = s.expirationTime
    },
    Case("parameters", "economics.parameters") { e, _ in e.parameters = "barrier 1 price\n" },
    Case("no token to deliver", "escrow.deliveryToken") { _, s in s.deliveryToken = .zero },
    Case("the token that pays", "escrow.deliveryToken") { _, s in s.deliveryToken = s.token },
    Case("a party to deliver", "escrow.deliveryToken") { _, s in s.deliveryToken = s.seller },
    Case("less than is to be delivered", "escrow.sellerCollateral") { e, s in
      s.sellerCollateral = try e.quantity.subtracting(1)
      s.defaultToSeller = s.sellerCollateral
    },
    Case("less than the strike", of: "put", "escrow.sellerCollateral") { _, s in
      s.sellerCollateral = 1
      s.defaultToSeller = 1
    },
    Case("a default that is not the buyer's own", "escrow.defaultToBuyer") { _, s in
      s.defaultToBuyer = try s.buyerCollateral.adding(1)
    },
    Case("a default that is not the seller's own", "escrow.defaultToSeller") { _, s in s.defaultToSeller = 1 },
    Case("observers", "escrow.observers") { _, s in
      s.observers = Panel(members: [try Sample.address("observer 1")], threshold: 1)
    },
    Case("arbitrators", "escrow.arbitrators") { _, s in
      s.arbitrators = Panel(members: [try Sample.address("arbitrator 1")], threshold: 1)
    },
    Case("a bond", "escrow.bond") { _, s in s.bond = 1 },
    Case("a watcher", "escrow.buyerWatcher") { _, s in s.buyerWatcher = try Sample.address("watcher") },
  ]

  @Test(arguments: refused) func `a broken rule of deliveries is told by the field to change`(_ row: Case) throws {
    let error = try #require(throws: TermsError.self) { try Self.terms(row.name).changed(row.change) }
    #expect(error.faults.map(\.path).sorted() == row.paths.sorted())
  }

  @Test func `the seller may lock exactly what is needed`() throws {
    _ = try Self.terms().changed { economics, escrow in
      escrow.sellerCollateral = economics.quantity
      escrow.defaultToSeller = economics.quantity
    }
    let payment = try #require(try Self.terms("put").strikePayment)
    _ = try Self.terms("put").changed { _, escrow in
      (escrow.sellerCollateral, escrow.defaultToSeller) = (payment, payment)
    }
  }

  @Test func `what costs more than an amount can be is refused`() throws {
    let error = try #require(throws: TermsError.self) {
      try Self.terms().changed { economics, _ in
        (economics.tokenDecimals, economics.strikePrice) = (26, UInt256.one << 127)
      }
    }
    #expect(error.faults.map(\.path) == ["economics.strikePrice"])
  }
}
