import Clauses

/// Folds and what lists are asked for.
extension TreeWalker {
  func list(_ name: String, at range: SourceRange) throws -> [Integer] {
    guard case .list(let values)? = inputs[name] else {
      throw Fault(name: "missingInput", range: range, values: [name])
    }
    return values
  }

  func fold(
    _ accumulator: String, from initial: Expression, over binders: [Binder], with body: Expression,
    at range: SourceRange
  ) throws -> Integer {
    try prepare(binders, body, at: range)
    var result = try value(initial)
    try rounds(binders, at: range) {
      bound[accumulator] = result
      result = try value(body)
    }
    bound[accumulator] = nil
    return result
  }

  /// Not asked again once the answer is there.
  func search(
    _ quantifier: Quantifier, _ binders: [Binder], _ condition: Expression, at range: SourceRange
  ) throws -> Integer {
    try prepare(binders, condition, at: range)
    var found = false
    try rounds(binders, at: range) {
      if !found { found = try holds(condition) == (quantifier == .any) }
    }
    return found == (quantifier == .any) ? .one : .zero
  }

  /// Before the first round: the definitions that the body names are computed, in their order, and the lists compared.
  private func prepare(_ binders: [Binder], _ body: Expression, at range: SourceRange) throws {
    var named: Set<String> = []
    collect(body, &named)
    for definition in file.definitions where named.contains(definition.name.text) {
      _ = try value(of: definition.name.text, at: body.range)
    }
    let lists = binders.compactMap(\.list?.text)
    guard let first = lists.first else { return }
    var compared = [first]
    for other in lists where !compared.contains(other) {
      compared.append(other)
      meet(.paired)
      let counts = [try list(first, at: range).count, try list(other, at: range).count]
      if counts[0] != counts[1] {
        throw Fault(name: "unevenLists", range: range, values: [first, other] + counts.map(\.description))
      }
    }
  }

  private func collect(_ body: Expression, _ named: inout Set<String>) {
    if case .name(let name) = body.node { named.insert(name) }
    for child in body.children { collect(child, &named) }
  }

  /// As often as the binders say, with the names of each round bound.
  private func rounds(_ binders: [Binder], at range: SourceRange, _ round: () throws -> Void) throws {
    var count = 0
    if case .below(let digits, _)? = binders.first?.source {
      meet(.below)
      count = Integer(digits: digits).index ?? 0
    } else if let first = binders.first?.list {
      count = try list(first.text, at: range).count
    }
    for index in 0..<count {
      for binder in binders { bound[binder.name.text] = try element(binder, index, at: range) }
      try round()
    }
    for binder in binders { bound[binder.name.text] = nil }
  }

  private func element(_ binder: Binder, _ index: Int, at range: SourceRange) throws -> Integer {
    switch binder.source {
    case .below: return Integer(index)
    case .indices:
      meet(.indices)
      return Integer(index)
    case .elements(let name):
      meet(.elements)
      return try list(name.text, at: range)[index]
    }
  }

  func ofList(_ function: String, _ arguments: [Expression], at range: SourceRange) throws -> Integer {
    let name = Self.name(arguments[0])
    switch function {
    case "count":
      meet(.count)
      return Integer(try list(name, at: range).count)
    case "at":
      meet(.at)
      return try item(name, value(arguments[1]), at: range)
    case "sum":
      meet(.sum)
      return try sum(list(name, at: range), at: range)
    case "average":
      meet(.average)
      let values = try list(name, at: range)
      let operands = [try sum(values, at: range), .one, Integer(values.count)]
      return try quotient(operands[0], operands[2], Self.name(arguments[1]), operands, at: range)
    case "highest", "lowest":
      meet(function == "highest" ? .highest : .lowest)
      let first = try item(name, .zero, at: range)
      return try list(name, at: range).reduce(first) { function == "highest" ? max($0, $1) : min($0, $1) }
    default: throw Fault(name: "no function \(function)", range: range, values: [])
    }
  }

  private func item(_ name: String, _ index: Integer, at range: SourceRange) throws -> Integer {
    let values = try list(name, at: range)
    guard let place = index.index, place < values.count else {
      throw Fault(name: "noSuchItem", range: range, values: [name, "\(index)", "\(values.count)"])
    }
    return values[place]
  }

  private func sum(_ values: [Integer], at range: SourceRange) throws -> Integer {
    try values.reduce(.zero) { try bounded($0 + $1, [$0, $1], at: range) }
  }
}
