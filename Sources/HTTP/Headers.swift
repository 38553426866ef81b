/// Header fields in the order in which they came; names compare without regard to case.
///
/// - Source: RFC 9110 section 5.
public struct Headers: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// One field line.
  public struct Field: Hashable, Sendable {
    /// The name as it was written.
    public let name: String
    /// The value without surrounding space.
    public let value: String
  }

  /// All field lines.
  public private(set) var fields: [Field] = []

  /// No fields.
  public init() {}

  /// The fields of a literal, in its order.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }

  /// The first value under a name, or nil.
  public subscript(name: String) -> String? {
    fields.first { Self.same($0.name, name) }?.value
  }

  /// Every value under a name.
  public func values(of name: String) -> [String] {
    fields.filter { Self.same($0.name, name) }.map(\.value)
  }

  /// Adds a field line after the others.
  public mutating func append(_ name: String, _ value: String) {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let end = value.lastIndex { !isSpace($0) }.map(value.index(after:)) ?? value.startIndex
    fields.append(Field(name: name, value: String(value[..<end].drop(while: isSpace))))
  }

  /// Replaces every field of a name by one line.
  public mutating func set(_ name: String, _ value: String) {
    fields.removeAll { Self.same($0.name, name) }
    append(name, value)
  }

  /// ASCII only, as field names are.
  private static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lowercase($0) == lowercase($1) }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
