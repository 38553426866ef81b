public import Arithmetic

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
    _ program: Program, inputs: [String: Int256], tracing: Bool = false
  ) throws(Trap) -> Evaluation {
    var values: [Int256?] = []
    values.reserveCapacity(program.inputs.count)
    for input in program.inputs {
      let value = inputs[input.name]
      if let value, !input.type.range.contains(value) {
        throw Trap(kind: .inputOutOfRange(input.name, value), instruction: nil, source: nil, trace: nil)
      }
      values.append(value)
    }
    var run = Run(program: program, inputs: values, tracing: tracing)
    do {
      try run.toEnd()
    } catch {
      let instruction = run.next - 1
      throw Trap(
        kind: error, instruction: instruction, source: program.sourceMap?[instruction],
        trace: tracing ? Trace(steps: run.steps) : nil)
    }
    return run.evaluation
  }
}

extension Trap.Kind: Error {}

/// One run in progress. The verifier has made sure that the stack is as deep and of the types that each step needs.
private struct Run {
  let program: Program
  let inputs: [Int256?]
  let tracing: Bool
  var next = 0
  var cost = 0
  var stack: [Int256] = []
  var slots: [Int256]
  var decided: [(isOpen: Bool, payments: Payments?)] = []
  var steps: [Trace.Step] = []

  init(program: Program, inputs: [Int256?], tracing: Bool) {
    self.program = program
    self.inputs = inputs
    self.tracing = tracing
    slots = Array(repeating: .zero, count: program.slotCount)
    stack.reserveCapacity(program.stackDepth)
  }

  var evaluation: Evaluation {
    let result: Evaluation.Result =
      if program.kind == .payoff, let payments = decided.first?.payments {
        .payments(payments)
      } else {
        .routes(zip(program.routes, decided).map { Route(name: $0, isOpen: $1.isOpen, payments: $1.payments) })
      }
    return Evaluation(result: result, cost: cost, trace: tracing ? Trace(steps: steps) : nil)
  }

  mutating func toEnd() throws(Trap.Kind) {
    while next < program.code.count {
      let index = next
      let instruction = program.code[index]
      next += 1
      cost += instruction.opcode.cost
      try step(instruction)
      if tracing { record(instruction.opcode, at: index) }
    }
  }

  private mutating func record(_ opcode: Opcode, at index: Int) {
    let value: Int256? =
      if opcode.row.pushes == 1 {
        stack.last
      } else if opcode == .pay {
        decided.last?.payments.map { Int256(bits: $0.toBuyer) }
      } else {
        nil
      }
    steps.append(Trace.Step(instruction: index, opcode: opcode, source: program.sourceMap?[index], value: value))
  }

  private mutating func step(_ instruction: Instruction) throws(Trap.Kind) {
    let opcode = instruction.opcode
    let argument = instruction.argument
    switch opcode {
    case .push: stack.append(program.constants[argument].value)
    case .load:
      guard let value = inputs[argument] else { throw .missingInput(program.inputs[argument].name) }
      stack.append(value)
    case .known: push(inputs[argument] != nil)
    case .get: stack.append(slots[argument])
    case .keep: slots[argument] = stack[stack.count - 1]
    case .add: try compute(opcode) { (a, b) throws(ArithmeticError) in try a.adding(b) }
    case .subtract: try compute(opcode) { (a, b) throws(ArithmeticError) in try a.subtracting(b) }
    case .multiply: try compute(opcode) { (a, b) throws(ArithmeticError) in try a.multiplied(by: b) }
    case .negate:
      let value = pop()
      do { stack.append(try value.negated()) } catch { throw .overflow(opcode, operands: [value]) }
    case .mulDivFloor: try mulDiv(opcode, .floor)
    case .mulDivCeiling: try mulDiv(opcode, .ceiling)
    case .amountFloor: try amount(opcode, .floor)
    case .amountCeiling: try amount(opcode, .ceiling)
    case .min: combine { Swift.min($0, $1) }
    case .max: combine { Swift.max($0, $1) }
    case .clamp:
      let (high, low, value) = (pop(), pop(), pop())
      guard low <= high else { throw .emptyInterval(low: low, high: high) }
      stack.append(Swift.min(Swift.max(value, low), high))
    case .equal: compare { $0 == $1 }
    case .notEqual: compare { $0 != $1 }
    case .less: compare { $0 < $1 }
    case .lessOrEqual: compare { $0 <= $1 }
    case .greater: compare { $0 > $1 }
    case .greaterOrEqual: compare { $0 >= $1 }
    case .not: push(pop() == .zero)
    case .jump: next = argument
    case .jumpUnless: if pop() == .zero { next = argument }
    case .pay: try pay()
    case .nothing: decided.append((true, nil))
    case .closed: decided.append((false, nil))
    }
  }

  private mutating func pop() -> Int256 { stack.removeLast() }

  private mutating func push(_ truth: Bool) { stack.append(truth ? .one : .zero) }

  private mutating func combine(_ choose: (Int256, Int256) -> Int256) {
    let right = pop()
    let left = pop()
    stack.append(choose(left, right))
  }

  private mutating func compare(_ holds: (Int256, Int256) -> Bool) {
    let right = pop()
    let left = pop()
    push(holds(left, right))
  }

  private mutating func compute(
    _ opcode: Opcode, _ operation: (Int256, Int256) throws(ArithmeticError) -> Int256
  ) throws(Trap.Kind) {
    let right = pop()
    let left = pop()
    do { stack.append(try operation(left, right)) } catch { throw .overflow(opcode, operands: [left, right]) }
  }

  private mutating func mulDiv(_ opcode: Opcode, _ rounding: Rounding) throws(Trap.Kind) {
    let (divisor, second, first) = (pop(), pop(), pop())
    do {
      stack.append(try Int256.product(first, second, dividedBy: divisor, rounding: rounding))
    } catch {
      throw Self.fault(error, opcode, [first, second, divisor])
    }
  }

  /// `(quantity * scaleUp) * price / scaleDown`: the first product fits 256 bits or is a fault, the second is exact.
  private mutating func amount(_ opcode: Opcode, _ rounding: Rounding) throws(Trap.Kind) {
    let (down, up, price, quantity) = (pop(), pop(), pop(), pop())
    do {
      let scaled = try quantity.multiplied(by: up)
      stack.append(try Int256.product(scaled, price, dividedBy: down, rounding: rounding))
    } catch {
      throw Self.fault(error, opcode, [quantity, price, up, down])
    }
  }

  private static func fault(_ error: ArithmeticError, _ opcode: Opcode, _ operands: [Int256]) -> Trap.Kind {
    error == .divisionByZero ? .divisionByZero(opcode, operands: operands) : .overflow(opcode, operands: operands)
  }

  private mutating func pay() throws(Trap.Kind) {
    let toBuyer = pop()
    let whole = pop()
    guard let total = try? whole.asUInt256 else { throw .negativeEscrow(whole) }
    guard let part = try? toBuyer.asUInt256 else { throw .negativePart(.buyer, toBuyer) }
    // Both are in 0 ..< 2^255, so their difference fits.
    guard let remainder = try? total.subtracting(part) else {
      let shortfall = (try? whole.subtracting(toBuyer)) ?? .min
      throw .negativePart(.seller, shortfall)
    }
    decided.append((true, Payments(toBuyer: part, toSeller: remainder)))
  }
}
