package import Arithmetic

/// What a solver answers to one query.
package enum SMTAnswer: Hashable, Sendable {
  case unsatisfiable
  /// With the values that were asked for; truth values are 0 and 1. A value outside 256 bits is left out.
  case satisfiable([String: Int256])
  /// With the solver's reason.
  case unknown(String)
}

/// Reads what a solver prints: parentheses, symbols and numbers.
package enum SMTReader {
  /// A parenthesised list or one word.
  package indirect enum Node: Hashable, Sendable {
    case word(String)
    case list([Node])
  }

  /// Deeper answers are not read.
  private static let depthMax = 64

  /// Every node of the text in order; nil where parentheses do not match.
  package static func nodes(_ text: String) -> [Node]? {
    var stack: [[Node]] = [[]]
    var word = ""
    func finish(_ stack: inout [[Node]], _ word: inout String) {
      guard !word.isEmpty else { return }
      stack[stack.count - 1].append(.word(word))
      word = ""
    }
    for character in text.unicodeScalars {
      switch character {
      case "(":
        finish(&stack, &word)
        guard stack.count < depthMax else { return nil }
        stack.append([])
      case ")":
        finish(&stack, &word)
        guard stack.count > 1, let inner = stack.popLast() else { return nil }
        stack[stack.count - 1].append(.list(inner))
      case " ", "\n", "\t", "\r": finish(&stack, &word)
      default: word.unicodeScalars.append(character)
      }
    }
    finish(&stack, &word)
    return stack.count == 1 ? stack[0] : nil
  }

  /// The answer to `(check-sat)` followed by `(get-value …)`.
  package static func answer(_ text: String) -> SMTAnswer {
    guard let nodes = nodes(text), case .word(let verdict)? = nodes.first else { return .unknown("no answer") }
    switch verdict {
    case "unsat": return .unsatisfiable
    case "sat":
      var values: [String: Int256] = [:]
      if nodes.count > 1, case .list(let pairs) = nodes[1] {
        for case .list(let pair) in pairs where pair.count == 2 {
          if case .word(let name) = pair[0], let value = value(pair[1]) { values[name] = value }
        }
      }
      return .satisfiable(values)
    default: return .unknown(verdict)
    }
  }

  private static func value(_ node: Node) -> Int256? {
    switch node {
    case .word("true"): return .one
    case .word("false"): return .zero
    case .word(let digits): return try? Int256(decimal: digits)
    case .list(let parts):
      guard parts.count == 2, parts[0] == .word("-"), case .word(let digits) = parts[1] else { return nil }
      return try? Int256(decimal: "-" + digits)
    }
  }
}
