/// The words of the language.
enum Words {
  /// Words that open a statement. `now` opens one only before a colon.
  static let openings: Set<String> = [
    "enum", "terms", "facts", "state", "given", "let", "find", "claim", "escrow", "pay", "stage", "route", "after",
    "end",
  ]

  /// Words that end an expression because another part of the statement begins.
  static let parts: Set<String> = ["pays", "until"]

  /// Functions, and the two roundings that are also arguments.
  static let functions = [
    "min", "max", "clamp", "floor", "ceiling", "remainder", "amount", "coins", "delivery", "fresh", "known", "count",
    "sum",
    "average", "highest", "lowest", "at",
  ]

  /// Inputs that are never declared.
  static let implicit = ["scaleUp", "scaleDown", "coinUp", "coinDown"]

  /// Words that no input, definition, name of a fold or function may be called, some of them kept for later versions.
  static let reserved: Set<String> =
    openings.union(parts).union(functions).union(implicit).union(ClauseType.statusNames)
    .union(ClauseType.basic.map(\.description)).union(ClauseKind.allCases.map(\.description))
    .union([
      "language", "now", "if", "then", "else", "and", "or", "not", "true", "false", "buyer", "seller", "nothing",
      "open",
      "when", "while", "match", "case", "fold", "over", "from", "with", "in", "below", "indices", "any", "all", "of",
      "up",
      "to", "List", "list", "rises", "falls",
    ])

  /// Reserved words that may stand where a value stands.
  static let values: Set<String> = Set(functions + implicit + ["now", "true", "false"] + ClauseType.statusNames)

  /// Words that open an expression which reaches as far to the right as it can; inside another they need brackets.
  static let prefixes: Set<String> = ["if", "match", "fold", "any", "all", "not"]

  /// The types as a list in a sentence.
  static let types = (ClauseType.basic.map(\.description) + ["List of … up to …", "an `enum`"]).joined(separator: ", ")
}
