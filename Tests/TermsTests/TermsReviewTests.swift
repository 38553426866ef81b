import Arithmetic
import Ethereum
import Terms
import Testing
import TradeSamples

/// What a party reads before signing.
struct TermsReviewTests {
  @Test func `a call is capped from strike plus collateral by quantity on`() throws {
    // 10,000 tokens over 10 units: 1,000 above 2,500.
    #expect(try TermsReview(of: Sample.terms()).capBindsAt == 350_000_000_000)
  }

  @Test func `a put is capped from strike less collateral by quantity down`() throws {
    #expect(try TermsReview(of: Sample.terms("put")).capBindsAt == 150_000_000_000)
  }

  @Test(arguments: [
    // Collateral, quantity, its decimals, and the price from which floor(quantity x distance / scale) reaches it.
    ("1", "1", UInt8(0), "250000000100"), ("3", "2", 0, "250000000150"), ("10", "3", 0, "250000000334"),
    ("7", "1000000000000000000", 18, "250000000700"),
  ])
  func `the cap is rounded to the first price that reaches it`(
    _ collateral: String, _ quantity: String, _ decimals: UInt8, _ expected: String
  ) throws {
    // Six decimals of the token, eight of the price: a hundred price units to a base unit.
    let terms = try Sample.terms().changed { economics, escrow in
      economics.quantity = try UInt256(decimal: quantity)
      economics.quantityDecimals = decimals
      escrow.sellerCollateral = try UInt256(decimal: collateral)
      escrow.defaultToBuyer = escrow.buyerCollateral
      escrow.defaultToSeller = escrow.sellerCollateral
    }
    #expect(try TermsReview(of: terms).capBindsAt == UInt256(decimal: expected))
  }

  @Test func `a put that is not covered down to a price of one is never capped`() throws {
    // 10 units at 2,500 are 25,000 tokens; 10 base units of the price are one of the token.
    for (collateral, cap) in [("25000000000", nil), ("24999999999", UInt256(10)), ("25000000001", nil)] {
      let terms = try Sample.terms("put").changed { _, escrow in
        escrow.sellerCollateral = try UInt256(decimal: collateral)
        escrow.defaultToBuyer = escrow.buyerCollateral
        escrow.defaultToSeller = escrow.sellerCollateral
      }
      #expect(TermsReview(of: terms).capBindsAt == cap, "\(collateral)")
      #expect(TermsReview(of: terms).warnings.contains(.capNeverBinds) == (cap == nil))
    }
  }

  @Test func `the default favours whoever gets more than its own collateral`() throws {
    let table: [(UInt256, Party?)] = [(50_000_001, .buyer), (50_000_000, nil), (49_999_999, .seller)]
    for (toBuyer, party) in table {
      let terms = try Sample.terms().changed { _, escrow in
        escrow.defaultToSeller = try escrow.buyerCollateral.adding(escrow.sellerCollateral).subtracting(toBuyer)
        escrow.defaultToBuyer = toBuyer
      }
      #expect(TermsReview(of: terms).defaultFavours == party)
    }
  }

  @Test func `the bond is low under one per cent of the escrow`() throws {
    // The escrow is 10,050 tokens.
    for (bond, isLow) in [(UInt256(100_499_999), true), (100_500_000, false)] {
      let terms = try Sample.terms().changed { _, escrow in
        escrow.bond = bond
        escrow.arbitrationFee = .zero
      }
      let warnings = TermsReview(of: terms).warnings
      #expect(warnings.contains(.lowBond(bond: bond, escrowed: 10_050_000_000)) == isLow)
    }
  }

  @Test func `what is missing on purpose is said`() throws {
    #expect(try TermsReview(of: Sample.terms()).warnings == [])
    #expect(try TermsReview(of: Sample.terms("no-buyer-collateral")).warnings == [.noBuyerCollateral])
    #expect(try TermsReview(of: Sample.terms("one-observer-alone")).warnings == [.noArbitrators])
    let none = try TermsReview(of: Sample.terms("no-premium-no-bond")).warnings
    #expect(none == [.lowBond(bond: .zero, escrowed: 10_050_000_000)])
    #expect(none.map(\.description).allSatisfy { !$0.isEmpty })
  }

  @Test(arguments: [
    (UInt8(6), UInt8(8), UInt8(18), "1", "100000000000000000000"), (18, 8, 0, "10000000000", "1"), (6, 6, 0, "1", "1"),
  ])
  func `quantity times price becomes base units by one power of ten`(
    _ token: UInt8, _ price: UInt8, _ quantity: UInt8, _ up: String, _ down: String
  ) throws {
    let terms = try Sample.terms().changed { economics, escrow in
      economics.tokenDecimals = token
      economics.priceDecimals = price
      economics.quantityDecimals = quantity
      economics.quantity = 1
      economics.priceSource = "base=ETH quote=USD source=x method=ClosingPrice decimals=\(price)"
      escrow.feed = PriceSource(economics.priceSource)?.feed ?? .zero
    }
    #expect(terms.scale.up.description == up)
    #expect(terms.scale.down.description == down)
  }
}
