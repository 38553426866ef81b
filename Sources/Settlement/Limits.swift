/// Bounds on what one trade takes in, so that nobody who may sign can fill the disk or shut the others out.
public enum SettlementLimits {
  /// Bits of a price: as of every amount, price and quantity in the terms.
  public static let priceBitWidthMax = 128
  /// Observations kept of one observer for one agreement. Two that differ in the price already make it count as absent;
  /// four of each of fifteen observers make a manifest of some 10 KiB, and the escrow takes 32.
  public static let observationsPerObserverMax = 4
  /// Observations kept of one observer for one of several fixings. Two show that it signed two prices, and twice the
  /// fixings times observers that terms may have make a manifest under 32 KiB.
  public static let observationsPerFixingMax = 2
  /// Outcomes, proposals and disputes kept of one signer for one agreement.
  public static let messagesPerSignerMax = 32
}
