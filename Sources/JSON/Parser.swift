/// Reads one document in one pass over its bytes. Recursion is bounded by the limit on depth.
struct Parser {
  let limits: JSONLimits
  private var at = 0

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
      guard seen.insert(name, after: members) else {
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
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "\"") {
        let range = start..<at
        at += 1
        return hasEscapes ? try unescaped(text, range) : try valid(text, range)
      }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        at += 1
      } else if byte < 0x20 {
        throw Failure(kind: .controlCharacter(byte), offset: at)
      }
      at += 1
    }
    at = text.count
    throw unexpected(text, "the closing '\"' of the string")
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
  private var hashed: Set<String> = []

  /// Whether a name is new; `members` are the ones before it.
  mutating func insert(_ name: String, after members: [JSONObject.Member]) -> Bool {
    if members.count < 16 { return !members.contains { $0.name == name } }
    if hashed.isEmpty { hashed = Set(members.map(\.name)) }
    return hashed.insert(name).inserted
  }
}
