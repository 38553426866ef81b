/// A Swift file: its lines as written, and its lines with comments and the text of string literals blanked out, so that
/// a word in prose is never taken for code. The code inside an interpolation stays.
struct SourceFile {
  let path: String
  let lines: [String]
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = Self.split(text)
    var stripper = Stripper(text: Array(text.utf8))
    stripper.code(until: nil)
    code = Self.split(String(decoding: stripper.result, as: UTF8.self))
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The module whose folder holds the file.
  var module: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// The names that the file imports, each with its line and with the words before `import`.
  var imports: [(line: Int, name: String, access: String)] {
    code.enumerated().compactMap { index, line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place < words.count - 1 else { return nil }
      guard words[..<place].allSatisfy({ Self.accessWords.contains(String($0)) || $0.hasPrefix("@") }) else {
        return nil
      }
      let name = words[words.count - 1].split(separator: ".")[0]
      return (index + 1, String(name), words[..<place].joined(separator: " "))
    }
  }

  private static let accessWords: Set<String> = ["public", "package", "internal", "fileprivate", "private"]

  /// The lines of code for which something holds, as violations.
  func violations(_ what: String, where holds: (String) -> Bool) -> [Violation] {
    code.enumerated().filter { holds($0.element) }.map { Violation(path: path, line: $0.offset + 1, what: what) }
  }
}

/// Blanks comments and literals out, and keeps every line where it is.
private struct Stripper {
  let text: [UInt8]
  var place = 0
  var result: [UInt8] = []

  private func sees(_ word: String) -> Bool { text[place...].starts(with: word.utf8) }

  private mutating func keep(_ count: Int) {
    result += text[place..<min(place + count, text.count)]
    place += count
  }

  private mutating func skip(_ count: Int) {
    for byte in text[place..<min(place + count, text.count)] { result.append(byte == 10 ? 10 : 32) }
    place += count
  }

  /// Up to the closing parenthesis of an interpolation, or to the end.
  mutating func code(until closing: UInt8?) {
    var depth = 0
    while place < text.count {
      let byte = text[place]
      if byte == closing, depth == 0 { return }
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if sees("//") {
        while place < text.count, text[place] != 10 { skip(1) }
      } else if sees("/*") {
        blockComment()
      } else if let pounds = literalPounds() {
        literal(pounds: pounds)
      } else {
        keep(1)
      }
    }
  }

  private mutating func blockComment() {
    var depth = 0
    while place < text.count {
      if sees("/*") {
        depth += 1
        skip(2)
      } else if sees("*/") {
        depth -= 1
        skip(2)
        if depth == 0 { return }
      } else {
        skip(1)
      }
    }
  }

  /// How many number signs stand before a quotation mark here; nothing where no literal begins.
  private func literalPounds() -> Int? {
    var end = place
    while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
    return end < text.count && text[end] == UInt8(ascii: "\"") ? end - place : nil
  }

  private mutating func literal(pounds: Int) {
    let fence = String(repeating: "#", count: pounds)
    keep(pounds)
    let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
    keep(quotes.utf8.count)
    while place < text.count {
      if sees(quotes + fence) { return keep(quotes.utf8.count + pounds) }
      if sees("\\" + fence + "(") {
        skip(2 + pounds)
        code(until: UInt8(ascii: ")"))
        skip(1)
      } else if sees("\\" + fence) {
        skip(2 + pounds)
      } else {
        skip(1)
      }
    }
  }
}
