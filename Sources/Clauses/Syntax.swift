/// A word of the source and where it stands.
package struct Name: Hashable, Sendable {
  package let text: String
  package let range: SourceRange
}

/// An expression as written: names not resolved, types not known.
package struct Expression: Sendable {
  /// The shape of an expression.
  package indirect enum Node: Sendable {
    /// What could not be read; already reported.
    case invalid
    /// Decimal digits and the unit after them, if any.
    case number(String, unit: Name?)
    case name(String)
    case not(Expression)
    case negate(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case conditional(Expression, then: Expression, else: Expression)
    case call(Name, [Expression])
  }

  package let node: Node
  package let range: SourceRange
  /// Levels of nesting, this one included.
  let depth: Int

  init(_ node: Node, at range: SourceRange, over children: [Expression] = []) {
    self.node = node
    self.range = range
    depth = 1 + (children.map(\.depth).max() ?? 0)
  }
}

/// Operators between two values, in the words of the source.
public enum BinaryOperator: String, Hashable, Sendable {
  /// Lazy: the right side counts only when the left is false.
  case or
  /// Lazy: the right side counts only when the left is true.
  case and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  /// Only inside a named rounding.
  case divide = "/"
}

/// The two sides of an agreement.
public enum Party: String, Hashable, Sendable {
  /// Who holds the option.
  case buyer
  /// Who wrote it.
  case seller
}

/// A clause as written.
package struct SourceFile: Sendable {
  /// `name : Type` under one of the headings.
  package struct Declaration: Sendable {
    package let group: InputGroup
    package let name: Name
    package let type: Name
  }

  /// `let name = value`.
  package struct Definition: Sendable {
    package let name: Name
    package let value: Expression
  }

  /// `pay party amount` or `pay party remainder`.
  package struct Payment: Sendable {
    package let party: Name
    /// Nil for the remainder.
    package let amount: Expression?
    package let range: SourceRange
  }

  /// `route name`, `open when condition`, `pays nothing` or `pays buyer amount`.
  package struct Route: Sendable {
    package let name: Name
    package let condition: Expression
    /// Nil when the route releases nothing.
    package let toBuyer: Expression?
  }

  package var kind: ClauseKind?
  package var name: Name?
  package var declarations: [Declaration] = []
  package var definitions: [Definition] = []
  /// `escrow amount`: how much there is to share, with the keyword's place.
  package var wholes: [(keyword: SourceRange, amount: Expression)] = []
  package var payments: [Payment] = []
  package var routes: [Route] = []
  /// The end of the file, where what is missing is reported.
  package var end: SourceRange
}

/// The two kinds of rules. The raw value is the kind's byte in bytecode.
public enum ClauseKind: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Maps terms and facts to what each party is owed. It has no clock.
  case payoff = 1
  /// Says, for terms, state, facts and block time, which routes are open and what each would release.
  case escrow = 2

  /// The word that opens a source file of this kind.
  public var description: String { self == .payoff ? "payoff" : "escrow" }
}

/// Where an input comes from. The raw value is the group's byte in bytecode.
public enum InputGroup: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Signed by both parties; always present.
  case terms = 1
  /// Established by evidence; may be missing.
  case facts = 2
  /// The vault's own record on the chain; may be missing. Escrow rules only.
  case state = 3
  /// The time of the block. Escrow rules only.
  case now = 4

  /// The heading in source.
  public var description: String {
    switch self {
    case .terms: "terms"
    case .facts: "facts"
    case .state: "state"
    case .now: "now"
    }
  }
}
