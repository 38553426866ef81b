/// Bounds on what one trade takes in.
public enum SettlementLimits {
  /// Observations kept for one agreement: each of fifteen observers may equivocate, and no flood fills the disk.
  public static let observationCountMax = 64
  /// Bytes of a clause's source, as the clause language bounds it too.
  public static let clauseByteCountMax = 64 * 1024
}
