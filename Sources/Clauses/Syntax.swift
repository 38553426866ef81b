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
    case number(String, unit: TypeName?)
    /// The digits after `0x`: 40 for an address, 64 for a digest.
    case hexadecimal(String)
    case name(String)
    case not(Expression)
    case negate(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case conditional(Expression, then: Expression, else: Expression)
    case call(Name, [Expression])
    /// `match subject case A or B then value … else value`.
    case match(Expression, arms: [MatchArm], otherwise: Expression?)
    case fold(Fold)
    /// `any p in list with condition`, `all p in list with condition`.
    case quantified(Quantifier, [Binder], Expression)
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

/// `case A or B then value`.
package struct MatchArm: Sendable {
  package let cases: [Name]
  package let value: Expression
}

/// `fold accumulator = initial over binders with body`.
package struct Fold: Sendable {
  package let accumulator: Name
  package let initial: Expression
  package let binders: [Binder]
  package let body: Expression
}

/// What a fold gives a name to in each round.
package struct Binder: Sendable {
  /// Where the values come from.
  package enum Source: Sendable {
    /// `p in list`: the elements, first to last.
    case elements(of: Name)
    /// `i in indices(list)`: 0, 1 and so on, as many as there are elements.
    case indices(of: Name)
    /// `i below n`: 0 to n - 1; decimal digits and their place.
    case below(String, SourceRange)
  }

  package let name: Name
  package let source: Source

  /// The list whose length is the number of rounds; nil for `below`.
  package var list: Name? {
    switch source {
    case .elements(let list), .indices(let list): list
    case .below: nil
    }
  }
}

/// Whether one round has to hold, or every round.
package enum Quantifier: String, Hashable, Sendable {
  case any
  case all
}

/// A type as written, in its short form: `Amount of token` is `Amount`.
package struct TypeName: Hashable, Sendable {
  /// The type, or for a list that of its elements.
  package let text: String
  /// For `List of … up to bound` the digits of the bound.
  package let bound: String?
  package let range: SourceRange
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
  /// `enum name = A | B`.
  package struct EnumerationDeclaration: Sendable {
    package let name: Name
    package let cases: [Name]
  }

  /// `name : Type` under one of the headings.
  package struct Declaration: Sendable {
    package let group: InputGroup
    package let name: Name
    package let type: TypeName
  }

  /// `let name = value`, or `find name = value`.
  package struct Definition: Sendable {
    package let name: Name
    package let value: Expression
  }

  /// `claim buyer rises with input`, or `falls`.
  package struct ClaimStatement: Sendable {
    package let rises: Bool
    package let input: Name
  }

  /// `pay party amount`, `pay party remainder` or `pay party remainder of deliveryToken`.
  package struct Payment: Sendable {
    package let party: Name
    /// Nil for the remainder.
    package let amount: Expression?
    /// Whether the remainder is one of the delivery token.
    package let isDelivery: Bool
    package let range: SourceRange
  }

  /// `stage name`, `while condition`, `until instant`; its routes name it by its place.
  package struct Stage: Sendable {
    package let name: Name
    package let condition: Expression
    package let until: Expression?
    /// Where `after` stands, if it does.
    package var after: SourceRange?
  }

  /// `route name`, `open when condition`, `pays nothing` or `pays buyer amount`.
  package struct Route: Sendable {
    package let name: Name
    /// Nil for `open` alone, which stands only in a stage.
    package let condition: Expression?
    /// Nil when the route releases nothing.
    package let toBuyer: Expression?
    /// The second `pays buyer`, which is of the delivery token.
    package let deliveredToBuyer: Expression?
    /// The place of the stage in which the route stands, if it stands in one.
    package let stage: Int?
    /// Whether it stands behind `after`.
    package let isAfter: Bool
  }

  package var kind: ClauseKind?
  package var name: Name?
  package var enumerations: [EnumerationDeclaration] = []
  package var declarations: [Declaration] = []
  package var definitions: [Definition] = []
  package var givens: [Expression] = []
  package var finds: [Definition] = []
  package var claims: [ClaimStatement] = []
  /// `escrow amount`: how much there is to share, with the keyword's place. A second one is of the delivery token.
  package var wholes: [(keyword: SourceRange, amount: Expression)] = []
  package var payments: [Payment] = []
  package var stages: [Stage] = []
  /// Every arm of every route, in the order of the text.
  package var routes: [Route] = []
  /// The end of the file, where what is missing is reported.
  package var end: SourceRange
}

/// The three kinds of rules. The raw value is the kind's byte in bytecode.
public enum ClauseKind: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Maps terms and facts to what each party is owed. It has no clock.
  case payoff = 1
  /// Says, for terms, state, facts and block time, which routes are open and what each would release.
  case escrow = 2
  /// Says, of the same, what is found: which evidence and which rulings stand, whose turn it is, who bears what.
  case arbitration = 3

  /// The word that opens a source file of this kind.
  public var description: String {
    switch self {
    case .payoff: "payoff"
    case .escrow: "escrow"
    case .arbitration: "arbitration"
    }
  }
}

/// Where an input comes from. The raw value is the group's byte in bytecode.
public enum InputGroup: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Signed by both parties; always present.
  case terms = 1
  /// Established by evidence; may be missing.
  case facts = 2
  /// The vault's own record on the chain; may be missing. Not in payoffs.
  case state = 3
  /// The time of the block. Not in payoffs.
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
