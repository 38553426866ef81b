/// Reads one document in one pass over its bytes. Recursion is bounded by the limit on depth.
struct Parser {
  let limits: JSONLimits
  private var at = 0
  /// Whether the string read last is ASCII without escapes.
  private var lastStringIsPlain = false

  init(limits: JSONLimits) {
    self.limits = limits
  }

  mutating func document(_ text: Span<UInt8>) throws(Failure) -> JSONValue {
    guard text.count <= limits.byteCount else {
      throw Failure(kind: .tooLarge(limit: limits.byteCount, found: text.count), offset: 0)
    }
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
      throw Failure(kind: .byteOrderMark, offset: 0)
    }
    skipSpace(text)
    let value = try value(text, depth: 0)
    skipSpace(text)
    guard at == text.count else {
      throw Failure(kind: .trailingData(found: found(text)), offset: at)
    }
    return value
  }

  private mutating func value(_ text: Span<UInt8>, depth: Int) throws(Failure) -> JSONValue {
    guard at < text.count else { throw unexpected(text, "a value") }
    switch text[at] {
    case UInt8(ascii: "{"): return .object(try object(text, depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(text, depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string(text))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number(text))
    case UInt8(ascii: "t"): return try word("true", as: .bool(true), text)
    case UInt8(ascii: "f"): return try word("false", as: .bool(false), text)
    case UInt8(ascii: "n"): return try word("null", as: .null, text)
    default: throw unexpected(text, "a value")
    }
  }

  private mutating func object(_ text: Span<UInt8>, depth: Int) throws(Failure) -> JSONObject {
    guard depth <= limits.depth else { throw Failure(kind: .tooDeep(limit: limits.depth), offset: at) }
    at += 1
    skipSpace(text)
    var members: [JSONObject.Member] = []
    if take(UInt8(ascii: "}"), text) { return JSONObject(members: members) }
    members.reserveCapacity(4)
    var seen = NameSet()
    while true {
      let nameStart = at
      guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw unexpected(text, "a name in quotes") }
      let name = try string(text)
      guard seen.insert(name, marked: mark(text, nameStart..<at), after: members) else {
        throw Failure(kind: .duplicateName(excerpt(name)), offset: nameStart)
      }
      guard members.count < limits.memberCount else {
        throw Failure(kind: .tooManyMembers(limit: limits.memberCount), offset: nameStart)
      }
      skipSpace(text)
      guard take(UInt8(ascii: ":"), text) else { throw unexpected(text, "':'") }
      skipSpace(text)
      members.append(JSONObject.Member(name, try value(text, depth: depth)))
      skipSpace(text)
      if take(UInt8(ascii: ","), text) {
        skipSpace(text)
      } else if take(UInt8(ascii: "}"), text) {
        return JSONObject(members: members)
      } else {
        throw unexpected(text, "',' or '}'")
      }
    }
  }

  /// A bit for the name that was just read, by its length and its ends; all bits for one that is not plain, since its
  /// bytes here are not those it may be equal to.
  private func mark(_ text: Span<UInt8>, _ quoted: Range<Int>) -> UInt64 {
    guard lastStringIsPlain else { return .max }
    let first = UInt64(text[quoted.lowerBound + 1])
    let last = UInt64(text[quoted.upperBound - 2])
    return 1 << ((first &* 7 &+ last &* 3 &+ UInt64(quoted.count)) & 63)
  }

  private mutating func array(_ text: Span<UInt8>, depth: Int) throws(Failure) -> [JSONValue] {
    guard depth <= limits.depth else { throw Failure(kind: .tooDeep(limit: limits.depth), offset: at) }
    at += 1
    skipSpace(text)
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]"), text) { return elements }
    while true {
      elements.append(try value(text, depth: depth))
      skipSpace(text)
      if take(UInt8(ascii: ","), text) {
        skipSpace(text)
      } else if take(UInt8(ascii: "]"), text) {
        return elements
      } else {
        throw unexpected(text, "',' or ']'")
      }
    }
  }

  private mutating func word(
    _ word: StaticString, as value: JSONValue, _ text: Span<UInt8>
  ) throws(Failure) -> JSONValue {
    let spelling = Array("\(word)".utf8)
    guard text.count - at >= spelling.count, spelling.indices.allSatisfy({ text[at + $0] == spelling[$0] }) else {
      throw unexpected(text, "a value")
    }
    at += spelling.count
    return value
  }

  private mutating func number(_ text: Span<UInt8>) throws(Failure) -> JSONNumber {
    let start = at
    _ = take(UInt8(ascii: "-"), text)
    let digitsStart = at
    skipDigits(text)
    let digitCount = at - digitsStart
    var isWellFormed = digitCount == 1 || digitCount > 1 && text[digitsStart] != UInt8(ascii: "0")
    var isInteger = true
    if take(UInt8(ascii: "."), text) {
      isInteger = false
      let fractionStart = at
      skipDigits(text)
      isWellFormed = isWellFormed && at > fractionStart
    }
    if take(UInt8(ascii: "e"), text) || take(UInt8(ascii: "E"), text) {
      isInteger = false
      _ = take(UInt8(ascii: "+"), text) || take(UInt8(ascii: "-"), text)
      let exponentStart = at
      skipDigits(text)
      isWellFormed = isWellFormed && at > exponentStart
    }
    guard isWellFormed else {
      throw Failure(kind: .malformedNumber(excerpt(plain(text, start..<at))), offset: start)
    }
    let literal = plain(text, start..<at)
    let isExact =
      isInteger
      ? digitCount <= 15 || limits.keepsWideIntegers || Int64(literal).map { $0.magnitude < 1 << 53 } ?? false
      : JSONNumber.isExact(literal)
    guard isExact else { throw Failure(kind: .inexactNumber(excerpt(literal)), offset: start) }
    return JSONNumber(literal: literal)
  }

  private mutating func string(_ text: Span<UInt8>) throws(Failure) -> String {
    at += 1
    let start = at
    var hasEscapes = false
    var isASCII = true
    while true {
      skipPlain(text)
      guard at < text.count else { throw unexpected(text, "the closing '\"' of the string") }
      let byte = text[at]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        at = min(at + 2, text.count)
      } else if byte < 0x20 {
        throw Failure(kind: .controlCharacter(byte), offset: at)
      } else {
        isASCII = false
        at += 1
      }
    }
    let range = start..<at
    at += 1
    lastStringIsPlain = isASCII && !hasEscapes
    if hasEscapes { return try unescaped(text, range) }
    // Each byte has just been seen to be ASCII, which needs no second look.
    return isASCII
      ? String(copying: unsafe UTF8Span(unchecked: text.extracting(range), isKnownASCII: true)) : try valid(text, range)
  }

  /// Skips ASCII that needs no look, eight bytes at a time and then one by one: neither quote, backslash nor control.
  private mutating func skipPlain(_ text: Span<UInt8>) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    while at &+ 8 <= text.count {
      // The span checks that the eight bytes are inside it; any eight bytes make a UInt64.
      let word = UInt64(littleEndian: unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      // A byte's top bit is set where the byte is no ASCII, below 0x20, a quote or a backslash; what is set above the
      // first of them may be carried over, and is not looked at.
      let found = (word | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)) & tops
      if found != 0 {
        at += found.trailingZeroBitCount / 8
        return
      }
      at += 8
    }
    while at < text.count, text[at] >= 0x20, text[at] < 0x80, text[at] != UInt8(ascii: "\""),
      text[at] != UInt8(ascii: "\\")
    {
      at += 1
    }
  }

  /// The characters of a range, which must be UTF-8.
  private func valid(_ text: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> String {
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: text.extracting(range)))
    } catch {
      throw Failure(kind: .invalidUTF8, offset: range.lowerBound + error.byteOffsets.lowerBound)
    }
  }

  private func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> String {
    _ = try valid(text, range)
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      guard text[index] == UInt8(ascii: "\\") else {
        result.append(text[index])
        index += 1
        continue
      }
      let escapeStart = index
      index += 2
      switch text[escapeStart + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(text[escapeStart + 1])
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        guard var unit = codeUnit(text, index, before: range.upperBound) else {
          throw invalidEscape(text, escapeStart..<range.upperBound)
        }
        index += 4
        if UTF16.isLeadSurrogate(UInt16(unit)), index + 1 < range.upperBound, text[index] == UInt8(ascii: "\\"),
          text[index + 1] == UInt8(ascii: "u"), let low = codeUnit(text, index + 2, before: range.upperBound),
          UTF16.isTrailSurrogate(UInt16(low))
        {
          unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
          index += 6
        }
        guard let scalar = Unicode.Scalar(unit) else {
          throw Failure(kind: .loneSurrogate, offset: escapeStart)
        }
        result.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
      default: throw invalidEscape(text, escapeStart..<range.upperBound)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The value of four hexadecimal digits.
  private func codeUnit(_ text: Span<UInt8>, _ start: Int, before end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var unit: UInt32 = 0
    for index in start..<start + 4 {
      switch text[index] {
      case let digit where digit &- UInt8(ascii: "0") < 10: unit = unit << 4 | UInt32(digit - UInt8(ascii: "0"))
      case let digit where (digit | 0x20) &- UInt8(ascii: "a") < 6:
        unit = unit << 4 | UInt32((digit | 0x20) - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return unit
  }

  private mutating func skipSpace(_ text: Span<UInt8>) {
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
      default: return
      }
    }
  }

  private mutating func skipDigits(_ text: Span<UInt8>) {
    while at < text.count, text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
  }

  private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }
}

/// What stands at a place, in words.
extension Parser {
  private func unexpected(_ text: Span<UInt8>, _ expected: String) -> Failure {
    Failure(kind: .unexpected(found: found(text), expected: expected), offset: at)
  }

  private func found(_ text: Span<UInt8>) -> String {
    guard at < text.count else { return "the end of the document" }
    let byte = text[at]
    return (0x21..<0x7F).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "the byte \(hexByte(byte))"
  }

  private func invalidEscape(_ text: Span<UInt8>, _ range: Range<Int>) -> Failure {
    let shown = plain(text, range.lowerBound..<min(range.upperBound, range.lowerBound + 6))
    return Failure(kind: .invalidEscape(found: excerpt(shown)), offset: range.lowerBound)
  }

  /// Bytes known to be ASCII or only shown: as text, repaired where they are not UTF-8.
  private func plain(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { text[$0] }, as: UTF8.self)
  }
}

/// The names of the object being read: few are compared one by one, many are hashed.
private struct NameSet {
  /// The marks of the names so far: where a new one has none in common with them, no comparison is needed.
  private var marks: UInt64 = 0
  private var hashed: Set<String> = []

  /// Whether a name is new; `members` are the ones before it. Names that are equal share a bit of their marks.
  mutating func insert(_ name: String, marked mark: UInt64, after members: [JSONObject.Member]) -> Bool {
    let mayBeThere = marks & mark != 0
    marks |= mark
    if members.count < 16 { return !mayBeThere || !members.contains { $0.name == name } }
    if hashed.isEmpty { hashed = Set(members.map(\.name)) }
    return hashed.insert(name).inserted
  }
}
