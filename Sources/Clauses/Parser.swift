/// Tokens to a tree. A fault ends its statement, not the reading: the parser goes on at the next statement.
package struct Parser {
  private let tokens: [Token]
  private var position = 0
  var faults: [LocatedFault]
  var file: SourceFile
  /// The stage that is being read, and whether its `after` has been met.
  var stage: Int?
  var isAfter = false

  /// Reads a source text, and reports everything in it that is not of the language's form.
  package static func parse(_ bytes: [UInt8]) -> (file: SourceFile, faults: [LocatedFault]) {
    let (tokens, faults) = Lexer.read(bytes)
    var parser = Parser(tokens: tokens, faults: faults)
    parser.readFile()
    return (parser.file, parser.faults)
  }

  private init(tokens: [Token], faults: [LocatedFault]) {
    self.tokens = tokens
    self.faults = faults
    file = SourceFile(end: tokens[tokens.count - 1].range)
  }

  // MARK: Tokens

  var current: Token { tokens[position] }

  var following: Token { tokens[Swift.min(position + 1, tokens.count - 1)] }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  func isWord(_ text: String) -> Bool { current.kind == .word(text) }

  var opensStatement: Bool {
    guard case .word(let text) = current.kind else { return current.kind == .end }
    return Words.openings.contains(text) || (text == "now" && following.kind == .symbol(.colon))
  }

  mutating func accept(_ symbol: Token.Symbol) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func accept(_ word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  func unexpected(_ expected: String, _ suggestion: String) -> LocatedFault {
    LocatedFault(.unexpected(found: current.words, expected: expected, suggestion: suggestion), at: current.range)
  }

  mutating func expect(_ symbol: Token.Symbol, _ suggestion: String) throws(LocatedFault) {
    if !accept(symbol) { throw unexpected("`\(symbol.rawValue)`", suggestion) }
  }

  mutating func expect(_ word: String, _ suggestion: String) throws(LocatedFault) {
    if !accept(word) { throw unexpected("`\(word)`", suggestion) }
  }

  mutating func name(_ expected: String, _ suggestion: String) throws(LocatedFault) -> Name {
    guard case .word(let text) = current.kind else { throw unexpected(expected, suggestion) }
    let name = Name(text: text, range: current.range)
    advance()
    return name
  }

  mutating func digits(_ expected: String, _ suggestion: String) throws(LocatedFault) -> (
    text: String, range: SourceRange
  ) {
    guard case .number(let text) = current.kind else { throw unexpected(expected, suggestion) }
    let range = current.range
    advance()
    return (text, range)
  }

  // MARK: Files

  private mutating func readFile() {
    attempt { parser throws(LocatedFault) in try parser.readHeader() }
    while current.kind != .end {
      let start = position
      attempt { parser throws(LocatedFault) in try parser.readStatement() }
      // A statement that is refused at its first word is passed over.
      if position == start { advance() }
    }
    if let stage, faults.isEmpty {
      faults.append(LocatedFault(.unfinishedStage(file.stages[stage].name.text), at: file.stages[stage].name.range))
    }
  }

  /// Runs one reading; after a fault, skips to the next statement.
  private mutating func attempt(_ read: (inout Parser) throws(LocatedFault) -> Void) {
    do {
      try read(&self)
    } catch {
      faults.append(error)
      while !opensStatement { advance() }
    }
  }

  private mutating func readHeader() throws(LocatedFault) {
    let form = "begin the file with `payoff NAME language 1`, `escrow NAME language 1` or `arbitration NAME language 1`"
    let kind = ClauseKind.allCases.first { isWord($0.description) }
    guard let kind, case .word = following.kind else {
      throw unexpected("`payoff`, `escrow` or `arbitration` and a name", form)
    }
    advance()
    file.kind = kind
    file.name = try name("a name", form)
    try expect("language", form)
    let version = try digits("the number of the language version", form)
    if version.text != "1" { faults.append(LocatedFault(.languageVersion(version.text), at: version.range)) }
  }

  // MARK: Types

  /// A type, the words of its long form included.
  mutating func typeName() throws(LocatedFault) -> TypeName {
    let suggestion = "the types are \(Words.types)"
    guard isWord("List") else { return try elementType("a type", suggestion) }
    let start = current.range
    let form = "write `List of Price up to 365`"
    advance()
    try expect("of", form)
    let element = try elementType("the type of the elements", form)
    try expect("up", form)
    try expect("to", form)
    let bound = try digits("how many elements there may be", form)
    return TypeName(text: element.text, bound: bound.text, range: start.through(bound.range))
  }

  /// What a type may be followed by: words that say which token or which pair it counts.
  private static let longForms: [String: [(words: [String], text: String)]] = [
    "Amount": [(["of", "token"], "Amount"), (["of", "deliveryToken"], "Amount of deliveryToken")],
    "Quantity": [(["of", "underlying"], "Quantity")],
    "Price": [(["of", "underlying", "in", "priceCurrency"], "Price")],
  ]

  mutating func elementType(_ expected: String, _ suggestion: String) throws(LocatedFault) -> TypeName {
    let word = try name(expected, suggestion)
    guard isWord("of") else { return TypeName(text: word.text, bound: nil, range: word.range) }
    let forms = Self.longForms[word.text] ?? []
    for (words, text) in forms {
      let ahead = (0..<words.count).map { tokens[Swift.min(position + $0, tokens.count - 1)] }
      if zip(ahead, words).allSatisfy({ $0.kind == .word($1) }) {
        for _ in words { advance() }
        return TypeName(text: text, bound: nil, range: word.range.through(ahead[words.count - 1].range))
      }
    }
    let known = forms.map { "`\(word.text) \($0.words.joined(separator: " "))`" }.joined(separator: " or ")
    throw unexpected(
      "the end of the type",
      known.isEmpty ? "`\(word.text)` stands alone: remove `of`" : "write `\(word.text)`, or \(known)")
  }
}
