import Arithmetic
import Clauses

/// What the machine made of a program and inputs.
struct MachineRun {
  let answer: Answer
  let steps: [Trace.Step]
  /// Cost units, those before a fault and of the instruction at fault too.
  let cost: Int

  private let inputs: [String: InputValue]
  private let evaluation: Evaluation?
  private let trap: Trap?

  init(_ program: Program, _ given: [String: ProgramGenerator.Given]) {
    inputs = given.mapValues { $0.input }
    do {
      let evaluation = try Machine.run(program, inputs: inputs, tracing: true)
      self.evaluation = evaluation
      trap = nil
      answer = Answer(evaluation)
      steps = evaluation.trace?.steps ?? []
      cost = evaluation.cost
    } catch {
      evaluation = nil
      trap = error
      answer = Answer(error)
      steps = error.trace?.steps ?? []
      let last = error.instruction.map { program.code[$0].opcode.cost } ?? 0
      cost = steps.reduce(last) { $0 + $1.opcode.cost }
    }
  }

  /// How the same program differs when it comes from its bytes, and is not traced.
  func differences(from loaded: Program) -> [String] {
    do {
      let other = try Machine.run(loaded, inputs: inputs)
      let isSame =
        other.result == evaluation?.result && other.findings == evaluation?.findings && other.cost == cost
      return isSame ? [] : ["from bytes: \(Answer(other)) for \(other.cost), not \(answer) for \(cost)"]
    } catch {
      let isSame = error.kind == trap?.kind && error.instruction == trap?.instruction
      return isSame ? [] : ["from bytes: \(error), not \(answer)"]
    }
  }

  /// Everything that was said and done, but for what the compiler adds about the source.
  func mix(into hash: inout Hash) {
    hash.mix(answer.text)
    hash.mix(UInt64(cost))
    for step in steps {
      hash.mix(UInt64(step.instruction) << 8 | UInt64(step.opcode.rawValue))
      guard let limbs = step.value?.bits.limbs else { continue }
      for index in 0..<4 { hash.mix(limbs[index]) }
    }
  }
}

extension ProgramGenerator.Given {
  fileprivate var input: InputValue {
    switch self {
    case .number(let value): .number(value.word)
    case .list(let values): .list(values.map(\.word))
    }
  }
}

extension Integer {
  /// The number as the machine takes it; it has to fit.
  fileprivate var word: Int256 { (try? Int256(decimal: description)) ?? .zero }
}
