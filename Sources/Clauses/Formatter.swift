/// The one layout of a clause's source. Words, numbers and comments stay as they are and in their order; spaces, line
/// ends, indentation and columns are the formatter's. Of empty lines one stays where some stood between statements.
public enum Formatter {
  /// Columns that a line keeps to, comments aside, wherever there is a place to break it.
  static let width = 120

  /// The text in its one layout. What is in it already comes back as it is.
  ///
  /// - Throws: everything in the text that is not of the language's form. Types are not looked at.
  public static func format(_ source: String) throws(ClauseErrors) -> String {
    let bytes = Array(source.utf8)
    guard bytes.count <= Limits.sourceByteCountMax else {
      let start = SourceRange(line: 1, column: 1, bytes: 0..<0)
      throw ClauseErrors([LocatedFault(.sourceTooLong(byteCount: bytes.count), at: start)], in: bytes)
    }
    let faults = Parser.parse(bytes).faults
    guard faults.isEmpty else { throw ClauseErrors(faults, in: bytes) }
    var writer = StatementWriter(SourceWord.words(of: bytes))
    return SourceLine.text(writer.lines())
  }
}

/// A token as it is written, with the comments and the empty lines around it.
struct SourceWord {
  /// What stands on a line of its own before a word.
  enum Leading: Hashable {
    case empty
    case comment(String)
  }

  let kind: Token.Kind
  let text: String
  var leading: [Leading] = []
  /// A comment behind the word, on its line.
  var trailing: String?

  /// The words of a text that has no fault, closed by one of kind `.end`.
  static func words(of bytes: [UInt8]) -> [SourceWord] {
    var words: [SourceWord] = []
    var end = 0
    for token in Lexer.read(bytes).tokens {
      let range = token.range.bytes
      var word = SourceWord(kind: token.kind, text: String(decoding: bytes[range], as: UTF8.self))
      var lines = bytes[end..<range.lowerBound].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .map(trimmed)
      // What stands behind the last line end is only the word's indentation.
      if token.kind != .end || lines.last == "" { lines.removeLast() }
      if !words.isEmpty, !lines.isEmpty {
        let behind = lines.removeFirst()
        if !behind.isEmpty { words[words.count - 1].trailing = behind }
      }
      for line in lines {
        if !line.isEmpty {
          word.leading.append(.comment(line))
        } else if word.leading.last != .empty {
          word.leading.append(.empty)
        }
      }
      words.append(word)
      end = range.upperBound
    }
    return words
  }

  /// The text without spaces at either end.
  private static func trimmed(_ line: ArraySlice<UInt8>) -> String {
    let spaces = Array(" \t\r".utf8)
    var rest = line.drop { spaces.contains($0) }
    while let last = rest.last, spaces.contains(last) { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}
