import Arithmetic
import Proving
import TestSupport

/// Works out the definitions of an SMT-LIB script for given variables, with integers of any size. Written from the
/// standard, and apart from the reader and the writer under test.
struct ScriptEvaluator {
  /// An integer or a truth value. Small integers are held as such, and only they.
  enum Value: Equatable {
    case small(Int)
    case large(BigInteger)
    case truth(Bool)

    static func number(_ value: BigInteger) -> Value {
      guard value > BigInteger(Int256(Int64.min)), value < BigInteger(Int256(Int64.max)) else { return .large(value) }
      return Int(value.description).map { .small($0) } ?? .large(value)
    }

    static func number(_ value: Int256) -> Value {
      value.asInt64.map { .small(Int($0)) } ?? .large(BigInteger(value))
    }

    var isTrue: Bool { self == .truth(true) }

    var number: BigInteger? {
      switch self {
      case .small(let value): BigInteger(Int256(Int64(value)))
      case .large(let value): value
      case .truth: nil
      }
    }

    /// As SMT-LIB writes it.
    var literal: String {
      switch self {
      case .truth(let value): return "\(value)"
      case .small(let value): return value < 0 ? "(- \(value.magnitude))" : "\(value)"
      case .large(let value):
        let text = value.description
        return text.hasPrefix("-") ? "(- \(text.dropFirst()))" : text
      }
    }
  }

  private enum Operation: String {
    case choice = "ite"
    case and, or, not
    case equal = "="
    case sum = "+"
    case difference = "-"
    case product = "*"
    case less = "<"
    case lessOrEqual = "<="
    case quotient = "div"
  }

  /// An operation on earlier places; none for a constant or a variable.
  private struct Step {
    var operation: Operation?
    var a = 0
    var b = -1
    var c = -1
  }

  private var places: [String: Int] = [:]
  private var steps: [Step] = []
  private var values: [Value] = []
  /// The run in which a value was worked out; constants are known in every run.
  private var known: [Int] = []
  private var run = 0

  /// Reads a script: constants that are declared, and functions without arguments that are defined.
  init(_ script: String) {
    for node in SMTReader.nodes(script) ?? [] {
      guard case .list(let parts) = node, case .word(let command)? = parts.first, case .word(let name) = parts[1]
      else { continue }
      switch command {
      case "declare-const": places[name] = add(Step(), nil)
      case "define-fun": places[name] = place(of: parts[4])
      default: break
      }
    }
  }

  private mutating func add(_ step: Step, _ constant: Value?) -> Int {
    steps.append(step)
    values.append(constant ?? .truth(false))
    known.append(constant == nil ? 0 : .max)
    return steps.count - 1
  }

  private mutating func place(of node: SMTReader.Node) -> Int {
    switch node {
    case .word("true"): return add(Step(), .truth(true))
    case .word("false"): return add(Step(), .truth(false))
    case .word(let word): return places[word] ?? add(Step(), .number(BigInteger(word)))
    case .list(let parts):
      guard case .word(let word)? = parts.first, let operation = Operation(rawValue: word) else {
        return add(Step(), nil)
      }
      let inner = parts.dropFirst().map { place(of: $0) }
      return add(
        Step(
          operation: operation, a: inner[0], b: inner.count > 1 ? inner[1] : -1, c: inner.count > 2 ? inner[2] : -1),
        nil)
    }
  }

  /// The values of symbols or constants, for these values of the declared constants.
  mutating func values(of names: [String], where given: [String: Value]) -> [Value?] {
    let wanted = names.map { name in places[name] ?? place(of: SMTReader.nodes(name)?.first ?? .word(name)) }
    run += 1
    for (name, value) in given {
      guard let place = places[name] else { continue }
      values[place] = value
      known[place] = run
    }
    return wanted.map { value($0) }
  }

  /// Only what is asked for: the branch that is not taken is not worked out.
  private mutating func value(_ place: Int) -> Value {
    if known[place] >= run { return values[place] }
    let result = work(steps[place])
    values[place] = result
    known[place] = run
    return result
  }

  private mutating func work(_ step: Step) -> Value {
    guard let operation = step.operation else { return .truth(false) }
    let first = value(step.a)
    switch operation {
    case .choice: return first.isTrue ? value(step.b) : value(step.c)
    case .and: return first.isTrue ? value(step.b) : first
    case .or: return first.isTrue ? first : value(step.b)
    case .not: return .truth(!first.isTrue)
    default: break
    }
    if step.b < 0 { return Self.arithmetic(.difference, .small(0), first) }
    let second = value(step.b)
    return operation == .equal ? .truth(first == second) : Self.arithmetic(operation, first, second)
  }

  private static func arithmetic(_ operation: Operation, _ a: Value, _ b: Value) -> Value {
    if case .small(let x) = a, case .small(let y) = b, let result = small(operation, x, y) { return result }
    guard let x = a.number, let y = b.number else { return .truth(false) }
    let zero = BigInteger("0")
    switch operation {
    case .sum: return .number(x + y)
    case .difference: return .number(x - y)
    case .product: return .number(x * y)
    case .less: return .truth(x < y)
    case .lessOrEqual: return .truth(x <= y)
    case .quotient where y > zero: return .number(x.divided(by: y, rounding: .floor))
    // The remainder is not negative for a negative divisor either.
    case .quotient where y < zero: return .number(zero - x.divided(by: zero - y, rounding: .floor))
    default: return .truth(false)
    }
  }

  private static func small(_ operation: Operation, _ x: Int, _ y: Int) -> Value? {
    switch operation {
    case .less: return .truth(x < y)
    case .lessOrEqual: return .truth(x <= y)
    case .sum: return checked(x.addingReportingOverflow(y))
    case .difference: return checked(x.subtractingReportingOverflow(y))
    case .product: return checked(x.multipliedReportingOverflow(by: y))
    default: return nil
    }
  }

  private static func checked(_ result: (partialValue: Int, overflow: Bool)) -> Value? {
    let isEdge = result.partialValue == .max || result.partialValue == .min
    return result.overflow || isEdge ? nil : .small(result.partialValue)
  }
}
