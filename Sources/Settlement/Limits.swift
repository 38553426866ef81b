/// Bounds on what one trade takes in, so that nobody who may sign can fill the disk or shut the others out.
public enum SettlementLimits {
  /// Bits of a price: as of every amount, price and quantity in the terms.
  public static let priceBitWidthMax = 128
  /// Bytes of a manifest: what the escrow takes.
  public static let manifestByteCountMax = 32 * 1024
  /// Observations kept of one observer for one agreement. Two that differ in the price already make it count as absent;
  /// four of each of fifteen observers make a manifest of some 10 KiB.
  public static let observationsPerObserverMax = 4
  /// Observations kept of one observer for one of several fixings: two show that it signed two prices.
  public static let observationsPerFixingMax = 2
  /// Amendments and novations kept of one signer for one version of an agreement: each comes with terms and a clause, and
  /// all of them must leave a proof room.
  public static let changesPerSignerMax = 8
  /// Messages other than observations kept of one signer for one version of an agreement.
  public static let messagesPerSignerMax = 32
}
