package import Arithmetic
package import Clauses

/// The inputs of a program as expressions: variables over their ranges, or constants.
package struct ClauseInputs: Sendable {
  /// One input.
  package struct Entry: Sendable {
    package let name: String
    package let type: ClauseType
    /// The value; of a list the first element.
    package var value: Expression
    /// Whether the input is given; the constant true where it always is.
    package var isKnown: Expression
    /// The elements of a list as far as its bound, and how many of them there are; nil for one value.
    package var list: (elements: [Expression], count: Expression)?
  }

  package private(set) var entries: [Entry] = []

  /// Declares variables for each input of a program.
  ///
  /// - Parameter ranges: narrower than the types', by name; for a list of each element.
  package init(of program: Program, ranges: [String: ClosedRange<Int256>], in graph: inout Graph) {
    for input in program.inputs {
      let range = ranges[input.name] ?? input.type.range
      let name = "in.\(input.name)"
      let isKnown = input.mayBeMissing ? graph.variable("known.\(input.name)", range: nil) : graph.truth(true)
      if case .list(let element, let bound) = input.type {
        let count = graph.variable("count.\(input.name)", range: Interval(low: 0, high: Int256(Int64(bound))))
        let elements = (0..<bound).map { Self.variable("\(name).\($0)", element, range, &graph) }
        entries.append(
          Entry(
            name: input.name, type: input.type, value: elements.first ?? count, isKnown: isKnown,
            list: (elements, count)))
      } else {
        let value = Self.variable(name, input.type, range, &graph)
        entries.append(Entry(name: input.name, type: input.type, value: value, isKnown: isKnown))
      }
    }
  }

  /// The same inputs but for one, which is a new variable over the same range.
  package func replacing(_ name: String, range: ClosedRange<Int256>, in graph: inout Graph) -> ClauseInputs {
    var copy = self
    for index in entries.indices where entries[index].name == name {
      copy.entries[index].value = Self.variable("other.\(name)", entries[index].type, range, &graph)
    }
    return copy
  }

  package subscript(_ name: String) -> Entry? { entries.first { $0.name == name } }

  private static func variable(
    _ name: String, _ type: ClauseType, _ range: ClosedRange<Int256>, _ graph: inout Graph
  ) -> Expression {
    if range.lowerBound == range.upperBound {
      return type == .bool ? graph.truth(range.lowerBound == .one) : graph.number(range.lowerBound)
    }
    return graph.variable(name, range: type == .bool ? nil : Interval(range))
  }
}
