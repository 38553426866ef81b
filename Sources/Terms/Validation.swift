import Arithmetic
import Ethereum
import JSON

/// The rules that terms must satisfy before anybody signs them. One function a group of fields; each adds its faults.
struct Validation {
  let terms: OptionTerms
  private var faults: [DocumentFault] = []

  static func faults(in terms: OptionTerms) -> [DocumentFault] {
    var validation = Validation(terms: terms)
    validation.checkDomain()
    validation.checkEconomics()
    validation.checkPriceSource()
    validation.checkAddresses()
    validation.checkAmounts()
    validation.checkSchedule()
    validation.checkPanels()
    return validation.faults
  }

  private init(terms: OptionTerms) { self.terms = terms }

  var economics: Economics { terms.economics }
  var escrow: Escrow { terms.escrow }

  mutating func require(_ holds: Bool, _ path: String, found: String, fix: String) {
    if !holds { faults.append(DocumentFault(path: path, found: found, fix: fix)) }
  }

  private mutating func checkDomain() {
    require(
      terms.domain.name == TypedDomain.tallystickName, "domain.name", found: "\"\(terms.domain.name)\"",
      fix: "use \(TypedDomain.tallystickName)")
    require(
      terms.domain.version == TypedDomain.tallystickVersion, "domain.version", found: "\"\(terms.domain.version)\"",
      fix: "use \(TypedDomain.tallystickVersion)")
    require(
      terms.domain.chainID.rawValue > 0, "domain.chainId", found: "0",
      fix: "give the id of the chain that holds the escrow contract")
    require(
      terms.domain.verifyingContract != .zero, "domain.verifyingContract", found: "the zero address",
      fix: "give the escrow contract's address")
  }

  private mutating func checkEconomics() {
    for (name, text) in [("underlying", economics.underlying), ("priceCurrency", economics.priceCurrency)] {
      require(
        isName(text) && text.utf8.count <= TermsLimits.nameByteCountMax, "economics.\(name)",
        found: "\(text.utf8.count) bytes",
        fix: "use 1 to \(TermsLimits.nameByteCountMax) printable ASCII characters without spaces")
    }
    let decimals = [
      ("priceDecimals", economics.priceDecimals), ("quantityDecimals", economics.quantityDecimals),
      ("tokenDecimals", economics.tokenDecimals),
    ]
    for (name, value) in decimals {
      require(
        value <= TermsLimits.decimalsMax, "economics.\(name)", found: "\(value)",
        fix: "use at most \(TermsLimits.decimalsMax)")
    }
    for (name, value) in [("strikePrice", economics.strikePrice), ("quantity", economics.quantity)] {
      require(
        value > .zero && value.bitWidth <= TermsLimits.amountBitWidthMax, "economics.\(name)", found: "\(value)",
        fix: "use 1 up to 2^\(TermsLimits.amountBitWidthMax) - 1")
    }
    if decimals.allSatisfy({ $0.1 <= TermsLimits.decimalsMax }),
      economics.quantity.bitWidth <= TermsLimits.amountBitWidthMax
    {
      require(
        terms.largestPayoff.map { $0.bitWidth <= TermsLimits.payoffBitWidthMax } ?? false, "economics.quantity",
        found: "\(economics.quantity), whose price in base units of the token may not fit 256 bits",
        fix: "use a smaller quantity, or fewer tokenDecimals")
    }
    checkParameters()
  }

  /// The form; what the lines mean is the clause's to say, but for the schedule of fixings.
  private mutating func checkParameters() {
    let path = "economics.parameters"
    let parameters: ClauseParameters
    do throws(ClauseParameters.Fault) {
      parameters = try ClauseParameters(economics.parameters)
    } catch {
      return require(false, path, found: error.found, fix: error.fix)
    }
    guard FixingSchedule.parameterNames.contains(where: { parameters[$0] != nil }) else { return }
    guard let fixings = FixingSchedule(parameters) else {
      return require(
        false, path, found: "an incomplete schedule of fixings",
        fix: "give fixingCount in count, fixingInterval in duration and fixingStart in time, none of them zero")
    }
    require(
      fixings.end <= escrow.expirationTime && fixings.start > 0, path,
      found: "fixings from \(fixings.start) to "
        + "\(fixings.end)", fix: "let the last be at or before expirationTime, \(escrow.expirationTime)")
    let quotes = fixings.count.multipliedReportingOverflow(by: UInt64(escrow.observers.members.count))
    require(
      !quotes.overflow && quotes.partialValue <= TermsLimits.quoteCountMax, path,
      found: "\(fixings.count) fixings by \(escrow.observers.members.count) observers",
      fix: "let fixings times observers be at most \(TermsLimits.quoteCountMax)")
  }

  private mutating func checkPriceSource() {
    guard let source = PriceSource(economics.priceSource) else {
      require(
        false, "economics.priceSource", found: "another form",
        fix: "write base=… quote=… source=… method=… decimals=…, with a CDM DeterminationMethodEnum as method")
      return
    }
    require(
      source.base == economics.underlying, "economics.priceSource", found: "base=\(source.base)",
      fix: "name the underlying, \(economics.underlying)")
    require(
      source.quote == economics.priceCurrency, "economics.priceSource", found: "quote=\(source.quote)",
      fix: "name the price currency, \(economics.priceCurrency)")
    require(
      source.decimals == economics.priceDecimals, "economics.priceDecimals", found: "\(economics.priceDecimals)",
      fix: "use the price source's \(source.decimals) decimals, and write the strike price in them")
    require(
      source.feed == escrow.feed, "escrow.feed", found: escrow.feed.hex,
      fix: "use the Keccak-256 of priceSource, \(source.feed.hex)")
  }

  private mutating func checkAddresses() {
    for (name, address) in [("buyer", escrow.buyer), ("seller", escrow.seller), ("token", escrow.token)] {
      require(address != .zero, "escrow.\(name)", found: "the zero address", fix: "give its address")
    }
    require(
      escrow.buyer != escrow.seller, "escrow.seller", found: "the buyer's address",
      fix: "use an address of the seller's own")
    require(
      escrow.token != escrow.buyer && escrow.token != escrow.seller, "escrow.token", found: "a party's address",
      fix: "give the address of the ERC-20 contract")
    for (name, watcher) in [("buyerWatcher", escrow.buyerWatcher), ("sellerWatcher", escrow.sellerWatcher)] {
      require(
        escrow.party(at: watcher) == nil || watcher == .zero, "escrow.\(name)", found: "a party's address",
        fix: "use an address of its own, or the zero address for no watcher: a party disputes by itself")
    }
    if escrow.settlesByDelivery { checkDelivery() } else { checkCash() }
    require(escrow.clause != .zero, "escrow.clause", found: "zero", fix: "give the digest that `clause compile` prints")
  }

  private mutating func checkCash() {
    require(
      economics.settlementType == .cash, "economics.settlementType", found: economics.settlementType.rawValue,
      fix: "use Cash, or payoffKind 3 for a call and 4 for a put")
    require(
      escrow.deliveryToken == .zero, "escrow.deliveryToken", found: "\(escrow.deliveryToken)",
      fix: "use the zero address: the option is settled in cash")
    checkPayoffKind()
  }

  /// The escrow computes two payoffs itself, each by one clause of the library and for one form of option.
  private mutating func checkPayoffKind() {
    guard escrow.payoffKind != 0 else { return }
    guard let kind = PayoffKind(rawValue: escrow.payoffKind) else {
      return require(
        false, "escrow.payoffKind", found: "\(escrow.payoffKind)",
        fix: "use 0 for none that the escrow computes itself, 1 for a European call, 2 for a European put, "
          + "3 and 4 for a call and a put that are settled by delivery")
    }
    require(
      economics.optionType == kind.optionType && economics.exerciseStyle == .european
        && economics.settlementType == .cash, "escrow.payoffKind", found: "\(escrow.payoffKind)",
      fix: "use 0: the escrow computes the payoff of European options settled in cash, 1 of calls, 2 of puts")
    require(
      escrow.clause.hex == kind.clause, "escrow.clause", found: escrow.clause.hex,
      fix: "use the clause that the escrow computes for payoffKind \(escrow.payoffKind), \(kind.clause)")
  }

  private mutating func checkAmounts() {
    let amounts = [
      ("premium", escrow.premium), ("buyerCollateral", escrow.buyerCollateral),
      ("sellerCollateral", escrow.sellerCollateral), ("bond", escrow.bond), ("arbitrationFee", escrow.arbitrationFee),
      ("defaultToBuyer", escrow.defaultToBuyer), ("defaultToSeller", escrow.defaultToSeller),
    ]
    for (name, value) in amounts {
      require(
        value.bitWidth <= TermsLimits.amountBitWidthMax, "escrow.\(name)", found: "\(value)",
        fix: "use at most 2^\(TermsLimits.amountBitWidthMax) - 1 base units")
    }
    require(
      escrow.sellerCollateral > .zero, "escrow.sellerCollateral", found: "0",
      fix: "escrow the most that the buyer can be paid")
    require(
      escrow.settlesByDelivery
        || saturatingSum(escrow.defaultToBuyer, escrow.defaultToSeller) == terms.escrowed, "escrow.defaultToSeller",
      found: "defaults of \(escrow.defaultToBuyer) and \(escrow.defaultToSeller)",
      fix: "let both defaults sum to both collaterals, \(terms.escrowed)")
    require(
      escrow.arbitrationFee <= escrow.bond, "escrow.arbitrationFee", found: "\(escrow.arbitrationFee)",
      fix: "use at most the bond, which pays it")
  }

  private mutating func checkSchedule() {
    let times = [
      ("acceptBy", escrow.acceptBy), ("exerciseStart", escrow.exerciseStart),
      ("expirationTime", escrow.expirationTime), ("evidenceCloses", escrow.evidenceCloses),
      ("settleFrom", escrow.settleFrom), ("settleBy", escrow.settleBy),
    ]
    for (name, value) in times {
      require(
        (1...TermsLimits.unixSecondsMax).contains(value), "escrow.\(name)", found: "\(value)",
        fix: "use Unix seconds, not milliseconds")
    }
    require(
      escrow.acceptBy <= escrow.expirationTime, "escrow.acceptBy", found: "\(escrow.acceptBy)",
      fix: "end acceptance at or before expirationTime, \(escrow.expirationTime)")
    switch economics.exerciseStyle {
    case .european:
      require(
        escrow.exerciseStart == escrow.expirationTime, "escrow.exerciseStart", found: "\(escrow.exerciseStart)",
        fix: "use expirationTime: a European option is exercised automatically at expiration")
    case .american, .bermudan:
      require(
        escrow.exerciseStart < escrow.expirationTime, "escrow.exerciseStart", found: "\(escrow.exerciseStart)",
        fix: "leave time to exercise before expirationTime, \(escrow.expirationTime)")
    }
    require(
      escrow.expirationTime < escrow.evidenceCloses, "escrow.evidenceCloses", found: "\(escrow.evidenceCloses)",
      fix: "leave observers time after expirationTime, \(escrow.expirationTime)")
    require(
      escrow.evidenceCloses <= escrow.settleFrom, "escrow.settleFrom", found: "\(escrow.settleFrom)",
      fix: "accept proposals once evidence has closed, at or after \(escrow.evidenceCloses)")
    require(
      escrow.settleFrom < escrow.settleBy, "escrow.settleBy", found: "\(escrow.settleBy)",
      fix: "leave time for a proposal after settleFrom, \(escrow.settleFrom)")
    for (name, value) in [("disputeWindow", escrow.disputeWindow), ("rulingWindow", escrow.rulingWindow)] {
      require(
        (1...TermsLimits.windowSecondsMax).contains(value), "escrow.\(name)", found: "\(value)",
        fix: "use 1 to \(TermsLimits.windowSecondsMax) seconds")
    }
    require(
      escrow.maxDisagreementPpm <= TermsLimits.disagreementPpmMax, "escrow.maxDisagreementPpm",
      found: "\(escrow.maxDisagreementPpm)", fix: "use at most \(TermsLimits.disagreementPpmMax)")
  }

  private mutating func checkPanels() {
    require(
      !escrow.observers.isUnused || escrow.settlesByDelivery, "escrow.observers", found: "an unused panel",
      fix: "name the observers whose signed prices settle the option")
    var taken: [Address: String] = [:]
    taken[escrow.sellerWatcher] = "the seller's watcher"
    taken[escrow.buyerWatcher] = "the buyer's watcher"
    taken[escrow.seller] = "the seller"
    taken[escrow.buyer] = "the buyer"
    taken[.zero] = nil
    checkPanel(escrow.observers, "observers", threshold: "observerThreshold", taken: &taken)
    checkPanel(escrow.arbitrators, "arbitrators", threshold: "arbitratorThreshold", taken: &taken)
    checkPanel(escrow.fallbackArbitrators, "fallbackArbitrators", threshold: "fallbackThreshold", taken: &taken)
  }

  private mutating func checkPanel(
    _ panel: Panel, _ name: String, threshold: String, taken: inout [Address: String]
  ) {
    if panel.isUnused { return }
    let count = panel.members.count
    require(
      (1...TermsLimits.panelCountMax).contains(count), "escrow.\(name)", found: "\(count) addresses",
      fix: "name 1 to \(TermsLimits.panelCountMax); for no panel, the zero address alone with threshold 0")
    require(
      2 * Int(panel.threshold) > count && Int(panel.threshold) <= count, "escrow.\(threshold)",
      found: "\(panel.threshold) of \(count)", fix: "use more than half of the panel, and at most all of it")
    for (index, member) in panel.members.enumerated() {
      let path = "escrow.\(name)[\(index)]"
      require(member != .zero, path, found: "the zero address", fix: "give a member's address")
      let role = taken[member]
      require(role == nil, path, found: "the address of \(role ?? "")", fix: "let every role be another address")
      if member != .zero { taken[member] = "another member of \(name)" }
    }
  }
}
