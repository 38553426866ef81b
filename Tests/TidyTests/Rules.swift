/// What a formatter cannot see, as functions from files to violations.
enum Rules {
  /// Lines of one source file; longer ones hold more than one concept.
  static let lineCountMax = 400

  /// Where a trap stands, and why input can never reach it.
  static let traps: [String: String] = [
    "Sources/Ethereum/ABILiterals.swift": "literals in our own source",
    "Sources/HTTP/Route.swift": "a handler asks for a name that its own pattern lacks",
    "Sources/Console/Arguments.swift": "a command asks for an operand that its own declaration lacks",
    "Sources/Signing/SigningContext.swift": "no memory, or a library that refuses to start",
  ]

  /// Where floating point stands in a layer that decides money, and why no amount passes through it.
  static let floatingPoint: [String: String] = [
    "Sources/JSON/JSONNumber.swift": "asks whether a foreign number would lose digits in a double, to refuse it"
  ]

  static func length(_ file: SourceFile) -> [Violation] {
    let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    return count > lineCountMax
      ? [Violation(path: file.path, line: 0, what: "\(count) lines, at most \(lineCountMax)")] : []
  }

  static func traps(_ file: SourceFile) -> [Violation] {
    var found = file.violations("a forced try or cast") { $0.containsAny(["try!", "as!"]) }
    found += file.violations("a forced unwrap, or an implicitly unwrapped type", where: hasForcedUnwrap)
    if traps[file.path] == nil {
      found += file.violations("a trap that is not on the list") {
        $0.containsAny(["fatalError(", "preconditionFailure(", "assertionFailure("])
      }
    }
    return found
  }

  /// An exclamation mark directly after a value or a type. The prefix operator follows a space or a parenthesis.
  private static func hasForcedUnwrap(_ line: String) -> Bool {
    let bytes = Array(line.utf8)
    return bytes.indices.contains { index in
      guard bytes[index] == UInt8(ascii: "!"), index > 0 else { return false }
      if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "=") { return false }
      if line.containsAny(["try!", "as!"]) { return false }
      let before = Character(UnicodeScalar(bytes[index - 1]))
      return before.isLetter || before.isNumber || "_)]}?\">".contains(before)
    }
  }

  static func floatingPoint(_ file: SourceFile) -> [Violation] {
    guard ModuleGraph.pureModules.contains(file.module), floatingPoint[file.path] == nil else { return [] }
    return file.violations("floating point where money is decided") { line in
      line.words.contains { ["Double", "Float", "Float16", "Float80", "CGFloat"].contains($0) }
    }
  }

  static func asynchrony(_ file: SourceFile) -> [Violation] {
    guard ModuleGraph.pureModules.contains(file.module) else { return [] }
    return file.violations("asynchronous code below the edges") { line in
      line.words.contains { ["async", "await", "actor", "Task"].contains($0) }
    }
  }

  /// In every text file, comments included.
  static func leftovers(path: String, text: String) -> [Violation] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      String(line).words.filter { ["TO" + "DO", "FIX" + "ME", "X" + "XX"].contains($0) }
        .map { Violation(path: path, line: index + 1, what: "an unfinished \($0)") }
    }
  }
}

extension String {
  func containsAny(_ parts: [String]) -> Bool { parts.contains { contains($0) } }

  /// Runs of letters, digits and `_`.
  var words: [String] {
    split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// The same, where further characters belong to a word.
  func words(keeping characters: String) -> Set<String> {
    Set(split { !($0.isLetter || $0.isNumber || characters.contains($0)) }.map(String.init))
  }
}
