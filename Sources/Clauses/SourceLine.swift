/// One line of a statement, or several where it has to be broken.
struct SourceLine {
  let leading: [SourceWord.Leading]
  let indent: Int
  /// What stands before `value`, padded to the width of the lines around it.
  let head: String
  let value: Layout
  /// Lines of one column: `:` of declarations, `=` of definitions. Nil where nothing is aligned.
  let column: String?
  let trailing: String?
  /// Whether there is an empty line before it, even if the text has none.
  let isApart: Bool

  private var isPlain: Bool {
    column != nil && value.oneLine.map { indent + head.count + $0.count <= Formatter.width } ?? false
  }

  /// The text of the lines, heads and comments aligned.
  static func text(_ lines: [SourceLine]) -> String {
    var printed: [String] = []
    // Where a comment stands behind the line that was printed last, and the first of such lines in a row.
    var comments: [(place: Int, text: String)] = []
    func align() {
      let width = comments.map { printed[$0.place].count }.max() ?? 0
      for (place, text) in comments {
        printed[place] += String(repeating: " ", count: width - printed[place].count + 2) + text
      }
      comments = []
    }
    let widths = headWidths(lines)
    for (index, line) in lines.enumerated() {
      var leading = line.leading[...]
      if printed.isEmpty, leading.first == .empty { leading = leading.dropFirst() }
      if line.isApart, leading.first != .empty, !printed.isEmpty { leading = [.empty] + leading }
      let indent = String(repeating: " ", count: line.indent)
      let isEnd = index == lines.count - 1
      if isEnd, leading.last == .empty { leading = leading.dropLast() }
      if !leading.isEmpty { align() }
      for each in leading {
        switch each {
        case .empty: printed.append("")
        case .comment(let text): printed.append(indent + text)
        }
      }
      if isEnd { break }
      let head = line.head + String(repeating: " ", count: max(0, widths[index] - line.head.count))
      let body = line.value.lines(behind: line.indent + head.count, indent: line.indent)
      printed.append(indent + head + body[0])
      printed += body.dropFirst()
      if body.count > 1 { align() }
      if let trailing = line.trailing { comments.append((printed.count - 1, trailing)) } else { align() }
    }
    align()
    return printed.joined(separator: "\n") + "\n"
  }

  /// How wide each line's head is: the widest of the lines in a row that have one column and fit.
  private static func headWidths(_ lines: [SourceLine]) -> [Int] {
    var widths = lines.map(\.head.count)
    var start = 0
    for index in lines.indices {
      if index > 0, !continues(lines[index], lines[index - 1]) { start = index }
      let widest = lines[start...index].map(\.head.count).max() ?? 0
      if lines[index].isPlain { for each in start...index { widths[each] = widest } }
    }
    return widths
  }

  private static func continues(_ line: SourceLine, _ before: SourceLine) -> Bool {
    line.column == before.column && line.isPlain && before.isPlain && line.leading.isEmpty && !line.isApart
  }
}
