/// Text to tokens. Everything outside comments is ASCII; unknown characters are reported and skipped, so that one run
/// finds every fault.
struct Lexer {
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1
  private var column = 1
  private(set) var tokens: [Token] = []
  private(set) var faults: [LocatedFault] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The tokens of a text, closed by one `.end`, and the faults met on the way.
  static func read(_ bytes: [UInt8]) -> (tokens: [Token], faults: [LocatedFault]) {
    var lexer = Lexer(bytes)
    lexer.readAll()
    return (lexer.tokens, lexer.faults)
  }

  private mutating func readAll() {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): skipComment()
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): readWord()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
      default: readSymbol()
      }
    }
    tokens.append(Token(kind: .end, range: SourceRange(line: line, column: column, bytes: offset..<offset)))
  }

  private func peek(_ ahead: Int = 0) -> UInt8? {
    offset + ahead < bytes.count ? bytes[offset + ahead] : nil
  }

  private mutating func advance() {
    let byte = bytes[offset]
    offset += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if peek().map({ $0 & 0xc0 != 0x80 }) ?? true {
      column += 1
    }
  }

  /// Advances while the predicate holds and gives the range covered.
  private mutating func take(while holds: (UInt8) -> Bool) -> SourceRange {
    let (line, column, start) = (line, column, offset)
    while let byte = peek(), holds(byte) { advance() }
    return SourceRange(line: line, column: column, bytes: start..<offset)
  }

  private mutating func take(count: Int) -> SourceRange {
    let end = offset + count
    let (line, column, start) = (line, column, offset)
    while offset < end, offset < bytes.count { advance() }
    return SourceRange(line: line, column: column, bytes: start..<offset)
  }

  private func text(_ range: SourceRange) -> String { String(decoding: bytes[range.bytes], as: UTF8.self) }

  /// Comments may be in any language, but not hold the marks that make text read in another order than it stands.
  private mutating func skipComment() {
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      if byte >= 0x80 {
        let range = takeScalar()
        if text(range).unicodeScalars.contains(where: { Self.isBidirectionalControl($0.value) }) {
          faults.append(LocatedFault(.hiddenCharacter, at: range))
        }
      } else {
        advance()
      }
    }
  }

  private static func isBidirectionalControl(_ scalar: UInt32) -> Bool {
    (0x202a...0x202e).contains(scalar) || (0x2066...0x2069).contains(scalar) || scalar == 0x200e || scalar == 0x200f
  }

  private mutating func takeScalar() -> SourceRange {
    var count = 1
    while let byte = peek(count), byte & 0xc0 == 0x80 { count += 1 }
    return take(count: count)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }

  private mutating func readWord() {
    let range = take(while: Self.isWordByte)
    tokens.append(Token(kind: .word(text(range)), range: range))
  }

  /// Digits, with single underscores between them: `1_000_000`. No leading zero, no fraction, no letters.
  private mutating func readNumber() {
    var range = take(while: Self.isWordByte)
    if peek() == UInt8(ascii: "."), let next = peek(1), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
      range = range.through(take(while: { Self.isWordByte($0) || $0 == UInt8(ascii: ".") }))
    }
    let written = text(range)
    if written.hasPrefix("0x") { return readHexadecimal(written, range) }
    let groups = written.split(separator: "_", omittingEmptySubsequences: false)
    let digits = groups.joined()
    let plain = groups.allSatisfy {
      !$0.isEmpty && $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    }
    let isCanonical = plain && (digits == "0" || !digits.hasPrefix("0"))
    if !isCanonical { faults.append(LocatedFault(.malformedNumber(written), at: range)) }
    // A malformed number stands as 0, so that what follows is still read.
    tokens.append(Token(kind: .number(isCanonical ? digits : "0"), range: range))
  }

  /// An address or a digest.
  private mutating func readHexadecimal(_ written: String, _ range: SourceRange) {
    let digits = String(written.dropFirst(2))
    if [40, 64].contains(digits.utf8.count), digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) {
      tokens.append(Token(kind: .hexadecimal(digits.lowercased()), range: range))
    } else {
      faults.append(LocatedFault(.malformedWord(written), at: range))
      tokens.append(
        Token(kind: .hexadecimal(String(repeating: "0", count: digits.utf8.count > 52 ? 64 : 40)), range: range))
    }
  }

  private mutating func readSymbol() {
    for length in [2, 1] where offset + length <= bytes.count && !bytes[offset...].starts(with: "||".utf8) {
      let text = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
      if let symbol = Token.Symbol(rawValue: text) {
        tokens.append(Token(kind: .symbol(symbol), range: take(count: length)))
        return
      }
    }
    // Signs that other languages have for our words are read as those words, so that what follows makes sense.
    for (sign, word) in [("&&", "and"), ("||", "or"), ("!", "not")] where bytes[offset...].starts(with: sign.utf8) {
      let range = take(count: sign.utf8.count)
      faults.append(LocatedFault(.unexpectedCharacter(sign), at: range))
      tokens.append(Token(kind: .word(word), range: range))
      return
    }
    let range = takeScalar()
    faults.append(LocatedFault(.unexpectedCharacter(text(range)), at: range))
  }
}
