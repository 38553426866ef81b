import Arithmetic
public import Ethereum
public import JSON

/// The JSON form of terms: the fields of the EIP-712 types under their own names. Every integer is a decimal string, so
/// no reader of JSON can lose a digit; addresses and digests are `0x` text.
extension OptionTerms {
  /// The value of a terms document's `format`.
  public static var documentFormat: String { "tallystick/terms/1" }

  /// Reads terms from JSON text.
  ///
  /// - Throws: `TermsError`: the text is no strict JSON, a field is missing, unknown or malformed, or a rule of
  ///   `init(domain:economics:escrow:)` does not hold.
  public init(document bytes: [UInt8]) throws(TermsError) {
    guard bytes.count <= TermsLimits.documentByteCountMax else {
      throw TermsError(faults: [
        DocumentFault(
          path: "", found: "\(bytes.count) bytes",
          fix: "a terms document has at most \(TermsLimits.documentByteCountMax)")
      ])
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw TermsError(faults: [DocumentFault(path: "", found: error.description, fix: "mend the JSON text")])
    }
    try self.init(document: value)
  }

  /// Reads terms from a JSON value.
  ///
  /// - Throws: `TermsError`, as above.
  public init(document: JSONValue) throws(TermsError) {
    var reader = ObjectReader(document, at: "")
    if let format = reader.string("format"), format != Self.documentFormat {
      reader.fault("format", found: format, fix: "use \(Self.documentFormat)")
    }
    let domain = reader.object("domain") { TypedDomain(reading: &$0) }
    let economics = reader.object("economics") { Economics(reading: &$0) }
    let escrow = reader.object("escrow") { Escrow(reading: &$0) }
    let faults = reader.finish()
    guard faults.isEmpty, let domain, let economics, let escrow else { throw TermsError(faults: faults) }
    try self.init(domain: domain, economics: economics, escrow: escrow)
  }

  /// The document that `init(document:)` reads back to the same terms.
  public var document: JSONValue {
    [
      "format": .string(Self.documentFormat),
      "domain": domain.document,
      "economics": economics.document,
      "escrow": escrow.document,
    ]
  }
}

extension TypedDomain {
  /// The name under which every Tallystick message is signed.
  public static var tallystickName: String { "Tallystick" }
  /// The version of the typed data; another version's signatures are worth nothing here.
  public static var tallystickVersion: String { "1" }

  /// The domain of one escrow contract on one chain.
  public init(chainID: ChainID, escrow: Address) {
    self.init(
      name: Self.tallystickName, version: Self.tallystickVersion, chainID: chainID, verifyingContract: escrow)
  }

  init?(reading reader: inout ObjectReader) {
    let chainID = reader.uint64("chainId")
    let contract = reader.address("verifyingContract")
    guard let chainID, let contract else { return nil }
    self.init(chainID: ChainID(rawValue: chainID), escrow: contract)
  }

  var document: JSONValue {
    [
      "chainId": .string(String(chainID.rawValue)),
      "verifyingContract": .string(verifyingContract.checksummed),
    ]
  }
}

extension Economics {
  init?(reading reader: inout ObjectReader) {
    let optionType = reader.choice("optionType", of: OptionType.self)
    let exerciseStyle = reader.choice("exerciseStyle", of: ExerciseStyle.self)
    let settlementType = reader.choice("settlementType", of: SettlementType.self)
    let underlying = reader.string("underlying")
    let priceCurrency = reader.string("priceCurrency")
    let strikePrice = reader.uint256("strikePrice")
    let priceDecimals = reader.uint8("priceDecimals")
    let quantity = reader.uint256("quantity")
    let quantityDecimals = reader.uint8("quantityDecimals")
    let tokenDecimals = reader.uint8("tokenDecimals")
    let priceSource = reader.string("priceSource")
    let parameters = reader.string("parameters")
    guard let optionType, let exerciseStyle, let settlementType, let underlying, let priceCurrency, let strikePrice,
      let priceDecimals, let quantity, let quantityDecimals, let tokenDecimals, let priceSource, let parameters
    else { return nil }
    self.init(
      optionType: optionType, exerciseStyle: exerciseStyle, settlementType: settlementType, underlying: underlying,
      priceCurrency: priceCurrency, strikePrice: strikePrice, priceDecimals: priceDecimals, quantity: quantity,
      quantityDecimals: quantityDecimals, tokenDecimals: tokenDecimals, priceSource: priceSource,
      parameters: parameters)
  }

  var document: JSONValue { typed.flatDocument }
}

extension Escrow {
  init?(reading reader: inout ObjectReader) {
    let buyer = reader.address("buyer")
    let seller = reader.address("seller")
    let token = reader.address("token")
    let deliveryToken = reader.address("deliveryToken")
    let premium = reader.uint256("premium")
    let buyerCollateral = reader.uint256("buyerCollateral")
    let sellerCollateral = reader.uint256("sellerCollateral")
    let clause = reader.digest("clause")
    let payoffKind = reader.uint8("payoffKind")
    let feed = reader.digest("feed")
    let acceptBy = reader.uint64("acceptBy")
    let exerciseStart = reader.uint64("exerciseStart")
    let expirationTime = reader.uint64("expirationTime")
    let evidenceCloses = reader.uint64("evidenceCloses")
    let settleFrom = reader.uint64("settleFrom")
    let settleBy = reader.uint64("settleBy")
    let disputeWindow = reader.uint64("disputeWindow")
    let rulingWindow = reader.uint64("rulingWindow")
    let bond = reader.uint256("bond")
    let arbitrationFee = reader.uint256("arbitrationFee")
    let defaultToBuyer = reader.uint256("defaultToBuyer")
    let defaultToSeller = reader.uint256("defaultToSeller")
    let observers = reader.panel("observers", threshold: "observerThreshold")
    let maxDisagreementPpm = reader.uint64("maxDisagreementPpm")
    let arbitrators = reader.panel("arbitrators", threshold: "arbitratorThreshold")
    let fallbackArbitrators = reader.panel("fallbackArbitrators", threshold: "fallbackThreshold")
    let buyerWatcher = reader.address("buyerWatcher")
    let sellerWatcher = reader.address("sellerWatcher")
    let buyerEpoch = reader.uint64("buyerEpoch")
    let sellerEpoch = reader.uint64("sellerEpoch")
    let salt = reader.uint256("salt")
    guard let buyer, let seller, let token, let deliveryToken, let premium, let buyerCollateral, let sellerCollateral,
      let clause, let payoffKind, let feed, let acceptBy, let exerciseStart, let expirationTime, let evidenceCloses,
      let settleFrom, let settleBy, let disputeWindow, let rulingWindow, let bond, let arbitrationFee,
      let defaultToBuyer, let defaultToSeller, let observers, let maxDisagreementPpm, let arbitrators,
      let fallbackArbitrators, let buyerWatcher, let sellerWatcher, let buyerEpoch, let sellerEpoch, let salt
    else { return nil }
    self.init(
      buyer: buyer, seller: seller, token: token, deliveryToken: deliveryToken, premium: premium,
      buyerCollateral: buyerCollateral, sellerCollateral: sellerCollateral, clause: clause, payoffKind: payoffKind,
      feed: feed, acceptBy: acceptBy, exerciseStart: exerciseStart, expirationTime: expirationTime,
      evidenceCloses: evidenceCloses, settleFrom: settleFrom, settleBy: settleBy, disputeWindow: disputeWindow,
      rulingWindow: rulingWindow, bond: bond, arbitrationFee: arbitrationFee, defaultToBuyer: defaultToBuyer,
      defaultToSeller: defaultToSeller, observers: observers, maxDisagreementPpm: maxDisagreementPpm,
      arbitrators: arbitrators, fallbackArbitrators: fallbackArbitrators, buyerWatcher: buyerWatcher,
      sellerWatcher: sellerWatcher, buyerEpoch: buyerEpoch, sellerEpoch: sellerEpoch, salt: salt)
  }

  var document: JSONValue { typed.flatDocument }
}
