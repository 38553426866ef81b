/// Takes the statements of a text that has no fault apart into lines.
struct StatementWriter {
  private var layout: ExpressionLayout
  private var result: [SourceLine] = []
  /// Whether an empty line stands before the next line.
  private var isApart = false
  /// Of the statements of a stage.
  private var indent = 0

  init(_ words: [SourceWord]) { layout = ExpressionLayout(words) }

  mutating func lines() -> [SourceLine] {
    // `payoff Name language 1`
    add { $0.take(4) }
    isApart = true
    while layout.current.kind != .end { statement() }
    add { _ in .text("") }
    return result
  }

  private mutating func statement() {
    guard case .word(let word) = layout.current.kind else { return add { $0.take() } }
    switch word {
    case "terms", "facts", "state": heading()
    case "now":
      isApart = true
      add { .sequence([$0.take(2), .text(" "), $0.type()]) }
    case "enum": define(word) { $0.cases() }
    case "let", "find": define(word) { $0.expression() }
    case "claim": add { $0.take(5) }
    case "pay":
      if layout.word(2) == .word("remainder"), layout.word(3) != .symbol(.leftParenthesis) {
        let count = layout.word(3) == .word("of") ? 5 : 3
        add { $0.take(count) }
      } else {
        add { .sequence([$0.take(2), .text(" "), .indented(4, $0.expression())]) }
      }
    case "stage":
      isApart = true
      add { $0.take(2) }
      indent = 2
      phrase("while")
      phrase("until")
    case "after": add { $0.take() }
    case "end":
      indent = 0
      add { $0.take() }
    case "route": route()
    default: phrase(word)
    }
  }

  /// `terms`, and its declarations.
  private mutating func heading() {
    isApart = true
    add { $0.take() }
    while case .word = layout.current.kind, !layout.opensStatement {
      add(indent: 2, head: { $0.take() }, column: ":") { .sequence([.text(" "), $0.take(), .text(" "), $0.type()]) }
    }
  }

  private mutating func define(_ keyword: String, _ value: (inout ExpressionLayout) -> Layout) {
    add(head: { $0.take(2) }, column: keyword) { layout in
      let sign = layout.take()
      return .group(.sequence([.text(" "), sign, .indented(2, .sequence([.space, value(&layout)]))]))
    }
  }

  private mutating func route() {
    if indent == 0 { isApart = true }
    add { $0.take(2) }
    indent += 2
    defer { indent -= 2 }
    if layout.word(1) == .word("when") {
      add { .sequence([$0.take(2), .text(" "), .indented(4, $0.expression())]) }
    } else {
      add { $0.take() }
    }
    while layout.isWord("pays") {
      if layout.word(1) == .word("nothing") {
        add { $0.take(2) }
      } else {
        add { .sequence([$0.take(2), .text(" "), .indented(4, $0.expression())]) }
      }
    }
  }

  /// A keyword and an expression, if the keyword comes next.
  private mutating func phrase(_ keyword: String) {
    guard layout.isWord(keyword) else { return }
    add { .sequence([$0.take(), .text(" "), .indented(4, $0.expression())]) }
  }

  private mutating func add(
    indent: Int? = nil, head: (inout ExpressionLayout) -> Layout = { _ in .text("") }, column: String? = nil,
    _ value: (inout ExpressionLayout) -> Layout
  ) {
    let leading = layout.takeLeading()
    let start = head(&layout)
    var value = value(&layout)
    let trailing = value.removeLastComment()
    // A head with a comment inside is aligned with nothing.
    if start.oneLine == nil { value = .sequence([start, value]) }
    result.append(
      SourceLine(
        leading: leading, indent: indent ?? self.indent, head: start.oneLine ?? "", value: value,
        column: start.oneLine == nil ? nil : column, trailing: trailing, isApart: isApart))
    isApart = false
  }
}
