/// Why bytes are not a document this reader takes, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong. Texts in it are excerpts of at most 32 characters.
  public enum Kind: Hashable, Sendable {
    /// Something else stands where `expected` must.
    case unexpected(found: String, expected: String)
    /// A second value, or anything else, follows the document.
    case trailingData(found: String)
    /// The document begins with a byte order mark (RFC 8259 section 8.1).
    case byteOrderMark
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A control character below U+0020 stands unescaped in a string.
    case controlCharacter(UInt8)
    /// A backslash that begins no escape of RFC 8259 section 7.
    case invalidEscape(found: String)
    /// Half of a surrogate pair, which is no character.
    case loneSurrogate
    /// A number against the grammar of RFC 8259 section 6, such as `01` or `1.`.
    case malformedNumber(String)
    /// A number that other readers would round: an integer beyond ±(2^53 − 1), or a fraction that no double holds.
    case inexactNumber(String)
    /// A name given twice in one object; names that Unicode holds equal count as the same.
    case duplicateName(String)
    /// More levels than the limit.
    case tooDeep(limit: Int)
    /// More members in one object than the limit.
    case tooManyMembers(limit: Int)
    /// More bytes than the limit.
    case tooLarge(limit: Int, found: Int)
    /// The bytes differ from the document's canonical form (RFC 8785).
    case notCanonical
  }

  /// What is wrong.
  public let kind: Kind
  /// The line, counted from 1; a line ends with a line feed.
  public let line: Int
  /// The column in UTF-8 bytes, counted from 1.
  public let column: Int

  /// Where, what was found, and what to do.
  public var description: String { "line \(line), column \(column): \(kind.text)" }

  init(_ failure: Failure, in text: Span<UInt8>) {
    kind = failure.kind
    var line = 1
    var lineStart = 0
    for index in 0..<min(failure.offset, text.count) where text[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    self.line = line
    column = failure.offset - lineStart + 1
  }
}

/// A fault at a byte offset; lines are counted only once somebody asks.
struct Failure: Error {
  let kind: JSONError.Kind
  let offset: Int
}

extension JSONError.Kind {
  fileprivate var text: String {
    switch self {
    case .unexpected(let found, let expected): "found \(found); write \(expected) here"
    case .trailingData(let found): "found \(found) after the end of the document; send one document only"
    case .byteOrderMark: "found a byte order mark; save the document as UTF-8 without one"
    case .invalidUTF8: "found bytes that are not UTF-8; save the document as UTF-8"
    case .controlCharacter(let byte):
      "found the control character \(hexByte(byte)) in a string; write it as \\u00\(hexByte(byte).dropFirst(2))"
    case .invalidEscape(let found): "found the escape \(found); use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
    case .loneSurrogate: "found half of a surrogate pair; write both halves, or the character itself"
    case .malformedNumber(let found):
      "found the number \(found); write it without leading zeros or plus sign, with digits on both sides of a point"
    case .inexactNumber(let found):
      "found the number \(found), which other readers would round; write it as a string in quotes"
    case .duplicateName(let name): "found the name \"\(name)\" a second time in one object; keep one of the two"
    case .tooDeep(let limit): "found more than \(limit) levels of arrays and objects; nest less"
    case .tooManyMembers(let limit): "found more than \(limit) members in one object; split it"
    case .tooLarge(let limit, let found): "found \(found) bytes, the limit is \(limit); send a smaller document"
    case .notCanonical:
      "the bytes differ from the canonical form (RFC 8785) from here on; write the document canonically"
    }
  }
}

/// `0x1f` and the like.
func hexByte(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return byte < 16 ? "0x0" + digits : "0x" + digits
}

/// At most `limit` characters of a text, control characters and quotes made visible.
func excerpt(_ text: some StringProtocol, limit: Int = 32) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    result += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return text.unicodeScalars.dropFirst(limit).isEmpty ? result : result + "…"
}
