internal import Arithmetic
internal import Clauses
internal import Dispatch
internal import Synchronization

/// Machine and tree walker on the same random programs and inputs.
///
/// Pairs come in blocks. A block depends on the seed and its own number alone, so any thread may run it.
package enum Agreement {
  private static let programsPerBlock = 10
  private static let inputsPerProgram = 10
  private static let pairsPerBlock = programsPerBlock * inputsPerProgram

  /// The pairs whose digest is kept, so that builds with and without optimisation can be compared.
  package static let goldenSeed: UInt64 = 1
  package static let goldenPairs = 2_000

  /// So many pairs, shared out among threads.
  ///
  /// - Parameter walking: false to run the machine alone, for the digest.
  package static func run(pairs: Int, seed: UInt64, threads: Int, walking: Bool = true) -> Tally {
    let blocks = (pairs + pairsPerBlock - 1) / pairsPerBlock
    let whole = Mutex(Tally())
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for block in stride(from: thread, to: blocks, by: threads) {
        let tally = run(block: block, seed: seed, walking: walking)
        whole.withLock { $0.add(tally) }
        guard tally.disagreements.isEmpty else { return }
      }
    }
    return whole.withLock { $0 }
  }

  /// The same pairs on two threads at the same time; the second runs the machine alone.
  package static func runTwice(pairs: Int, seed: UInt64) -> (Tally, Tally) {
    let tallies = Mutex((Tally(), Tally()))
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      let tally = run(pairs: pairs, seed: seed, threads: 1, walking: thread == 0)
      tallies.withLock { if thread == 0 { $0.0 = tally } else { $0.1 = tally } }
    }
    return tallies.withLock { $0 }
  }

  private static func run(block: Int, seed: UInt64, walking: Bool) -> Tally {
    var generator = ProgramGenerator(Dice(seed: seed, block: block))
    var tally = Tally()
    var hash = Hash()
    while tally.programs < programsPerBlock, tally.disagreements.isEmpty {
      let sample = generator.sample()
      do {
        let program = try Program(compiling: sample.source)
        tally.programs += 1
        for byte in program.bytecode { hash.mix(UInt64(byte)) }
        try run(program, sample, &generator, walking: walking, &tally, &hash)
      } catch let errors as ClauseErrors {
        // Nothing but its size may speak against a generated program.
        if Self.isSize(errors) {
          tally.tooLarge += 1
        } else {
          tally.disagreements.append("\(errors)\n\(sample.source)")
        }
      } catch {
        tally.disagreements.append("\(error)\n\(sample.source)")
      }
    }
    tally.digests[block] = hash.value
    return tally
  }

  private static func isSize(_ errors: ClauseErrors) -> Bool {
    switch errors.diagnostics[0].fault {
    case .program(.tooMany), .program(.costTooHigh), .program(.stackOverflow), .foldTooDear, .nestedTooDeep: true
    default: false
    }
  }

  private static func run(
    _ program: Program, _ sample: ProgramGenerator.Sample, _ generator: inout ProgramGenerator, walking: Bool,
    _ tally: inout Tally, _ hash: inout Hash
  ) throws(ClauseError) {
    let walker = TreeWalker(Parser.parse(Array(sample.source.utf8)).file)
    let loaded = try Program(bytecode: program.bytecode)
    let isStraight = !program.code.contains { [.jump, .jumpUnless, .foldList].contains($0.opcode) }
    for _ in 0..<inputsPerProgram {
      tally.pairs += 1
      let given = generator.inputs(for: sample.declarations)
      let run = MachineRun(program, given)
      run.mix(into: &hash)
      for step in run.steps { tally.opcodes[Int(step.opcode.rawValue)] += 1 }
      tally.answers[run.answer.fault ?? "result", default: 0] += 1
      var differences = run.differences(from: loaded)
      if run.cost > program.costBound { differences.append("costs \(run.cost), bound \(program.costBound)") }
      if run.answer.fault == nil {
        if isStraight {
          tally.straightRuns += 1
          if run.cost != program.costBound { differences.append("costs \(run.cost), not \(program.costBound)") }
        } else if run.cost == program.costBound {
          tally.dearestRuns += 1
        }
      }
      if walking {
        let expected = walker.answer(given)
        if run.answer != expected { differences.append("machine: \(run.answer)\nwalker:  \(expected)") }
      }
      guard differences.isEmpty else {
        tally.disagreements.append("\(differences.joined(separator: "\n"))\n\(given)\n\(sample.source)")
        break
      }
    }
    for (form, count) in walker.met.enumerated() { tally.forms[form] += count }
  }
}
