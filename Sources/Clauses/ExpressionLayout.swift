/// Lays out the words of a text that has no fault, reading them as the parser does.
struct ExpressionLayout {
  private var words: [SourceWord]
  private var position = 0

  init(_ words: [SourceWord]) { self.words = words }

  var current: SourceWord { words[position] }

  /// What the word is that comes so many words later.
  func word(_ ahead: Int) -> Token.Kind { words[Swift.min(position + ahead, words.count - 1)].kind }

  var opensStatement: Bool {
    guard case .word(let text) = current.kind else { return current.kind == .end }
    return Words.openings.contains(text) || (text == "now" && word(1) == .symbol(.colon))
  }

  func isWord(_ text: String) -> Bool { current.kind == .word(text) }
  func isSymbol(_ symbol: Token.Symbol) -> Bool { current.kind == .symbol(symbol) }

  /// The next word, its comments with it.
  mutating func take() -> Layout {
    let word = words[position]
    if position < words.count - 1 { position += 1 }
    var parts: [Layout] = []
    for case .comment(let text) in word.leading { parts += [.lineEnd, .comment(text)] }
    parts.append(.text(word.text))
    if let trailing = word.trailing { parts.append(.comment(trailing)) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  /// The comments and the empty line before the next word, which then has them no longer.
  mutating func takeLeading() -> [SourceWord.Leading] {
    defer { words[position].leading = [] }
    return words[position].leading
  }

  /// So many words, a space between any two.
  mutating func take(_ count: Int) -> Layout {
    joined((0..<count).map { _ in take() })
  }

  private func joined(_ parts: [Layout]) -> Layout {
    .sequence(parts.enumerated().flatMap { $0.offset == 0 ? [$0.element] : [.text(" "), $0.element] })
  }

  /// `head`, and behind it or further in on the next line what it leads to.
  private func leading(_ head: Layout, to value: Layout) -> Layout {
    .group(.sequence([head, .indented(2, .sequence([.space, value]))]))
  }

  // MARK: Expressions

  mutating func expression() -> Layout {
    guard case .word(let word) = current.kind else { return disjunction() }
    switch word {
    case "if": return conditional()
    case "match": return match()
    case "fold": return fold()
    case "any", "all": return quantified()
    default: return disjunction()
    }
  }

  /// `if … then … else …`; with an `else if`, a line for each.
  private mutating func conditional() -> Layout {
    var parts = [branch([take()])]
    while isWord("else") {
      let word = take()
      guard isWord("if") else {
        parts.append(leading(word, to: expression()))
        break
      }
      parts.append(branch([word, .text(" "), take()]))
    }
    let separator = parts.count > 2 ? Layout.lineEnd : .space
    return .group(.sequence(Array(parts.flatMap { [separator, $0] }.dropFirst())))
  }

  private mutating func branch(_ opening: [Layout]) -> Layout {
    let condition = Layout.indented(4, expression())
    let head = Layout.sequence(opening + [.text(" "), condition, .text(" "), take()])
    return leading(head, to: expression())
  }

  /// Every case on a line of its own.
  private mutating func match() -> Layout {
    let head = Layout.sequence([take(), .text(" "), expression()])
    var arms: [Layout] = []
    while isWord("case") {
      var names = [take(), take()]
      while isWord("or") { names += [take(), take()] }
      names.append(take())
      arms += [.lineEnd, leading(joined(names), to: expression())]
    }
    if isWord("else") { arms += [.lineEnd, leading(take(), to: expression())] }
    return .group(.sequence([head, .indented(2, .sequence(arms))]))
  }

  private mutating func fold() -> Layout {
    let opening = take(3)
    let initial = expression()
    let head = Layout.sequence([opening, .text(" "), initial, .text(" "), take(), .text(" "), binders()])
    return leading(head, to: expression())
  }

  private mutating func quantified() -> Layout {
    let head = Layout.sequence([take(), .text(" "), binders()])
    return leading(head, to: expression())
  }

  /// `p in list, i below 10 with`.
  private mutating func binders() -> Layout {
    var parts = [binder()]
    while isSymbol(.comma) { parts += [take(), .group(.sequence([.space, binder()]))] }
    return .indented(4, .sequence(parts + [.text(" "), take()]))
  }

  private mutating func binder() -> Layout {
    let isOfIndices = word(1) == .word("in") && word(2) == .word("indices")
    let head = take(3)
    return isOfIndices ? .sequence([head, take(), take(), take()]) : head
  }

  private mutating func disjunction() -> Layout {
    var parts = [conjunction()]
    while isWord("or") { parts += [.space, take(), .text(" "), .indented(2, conjunction())] }
    return parts.count == 1 ? parts[0] : .group(.sequence(parts))
  }

  private mutating func conjunction() -> Layout {
    operands({ $0.negation() }) { $0.isWord("and") }
  }

  private mutating func negation() -> Layout {
    isWord("not") ? .sequence([take(), .text(" "), negation()]) : comparison()
  }

  private mutating func comparison() -> Layout {
    operands({ $0.sum() }) { layout in
      if case .symbol(let symbol) = layout.current.kind {
        [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual].contains(symbol)
      } else {
        false
      }
    }
  }

  private mutating func sum() -> Layout {
    operands({ $0.product() }) { $0.isSymbol(.plus) || $0.isSymbol(.minus) }
  }

  private mutating func product() -> Layout {
    operands({ $0.prefix() }) { $0.isSymbol(.times) || $0.isSymbol(.over) }
  }

  /// As many operands on a line as fit, an operator at the beginning of the next.
  private mutating func operands(
    _ operand: (inout ExpressionLayout) -> Layout, joinedWhere isOperator: (ExpressionLayout) -> Bool
  ) -> Layout {
    var parts = [operand(&self)]
    while isOperator(self) {
      parts.append(.group(.sequence([.space, take(), .text(" "), .indented(2, operand(&self))])))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func prefix() -> Layout {
    isSymbol(.minus) ? .sequence([take(), prefix()]) : primary()
  }

  private mutating func primary() -> Layout {
    switch current.kind {
    case .number:
      let number = take()
      guard case .word(let word) = current.kind, ClauseType(name: word) != nil else { return number }
      return .sequence([number, .text(" "), type()])
    case .symbol(.leftParenthesis):
      return .sequence([take(), .indented(1, expression()), take()])
    default:
      let name = take()
      return isSymbol(.leftParenthesis) ? .group(.sequence([name, arguments()])) : name
    }
  }

  private mutating func arguments() -> Layout {
    let opening = take()
    guard !isSymbol(.rightParenthesis) else { return .sequence([opening, take()]) }
    var parts: [Layout] = [.edge, expression()]
    while isSymbol(.comma) { parts += [take(), .space, expression()] }
    return .sequence([opening, .indented(2, .sequence(parts)), take()])
  }

  // MARK: Types

  /// `Price`, `Amount of deliveryToken`, `List of Price up to 365`.
  mutating func type() -> Layout {
    if isWord("List") {
      let opening = take(2)
      let element = type()
      return joined([opening, element, take(3)])
    }
    let name = take()
    guard isWord("of") else { return name }
    let pair = take(2)
    guard isWord("in"), word(1) == .word("priceCurrency") else { return joined([name, pair]) }
    return joined([name, pair, take(2)])
  }

  /// `First | Second | Third`.
  mutating func cases() -> Layout {
    var parts = [take()]
    while isSymbol(.bar) { parts.append(.group(.sequence([.space, take(), .text(" "), take()]))) }
    return .sequence(parts)
  }
}
