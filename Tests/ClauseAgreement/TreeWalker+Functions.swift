import Clauses

extension TreeWalker {
  func call(_ function: String, _ arguments: [Expression], at range: SourceRange) throws -> Integer {
    switch function {
    case "known":
      meet(.known)
      return inputs[Self.name(arguments[0])] == nil ? .zero : .one
    case "floor", "ceiling":
      meet(function == "floor" ? .floor : .ceiling)
      guard case .binary(.divide, let numerator, let denominator) = arguments[0].node else { return .zero }
      var factors: [Integer]
      if case .binary(.multiply, let left, let right) = numerator.node {
        factors = [try value(left), try value(right)]
      } else {
        factors = [try value(numerator), .one]
      }
      factors.append(try value(denominator))
      return try quotient(factors[0] * factors[1], factors[2], function, factors, at: range)
    case "amount": return try amount(arguments, at: range)
    case "coins": return try coins(arguments, at: range)
    case "delivery":
      meet(.delivery)
      return try value(arguments[0])
    case "remainder": return try remainder(arguments, at: range)
    case "fresh": return try fresh(arguments, at: range)
    case "min", "max", "clamp": return try choice(function, arguments, at: range)
    default: return try ofList(function, arguments, at: range)
    }
  }

  static func name(_ expression: Expression) -> String {
    if case .name(let name) = expression.node { name } else { "" }
  }

  private func choice(_ function: String, _ arguments: [Expression], at range: SourceRange) throws -> Integer {
    let values = try arguments.map(value)
    switch function {
    case "min":
      meet(.min)
      return values[1] < values[0] ? values[1] : values[0]
    case "max":
      meet(.max)
      return values[1] < values[0] ? values[0] : values[1]
    default:
      meet(.clamp)
      let (number, low, high) = (values[0], values[1], values[2])
      if high < low { throw Fault(name: "emptyInterval", range: range, values: ["\(low)", "\(high)"]) }
      return number < low ? low : high < number ? high : number
    }
  }

  private func amount(_ arguments: [Expression], at range: SourceRange) throws -> Integer {
    meet(.amount)
    let quantity = try value(arguments[0])
    let price = try value(arguments[1])
    let up = try value(of: "scaleUp", at: range)
    let down = try value(of: "scaleDown", at: range)
    let operands = [quantity, price, up, down]
    let scaled = try bounded(quantity * up, operands, at: range)
    return try quotient(scaled * price, down, Self.name(arguments[2]), operands, at: range)
  }

  private func coins(_ arguments: [Expression], at range: SourceRange) throws -> Integer {
    meet(.coins)
    let quantity = try value(arguments[0])
    let numerator = try value(arguments[1])
    let denominator = try value(arguments[2])
    let up = try value(of: "coinUp", at: range)
    let down = try value(of: "coinDown", at: range)
    let operands = [quantity, numerator, denominator, up, down]
    let scaled = try bounded(quantity * up, operands, at: range)
    let divisor = try bounded(denominator * down, operands, at: range)
    return try quotient(scaled * numerator, divisor, Self.name(arguments[3]), operands, at: range)
  }

  /// What a division rounded down leaves; it has the divisor's sign.
  private func remainder(_ arguments: [Expression], at range: SourceRange) throws -> Integer {
    meet(.remainder)
    let (number, divisor) = (try value(arguments[0]), try value(arguments[1]))
    let operands = [number, divisor]
    if divisor.isZero { throw Fault(name: "divisionByZero", range: range, values: operands.map(\.description)) }
    return number - number.floor(dividedBy: divisor) * divisor
  }

  private func fresh(_ arguments: [Expression], at range: SourceRange) throws -> Integer {
    meet(.fresh)
    let values = try arguments.map(value)
    let (observedAt, asOf, maxAge) = (values[1], values[2], values[3])
    let earliest = try bounded(asOf - maxAge, values, at: range)
    if observedAt < earliest || asOf < observedAt {
      throw Fault(name: "staleObservation", range: range, values: ["\(observedAt)", "\(asOf)", "\(maxAge)"])
    }
    return values[0]
  }

  func quotient(
    _ numerator: Integer, _ divisor: Integer, _ rounding: String, _ operands: [Integer], at range: SourceRange
  ) throws -> Integer {
    if divisor.isZero { throw Fault(name: "divisionByZero", range: range, values: operands.map(\.description)) }
    let result = rounding == "floor" ? numerator.floor(dividedBy: divisor) : numerator.ceiling(dividedBy: divisor)
    return try bounded(result, operands, at: range)
  }
}
