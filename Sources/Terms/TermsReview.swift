public import Arithmetic

/// What valid terms mean in money and time: what a party wants to know before signing.
public struct TermsReview: Hashable, Sendable {
  /// The settlement price, in the terms' price decimals, from which on the seller's collateral caps the payout; nothing
  /// where no price reaches the cap, or where parameters make it another than a vanilla option, or it is settled by delivery.
  public let capBindsAt: UInt256?
  /// Whom the default outcome favours against an option that expires worthless; nothing when neither.
  public let defaultFavours: Party?
  /// From this second on anybody can release the whole escrow, whatever the parties did: there was a proposal in the last
  /// second, a dispute in the last second of its window, and silence after it; or, where there is a second round, a ruling
  /// and an appeal against it in their last seconds. Unix seconds.
  public let releasedBy: UInt64
  /// In the order of `Warning`'s cases.
  public let warnings: [Warning]

  /// What is allowed but seldom meant.
  public enum Warning: Hashable, Sendable, CustomStringConvertible {
    /// The bond is under one per cent of the escrow.
    case lowBond(bond: UInt256, escrowed: UInt256)
    /// No collateral of the buyer's: the buyer loses nothing by silence.
    case noBuyerCollateral
    /// No price reaches the cap, so part of the seller's collateral can never be paid.
    case capNeverBinds
    /// Nobody can rule on a dispute; it ends in the default outcome.
    case noArbitrators
    /// The prices may be more than a proposal can carry.
    case evidenceOffChain(quoteCount: UInt64)

    /// The warning as a person reads it.
    public var description: String {
      switch self {
      case .lowBond(let bond, let escrowed):
        "the bond of \(bond) is under 1 % of the escrow of \(escrowed): disputing wrongly costs little"
      case .noBuyerCollateral: "the buyer escrows no collateral"
      case .capNeverBinds: "no price reaches the cap: part of the seller's collateral can never be paid"
      case .noArbitrators: "no arbitrators: a disputed proposal ends in the default amounts"
      case .evidenceOffChain(let count):
        "\(count) prices may not fit into a proposal, which then names them by their digest alone: keep each one yourself"
      }
    }
  }

  /// Reviews valid terms.
  public init(of terms: OptionTerms) {
    let escrow = terms.escrow
    if escrow.settlesByDelivery {
      (capBindsAt, defaultFavours, releasedBy, warnings) = (nil, nil, escrow.expirationTime, [])
      return
    }
    let isVanilla = terms.economics.parameters.isEmpty
    capBindsAt = isVanilla ? Self.capPrice(of: terms) : nil
    defaultFavours =
      escrow.defaultToBuyer > escrow.buyerCollateral
      ? .buyer : escrow.defaultToBuyer < escrow.buyerCollateral ? .seller : nil
    let lastProposal = escrow.settleBy - 1
    let lastDispute = lastProposal + escrow.disputeWindow - 1
    let hasFallback = !escrow.fallbackArbitrators.isUnused
    let lastAppeal = lastDispute + escrow.rulingWindow - 1 + escrow.disputeWindow - 1
    let firstRoundEnds = lastDispute + escrow.rulingWindow
    releasedBy = hasFallback ? max(lastAppeal, firstRoundEnds) + escrow.rulingWindow : firstRoundEnds
    var warnings: [Warning] = []
    let hundredBonds = (try? escrow.bond.multiplied(by: 100)) ?? .max
    if hundredBonds < terms.escrowed { warnings.append(.lowBond(bond: escrow.bond, escrowed: terms.escrowed)) }
    if escrow.buyerCollateral == .zero { warnings.append(.noBuyerCollateral) }
    if isVanilla, capBindsAt == nil { warnings.append(.capNeverBinds) }
    if escrow.arbitrators.isUnused { warnings.append(.noArbitrators) }
    let quoteCount = terms.fixings.count * UInt64(escrow.observers.members.count)
    if quoteCount > TermsLimits.shownQuoteCountMax { warnings.append(.evidenceOffChain(quoteCount: quoteCount)) }
    self.warnings = warnings
  }

  /// The least distance from the strike at which floor(quantity x distance x scaleUp / scaleDown) reaches the seller's
  /// collateral is ceiling(collateral x scaleDown / (quantity x scaleUp)).
  private static func capPrice(of terms: OptionTerms) -> UInt256? {
    let economics = terms.economics
    let strike = economics.strikePrice
    do throws(ArithmeticError) {
      let perPrice = try economics.quantity.multiplied(by: terms.scale.up)
      let distance = try UInt256.product(
        terms.escrow.sellerCollateral, terms.scale.down, dividedBy: perPrice, rounding: .ceiling)
      switch economics.optionType {
      case .call: return try strike.adding(distance)
      case .put: return strike > distance ? try strike.subtracting(distance) : nil
      }
    } catch {
      return nil
    }
  }
}

extension OptionTerms {
  /// How a quantity times a price becomes an amount of the token: times `up`, then divided by `down`; one of them is one.
  public var scale: (up: UInt256, down: UInt256) {
    let exponent =
      Int(economics.tokenDecimals) - Int(economics.priceDecimals) - Int(economics.quantityDecimals)
    return (powerOfTen(max(exponent, 0)), powerOfTen(max(-exponent, 0)))
  }

  /// How a quantity becomes an amount of a token that is the underlying itself: times `up`, then divided by `down`.
  public var coinScale: (up: UInt256, down: UInt256) {
    let exponent = Int(economics.tokenDecimals) - Int(economics.quantityDecimals)
    return (powerOfTen(max(exponent, 0)), powerOfTen(max(-exponent, 0)))
  }

  /// What the quantity is worth at the largest price, in base units of the token; nothing where that fits no 256 bits.
  var largestPayoff: UInt256? {
    let (scaled, price) = (scale, UInt256.max >> (256 - TermsLimits.amountBitWidthMax))
    return try? UInt256.product(
      economics.quantity.multiplied(by: scaled.up), price, dividedBy: scaled.down, rounding: .ceiling)
  }

  /// At most 10^72 for valid decimals, which fits 256 bits.
  private func powerOfTen(_ exponent: Int) -> UInt256 {
    do throws(ArithmeticError) { return try UInt256.powerOfTen(exponent) } catch { return .max }
  }
}
