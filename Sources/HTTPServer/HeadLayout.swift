/// Whether the library read a head as it stands in its buffer: by where the parts lie, without looking at a byte.
///
/// libmicrohttpd 0.9.75 parses in place, and does so wrongly in ways that its results do not show: it cuts method,
/// target and values at a NUL, joins a folded line to the *name* before it, and takes a bare line feed for a line end.
/// In each case the parts no longer lie exactly one separator apart, and the head is refused.
struct HeadLayout {
  private let start: UInt
  private var end: UInt
  private var isExact: Bool

  /// The request line: addresses of its parts, and the lengths that the library took them to have.
  init(method: UInt, methodLength: Int, target: UInt, targetLength: Int, version: UInt, versionLength: Int) {
    start = method
    isExact = target == method + UInt(methodLength) + 1 && version == target + UInt(targetLength) + 1
    end = version + UInt(versionLength)
  }

  /// The next field line; between name and value lies the colon and any space.
  mutating func addField(name: UInt, nameLength: Int, value: UInt, valueLength: Int) {
    isExact = isExact && name == end + 2 && value > name + UInt(nameLength)
    end = value + UInt(valueLength)
  }

  /// Whether the parts, two bytes after each line, and two at the end make up the whole head.
  func isWhole(byteCount: Int) -> Bool {
    isExact && start + UInt(byteCount) == end + 4
  }
}
