/// Reads one document in one pass over its bytes. Recursion is bounded by the limit on depth.
struct Parser {
  let limits: JSONLimits
  private var at = 0
  private var nodes: [ParsedDocument.Node] = []
  private var unescaped: [String] = []

  private init(limits: JSONLimits) {
    self.limits = limits
  }

  /// The document in these bytes.
  static func document(_ bytes: [UInt8], _ limits: JSONLimits) throws(Failure) -> ParsedDocument {
    var parser = Parser(limits: limits)
    try parser.document(bytes.span)
    return ParsedDocument(bytes: bytes, nodes: parser.nodes, unescaped: parser.unescaped)
  }

  private mutating func document(_ text: Span<UInt8>) throws(Failure) {
    // A node counts bytes in 32 bits.
    let limit = min(limits.byteCount, Int(UInt32.max))
    guard text.count <= limit else {
      throw Failure(kind: .tooLarge(limit: limit, found: text.count), offset: 0)
    }
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
      throw Failure(kind: .byteOrderMark, offset: 0)
    }
    nodes.reserveCapacity(text.count / 8 + 8)
    skipSpace(text)
    try value(text, depth: 0)
    skipSpace(text)
    guard at == text.count else {
      throw Failure(kind: .trailingData(found: found(text)), offset: at)
    }
  }

  private mutating func value(_ text: Span<UInt8>, depth: Int) throws(Failure) {
    guard at < text.count else { throw unexpected(text, "a value") }
    switch text[at] {
    case UInt8(ascii: "\""): try string(text)
    case UInt8(ascii: "{"): try object(text, depth: depth + 1)
    case UInt8(ascii: "["): try array(text, depth: depth + 1)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text)
    case UInt8(ascii: "t"): try word("true", .true, text)
    case UInt8(ascii: "f"): try word("false", .false, text)
    case UInt8(ascii: "n"): try word("null", .null, text)
    default: throw unexpected(text, "a value")
    }
  }

  private mutating func object(_ text: Span<UInt8>, depth: Int) throws(Failure) {
    guard depth <= limits.depth else { throw Failure(kind: .tooDeep(limit: limits.depth), offset: at) }
    let object = nodes.count
    nodes.append(ParsedDocument.Node(.object))
    at += 1
    skipSpace(text)
    var count = 0
    if !take(UInt8(ascii: "}"), text) {
      var names = NameSet()
      while true {
        let nameStart = at
        guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw unexpected(text, "a name in quotes") }
        let name = nodes.count
        try string(text)
        if names.mayHold(nodes[name], text), !isNew(name, after: object, &names, text) {
          throw Failure(kind: .duplicateName(excerpt(string(nodes[name], text))), offset: nameStart)
        }
        guard count < limits.memberCount else {
          throw Failure(kind: .tooManyMembers(limit: limits.memberCount), offset: nameStart)
        }
        skipSpace(text)
        guard take(UInt8(ascii: ":"), text) else { throw unexpected(text, "':'") }
        skipSpace(text)
        try value(text, depth: depth)
        count += 1
        skipSpace(text)
        if take(UInt8(ascii: ","), text) {
          skipSpace(text)
        } else if take(UInt8(ascii: "}"), text) {
          break
        } else {
          throw unexpected(text, "',' or '}'")
        }
      }
    }
    nodes[object] = ParsedDocument.Node(.object, count, nodes.count)
  }

  private mutating func array(_ text: Span<UInt8>, depth: Int) throws(Failure) {
    guard depth <= limits.depth else { throw Failure(kind: .tooDeep(limit: limits.depth), offset: at) }
    let array = nodes.count
    nodes.append(ParsedDocument.Node(.array))
    at += 1
    skipSpace(text)
    var count = 0
    if !take(UInt8(ascii: "]"), text) {
      while true {
        try value(text, depth: depth)
        count += 1
        skipSpace(text)
        if take(UInt8(ascii: ","), text) {
          skipSpace(text)
        } else if take(UInt8(ascii: "]"), text) {
          break
        } else {
          throw unexpected(text, "',' or ']'")
        }
      }
    }
    nodes[array] = ParsedDocument.Node(.array, count, nodes.count)
  }

  private mutating func word(
    _ spelling: StaticString, _ kind: ParsedDocument.Node.Kind, _ text: Span<UInt8>
  ) throws(Failure) {
    let count = spelling.utf8CodeUnitCount
    guard text.count - at >= count, (0..<count).allSatisfy({ unsafe text[at + $0] == spelling.utf8Start[$0] }) else {
      throw unexpected(text, "a value")
    }
    nodes.append(ParsedDocument.Node(kind))
    at += count
  }

  private mutating func number(_ text: Span<UInt8>) throws(Failure) {
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
    // Fifteen digits are always exact, and need no second look.
    if !isInteger || digitCount > 15 {
      let literal = plain(text, start..<at)
      let isExact =
        isInteger
        ? limits.keepsWideIntegers || Int64(literal).map { $0.magnitude < 1 << 53 } ?? false
        : JSONNumber.isExact(literal, keepsWideIntegers: limits.keepsWideIntegers)
      guard isExact else { throw Failure(kind: .inexactNumber(excerpt(literal)), offset: start) }
    }
    nodes.append(ParsedDocument.Node(.number, start, at))
  }

  private mutating func string(_ text: Span<UInt8>) throws(Failure) {
    at += 1
    let start = at
    skipPlain(text)
    if at < text.count, text[at] == UInt8(ascii: "\"") {
      nodes.append(ParsedDocument.Node(.plainString, start, at))
      at += 1
    } else {
      try otherString(text, from: start)
    }
  }

  /// The rest of a string that is not plain, or not sound.
  private mutating func otherString(_ text: Span<UInt8>, from start: Int) throws(Failure) {
    var hasEscapes = false
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
        at += 1
      }
    }
    let range = start..<at
    at += 1
    try validate(text, range)
    if hasEscapes {
      nodes.append(ParsedDocument.Node(.escapedString, unescaped.count))
      unescaped.append(try unescaped(text, range))
    } else {
      nodes.append(ParsedDocument.Node(.string, range.lowerBound, range.upperBound))
    }
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

  /// Sees that a range is UTF-8.
  private func validate(_ text: Span<UInt8>, _ range: Range<Int>) throws(Failure) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.extracting(range))
    } catch {
      throw Failure(kind: .invalidUTF8, offset: range.lowerBound + error.byteOffsets.lowerBound)
    }
  }

  private func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> String {
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

/// No name twice.
extension Parser {
  /// Whether a name differs from all before it in its object: few are compared one by one, many are hashed.
  private func isNew(_ name: Int, after object: Int, _ names: inout NameSet, _ text: Span<UInt8>) -> Bool {
    if names.count > 32 {
      if names.hashed.isEmpty {
        var other = object + 1
        while other < name {
          names.hashed.insert(string(nodes[other], text))
          other = nodes.afterMember(other)
        }
      }
      return names.hashed.insert(string(nodes[name], text)).inserted
    }
    var other = object + 1
    while other < name {
      if isSameName(nodes[other], nodes[name], text) { return false }
      other = nodes.afterMember(other)
    }
    return true
  }

  private func isSameName(_ one: ParsedDocument.Node, _ other: ParsedDocument.Node, _ text: Span<UInt8>) -> Bool {
    one.kind == .plainString && other.kind == .plainString
      ? isSame(text.extracting(one.bytes), text.extracting(other.bytes)) : string(one, text) == string(other, text)
  }

  private func string(_ node: ParsedDocument.Node, _ text: Span<UInt8>) -> String {
    node.kind == .escapedString ? unescaped[Int(node.first)] : plain(text, node.bytes)
  }
}

/// What is kept of the names of the object being read.
private struct NameSet {
  /// One bit for each name, by its length and its ends.
  private var marks: UInt64 = 0
  private(set) var count = 0
  /// The names, once there are many.
  var hashed: Set<String> = []

  /// Adds a name, and says whether it may be there already. A name that is not plain may equal one whose bytes differ.
  mutating func mayHold(_ name: ParsedDocument.Node, _ text: Span<UInt8>) -> Bool {
    count += 1
    var mark = UInt64.max
    if name.kind == .plainString {
      let range = name.bytes
      let ends = range.isEmpty ? 0 : UInt64(text[range.lowerBound]) &* 7 &+ UInt64(text[range.upperBound - 1]) &* 3
      mark = 1 << ((ends &+ UInt64(range.count)) & 63)
    }
    defer { marks |= mark }
    return marks & mark != 0 || !hashed.isEmpty
  }
}
