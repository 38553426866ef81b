import Arithmetic

/// Expressions as SMT-LIB 2 text: integers without bounds, every range an assertion.
package struct SMTScript {
  /// Whether products and quotients that are not linear are written out, or are unknown numbers.
  package enum Detail: Sendable {
    case exact, abstract
  }

  /// Declarations of the variables with their ranges, and a definition of everything that the roots are made of.
  package let definitions: String
  /// The names of the variables that the roots need.
  package let variables: [String]
  /// How the script calls each root.
  package let roots: [String]

  /// The definitions, and that all roots hold.
  package var assertions: String { definitions + roots.map { "(assert \($0))\n" }.joined() }

  /// Writes expressions.
  package init(_ roots: [Expression], in graph: Graph, _ detail: Detail) {
    var writer = Writer(graph: graph, detail: detail)
    for expression in graph.cone(roots) { writer.define(expression) }
    definitions = writer.lines.map { $0 + "\n" }.joined()
    variables = writer.variables
    self.roots = roots.map { writer.name($0) }
  }

  static func number(_ value: Int256) -> String { value.isNegative ? "(- \(value.magnitude))" : value.description }
}

private struct Writer {
  let graph: Graph
  let detail: SMTScript.Detail
  var lines: [String] = []
  var variables: [String] = []
  private var names: [Int: String] = [:]

  init(graph: Graph, detail: SMTScript.Detail) {
    self.graph = graph
    self.detail = detail
  }

  func name(_ expression: Expression) -> String { names[expression.index] ?? "false" }

  mutating func define(_ expression: Expression) {
    switch graph[expression] {
    case .truth(let value): names[expression.index] = value ? "true" : "false"
    case .number(let value): names[expression.index] = SMTScript.number(value)
    case .variable(let index): declare(graph.variables[index], as: expression)
    default:
      let symbol = "e\(expression.index)"
      names[expression.index] = symbol
      if detail == .abstract, graph.isNonlinear(expression) {
        lines.append("(declare-const \(symbol) Int)")
      } else {
        let sort = graph.isTruth(expression) ? "Bool" : "Int"
        lines.append("(define-fun \(symbol) () \(sort) \(form(expression)))")
      }
    }
  }

  private mutating func declare(_ variable: Graph.Variable, as expression: Expression) {
    let name = variable.name
    names[expression.index] = name
    variables.append(name)
    lines.append("(declare-const \(name) \(variable.range == nil ? "Bool" : "Int"))")
    if let low = variable.range?.low { lines.append("(assert (<= \(SMTScript.number(low)) \(name)))") }
    if let high = variable.range?.high { lines.append("(assert (<= \(name) \(SMTScript.number(high))))") }
  }

  private func form(_ expression: Expression) -> String {
    func apply(_ operation: String, _ parts: Expression...) -> String {
      "(\(operation) \(parts.map(name).joined(separator: " ")))"
    }
    return switch graph[expression] {
    case .truth, .number, .variable: name(expression)
    case .sum(let a, let b): apply("+", a, b)
    case .difference(let a, let b): apply("-", a, b)
    case .product(let a, let b): apply("*", a, b)
    case .quotient(let a, let b, let rounding): quotient(a, b, rounding)
    case .choice(let condition, let a, let b): apply("ite", condition, a, b)
    case .equal(let a, let b): apply("=", a, b)
    case .less(let a, let b): apply("<", a, b)
    case .lessOrEqual(let a, let b): apply("<=", a, b)
    case .and(let a, let b): apply("and", a, b)
    case .or(let a, let b): apply("or", a, b)
    case .not(let a): apply("not", a)
    }
  }

  /// `div` of SMT-LIB leaves a remainder that is never negative: it is the floor for a positive divisor alone.
  private func quotient(_ a: Expression, _ b: Expression, _ rounding: Rounding) -> String {
    let (number, divisor) = (name(a), name(b))
    let up = rounding == .floor ? "(div \(number) \(divisor))" : "(- (div (- \(number)) \(divisor)))"
    if graph.interval(b).isAtLeast(1) { return up }
    let down =
      rounding == .floor ? "(div (- \(number)) (- \(divisor)))" : "(- (div \(number) (- \(divisor))))"
    return "(ite (< 0 \(divisor)) \(up) (ite (< \(divisor) 0) \(down) 0))"
  }
}
