public import Arithmetic
import Ethereum
import JSON

/// What terms of an option must satisfy besides where it is settled by delivery.
extension Validation {
  mutating func checkDelivery() {
    checkDeliveredOption()
    checkDeliveryToken()
    checkDelivered()
    checkUnusedParts()
  }

  private mutating func checkDeliveredOption() {
    let kind = escrow.payoffKind
    if let expected = PayoffKind(rawValue: kind) {
      require(
        economics.optionType == expected.optionType, "escrow.payoffKind",
        found: "\(kind) for a \(economics.optionType.rawValue)", fix: "use 3 for a call, 4 for a put")
      require(
        escrow.clause.hex == expected.clause, "escrow.clause", found: escrow.clause.hex,
        fix: "use the clause that says what payoffKind \(kind) delivers, \(expected.clause)")
    }
    require(
      economics.settlementType == .physical, "economics.settlementType", found: economics.settlementType.rawValue,
      fix: "use Physical: payoffKind \(kind) is settled by delivery")
    require(
      economics.exerciseStyle == .american, "economics.exerciseStyle", found: economics.exerciseStyle.rawValue,
      fix: "use American: what is delivered is exercised by a notice between exerciseStart and expirationTime")
    require(
      economics.parameters.isEmpty, "economics.parameters", found: "\(economics.parameters.utf8.count) bytes",
      fix: "leave them empty: nothing but strike and quantity decides a delivery")
  }

  private mutating func checkDeliveryToken() {
    let token = escrow.deliveryToken
    require(token != .zero, "escrow.deliveryToken", found: "the zero address", fix: "give the token that is delivered")
    require(
      token != escrow.token, "escrow.deliveryToken", found: "the token that pays",
      fix: "deliver another token than the one that pays for it")
    require(
      token == .zero || escrow.party(at: token) == nil, "escrow.deliveryToken", found: "a party's address",
      fix: "give the address of the ERC-20 contract")
  }

  private mutating func checkDelivered() {
    let (quantity, locked) = (economics.quantity, escrow.sellerCollateral)
    let payment = terms.strikePayment
    if let payment, payment.bitWidth <= TermsLimits.amountBitWidthMax {
      let needed = escrow.kind == .physicalCall ? quantity : payment
      require(
        needed <= locked, "escrow.sellerCollateral", found: "\(locked)",
        fix: "lock at least \(needed), which exercising takes of the seller")
    } else {
      require(
        false, "economics.strikePrice", found: "\(economics.strikePrice), at which the quantity costs too much",
        fix: "let quantity times strike price be at most 2^\(TermsLimits.amountBitWidthMax) - 1 base units of the token"
      )
    }
    require(
      escrow.defaultToBuyer == escrow.buyerCollateral, "escrow.defaultToBuyer", found: "\(escrow.defaultToBuyer)",
      fix: "use buyerCollateral, \(escrow.buyerCollateral): what is not exercised goes back")
    require(
      escrow.defaultToSeller == locked, "escrow.defaultToSeller", found: "\(escrow.defaultToSeller)",
      fix: "use sellerCollateral, \(locked): what is not exercised goes back")
  }

  /// A delivery needs no price, so nothing is proposed and nobody is asked.
  private mutating func checkUnusedParts() {
    for (name, panel) in [
      ("observers", escrow.observers), ("arbitrators", escrow.arbitrators),
      ("fallbackArbitrators", escrow.fallbackArbitrators),
    ] {
      require(
        panel.isUnused, "escrow.\(name)", found: "\(panel.members.count) members",
        fix: "use the unused panel, the zero address with threshold 0: a delivery asks nobody")
    }
    require(escrow.bond == .zero, "escrow.bond", found: "\(escrow.bond)", fix: "use 0: nothing is proposed or disputed")
    for (name, watcher) in [("buyerWatcher", escrow.buyerWatcher), ("sellerWatcher", escrow.sellerWatcher)] {
      require(
        watcher == .zero, "escrow.\(name)", found: "\(watcher)",
        fix: "use the zero address: there is nothing to dispute")
    }
  }
}

extension OptionTerms {
  /// What the whole quantity costs at the strike, in base units of the token, rounded up; nil where that fits no 256 bits.
  public var strikePayment: UInt256? {
    let scaled = scale
    return try? UInt256.product(
      economics.quantity.multiplied(by: scaled.up), economics.strikePrice, dividedBy: scaled.down, rounding: .ceiling)
  }

  /// What exercising takes of the buyer: of a call the strike's payment, of a put what it delivers; nil for an option that
  /// is settled in cash.
  public var exercising: Funding? {
    switch escrow.kind {
    case .physicalCall: strikePayment.map { Funding(token: escrow.token, amount: $0) }
    case .physicalPut: Funding(token: escrow.deliveryToken, amount: economics.quantity)
    default: nil
    }
  }
}
