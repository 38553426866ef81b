package import Arithmetic

/// The values of a graph's expressions for values of its variables, as far as they fit 256 bits.
package struct Valuation {
  private let graph: Graph
  private let order: [Expression]
  private let roots: [Expression]

  /// Prepares to ask the same expressions many times.
  package init(of roots: [Expression], in graph: Graph) {
    self.graph = graph
    self.roots = roots
    order = graph.cone(roots)
  }

  /// The value of each root, truth values as 0 and 1; nil where it depends on a number that does not fit.
  package func values(_ variables: [String: Int256]) -> [Int256?] {
    var values: [Int256?] = Array(repeating: nil, count: (order.last?.index ?? -1) + 1)
    for expression in order { values[expression.index] = value(expression, variables) { values[$0.index] } }
    return roots.map { values[$0.index] }
  }

  /// Whether all roots hold.
  package func allHold(_ variables: [String: Int256]) -> Bool {
    values(variables).allSatisfy { $0 == .one }
  }

  private func value(
    _ expression: Expression, _ variables: [String: Int256], _ known: (Expression) -> Int256?
  ) -> Int256? {
    func both(_ a: Expression, _ b: Expression, _ combine: (Int256, Int256) -> Int256?) -> Int256? {
      guard let x = known(a), let y = known(b) else { return nil }
      return combine(x, y)
    }
    switch graph[expression] {
    case .truth(let value): return value ? .one : .zero
    case .number(let value): return value
    case .variable(let index): return variables[graph.variables[index].name]
    case .sum(let a, let b): return both(a, b) { try? $0.adding($1) }
    case .difference(let a, let b): return both(a, b) { try? $0.subtracting($1) }
    case .product(let a, let b): return both(a, b) { try? $0.multiplied(by: $1) }
    case .quotient(let a, let b, let rounding):
      return both(a, b) { $1 == .zero ? .zero : try? $0.divided(by: $1, rounding: rounding) }
    case .choice(let condition, let a, let b):
      guard let decided = known(condition) else { return nil }
      return known(decided == .zero ? b : a)
    case .equal(let a, let b): return both(a, b) { $0 == $1 ? .one : .zero }
    case .less(let a, let b): return both(a, b) { $0 < $1 ? .one : .zero }
    case .lessOrEqual(let a, let b): return both(a, b) { $0 <= $1 ? .one : .zero }
    case .and(let a, let b):
      if known(a) == .zero || known(b) == .zero { return .zero }
      return both(a, b) { _, _ in .one }
    case .or(let a, let b):
      if known(a) == .one || known(b) == .one { return .one }
      return both(a, b) { _, _ in .zero }
    case .not(let a): return known(a).map { $0 == .zero ? .one : .zero }
    }
  }
}
