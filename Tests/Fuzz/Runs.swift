import Arithmetic
import Clauses

/// A program that was built to be sound: nothing but its size may speak against it.
func load(_ bytecode: [UInt8]) -> Program? {
  do throws(ClauseError) {
    return try Program(bytecode: bytecode)
  } catch {
    switch error {
    case .tooMany, .tooLong, .stackOverflow, .costTooHigh, .foldTooDear: return nil
    default: preconditionFailure("a program that was built to be sound is refused: \(error)")
    }
  }
}

/// Twice with the same inputs: both runs end alike, and within the stated cost.
func run(_ program: Program, _ inputs: [String: InputValue]? = nil) {
  let inputs = inputs ?? given(to: program, from: program.bytecode[...])
  do throws(Trap) {
    let first = try Machine.run(program, inputs: inputs)
    precondition(first.cost <= program.costBound, "a run cost more than the bound")
    expect(try? Machine.run(program, inputs: inputs).cost, first.cost)
  } catch {
    expect((try? Machine.run(program, inputs: inputs)) == nil, true)
  }
}

/// Values for a program's inputs, drawn from bytes: some missing, some at the ends of their range, some beyond.
func given(to program: Program, from bytes: ArraySlice<UInt8>) -> [String: InputValue] {
  var rest = bytes
  var inputs: [String: InputValue] = [:]
  for input in program.inputs {
    let form = rest.popFirst() ?? 1
    if form == 0 { continue }
    if case .list(_, let bound) = input.type {
      inputs[input.name] = .list((0..<Int(form) % (Swift.min(bound, 8) + 1)).map { _ in value(input.type, &rest) })
    } else {
      inputs[input.name] = .number(value(input.type, &rest))
    }
  }
  return inputs
}

private func value(_ type: ClauseType, _ rest: inout ArraySlice<UInt8>) -> Int256 {
  let byte = rest.popFirst() ?? 1
  let small = Int256(Int64(byte >> 3))
  switch byte & 7 {
  case 0: return type.range.upperBound
  case 1: return type.range.lowerBound
  case 2 where byte == 0xfa: return .min
  case 3: return (try? type.range.upperBound.subtracting(small)) ?? small
  default: return type.range.contains(small) ? small : type.range.lowerBound
  }
}
