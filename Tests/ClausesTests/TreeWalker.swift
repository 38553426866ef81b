import Arithmetic
import Clauses
import TestSupport

/// A second evaluator, as naive as can be: it walks the syntax tree, looks names up as it meets them, knows no types,
/// and computes with integers of any size. It shares with the language only the parser.
struct TreeWalker {
  /// Why there is no result.
  struct Fault: Error {
    let name: String
    let range: SourceRange?
    let values: [String]
  }

  private let file: SourceFile
  private let inputs: [String: BigInteger]

  private let zero = BigInteger("0")
  private let one = BigInteger("1")
  private let limit = BigInteger.powerOfTwo(255)
  private static let statuses = [
    "Unopened": "0", "Open": "1", "Proposed": "2", "Disputed": "3", "Closed": "4", "Ruled": "5",
    "Appealed": "6",
  ]

  init(_ file: SourceFile, inputs: [String: BigInteger]) {
    self.file = file
    self.inputs = inputs
  }

  /// The answer in one line, in the same words as ``Answer/init(of:inputs:)``.
  func answer() -> Answer {
    do {
      try checkRanges()
      let parts = try file.kind == .payoff ? [payment()] : file.routes.map(route)
      return Answer(text: parts.joined(separator: ", "))
    } catch let fault as Fault {
      return Answer(fault: fault.name, at: fault.range, values: fault.values)
    } catch {
      return Answer(text: "\(error)")
    }
  }

  private func checkRanges() throws {
    let counts: [String: BigInteger] = [
      "Bool": BigInteger("2"), "Status": BigInteger("7"), "Time": .powerOfTwo(64), "Duration": .powerOfTwo(64),
      "Amount": .powerOfTwo(128), "Price": .powerOfTwo(128), "Quantity": .powerOfTwo(128),
    ]
    for declaration in file.declarations.sorted(by: { $0.name.text < $1.name.text }) {
      guard let value = inputs[declaration.name.text], let count = counts[declaration.type.text] else { continue }
      if value.isNegative || !(value - count).isNegative {
        throw Fault(name: "inputOutOfRange", range: nil, values: [declaration.name.text, "\(value)"])
      }
    }
  }

  private func payment() throws -> String {
    let whole = try value(file.wholes[0].amount)
    guard let toBuyer = file.payments.compactMap(\.amount).first else { return "no payment" }
    return try split(whole, try value(toBuyer), at: toBuyer.range)
  }

  private func route(_ route: SourceFile.Route) throws -> String {
    guard try route.condition.map(holds) ?? true else { return "\(route.name.text) closed" }
    guard let toBuyer = route.toBuyer else { return "\(route.name.text) open" }
    let whole = try value(file.wholes[0].amount)
    return "\(route.name.text) " + (try split(whole, try value(toBuyer), at: toBuyer.range))
  }

  private func split(_ whole: BigInteger, _ toBuyer: BigInteger, at range: SourceRange) throws -> String {
    if whole.isNegative { throw Fault(name: "negativeEscrow", range: range, values: ["\(whole)"]) }
    if toBuyer.isNegative { throw Fault(name: "negativePart", range: range, values: ["buyer", "\(toBuyer)"]) }
    let rest = whole - toBuyer
    if rest.isNegative { throw Fault(name: "negativePart", range: range, values: ["seller", "\(rest)"]) }
    return "\(toBuyer) + \(rest)"
  }

  private func holds(_ expression: Expression) throws -> Bool { try value(expression) != zero }

  private func truth(_ holds: Bool) -> BigInteger { holds ? one : zero }

  /// An exact result, if 256 bits with sign hold it.
  private func bounded(_ result: BigInteger, _ operands: [BigInteger], at range: SourceRange) throws -> BigInteger {
    if !(result - limit).isNegative || (result + limit).isNegative {
      throw Fault(name: "overflow", range: range, values: operands.map(\.description))
    }
    return result
  }

  private func value(_ expression: Expression) throws -> BigInteger {
    let range = expression.range
    switch expression.node {
    case .invalid: throw Fault(name: "invalid", range: range, values: [])
    case .number(let digits, _): return BigInteger(digits)
    case .name(let name): return try value(of: name, at: range)
    case .not(let operand): return truth(try !holds(operand))
    case .negate(let operand):
      let number = try value(operand)
      return try bounded(zero - number, [number], at: range)
    case .conditional(let condition, let first, let second): return try value(holds(condition) ? first : second)
    case .binary(let operation, let left, let right): return try binary(operation, left, right, at: range)
    case .hexadecimal, .match, .fold, .quantified: throw Fault(name: "not walked", range: range, values: [])
    case .call(let function, let arguments): return try call(function.text, arguments, at: range)
    }
  }

  private func value(of name: String, at range: SourceRange) throws -> BigInteger {
    if name == "true" || name == "false" { return truth(name == "true") }
    if let status = Self.statuses[name] { return BigInteger(status) }
    if let definition = file.definitions.first(where: { $0.name.text == name }) { return try value(definition.value) }
    guard let input = inputs[name] else { throw Fault(name: "missingInput", range: range, values: [name]) }
    return input
  }

  private func binary(
    _ operation: BinaryOperator, _ leftSide: Expression, _ rightSide: Expression, at range: SourceRange
  ) throws -> BigInteger {
    let left = try value(leftSide)
    if operation == .and, left == zero { return left }
    if operation == .or, left != zero { return left }
    let right = try value(rightSide)
    let difference = left - right
    switch operation {
    case .and, .or: return right
    case .equal: return truth(difference == zero)
    case .notEqual: return truth(difference != zero)
    case .less: return truth(difference.isNegative)
    case .greaterOrEqual: return truth(!difference.isNegative)
    case .greater: return truth((right - left).isNegative)
    case .lessOrEqual: return truth(!(right - left).isNegative)
    case .add: return try bounded(left + right, [left, right], at: range)
    case .subtract: return try bounded(difference, [left, right], at: range)
    case .multiply: return try bounded(left * right, [left, right], at: range)
    case .divide: throw Fault(name: "division without rounding", range: range, values: [])
    }
  }

  private func call(_ function: String, _ arguments: [Expression], at range: SourceRange) throws -> BigInteger {
    switch function {
    case "known":
      guard case .name(let name) = arguments[0].node else { return zero }
      return truth(inputs[name] != nil)
    case "floor", "ceiling":
      guard case .binary(.divide, let numerator, let denominator) = arguments[0].node else { return zero }
      var factors = [try value(numerator, factorsOnly: true)].flatMap(\.self)
      if factors.count == 1 { factors.append(one) }
      let divisor = try value(denominator)
      return try quotient(factors[0] * factors[1], divisor, function, factors + [divisor], at: range)
    case "amount":
      let quantity = try value(arguments[0])
      let price = try value(arguments[1])
      let up = try value(of: "scaleUp", at: range)
      let down = try value(of: "scaleDown", at: range)
      let operands = [quantity, price, up, down]
      let scaled = try bounded(quantity * up, operands, at: range)
      guard case .name(let rounding) = arguments[2].node else { return zero }
      return try quotient(scaled * price, down, rounding, operands, at: range)
    default:
      let values = try arguments.map(value)
      switch function {
      case "min": return (values[1] - values[0]).isNegative ? values[1] : values[0]
      case "max": return (values[1] - values[0]).isNegative ? values[0] : values[1]
      default:
        let (number, low, high) = (values[0], values[1], values[2])
        if (high - low).isNegative {
          throw Fault(name: "emptyInterval", range: range, values: ["\(low)", "\(high)"])
        }
        return (number - low).isNegative ? low : (high - number).isNegative ? high : number
      }
    }
  }

  private func value(_ numerator: Expression, factorsOnly: Bool) throws -> [BigInteger] {
    if case .binary(.multiply, let left, let right) = numerator.node { return [try value(left), try value(right)] }
    return [try value(numerator)]
  }

  private func quotient(
    _ numerator: BigInteger, _ divisor: BigInteger, _ rounding: String, _ operands: [BigInteger], at range: SourceRange
  ) throws -> BigInteger {
    if divisor == zero {
      throw Fault(name: "divisionByZero", range: range, values: operands.map(\.description))
    }
    let result = numerator.divided(by: divisor, rounding: rounding == "floor" ? .floor : .ceiling)
    return try bounded(result, operands, at: range)
  }
}

extension BigInteger {
  /// Whether the number is below zero.
  fileprivate var isNegative: Bool { description.hasPrefix("-") }
}
