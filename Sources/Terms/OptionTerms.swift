public import Arithmetic
public import Ethereum

/// What two parties agree on: one option, and the escrow that makes it hold. Valid once made; the fields and their order
/// are those of the EIP-712 type `OptionTerms`.
public struct OptionTerms: Hashable, Sendable {
  /// The chain and the escrow contract for which a signature of these terms counts; it counts nowhere else.
  public let domain: TypedDomain
  /// What decides the amount.
  public let economics: Economics
  /// What the contract enforces.
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

  /// The escrowed whole in base units of the token: both collaterals, or the buyer's alone where the seller locks what it
  /// delivers.
  public var escrowed: UInt256 {
    escrow.kind == .physicalCall
      ? escrow.buyerCollateral : saturatingSum(escrow.buyerCollateral, escrow.sellerCollateral)
  }

  /// The escrowed whole in base units of the delivery token.
  public var escrowedDelivery: UInt256 { escrow.kind == .physicalCall ? escrow.sellerCollateral : .zero }
}

/// CDM `OptionTypeEnum`.
public enum OptionType: String, Hashable, Sendable, CaseIterable {
  case call = "Call"
  case put = "Put"
}

/// CDM `OptionExerciseStyleEnum`.
public enum ExerciseStyle: String, Hashable, Sendable, CaseIterable {
  /// Automatically, at the expiration time.
  case european = "European"
  /// On any second from `exerciseStart` until the expiration time, by a notice that reached the chain.
  case american = "American"
  /// As American, at the instants that the clause admits.
  case bermudan = "Bermudan"
}

/// CDM `SettlementTypeEnum`.
public enum SettlementType: String, Hashable, Sendable, CaseIterable {
  case cash = "Cash"
  /// The underlying, a token, changes hands against the strike.
  case physical = "Physical"
}

/// What decides the amount; the chain sees only its struct hash.
public struct Economics: Hashable, Sendable {
  /// Call or put.
  public var optionType: OptionType
  /// When it may be exercised.
  public var exerciseStyle: ExerciseStyle
  /// Cash or physical.
  public var settlementType: SettlementType
  /// The asset whose price decides, as the price source names it.
  public var underlying: String
  /// The currency in which the price is quoted.
  public var priceCurrency: String
  /// Price of one unit of the underlying, times ten to the power of `priceDecimals`.
  public var strikePrice: UInt256
  /// Digits of a price after the decimal point, 0 to 36.
  public var priceDecimals: UInt8
  /// Units of the underlying, times ten to the power of `quantityDecimals`.
  public var quantity: UInt256
  /// Digits of the quantity after the decimal point, 0 to 36.
  public var quantityDecimals: UInt8
  /// Decimals of the token that is paid; compared with the token's own before anything is opened.
  public var tokenDecimals: UInt8
  /// Where the settlement price comes from, in the form `PriceSource` reads.
  public var priceSource: String
  /// What only some clauses need, in the form `ClauseParameters` reads; empty for vanilla options.
  public var parameters: String

  /// Economics from all of its fields; checked as part of `OptionTerms`.
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
  /// Pays the premium, and is paid by the clause.
  public var buyer: Address
  /// Takes the premium, and puts up what the clause may pay.
  public var seller: Address
  /// The ERC-20 contract whose base units all amounts are.
  public var token: Address
  /// What a physical call or put delivers; the zero address for cash settlement.
  public var deliveryToken: Address
  /// Goes straight from buyer to seller at opening.
  public var premium: UInt256
  /// What the buyer escrows; returned by a vanilla clause.
  public var buyerCollateral: UInt256
  /// What the seller escrows: the most that the clause can pay the buyer. Of a physical call in base units of
  /// `deliveryToken`.
  public var sellerCollateral: UInt256
  /// Keccak-256 of the payoff clause's bytecode.
  public var clause: Digest
  /// Zero: the contract does not compute the payoff itself.
  public var payoffKind: UInt8
  /// Keccak-256 of `priceSource`.
  public var feed: Digest
  /// The escrow opens while time is below this.
  public var acceptBy: UInt64
  /// From when a notice of exercise counts; the expiration time for a European option.
  public var exerciseStart: UInt64
  /// The last second of the option's life; where the parameters say no other, the fixing is the observation made at it.
  public var expirationTime: UInt64
  /// Observations published from this second on never count.
  public var evidenceCloses: UInt64
  /// Proposals are accepted from this second on.
  public var settleFrom: UInt64
  /// Where nobody proposed before this second, anyone triggers the default.
  public var settleBy: UInt64
  /// How long a proposal can be disputed.
  public var disputeWindow: UInt64
  /// How long a dispute waits before it ends in the default amounts.
  public var rulingWindow: UInt64
  /// What a proposer and a disputer each stake; returned at closing.
  public var bond: UInt256
  /// What a ruling costs, at most the bond; arbitration is a later version's.
  public var arbitrationFee: UInt256
  /// What the buyer gets where nobody settles in time.
  public var defaultToBuyer: UInt256
  /// What the seller gets then; both defaults sum to both collaterals.
  public var defaultToSeller: UInt256
  /// Who may sign the fixing.
  public var observers: Panel
  /// Largest spread of a quorum's prices, in parts per million of the lowest.
  public var maxDisagreementPpm: UInt64
  /// Who rule on a dispute.
  public var arbitrators: Panel
  /// Who rule where the arbitrators stay silent.
  public var fallbackArbitrators: Panel
  /// May dispute for the buyer; the zero address when there is none.
  public var buyerWatcher: Address
  /// May dispute for the seller; the zero address when there is none.
  public var sellerWatcher: Address
  /// The buyer's epoch at the escrow when it opens; a raised one voids the signature.
  public var buyerEpoch: UInt64
  /// The seller's epoch, likewise.
  public var sellerEpoch: UInt64
  /// Any number; it tells equal agreements apart.
  public var salt: UInt256

  /// An escrow from all of its fields; checked as part of `OptionTerms`.
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
  /// One to fifteen distinct addresses.
  public var members: [Address]
  /// How many of them must agree: more than half.
  public var threshold: UInt8

  /// A panel; checked as part of `OptionTerms`.
  public init(members: [Address], threshold: UInt8) {
    self.members = members
    self.threshold = threshold
  }

  /// The one form of a panel that is not used: the zero address, threshold zero. An empty array would be hashed wrongly
  /// by some hardware wallets.
  public static var unused: Panel { Panel(members: [.zero], threshold: 0) }

  /// Whether this is the one form of no panel.
  public var isUnused: Bool { self == .unused }
}

/// The two sides of an option, by their CDM names.
public enum Party: String, Hashable, Sendable, CaseIterable {
  case buyer, seller

  /// The counterparty.
  public var other: Party { self == .buyer ? .seller : .buyer }
}

extension Escrow {
  /// The address of a side.
  public func address(of party: Party) -> Address { party == .buyer ? buyer : seller }

  /// The address that may dispute for a side; zero where there is none.
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
