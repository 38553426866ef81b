import Arithmetic
import Proving
import TestSupport

/// Works out the definitions of an SMT-LIB script for given variables, with integers of any size. Written from the
/// standard, and apart from the reader and the writer under test.
final class ScriptEvaluator {
  /// An integer or a truth value.
  enum Value: Equatable {
    case number(BigInteger)
    case truth(Bool)

    var number: BigInteger? { if case .number(let value) = self { value } else { nil } }
    var isTrue: Bool { self == .truth(true) }
  }

  private indirect enum Term {
    case constant(Value)
    case symbol(Int)
    case apply(String, [Term])
  }

  private var places: [String: Int] = [:]
  private var definitions: [Term?] = []
  private var values: [Value?] = []

  /// Reads a script: constants that are declared, and functions without arguments that are defined.
  init(_ script: String) {
    for node in SMTReader.nodes(script) ?? [] {
      guard case .list(let parts) = node, case .word(let command)? = parts.first else { continue }
      switch command {
      case "declare-const": _ = place(parts[1], nil)
      case "define-fun": _ = place(parts[1], term(parts[4]))
      default: break
      }
    }
  }

  private func place(_ name: SMTReader.Node, _ definition: Term?) -> Int {
    guard case .word(let word) = name else { return -1 }
    places[word] = definitions.count
    definitions.append(definition)
    return definitions.count - 1
  }

  private func term(_ node: SMTReader.Node) -> Term {
    switch node {
    case .word("true"): return .constant(.truth(true))
    case .word("false"): return .constant(.truth(false))
    case .word(let word):
      if let place = places[word] { return .symbol(place) }
      return .constant(.number(BigInteger(word)))
    case .list(let parts):
      guard case .word(let operation)? = parts.first else { return .constant(.truth(false)) }
      return .apply(operation, parts.dropFirst().map { term($0) })
    }
  }

  /// The values of symbols or constants, for these values of the declared constants.
  func values(of names: [String], where given: [String: Value]) -> [Value?] {
    values = Array(repeating: nil, count: definitions.count)
    for (name, value) in given { if let place = places[name] { values[place] = value } }
    return names.map { name in
      places[name].map { value(.symbol($0)) } ?? value(term(.word(name)))
    }
  }

  /// Only what is asked for: the branch that is not taken is not worked out.
  private func value(_ term: Term) -> Value {
    switch term {
    case .constant(let value): return value
    case .symbol(let place):
      if let known = values[place] { return known }
      guard let definition = definitions[place] else { return .truth(false) }
      let result = value(definition)
      values[place] = result
      return result
    case .apply("ite", let parts): return value(parts[0]).isTrue ? value(parts[1]) : value(parts[2])
    case .apply("and", let parts): return .truth(parts.allSatisfy { value($0).isTrue })
    case .apply("or", let parts): return .truth(parts.contains { value($0).isTrue })
    case .apply("not", let parts): return .truth(!value(parts[0]).isTrue)
    case .apply("=", let parts): return .truth(value(parts[0]) == value(parts[1]))
    case .apply(let operation, let parts):
      let numbers = parts.compactMap { value($0).number }
      guard numbers.count == parts.count, let first = numbers.first else { return .truth(false) }
      return arithmetic(operation, first, numbers.count > 1 ? numbers[1] : nil)
    }
  }

  private func arithmetic(_ operation: String, _ a: BigInteger, _ b: BigInteger?) -> Value {
    let zero = BigInteger("0")
    guard let b else { return .number(zero - a) }
    switch operation {
    case "+": return .number(a + b)
    case "-": return .number(a - b)
    case "*": return .number(a * b)
    case "<": return .truth(a < b)
    case "<=": return .truth(a <= b)
    case "div" where b > zero: return .number(a.divided(by: b, rounding: .floor))
    // The remainder is not negative for a negative divisor either.
    case "div" where b < zero: return .number(zero - a.divided(by: zero - b, rounding: .floor))
    default: return .truth(false)
    }
  }
}
