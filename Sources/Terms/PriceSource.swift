public import Ethereum

/// Where a settlement price comes from, readable and exact: `base=ETH quote=USD source=NAME method=ClosingPrice decimals=8`.
///
/// The five entries stand in this order, one space between, no other; the text's Keccak-256 is the `feed` that observers
/// sign. `method` is a value of CDM `DeterminationMethodEnum`.
public struct PriceSource: Hashable, Sendable {
  /// The asset that is priced, such as `ETH`.
  public let base: String
  /// The currency of the price, such as `USD`.
  public let quote: String
  /// Who publishes the price.
  public let source: String
  /// How the price is determined: a value of CDM `DeterminationMethodEnum`.
  public let method: String
  /// Digits of the price after the decimal point, 0 to 36.
  public let decimals: UInt8
  /// The text that was read.
  public let text: String

  static let methods = [
    "AgreedInitialPrice", "AsSpecifiedInMasterConfirmation", "CalculationAgent", "ClosingPrice", "DividendCurrency",
    "ExpiringContractLevel", "HedgeExecution", "IssuerPaymentCurrency", "NAV", "OpenPrice", "OSPPrice",
    "SettlementCurrency", "StrikeDateDetermination", "TWAPPrice", "ValuationTime", "VWAPPrice",
  ]

  /// Nothing where the text has another form.
  public init?(_ text: String) {
    guard text.utf8.count <= TermsLimits.priceSourceByteCountMax else { return nil }
    let entries = text.split(separator: " ", omittingEmptySubsequences: false)
    let names = ["base", "quote", "source", "method", "decimals"]
    guard entries.count == names.count else { return nil }
    var values: [String] = []
    for (name, entry) in zip(names, entries) {
      guard entry.hasPrefix(name + "=") else { return nil }
      let value = String(entry.dropFirst(name.count + 1))
      guard isName(value), !value.contains("=") else { return nil }
      values.append(value)
    }
    guard Self.methods.contains(values[3]), let decimals = UInt8(values[4]), String(decimals) == values[4],
      decimals <= TermsLimits.decimalsMax
    else { return nil }
    base = values[0]
    quote = values[1]
    source = values[2]
    method = values[3]
    self.decimals = decimals
    self.text = text
  }

  /// What observers sign: Keccak-256 of the text.
  public var feed: Digest { Keccak256.hash(Array(text.utf8)) }
}

/// Printable ASCII without a space, at least one character.
func isName(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
}
