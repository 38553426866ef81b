/// The interpreter: a loop over verified code with a stack of 256-bit integers. It has no clock, no memory between
/// runs, and no choice: the same program and inputs give the same evaluation everywhere.
public enum Machine {
  /// Runs a program.
  ///
  /// - Parameters:
  ///   - program: compiled here or verified.
  ///   - inputs: values by name. What the program does not name is ignored; what it names may be left out as long as no
  ///     path taken reads it.
  ///   - tracing: whether to record every step.
  /// - Throws: the fault that ended the run.
  public static func run(
    _ program: Program, inputs: [String: InputValue], tracing: Bool = false
  ) throws(Trap) -> Evaluation {
    let values: RunInputs
    do {
      values = try RunInputs(of: program, from: inputs)
    } catch {
      throw Trap(kind: error, instruction: nil, source: nil, trace: nil)
    }
    var run = Run()
    if let fault = run.toEnd(of: program, values, tracing: tracing) {
      let instruction = run.next - 1
      throw Trap(
        kind: fault, instruction: instruction, source: program.sourceMap?[instruction],
        trace: tracing ? Trace(steps: run.steps) : nil)
    }
    return run.evaluation(of: program, tracing: tracing)
  }
}

extension Trap.Kind: Error {}
