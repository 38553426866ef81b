/// One word, number or sign of the source text.
package struct Token: Hashable, Sendable {
  /// What a token is.
  package enum Kind: Hashable, Sendable {
    case word(String)
    /// Decimal digits, separators removed.
    case number(String)
    /// The digits after `0x`: 40 or 64.
    case hexadecimal(String)
    case symbol(Symbol)
    case end
  }

  /// The signs of the language.
  package enum Symbol: String, Hashable, Sendable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case comma = ","
    case colon = ":"
    case define = "="
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case bar = "|"
  }

  package let kind: Kind
  package let range: SourceRange

  /// The token as a reader would name it.
  var words: String {
    switch kind {
    case .word(let text): "`\(text)`"
    case .number(let digits): "the number \(digits)"
    case .hexadecimal(let digits): "the word 0x\(digits)"
    case .symbol(let symbol): "`\(symbol.rawValue)`"
    case .end: "the end of the file"
    }
  }
}
