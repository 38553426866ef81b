import Arithmetic

/// An expression whose names are resolved and whose type is known.
struct TypedExpression: Sendable {
  /// The shape of an expression. Operators and functions are already the instruction that computes them.
  indirect enum Node: Sendable {
    case constant(Int256)
    case input(String)
    case known(String)
    case definition(Int)
    case apply(Opcode, [TypedExpression])
    case both(TypedExpression, TypedExpression)
    case either(TypedExpression, TypedExpression)
    case conditional(TypedExpression, then: TypedExpression, else: TypedExpression)
  }

  let node: Node
  let type: ClauseType
  let range: SourceRange
  /// Levels of nesting with definitions expanded: what the compiler's recursion can reach.
  let depth: Int
}

/// A clause that has passed the checker.
struct TypedClause: Sendable {
  /// One route; a payoff is a single route that is always open.
  struct Route: Sendable {
    let name: String?
    /// Nil when always open.
    let condition: TypedExpression?
    /// Nil when the route releases nothing.
    let toBuyer: TypedExpression?
    let range: SourceRange
  }

  let kind: ClauseKind
  /// In the order of the input table.
  let inputs: [Input]
  let definitions: [TypedExpression]
  /// Nil only when no route pays.
  let whole: TypedExpression?
  let routes: [Route]
}
