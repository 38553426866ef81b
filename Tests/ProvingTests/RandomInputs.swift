import Arithmetic
import Clauses
import Proving
import TestSupport

/// Values for a program's inputs: edges, neighbours of each other, ordinary numbers, and some missing.
struct RandomInputs {
  private var random: SeededGenerator

  init(_ random: SeededGenerator) { self.random = random }

  mutating func inputs(for program: Program) -> [String: Int256] {
    var inputs: [String: Int256] = [:]
    for input in program.inputs {
      if input.mayBeMissing, below(10) == 0 { continue }
      inputs[input.name] = value(input, Array(inputs.values))
    }
    return inputs
  }

  private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func value(_ input: Input, _ others: [Int256]) -> Int256 {
    let range = input.type.range
    if AdmittedTerms.exponents[input.name] != nil {
      let usual: [Int256] = [1, 1, 1, 10, 1_000_000, 0, -7]
      return usual[below(usual.count)]
    }
    let candidate: Int256? =
      switch below(8) {
      case 0: range.lowerBound
      case 1: range.upperBound
      case 2: others.randomElement(using: &random).flatMap { try? $0.adding(Int256(Int64(below(3)) - 1)) }
      case 3: Int256(bits: (try? UInt256(bigEndian: random.bytes(1 + below(16)))) ?? .zero)
      default: Int256(Int64(below(5_000)))
      }
    let span = range.upperBound < 100 ? Int256(Int64(below(5))) : candidate ?? range.lowerBound
    return Swift.min(Swift.max(span, range.lowerBound), range.upperBound)
  }
}
