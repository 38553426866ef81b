import Arithmetic
import Clauses
import TestSupport
import Testing

@Suite struct AgreementTests {
  @Test func `machine and tree walker agree on 10,000 random programs and inputs`() throws {
    let random = SeededGenerator("machine against tree walker")
    var generator = ProgramGenerator(random)
    var opcodes: [Opcode: Int] = [:]
    var answers: [String: Int] = [:]
    var pairs = 0
    while pairs < 10_000 {
      let source = generator.program()
      let program: Program
      do {
        program = try Program(compiling: source)
      } catch {
        // Nothing but its size may speak against a generated program.
        guard case .program(.tooMany("instructions", _, _)) = error.diagnostics[0].fault else {
          Issue.record("\(error)\n\(source)")
          return
        }
        continue
      }
      let file = Parser.parse(Array(source.utf8)).file
      for _ in 0..<10 {
        pairs += 1
        let inputs = generator.inputs(for: program)
        let expected = TreeWalker(file, inputs: inputs.mapValues { BigInteger($0) }).answer()
        let answer: Answer
        do {
          let evaluation = try Machine.run(program, inputs: inputs.mapValues(InputValue.number), tracing: true)
          #expect(evaluation.cost <= program.costBound)
          for step in evaluation.trace?.steps ?? [] { opcodes[step.opcode, default: 0] += 1 }
          answer = Answer(evaluation)
        } catch {
          for step in error.trace?.steps ?? [] { opcodes[step.opcode, default: 0] += 1 }
          answer = Answer(error)
        }
        guard answer == expected else {
          Issue.record("machine: \(answer)\nwalker:  \(expected)\n\(inputs)\n\(source)")
          return
        }
        answers[answer.fault ?? "result", default: 0] += 1
      }
    }
    let later: [Opcode] = [
      .count, .item, .paired, .store, .coinsFloor, .coinsCeiling, .delivery, .fresh, .remainder, .fold, .foldList,
      .next,
      .find, .given,
    ]
    let faults = [
      "overflow", "divisionByZero", "emptyInterval", "missingInput", "inputOutOfRange", "negativeEscrow",
      "negativePart",
    ]
    print("answers: \(answers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    print("opcodes: \(Opcode.allCases.map { "\($0) \(opcodes[$0] ?? 0)" }.joined(separator: ", "))")
    #expect(faults.filter { answers[$0] == nil } == [])
    #expect(Opcode.allCases.filter { opcodes[$0] == nil && !later.contains($0) } == [])
    #expect((answers["result"] ?? 0) > 1_000)
  }
}
