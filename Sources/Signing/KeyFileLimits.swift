/// What a key file may ask of the machine before its password is even tried. Wallets in use stay far below.
enum KeyFileLimits {
  /// Bytes of scrypt's table, 128 r n: twice the 256 MiB of geth's standard (n = 2^18, r = 8).
  static let scryptMemoryMax = 1 << 29
  /// n r p, which is what scrypt's time grows with: eight times geth's standard, some seven seconds.
  static let scryptWorkMax = 1 << 24
  /// PBKDF2's rounds: some thirty-eight times the usual 262,144, a few seconds.
  static let pbkdf2RoundsMax = 10_000_000
  /// Bytes of derived key a file may name; only the first 32 are used, by both derivations the same whatever the rest.
  static let derivedKeyBytes = 32...1024
  /// Bytes of salt; 32 are usual.
  static let saltBytesMax = 1024
}
