import Arithmetic

/// An expression whose names are resolved and whose type is known.
struct TypedExpression: Sendable {
  /// The shape of an expression. Operators and functions are already the instruction that computes them, `match` is
  /// conditions, and what is written about lists without a fold is a fold.
  indirect enum Node: Sendable {
    case constant(Int256)
    case input(String)
    case known(String)
    case count(String)
    case item(String, TypedExpression)
    case definition(Int)
    /// What the tests of one `match` share: computed by the first, by number of the `match`.
    case shared(Int, TypedExpression)
    case apply(Opcode, [TypedExpression])
    case both(TypedExpression, TypedExpression)
    case either(TypedExpression, TypedExpression)
    case conditional(TypedExpression, then: TypedExpression, else: TypedExpression)
    case fold(TypedFold)
    /// The value so far of the fold of that number.
    case accumulator(Int)
    /// The round of the fold of that number, from 0.
    case index(Int)
  }

  let node: Node
  let type: ClauseType
  let range: SourceRange
  /// Levels of nesting with definitions expanded: what the compiler's recursion can reach.
  let depth: Int

  /// The expressions directly inside this one; definitions are not followed.
  var children: [TypedExpression] {
    switch node {
    case .constant, .input, .known, .count, .definition, .accumulator, .index: []
    case .item(_, let operand), .shared(_, let operand): [operand]
    case .apply(_, let operands): operands
    case .both(let left, let right), .either(let left, let right): [left, right]
    case .conditional(let condition, let first, let second): [condition, first, second]
    case .fold(let fold): [fold.initial, fold.body]
    }
  }
}

/// A loop with a known bound and one value that goes from round to round.
struct TypedFold: Sendable {
  /// What says how many rounds there are.
  enum Rounds: Hashable, Sendable {
    case below(Int)
    case list(String)
  }

  /// Unique in the clause.
  let number: Int
  let rounds: Rounds
  /// Lists that must be as long as the first.
  let paired: [String]
  let initial: TypedExpression
  let body: TypedExpression
}

/// A clause that has passed the checker.
struct TypedClause: Sendable {
  /// What a route does in one place; a payoff is a single arm that is always open.
  struct Arm: Sendable {
    /// Nil when always open.
    let condition: TypedExpression?
    /// Nil when the route releases nothing.
    let toBuyer: TypedExpression?
    /// The buyer's part of the second token, if there is one.
    let deliveredToBuyer: TypedExpression?
    let range: SourceRange
  }

  /// One route; the first open arm decides.
  struct Route: Sendable {
    let name: String?
    var arms: [Arm]
  }

  /// A named result.
  struct Find: Sendable {
    let name: String
    let value: TypedExpression
  }

  let kind: ClauseKind
  let enumerations: [Enumeration]
  /// In the order of the input table.
  let inputs: [Input]
  let definitions: [TypedExpression]
  let givens: [TypedExpression]
  let finds: [Find]
  let claims: [Claim]
  /// Nil only when no route pays.
  let whole: TypedExpression?
  /// How much there is of the second token, if there is one.
  let deliveryWhole: TypedExpression?
  let routes: [Route]
}
