/// Text that can be broken into lines at known places: on one line where it fits, else broken from the outside in.
///
/// - Source: Philip Wadler, "A prettier printer", 2003.
indirect enum Layout {
  case text(String)
  /// A comment that ends its line.
  case comment(String)
  /// A space, or a line end where the group around it is broken.
  case space
  /// Nothing, or a line end where the group around it is broken.
  case edge
  /// A line end, whatever fits.
  case lineEnd
  case sequence([Layout])
  /// Lines that begin inside are so many columns further to the right.
  case indented(Int, Layout)
  /// Broken as a whole or not at all.
  case group(Layout)

  /// The lines. The first is to stand behind so many columns, the others are indented by so many.
  func lines(behind column: Int, indent: Int) -> [String] {
    var printer = LayoutPrinter(column: column)
    printer.print(self, indent: indent)
    return printer.lines
  }

  /// Takes the comment away with which the text ends.
  mutating func removeLastComment() -> String? {
    switch self {
    case .comment(let text):
      self = .text("")
      return text
    case .text, .space, .edge, .lineEnd: return nil
    case .sequence(var parts):
      guard !parts.isEmpty else { return nil }
      let text = parts[parts.count - 1].removeLastComment()
      self = .sequence(parts)
      return text
    case .indented(let count, var inner):
      let text = inner.removeLastComment()
      self = .indented(count, inner)
      return text
    case .group(var inner):
      let text = inner.removeLastComment()
      self = .group(inner)
      return text
    }
  }

  /// The text on one line; nil where it has line ends or comments of its own.
  var oneLine: String? {
    switch self {
    case .text(let text): text
    case .comment, .lineEnd: nil
    case .space: " "
    case .edge: ""
    case .sequence(let parts):
      parts.reduce("" as String?) { text, part in
        guard let text, let more = part.oneLine else { return nil }
        return text + more
      }
    case .indented(_, let inner), .group(let inner): inner.oneLine
    }
  }
}

private struct LayoutPrinter {
  var lines: [String] = [""]
  private var column: Int
  /// A comment has ended the line: whatever comes next begins another.
  private var isEnded = false

  private typealias Part = (indent: Int, isFlat: Bool, layout: Layout)

  init(column: Int) { self.column = column }

  mutating func print(_ layout: Layout, indent: Int) {
    // What is still to be printed, last first.
    var rest: [Part] = [(indent, false, layout)]
    while let part = rest.popLast() {
      switch part.layout {
      case .text(let text): append(text, indent: part.indent)
      case .comment(let text):
        append((lines[lines.count - 1].isEmpty || isEnded ? "" : "  ") + text, indent: part.indent)
        isEnded = true
      case .space: part.isFlat ? append(" ", indent: part.indent) : endLine(part.indent)
      case .edge: if !part.isFlat { endLine(part.indent) }
      case .lineEnd: endLine(part.indent)
      case .sequence(let parts):
        rest += parts.reversed().map { (part.indent, part.isFlat, $0) }
      case .indented(let count, let inner): rest.append((part.indent + count, part.isFlat, inner))
      case .group(let inner):
        rest.append((part.indent, part.isFlat || fits(inner, before: rest), inner))
      }
    }
  }

  private mutating func append(_ text: String, indent: Int) {
    if isEnded {
      endLine(indent)
      if text == " " { return }
    }
    if lines[lines.count - 1].isEmpty, lines.count > 1 {
      lines[lines.count - 1] = String(repeating: " ", count: column)
    }
    lines[lines.count - 1] += text
    column += text.count
  }

  private mutating func endLine(_ indent: Int) {
    isEnded = false
    guard !lines[lines.count - 1].isEmpty || lines.count == 1 else {
      column = indent
      return
    }
    lines.append("")
    column = indent
  }

  /// Whether a group fits on the line, and what follows it up to the next place where the line may end.
  private func fits(_ layout: Layout, before rest: [Part]) -> Bool {
    guard !isEnded, layout.oneLine != nil else { return false }
    var room = Formatter.width - column
    var next = rest.count
    var open: [(isFlat: Bool, layout: Layout)] = [(true, layout)]
    while room >= 0 {
      if open.isEmpty {
        guard next > 0 else { return true }
        next -= 1
        open.append((rest[next].isFlat, rest[next].layout))
      }
      let (isFlat, layout) = open.removeLast()
      switch layout {
      case .text(let text): room -= text.count
      case .comment, .lineEnd: return true
      case .space:
        if !isFlat { return true }
        room -= 1
      case .edge: if !isFlat { return true }
      case .sequence(let parts): open += parts.reversed().map { (isFlat, $0) }
      case .indented(_, let inner): open.append((isFlat, inner))
      // A group that follows may be broken: its first line counts.
      case .group(let inner): open.append((isFlat, inner))
      }
    }
    return false
  }
}
