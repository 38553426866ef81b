public import Arithmetic
public import Ethereum

/// What two parties agree on: one option, and the escrow that makes it hold. Valid once made; the fields and their order
/// are those of the EIP-712 type `OptionTerms`.
public struct OptionTerms: Hashable, Sendable {
  /// The chain and the escrow contract for which a signature of these terms counts; it counts nowhere else.
  public let domain: TypedDomain
  public let economics: Economics
  public let escrow: Escrow

  /// Checks every rule that one field or several together must satisfy.
  ///
  /// - Throws: `TermsError` with every fault found, each with its field path.
  public init(domain: TypedDomain, economics: Economics, escrow: Escrow) throws(TermsError) {
    self.domain = domain
    self.economics = economics
    self.escrow = escrow
    let faults = Validation.faults(in: self)
    guard faults.isEmpty else { throw TermsError(faults: faults) }
  }

  /// The escrowed whole: both collaterals, in base units of the token.
  public var escrowed: UInt256 { saturatingSum(escrow.buyerCollateral, escrow.sellerCollateral) }
}

/// CDM `OptionTypeEnum`.
public enum OptionType: String, Hashable, Sendable, CaseIterable {
  case call = "Call"
  case put = "Put"
}

/// CDM `OptionExerciseStyleEnum`.
public enum ExerciseStyle: String, Hashable, Sendable, CaseIterable {
  case european = "European"
}

/// CDM `SettlementTypeEnum`.
public enum SettlementType: String, Hashable, Sendable, CaseIterable {
  case cash = "Cash"
}

/// What decides the amount; the chain sees only its struct hash.
public struct Economics: Hashable, Sendable {
  public var optionType: OptionType
  public var exerciseStyle: ExerciseStyle
  public var settlementType: SettlementType
  /// The asset whose price decides, as the price source names it.
  public var underlying: String
  /// The currency in which the price is quoted.
  public var priceCurrency: String
  /// Price of one unit of the underlying, times ten to the power of `priceDecimals`.
  public var strikePrice: UInt256
  public var priceDecimals: UInt8
  /// Units of the underlying, times ten to the power of `quantityDecimals`.
  public var quantity: UInt256
  public var quantityDecimals: UInt8
  /// Decimals of the token that is paid; compared with the token's own before anything is opened.
  public var tokenDecimals: UInt8
  /// Where the settlement price comes from, in the form `PriceSource` reads.
  public var priceSource: String
  /// What only some clauses need; empty for vanilla options.
  public var parameters: String

  public init(
    optionType: OptionType, exerciseStyle: ExerciseStyle, settlementType: SettlementType, underlying: String,
    priceCurrency: String, strikePrice: UInt256, priceDecimals: UInt8, quantity: UInt256, quantityDecimals: UInt8,
    tokenDecimals: UInt8, priceSource: String, parameters: String
  ) {
    self.optionType = optionType
    self.exerciseStyle = exerciseStyle
    self.settlementType = settlementType
    self.underlying = underlying
    self.priceCurrency = priceCurrency
    self.strikePrice = strikePrice
    self.priceDecimals = priceDecimals
    self.quantity = quantity
    self.quantityDecimals = quantityDecimals
    self.tokenDecimals = tokenDecimals
    self.priceSource = priceSource
    self.parameters = parameters
  }
}

/// What the contract enforces. Amounts are base units of `token`; times are Unix seconds, intervals half-open; windows
/// are seconds.
public struct Escrow: Hashable, Sendable {
  public var buyer: Address
  public var seller: Address
  public var token: Address
  /// The zero address for cash settlement.
  public var deliveryToken: Address
  /// Goes straight from buyer to seller at opening.
  public var premium: UInt256
  public var buyerCollateral: UInt256
  public var sellerCollateral: UInt256
  /// Keccak-256 of the payoff clause's bytecode.
  public var clause: Digest
  /// Zero: the contract does not compute the payoff itself.
  public var payoffKind: UInt8
  /// Keccak-256 of `priceSource`.
  public var feed: Digest
  /// The escrow opens while time is below this.
  public var acceptBy: UInt64
  public var exerciseStart: UInt64
  /// The fixing is the observation made at exactly this second.
  public var expirationTime: UInt64
  /// Observations published from this second on never count.
  public var evidenceCloses: UInt64
  /// Proposals are accepted from this second on.
  public var settleFrom: UInt64
  /// Where nobody proposed before this second, anyone triggers the default.
  public var settleBy: UInt64
  public var disputeWindow: UInt64
  public var rulingWindow: UInt64
  public var bond: UInt256
  public var arbitrationFee: UInt256
  public var defaultToBuyer: UInt256
  public var defaultToSeller: UInt256
  public var observers: Panel
  /// Largest spread of a quorum's prices, in parts per million of the lowest.
  public var maxDisagreementPpm: UInt64
  public var arbitrators: Panel
  public var fallbackArbitrators: Panel
  /// May dispute for the buyer; the zero address when there is none.
  public var buyerWatcher: Address
  /// May dispute for the seller; the zero address when there is none.
  public var sellerWatcher: Address
  public var buyerEpoch: UInt64
  public var sellerEpoch: UInt64
  public var salt: UInt256

  public init(
    buyer: Address, seller: Address, token: Address, deliveryToken: Address, premium: UInt256,
    buyerCollateral: UInt256, sellerCollateral: UInt256, clause: Digest, payoffKind: UInt8, feed: Digest,
    acceptBy: UInt64, exerciseStart: UInt64, expirationTime: UInt64, evidenceCloses: UInt64, settleFrom: UInt64,
    settleBy: UInt64, disputeWindow: UInt64, rulingWindow: UInt64, bond: UInt256, arbitrationFee: UInt256,
    defaultToBuyer: UInt256, defaultToSeller: UInt256, observers: Panel, maxDisagreementPpm: UInt64,
    arbitrators: Panel, fallbackArbitrators: Panel, buyerWatcher: Address, sellerWatcher: Address, buyerEpoch: UInt64,
    sellerEpoch: UInt64, salt: UInt256
  ) {
    self.buyer = buyer
    self.seller = seller
    self.token = token
    self.deliveryToken = deliveryToken
    self.premium = premium
    self.buyerCollateral = buyerCollateral
    self.sellerCollateral = sellerCollateral
    self.clause = clause
    self.payoffKind = payoffKind
    self.feed = feed
    self.acceptBy = acceptBy
    self.exerciseStart = exerciseStart
    self.expirationTime = expirationTime
    self.evidenceCloses = evidenceCloses
    self.settleFrom = settleFrom
    self.settleBy = settleBy
    self.disputeWindow = disputeWindow
    self.rulingWindow = rulingWindow
    self.bond = bond
    self.arbitrationFee = arbitrationFee
    self.defaultToBuyer = defaultToBuyer
    self.defaultToSeller = defaultToSeller
    self.observers = observers
    self.maxDisagreementPpm = maxDisagreementPpm
    self.arbitrators = arbitrators
    self.fallbackArbitrators = fallbackArbitrators
    self.buyerWatcher = buyerWatcher
    self.sellerWatcher = sellerWatcher
    self.buyerEpoch = buyerEpoch
    self.sellerEpoch = sellerEpoch
    self.salt = salt
  }
}

/// Some addresses of which a threshold must agree.
public struct Panel: Hashable, Sendable {
  public var members: [Address]
  public var threshold: UInt8

  public init(members: [Address], threshold: UInt8) {
    self.members = members
    self.threshold = threshold
  }

  /// The one form of a panel that is not used: the zero address, threshold zero. An empty array would be hashed wrongly
  /// by some hardware wallets.
  public static var unused: Panel { Panel(members: [.zero], threshold: 0) }

  public var isUnused: Bool { self == .unused }
}

/// The two sides of an option, by their CDM names.
public enum Party: String, Hashable, Sendable, CaseIterable {
  case buyer, seller

  public var other: Party { self == .buyer ? .seller : .buyer }
}

extension Escrow {
  public func address(of party: Party) -> Address { party == .buyer ? buyer : seller }

  public func watcher(of party: Party) -> Address { party == .buyer ? buyerWatcher : sellerWatcher }

  /// The side whose address this is.
  public func party(at address: Address) -> Party? {
    address == buyer ? .buyer : address == seller ? .seller : nil
  }
}

/// The sum, or the largest value where it would not fit: only unchecked terms can be that large, and their faults are
/// reported by field.
func saturatingSum(_ a: UInt256, _ b: UInt256) -> UInt256 {
  do throws(ArithmeticError) { return try a.adding(b) } catch { return .max }
}
