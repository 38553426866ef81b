/// One thing wrong with what a document says, for the person who wrote it.
public struct DocumentFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which field: `escrow.premium`, `observers[1]`; empty for the document itself.
  public let path: String
  /// What stands there, in words; texts of the document only as short excerpts.
  public let found: String
  /// What to do about it.
  public let fix: String

  /// A fault at a path.
  public init(path: String, found: String, fix: String) {
    self.path = path
    self.found = found
    self.fix = fix
  }

  /// Where, what was found, and what to do.
  public var description: String { "\(path.isEmpty ? "the document" : path): found \(found); \(fix)" }
}

extension JSONValue {
  /// What this is, in words for a fault; a text or number only as an excerpt of at most 32 characters.
  public var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let number): "the number \(excerpt(number.literal))"
    case .string(let text): "the string \"\(excerpt(text))\""
    case .array(let elements): elements.count == 1 ? "an array of 1 element" : "an array of \(elements.count) elements"
    case .object: "an object"
    }
  }
}
