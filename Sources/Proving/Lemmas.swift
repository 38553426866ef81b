import Arithmetic

/// True statements about products and quotients, in terms of linear arithmetic: with them a solver that takes each
/// product for an unknown number can still prove what a clause needs. Every lemma holds for all values (tested).
package struct Lemmas {
  private struct Product {
    let value: Expression
    let a: Expression
    let b: Expression
  }

  private struct Quotient {
    let value: Expression
    let number: Expression
    let divisor: Expression
    let rounding: Rounding
  }

  /// Beyond so many products, pairs of them are not compared: the lemmas would outweigh the program.
  private static let comparedMax = 48
  /// So many numbers of the program are tried as multiples.
  private static let factorsMax = 8

  /// The largest price, quantity and amount, and the other way.
  private static let widest: Int256 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff
  private static let narrowest: Int256 = -0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff

  /// So many numbers that a factor is compared with are tried as its bounds.
  private static let comparisonsMax = 6

  private let compared: [Expression: [Int256]]
  private let zero: Expression
  private let one: Expression
  private var lemmas: [Expression] = []
  private var products: [Product] = []
  private var quotients: [Quotient] = []
  /// Products of a number and a variable.
  private var multiples: [Product] = []
  private var seen: Set<Expression> = []

  /// Lemmas for every product and quotient that the roots need and linear arithmetic cannot say.
  package static func about(
    _ roots: [Expression], _ invariants: [ClauseEncoding.Invariant], in graph: inout Graph
  ) -> [Expression] {
    var lemmas = Lemmas(&graph)
    lemmas.collect(roots, &graph)
    for invariant in invariants where lemmas.seen.contains(invariant.subject) {
      lemmas.lemmas.append(invariant.condition)
      lemmas.collect([invariant.condition], &graph)
    }
    lemmas.compare(&graph)
    return lemmas.lemmas
  }

  private init(_ graph: inout Graph) {
    compared = Self.comparisons(in: graph)
    zero = graph.number(0)
    one = graph.number(1)
  }

  private mutating func collect(_ roots: [Expression], _ graph: inout Graph) {
    for expression in graph.cone(roots) where seen.insert(expression).inserted {
      switch graph[expression] {
      case .product(let a, let b) where !graph.isNonlinear(expression):
        multiples.append(Product(value: expression, a: a, b: b))
      case .quotient where !graph.isNonlinear(expression): break
      case .product(let a, let b): about(Product(value: expression, a: a, b: b), &graph)
      case .quotient(let number, let divisor, let rounding):
        about(Quotient(value: expression, number: number, divisor: divisor, rounding: rounding), &graph)
      default: break
      }
    }
  }

  private mutating func hold(_ lemma: Expression, _ graph: inout Graph) {
    if lemma != graph.truth(true) { lemmas.append(lemma) }
  }

  private mutating func hold(_ conditions: [Expression], imply conclusion: Expression, _ graph: inout Graph) {
    hold(graph.implies(graph.all(conditions), conclusion), &graph)
  }

  // MARK: One product

  private mutating func about(_ product: Product, _ graph: inout Graph) {
    products.append(product)
    signs(product, &graph)
    for (a, b) in [(product.a, product.b), (product.b, product.a)] {
      hold([graph.equal(a, zero)], imply: graph.equal(product.value, zero), &graph)
      hold([graph.equal(a, one)], imply: graph.equal(product.value, b), &graph)
      let isOneOrMore = graph.lessOrEqual(one, a)
      hold([isOneOrMore, graph.lessOrEqual(zero, b)], imply: graph.lessOrEqual(b, product.value), &graph)
      hold([isOneOrMore, graph.lessOrEqual(b, zero)], imply: graph.lessOrEqual(product.value, b), &graph)
    }
    envelope(product, &graph)
    ordinary(product.a, product.b, product.value, &graph)
    ordinary(product.b, product.a, product.value, &graph)
  }

  /// A factor that the intervals let grow may still be a price or an amount, below 2^128, or below a number that it is
  /// compared with: then the product is at most as many times the other factor.
  private mutating func ordinary(
    _ a: Expression, _ b: Expression, _ value: Expression, _ graph: inout Graph
  ) {
    let bounds = graph.interval(b)
    let isUp = graph.lessOrEqual(zero, a)
    let near = compared[b, default: []]
    for limit in [Self.widest] + near where !bounds.isAtMost(limit) {
      let most = graph.number(limit)
      hold([isUp, graph.lessOrEqual(b, most)], imply: graph.lessOrEqual(value, graph.product(most, a)), &graph)
    }
    for limit in [Self.narrowest] + near where !bounds.isAtLeast(limit) {
      let least = graph.number(limit)
      hold([isUp, graph.lessOrEqual(least, b)], imply: graph.lessOrEqual(graph.product(least, a), value), &graph)
    }
  }

  /// The numbers that each expression is compared with.
  private static func comparisons(in graph: Graph) -> [Expression: [Int256]] {
    var numbers: [Expression: [Int256]] = [:]
    for shape in graph.shapes {
      guard case .less(let a, let b) = shape else {
        if case .lessOrEqual(let a, let b) = shape { note(a, b, graph, &numbers) }
        continue
      }
      note(a, b, graph, &numbers)
    }
    return numbers
  }

  private static func note(
    _ a: Expression, _ b: Expression, _ graph: Graph, _ numbers: inout [Expression: [Int256]]
  ) {
    for (expression, other) in [(a, b), (b, a)] {
      guard let number = graph.number(other), number != .max, number != .min else { continue }
      if numbers[expression, default: []].count < comparisonsMax { numbers[expression, default: []].append(number) }
    }
  }

  private mutating func signs(_ product: Product, _ graph: inout Graph) {
    let (value, a, b) = (product.value, product.a, product.b)
    let (isUp, isDown) = (graph.lessOrEqual(zero, a), graph.lessOrEqual(a, zero))
    let (otherUp, otherDown) = (graph.lessOrEqual(zero, b), graph.lessOrEqual(b, zero))
    let (isPositive, isNegative) = (graph.lessOrEqual(zero, value), graph.lessOrEqual(value, zero))
    hold([isUp, otherUp], imply: isPositive, &graph)
    hold([isDown, otherDown], imply: isPositive, &graph)
    hold([isUp, otherDown], imply: isNegative, &graph)
    hold([isDown, otherUp], imply: isNegative, &graph)
  }

  /// McCormick's bounds: `(a - low) * (b - low) >= 0` and the three like it, multiplied out.
  private mutating func envelope(_ product: Product, _ graph: inout Graph) {
    let (first, second) = (graph.interval(product.a), graph.interval(product.b))
    for (x, isLow) in [(first.low, true), (first.high, false)] {
      for (y, otherIsLow) in [(second.low, true), (second.high, false)] {
        guard let x, let y else { continue }
        let (atX, atY) = (graph.number(x), graph.number(y))
        // (a - x)(b - y) = value - x*b - y*a + x*y
        let slope = graph.sum(graph.product(atX, product.b), graph.product(atY, product.a))
        let bound = graph.difference(slope, graph.product(atX, atY))
        let holds =
          isLow == otherIsLow ? graph.lessOrEqual(bound, product.value) : graph.lessOrEqual(product.value, bound)
        hold(holds, &graph)
      }
    }
  }

  // MARK: One quotient

  private mutating func about(_ quotient: Quotient, _ graph: inout Graph) {
    quotients.append(quotient)
    let (value, number, divisor) = (quotient.value, quotient.number, quotient.divisor)
    let isUp = graph.lessOrEqual(one, divisor)
    let isDown = graph.less(divisor, zero)
    let back = graph.product(value, divisor)
    remainder(quotient, back, isUp, isDown, &graph)
    hold([graph.equal(divisor, zero)], imply: graph.equal(value, zero), &graph)
    hold([graph.equal(divisor, one)], imply: graph.equal(value, number), &graph)
    let isPositive = graph.lessOrEqual(zero, number)
    let isNegative = graph.lessOrEqual(number, zero)
    hold([isUp, isPositive], imply: graph.lessOrEqual(zero, value), &graph)
    hold([isUp, isPositive], imply: graph.lessOrEqual(value, number), &graph)
    hold([isUp, isNegative], imply: graph.lessOrEqual(value, zero), &graph)
    hold([isUp, isNegative], imply: graph.lessOrEqual(number, value), &graph)
    hold([isUp, graph.lessOrEqual(divisor, number)], imply: graph.lessOrEqual(one, value), &graph)
    if quotient.rounding == .floor {
      hold([isPositive, graph.less(number, divisor)], imply: graph.equal(value, zero), &graph)
    } else {
      hold([isUp, graph.lessOrEqual(number, divisor)], imply: graph.lessOrEqual(value, one), &graph)
    }
    // A scale is one, or ten and more.
    let ten = graph.number(10)
    let tenfold = graph.product(ten, value)
    let isTen = graph.lessOrEqual(ten, divisor)
    hold([isTen, graph.lessOrEqual(zero, value)], imply: graph.lessOrEqual(tenfold, back), &graph)
    hold([isTen, graph.lessOrEqual(value, zero)], imply: graph.lessOrEqual(back, tenfold), &graph)
    if case .product(let a, let b) = graph[number] {
      proportion(value, a, b, divisor, &graph)
      proportion(value, b, a, divisor, &graph)
    }
    collect([back], &graph)
  }

  /// What rounding means: the quotient times the divisor is the number but for a remainder smaller than the divisor.
  private mutating func remainder(
    _ quotient: Quotient, _ back: Expression, _ isUp: Expression, _ isDown: Expression, _ graph: inout Graph
  ) {
    let (number, divisor) = (quotient.number, quotient.divisor)
    let isBelow = graph.lessOrEqual(back, number)
    let isAbove = graph.lessOrEqual(number, back)
    let (above, below) = (graph.sum(back, divisor), graph.difference(back, divisor))
    switch quotient.rounding {
    case .floor:
      hold([isUp], imply: isBelow, &graph)
      hold([isUp], imply: graph.less(number, above), &graph)
      hold([isDown], imply: isAbove, &graph)
      hold([isDown], imply: graph.less(above, number), &graph)
    case .ceiling:
      hold([isUp], imply: isAbove, &graph)
      hold([isUp], imply: graph.less(below, number), &graph)
      hold([isDown], imply: isBelow, &graph)
      hold([isDown], imply: graph.less(number, below), &graph)
    }
  }

  /// `a * b / divisor` against `a`: not more where b is at most the divisor, not less where it is at least.
  private mutating func proportion(
    _ value: Expression, _ a: Expression, _ b: Expression, _ divisor: Expression, _ graph: inout Graph
  ) {
    let isUp = graph.lessOrEqual(one, divisor)
    let (isPositive, isNegative) = (graph.lessOrEqual(zero, a), graph.lessOrEqual(a, zero))
    let (isSmall, isLarge) = (graph.lessOrEqual(b, divisor), graph.lessOrEqual(divisor, b))
    hold([isUp, isPositive, isSmall], imply: graph.lessOrEqual(value, a), &graph)
    hold([isUp, isPositive, isLarge], imply: graph.lessOrEqual(a, value), &graph)
    hold([isUp, isNegative, isSmall], imply: graph.lessOrEqual(a, value), &graph)
    hold([isUp, isNegative, isLarge], imply: graph.lessOrEqual(value, a), &graph)
  }

  // MARK: Pairs

  private mutating func compare(_ graph: inout Graph) {
    guard products.count <= Self.comparedMax else { return }
    for (index, first) in products.enumerated() {
      for second in products[..<index] { compare(first, second, &graph) }
    }
    for product in products {
      for multiple in multiples where multiple.b == product.a || multiple.b == product.b {
        compare(product, multiple, &graph)
      }
    }
    for (index, first) in quotients.enumerated() {
      for second in quotients[..<index] { compare(first, second, &graph) }
    }
    for quotient in quotients { compareWithMultiples(quotient, &graph) }
  }

  /// `a * b / divisor` is at most so many times a where b is at most so many times the divisor.
  private mutating func compareWithMultiples(_ quotient: Quotient, _ graph: inout Graph) {
    guard case .product(let first, let second) = graph[quotient.number] else { return }
    let factors = Set(multiples.map(\.a)).sorted { $0.index < $1.index }.prefix(Self.factorsMax)
    for factor in factors where graph.interval(factor).isAtLeast(1) {
      let limit = graph.product(factor, quotient.divisor)
      for (a, b) in [(first, second), (second, first)] {
        let conditions = [
          graph.lessOrEqual(zero, a), graph.lessOrEqual(one, quotient.divisor), graph.lessOrEqual(b, limit),
        ]
        hold(conditions, imply: graph.lessOrEqual(quotient.value, graph.product(factor, a)), &graph)
      }
    }
  }

  private mutating func compare(_ first: Product, _ second: Product, _ graph: inout Graph) {
    let pairings = [
      (first.a, first.b, second.a, second.b), (first.a, first.b, second.b, second.a),
      (first.b, first.a, second.a, second.b), (first.b, first.a, second.b, second.a),
    ]
    if let (shared, x, _, y) = pairings.first(where: { $0.0 == $0.2 }) {
      ordered(shared, x, first.value, y, second.value, &graph)
      ordered(shared, y, second.value, x, first.value, &graph)
      return
    }
    for (a, b, c, d) in pairings.prefix(2) {
      bothLarger(first.value, a, b, second.value, c, d, &graph)
      bothLarger(second.value, c, d, first.value, a, b, &graph)
    }
  }

  /// `shared * x` against `shared * y` where x is below y: a whole `shared` apart.
  private mutating func ordered(
    _ shared: Expression, _ x: Expression, _ left: Expression, _ y: Expression, _ right: Expression,
    _ graph: inout Graph
  ) {
    let isBelow = graph.less(x, y)
    let next = graph.sum(left, shared)
    hold([isBelow, graph.lessOrEqual(zero, shared)], imply: graph.lessOrEqual(next, right), &graph)
    hold([isBelow, graph.lessOrEqual(shared, zero)], imply: graph.lessOrEqual(right, next), &graph)
    hold([graph.equal(x, y)], imply: graph.equal(left, right), &graph)
  }

  /// `a * b` against `c * d` where neither factor is smaller nor negative.
  private mutating func bothLarger(
    _ left: Expression, _ a: Expression, _ b: Expression, _ right: Expression, _ c: Expression, _ d: Expression,
    _ graph: inout Graph
  ) {
    let conditions = [
      graph.lessOrEqual(zero, a), graph.lessOrEqual(zero, b), graph.lessOrEqual(a, c), graph.lessOrEqual(b, d),
    ]
    hold(conditions, imply: graph.lessOrEqual(left, right), &graph)
  }

  private mutating func compare(_ first: Quotient, _ second: Quotient, _ graph: inout Graph) {
    smaller(first, second, &graph)
    smaller(second, first, &graph)
    nearer(first, second, &graph)
    nearer(second, first, &graph)
  }

  /// `a * x / (c * y)` against `a * z / (c * w)`, where `x <= y`, y grows to w and x to z by at least as much: a fraction
  /// below one comes nearer to one.
  private mutating func nearer(_ first: Quotient, _ second: Quotient, _ graph: inout Graph) {
    guard first.rounding == second.rounding, case .product(let a, let b) = graph[first.number],
      case .product(let c, let d) = graph[second.number]
    else { return }
    let pairings = [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)]
    guard let (shared, x, _, z) = pairings.first(where: { $0.0 == $0.2 }) else { return }
    for (y, w, scale) in divisors(first.divisor, second.divisor, graph) {
      let conditions = [
        graph.lessOrEqual(zero, shared), graph.lessOrEqual(zero, x), graph.lessOrEqual(x, y), graph.lessOrEqual(one, y),
        graph.lessOrEqual(y, w), graph.lessOrEqual(graph.difference(w, y), graph.difference(z, x)),
        graph.lessOrEqual(one, scale),
      ]
      hold(conditions, imply: graph.lessOrEqual(first.value, second.value), &graph)
    }
  }

  /// Two divisors with what they share taken out.
  private mutating func divisors(
    _ first: Expression, _ second: Expression, _ graph: Graph
  ) -> [(Expression, Expression, Expression)] {
    guard case .product(let a, let b) = graph[first], case .product(let c, let d) = graph[second] else {
      return [(first, second, one)]
    }
    let pairings = [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)]
    return pairings.filter { $0.0 == $0.2 }.map { ($0.1, $0.3, $0.0) }
  }

  private mutating func smaller(_ first: Quotient, _ second: Quotient, _ graph: inout Graph) {
    // Rounding up and rounding down may be one apart.
    let isUneven = first.rounding == .ceiling && second.rounding == .floor
    let bound = isUneven ? graph.sum(second.value, one) : second.value
    let isSmaller = graph.lessOrEqual(first.number, second.number)
    let isOrdered = graph.lessOrEqual(first.value, bound)
    if first.divisor == second.divisor {
      hold([graph.lessOrEqual(one, first.divisor), isSmaller], imply: isOrdered, &graph)
    } else {
      let divisors = [graph.lessOrEqual(one, second.divisor), graph.lessOrEqual(second.divisor, first.divisor)]
      hold([isSmaller, graph.lessOrEqual(zero, first.number)] + divisors, imply: isOrdered, &graph)
    }
  }
}
