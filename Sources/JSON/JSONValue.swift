/// A JSON document (RFC 8259), or a part of one.
///
/// Strings are equal when their bytes are, objects whatever the order of their members, numbers when their texts are.
public enum JSONValue: Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number, as written.
  case number(JSONNumber)
  /// A string, unescaped.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)

  /// Reads one document, strictly: RFC 8259 without leniency, and beyond it no name twice, no number that other readers
  /// would round, no lone surrogates, no byte order mark.
  ///
  /// - Throws: where and why the bytes are refused.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    do throws(Failure) {
      self = try Parser.document(bytes, limits).value(0)
    } catch {
      throw JSONError(error, in: bytes.span)
    }
  }

  /// Reads one document from text; see `init(parsing:limits:)` on bytes.
  ///
  /// - Throws: where and why the text is refused.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }

  /// Reads one document and refuses every spelling of it but the canonical one (RFC 8785).
  ///
  /// - Throws: as `init(parsing:limits:)`, and `.notCanonical` at the first byte that differs.
  public init(parsingCanonical bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: bytes, limits: limits)
    let canonical = canonicalBytes()
    guard canonical != bytes else { return }
    let offset = zip(canonical, bytes).enumerated().first { $1.0 != $1.1 }?.offset ?? min(canonical.count, bytes.count)
    throw JSONError(Failure(kind: .notCanonical, offset: offset), in: bytes.span)
  }
}

extension JSONValue {
  /// The string, if this is one.
  public var asString: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The whole number, if this is one written without fraction and exponent.
  public var asInteger: Int64? {
    if case .number(let value) = self { value.integer } else { nil }
  }

  /// The truth value, if this is one.
  public var asBool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  public var asArray: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, if this is one.
  public var asObject: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value under a name, if this is an object that has it.
  public subscript(name: String) -> JSONValue? { asObject?[name] }
}

extension JSONValue: Hashable {
  /// Whether both are the same document.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): isSameText(one, other)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  /// Feeds the kind and the value.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object. Giving a name twice is a programmer's error and traps.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
