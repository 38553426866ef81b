import Arithmetic
import Clauses
import Proving
import TestSupport

/// Values for a program's inputs: edges, neighbours of each other, ordinary numbers, lists of most lengths, and some
/// missing.
struct RandomInputs {
  private var random: SeededGenerator

  init(_ random: SeededGenerator) { self.random = random }

  mutating func inputs(for program: Program) -> [String: InputValue] {
    var inputs: [String: InputValue] = [:]
    var known: [Int256] = []
    let count = below(6)
    for input in program.inputs {
      if input.mayBeMissing, below(10) == 0 { continue }
      if case .list(let element, let bound) = input.type {
        let length = below(50) == 0 ? bound : below(10) == 0 ? below(5) : count
        inputs[input.name] = .list((0..<Swift.min(length, bound)).map { _ in value(element, known) })
      } else {
        let value = AdmittedTerms.exponents[input.name] == nil ? value(input.type, known) : scale()
        inputs[input.name] = .number(value)
        known.append(value)
      }
    }
    return inputs
  }

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func scale() -> Int256 {
    let usual: [Int256] = [1, 1, 1, 10, 1_000_000, 0, -7]
    return usual[below(usual.count)]
  }

  private mutating func value(_ type: ClauseType, _ others: [Int256]) -> Int256 {
    let range = type.range
    if type == .bool || type.caseNames != nil {
      return Swift.min(Int256(Int64(below(8))), range.upperBound)
    }
    let candidate: Int256? =
      switch below(8) {
      case 0: range.lowerBound
      case 1: range.upperBound
      case 2: others.randomElement(using: &random).flatMap { try? $0.adding(Int256(Int64(below(3)) - 1)) }
      case 3: Int256(bits: (try? UInt256(bigEndian: random.bytes(1 + below(16)))) ?? .zero)
      default: Int256(Int64(below(5_000)))
      }
    return Swift.min(Swift.max(candidate ?? range.lowerBound, range.lowerBound), range.upperBound)
  }
}
