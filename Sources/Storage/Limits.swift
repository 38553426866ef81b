/// Bounds of the stores.
enum StorageLimits {
  /// How long to wait for somebody outside who holds the database; our own store never competes with itself.
  static let busyMilliseconds: Int32 = 2_000
}
