/// Every bound on agreed terms, with its reason. The escrow contract holds the same ones, so terms that pass here open there.
public enum TermsLimits {
  /// Bytes of a terms document. The largest valid one (three full panels, longest strings) is under 8 KiB.
  public static let documentByteCountMax = 64 * 1024
  /// Bytes of `optionType`, `exerciseStyle`, `settlementType`, `underlying` and `priceCurrency`.
  public static let nameByteCountMax = 32
  /// Bytes of `priceSource`.
  public static let priceSourceByteCountMax = 256
  /// Bytes of `parameters`.
  public static let parametersByteCountMax = 1024
  /// Fixings times observers: a year of daily fixings by three. Twice as many observations, so that who signed two
  /// prices can be shown, leave a proof within its bound on bytes.
  public static let quoteCountMax: UInt64 = 1_095
  /// Fixings times observers whose prices surely fit into the call data of a proposal, 132 bytes each.
  public static let shownQuoteCountMax: UInt64 = 248
  /// Addresses in one panel: a quorum of fifteen signatures still fits a block many times over.
  public static let panelCountMax = 15
  /// Amounts, prices and quantities are below two to this power, so that no sum or scaled price of them can overflow.
  public static let amountBitWidthMax = 128
  /// Bits of the quantity times the largest price, in base units of the token: a clause computes with signed 256-bit
  /// numbers, and so has an outcome at every price.
  public static let payoffBitWidthMax = 255
  /// Decimals of a price, a quantity or a token; ten to the 36th times a 128-bit amount still fits 256 bits.
  public static let decimalsMax: UInt8 = 36
  /// Seconds of one window: a year.
  public static let windowSecondsMax: UInt64 = 31_536_000
  /// The last second of the year 9999; later times are mistakes (milliseconds, usually).
  public static let unixSecondsMax: UInt64 = 253_402_300_799
  /// Parts in a million.
  public static let disagreementPpmMax: UInt64 = 999_999
}
