import Arithmetic
import Ethereum
import JSON
import Settlement
import Terms
import Testing

/// What the rule of deliveries opens and releases, of the deliveries in the specification's vectors.
struct DeliveryRuleTests {
  static func terms(_ option: String) throws -> OptionTerms {
    try OptionTerms(document: Specification.vectors().at("deliveries", .member(option), "terms"))
  }

  static func open(
    _ terms: OptionTerms, _ state: VaultState, at now: UInt64, agreed: DeliveryOutcome? = nil
  ) throws -> [Route] {
    try DeliveryRule.routes(of: terms, in: state, agreed: agreed, at: now).filter(\.isOpen).map(\.route)
  }

  @Test(arguments: ["call", "put"]) func `each route opens and closes at its second`(_ option: String) throws {
    let terms = try Self.terms(option)
    let escrow = terms.escrow
    #expect(try Self.open(terms, .unopened, at: escrow.acceptBy - 1) == [.open])
    #expect(try Self.open(terms, .unopened, at: escrow.acceptBy) == [])
    #expect(try Self.open(terms, .open, at: escrow.exerciseStart - 1) == [])
    #expect(try Self.open(terms, .open, at: escrow.exerciseStart) == [.exercise])
    #expect(try Self.open(terms, .open, at: escrow.expirationTime - 1) == [.exercise])
    #expect(try Self.open(terms, .open, at: escrow.expirationTime) == [.expire])
    #expect(try Self.open(terms, .closed, at: escrow.expirationTime) == [])
  }

  @Test(arguments: ["call", "put"]) func `an exercise releases what is locked and what the buyer brings`(
    _ option: String
  ) throws {
    let terms = try Self.terms(option)
    let escrow = terms.escrow
    let payment = try #require(terms.strikePayment)
    let quantity = terms.economics.quantity
    let routes = try DeliveryRule.routes(of: terms, in: .open, at: escrow.exerciseStart)
    let released = try #require(routes.first { $0.route == .exercise }?.releases)
    if option == "call" {
      #expect(released.toBuyer == escrow.buyerCollateral && released.toSeller == payment)
      #expect(released.delivered?.toBuyer == quantity)
      #expect(try released.delivered?.toSeller == escrow.sellerCollateral.subtracting(quantity))
    } else {
      #expect(try released.toBuyer == escrow.buyerCollateral.adding(payment))
      #expect(try released.toSeller == escrow.sellerCollateral.subtracting(payment))
      #expect(released.delivered?.toBuyer == .zero && released.delivered?.toSeller == quantity)
    }
    let expiry = try DeliveryRule.routes(of: terms, in: .open, at: escrow.expirationTime)
    let back = try #require(expiry.first { $0.route == .expire }?.releases)
    #expect(back.toBuyer == escrow.buyerCollateral && back.delivered?.toBuyer == .zero)
    #expect(back.toSeller == (option == "call" ? .zero : escrow.sellerCollateral))
    #expect(back.delivered?.toSeller == (option == "call" ? escrow.sellerCollateral : .zero))
  }

  @Test func `an outcome that both signed closes the vault while it is valid`() throws {
    let terms = try Self.terms("call")
    let now = terms.escrow.acceptBy
    var agreed = DeliveryOutcome(
      agreementID: Vault(first: terms).id, version: 1, toBuyer: 1, toSeller: 2, deliveryToBuyer: 3,
      deliveryToSeller: 4, validUntil: now + 1)
    #expect(try Self.open(terms, .open, at: now, agreed: agreed).contains(.agreed))
    #expect(try !Self.open(terms, .open, at: now + 1, agreed: agreed).contains(.agreed))
    agreed.deliveryToBuyer = try terms.escrowedDelivery.adding(1)
    #expect(try !Self.open(terms, .open, at: now, agreed: agreed).contains(.agreed))
  }

  @Test(
    arguments: [(0, 0, 0), (18, 8, 6), (6, 8, 18), (36, 0, 0), (0, 36, 36), (0, 8, 36), (36, 8, 36)]
      as [(quantity: UInt8, price: UInt8, token: UInt8)])
  func `the strike's payment is the rule's, whatever the decimals`(
    decimals: (quantity: UInt8, price: UInt8, token: UInt8)
  ) throws {
    let terms = try Self.terms("call")
    var compared = 0
    for (quantity, strike): (UInt256, UInt256) in [(1, 1), (3, 7), (999_999_999_999, 250_000_000_001)] {
      var (economics, escrow) = (terms.economics, terms.escrow)
      (economics.quantity, economics.strikePrice) = (quantity, strike)
      (economics.quantityDecimals, economics.priceDecimals) = (decimals.quantity, decimals.price)
      economics.tokenDecimals = decimals.token
      economics.priceSource = economics.priceSource.replacing("decimals=8", with: "decimals=\(decimals.price)")
      escrow.feed = Keccak256.hash(Array(economics.priceSource.utf8))
      // What is too dear or too large is refused when the terms are made.
      guard let changed = try? OptionTerms(domain: terms.domain, economics: economics, escrow: escrow) else { continue }
      let routes = try DeliveryRule.routes(of: changed, in: .open, at: escrow.exerciseStart)
      let released = try #require(routes.first { $0.route == .exercise }?.releases)
      #expect(released.toSeller == changed.strikePayment && released.toSeller > .zero)
      #expect(released.delivered?.toBuyer == quantity)
      compared += 1
    }
    #expect(compared > 0)
  }
}
