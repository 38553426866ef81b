import Arithmetic
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
    _ terms: OptionTerms, _ state: DeliveryRule.State, at now: UInt64, agreed: DeliveryOutcome? = nil
  ) throws -> [DeliveryRule.Route] {
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
      #expect(released.deliveryToBuyer == quantity)
      #expect(try released.deliveryToSeller == escrow.sellerCollateral.subtracting(quantity))
    } else {
      #expect(try released.toBuyer == escrow.buyerCollateral.adding(payment))
      #expect(try released.toSeller == escrow.sellerCollateral.subtracting(payment))
      #expect(released.deliveryToBuyer == .zero && released.deliveryToSeller == quantity)
    }
    let expiry = try DeliveryRule.routes(of: terms, in: .open, at: escrow.expirationTime)
    let back = try #require(expiry.first { $0.route == .expire }?.releases)
    #expect(back.toBuyer == escrow.buyerCollateral && back.deliveryToBuyer == .zero)
    #expect(back.toSeller == (option == "call" ? .zero : escrow.sellerCollateral))
    #expect(back.deliveryToSeller == (option == "call" ? escrow.sellerCollateral : .zero))
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
}
