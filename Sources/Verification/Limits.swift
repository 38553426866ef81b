public import JSON

/// Bounds on a proof file.
public enum VerificationLimits {
  /// Bytes: a receipt of a few kilobytes, two trie branches, terms and a journal take some tens of kilobytes; a clause
  /// at its limit, written twice, another few hundred.
  public static let proofByteCountMax = 4 * 1024 * 1024
  /// The strict reader's bounds for such a file.
  public static let proofJSON = JSONLimits(byteCount: proofByteCountMax, depth: 32, memberCount: 1024)
}
