package import Arithmetic
package import Clauses

/// The inputs of a program as expressions: variables over their ranges, or constants.
package struct ClauseInputs: Sendable {
  /// One input.
  package struct Entry: Sendable {
    package let name: String
    package let type: ClauseType
    package var value: Expression
    /// Whether the input is given; the constant true where it always is.
    package var isKnown: Expression
  }

  package internal(set) var entries: [Entry]

  /// Declares a variable for each input of a program.
  ///
  /// - Parameters:
  ///   - ranges: narrower than the types', by name.
  ///   - suffix: tells the variables of a second copy apart.
  package init(of program: Program, ranges: [String: ClosedRange<Int256>], in graph: inout Graph) {
    entries = []
    for input in program.inputs {
      let range = ranges[input.name] ?? input.type.range
      let value = Self.variable("in.\(input.name)", input.type, range, &graph)
      let isKnown = input.mayBeMissing ? graph.variable("known.\(input.name)", range: nil) : graph.truth(true)
      entries.append(Entry(name: input.name, type: input.type, value: value, isKnown: isKnown))
    }
  }

  /// The same inputs but for one, which is a new variable over the same range.
  package func replacing(_ name: String, range: ClosedRange<Int256>?, in graph: inout Graph) -> ClauseInputs {
    var copy = self
    for index in entries.indices where entries[index].name == name {
      let entry = entries[index]
      copy.entries[index].value = Self.variable("other.\(name)", entry.type, range ?? entry.type.range, &graph)
    }
    return copy
  }

  package subscript(_ name: String) -> Entry? { entries.first { $0.name == name } }

  private static func variable(
    _ name: String, _ type: ClauseType, _ range: ClosedRange<Int256>, _ graph: inout Graph
  ) -> Expression {
    if type == .bool { return graph.variable(name, range: nil) }
    return range.lowerBound == range.upperBound
      ? graph.number(range.lowerBound) : graph.variable(name, range: Interval(range))
  }
}
