/// What a document may cost its reader, decided before it is read.
public struct JSONLimits: Hashable, Sendable {
  /// The longest document, in bytes.
  public var byteCount: Int
  /// How many arrays and objects may stand inside each other; at most 512, which any thread's stack holds.
  public var depth: Int
  /// How many members one object may have.
  public var memberCount: Int
  /// Whether integers beyond ±(2^53 − 1) are kept as text, in digits or as `1e20`; RFC 8259 section 6 warns that other readers round them.
  public var keepsWideIntegers: Bool

  /// Limits of one's own; a depth outside 1...512 is brought into it.
  public init(byteCount: Int, depth: Int, memberCount: Int, keepsWideIntegers: Bool = false) {
    self.byteCount = byteCount
    self.depth = min(max(depth, 1), 512)
    self.memberCount = memberCount
    self.keepsWideIntegers = keepsWideIntegers
  }

  /// For what strangers send: 1 MiB, 32 levels, 1,024 members.
  public static let standard = JSONLimits(byteCount: 1 << 20, depth: 32, memberCount: 1024)
}
