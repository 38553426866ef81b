/// Bounds on what one reply lists.
enum APILimits {
  static let listCountDefault = 100
  static let listCountMax = 1_000
}
