/// Bounds on what one reply lists.
enum APILimits {
  /// Ids in a list where the request does not say.
  static let listCountDefault = 100
  /// Ids in a list at most.
  static let listCountMax = 1_000
}
