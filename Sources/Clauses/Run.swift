import Arithmetic

/// One run in progress. The verifier has made sure that the stack is as deep and of the types that each step needs.
struct Run {
  let program: Program
  let inputs: RunInputs
  let tracing: Bool
  var next = 0
  var cost = 0
  var decided: [(isOpen: Bool, payments: Payments?, deliveries: Payments?)] = []
  var found: [Int256] = []
  var steps: [Trace.Step] = []

  init(program: Program, inputs: RunInputs, tracing: Bool) {
    self.program = program
    self.inputs = inputs
    self.tracing = tracing
  }

  var evaluation: Evaluation {
    let result: Evaluation.Result
    switch program.kind {
    case .payoff:
      let nothing = Payments(toBuyer: .zero, toSeller: .zero)
      result = .payments(decided.first?.payments ?? nothing, deliveries: decided.first?.deliveries)
    case .escrow:
      result = .routes(
        zip(program.routes, decided).map {
          Route(name: $0, isOpen: $1.isOpen, payments: $1.payments, deliveries: $1.deliveries)
        })
    case .arbitration: result = .findings
    }
    let findings = zip(program.finds, found).map { Evaluation.Finding(name: $0.name, type: $0.type, value: $1) }
    return Evaluation(result: result, findings: findings, cost: cost, trace: tracing ? Trace(steps: steps) : nil)
  }

  /// Runs all steps; the fault that ended the run, if one did.
  mutating func toEnd() -> Trap.Kind? {
    var memory = [Int256](repeating: .zero, count: program.stackDepth + program.slotCount)
    var limits = [Int](repeating: 0, count: program.slotCount + 1)
    return steps(in: &memory, &limits)
  }

  /// The stack begins behind the slots; `top` is the place of its last value.
  private mutating func steps(in memory: inout [Int256], _ limits: inout [Int]) -> Trap.Kind? {
    let (program, inputs, tracing) = (program, inputs, tracing)
    let code = program.steps.span
    var memory = memory.mutableSpan
    var limits = limits.mutableSpan
    let constants = program.literals.span
    let values = inputs.values.span
    var top = program.slotCount - 1
    var place = 0
    var cost = 0
    defer {
      next = place
      self.cost = cost
    }
    while place < code.count {
      let step = code[place]
      let argument = Int(step.argument)
      let index = place
      place += 1
      cost += Int(step.cost)
      switch step.opcode {
      case .push:
        top += 1
        memory[top] = constants[argument]
      case .load:
        guard inputs.isPresent[argument] else { return missing(argument) }
        top += 1
        memory[top] = values[argument]
      case .known:
        top += 1
        memory[top] = Self.truth(inputs.isPresent[argument])
      case .get:
        top += 1
        memory[top] = memory[argument]
      case .keep: memory[argument] = memory[top]
      case .store:
        memory[argument] = memory[top]
        top -= 1
      case .count:
        guard inputs.isPresent[argument] else { return missing(argument) }
        top += 1
        memory[top] = Int256(Int64(inputs.counts[argument]))
      case .item:
        guard inputs.isPresent[argument] else { return missing(argument) }
        let count = inputs.counts[argument]
        guard let item = memory[top].asInt64, item >= 0, item < count else {
          return .noSuchItem(program.inputs[argument].name, index: memory[top], count: count)
        }
        memory[top] = inputs.elements[inputs.starts[argument] + Int(item)]
      case .paired:
        if let fault = paired(argument, Int(step.second)) { return fault }
      case .add:
        top -= 1
        do { memory[top] = try memory[top].adding(memory[top + 1]) } catch {
          return .overflow(.add, operands: [memory[top], memory[top + 1]])
        }
      case .subtract:
        top -= 1
        do { memory[top] = try memory[top].subtracting(memory[top + 1]) } catch {
          return .overflow(.subtract, operands: [memory[top], memory[top + 1]])
        }
      case .multiply:
        top -= 1
        do { memory[top] = try memory[top].multiplied(by: memory[top + 1]) } catch {
          return .overflow(.multiply, operands: [memory[top], memory[top + 1]])
        }
      case .negate:
        do { memory[top] = try memory[top].negated() } catch { return .overflow(.negate, operands: [memory[top]]) }
      case .mulDivFloor, .mulDivCeiling:
        top -= 2
        do {
          memory[top] = try Int256.product(
            memory[top], memory[top + 1], dividedBy: memory[top + 2],
            rounding: step.opcode == .mulDivFloor ? .floor : .ceiling)
        } catch {
          return Self.fault(error, step.opcode, [memory[top], memory[top + 1], memory[top + 2]])
        }
      case .amountFloor, .amountCeiling:
        top -= 3
        let operands = [memory[top], memory[top + 1], memory[top + 2], memory[top + 3]]
        do {
          memory[top] = try Self.amount(operands, step.opcode == .amountFloor ? .floor : .ceiling)
        } catch {
          return Self.fault(error, step.opcode, operands)
        }
      case .coinsFloor, .coinsCeiling:
        top -= 4
        let operands = [memory[top], memory[top + 1], memory[top + 2], memory[top + 3], memory[top + 4]]
        do {
          memory[top] = try Self.coins(operands, step.opcode == .coinsFloor ? .floor : .ceiling)
        } catch {
          return Self.fault(error, step.opcode, operands)
        }
      case .remainder:
        top -= 1
        do { memory[top] = try memory[top].remainder(dividingBy: memory[top + 1]) } catch {
          return Self.fault(error, .remainder, [memory[top], memory[top + 1]])
        }
      case .delivery: break
      case .fresh:
        top -= 3
        if let fault = Self.staleness(memory[top], memory[top + 1], memory[top + 2], memory[top + 3]) { return fault }
      case .min:
        top -= 1
        memory[top] = Swift.min(memory[top], memory[top + 1])
      case .max:
        top -= 1
        memory[top] = Swift.max(memory[top], memory[top + 1])
      case .clamp:
        top -= 2
        guard memory[top + 1] <= memory[top + 2] else {
          return .emptyInterval(low: memory[top + 1], high: memory[top + 2])
        }
        memory[top] = Swift.min(Swift.max(memory[top], memory[top + 1]), memory[top + 2])
      case .equal:
        top -= 1
        memory[top] = Self.truth(memory[top] == memory[top + 1])
      case .notEqual:
        top -= 1
        memory[top] = Self.truth(memory[top] != memory[top + 1])
      case .less:
        top -= 1
        memory[top] = Self.truth(memory[top] < memory[top + 1])
      case .lessOrEqual:
        top -= 1
        memory[top] = Self.truth(memory[top] <= memory[top + 1])
      case .greater:
        top -= 1
        memory[top] = Self.truth(memory[top] > memory[top + 1])
      case .greaterOrEqual:
        top -= 1
        memory[top] = Self.truth(memory[top] >= memory[top + 1])
      case .not: memory[top] = Self.truth(!Self.holds(memory[top]))
      case .jump: place = Int(step.target)
      case .jumpUnless:
        if !Self.holds(memory[top]) { place = Int(step.target) }
        top -= 1
      case .fold, .foldList:
        var rounds = Int(step.second)
        if step.opcode == .foldList {
          guard inputs.isPresent[rounds] else { return missing(rounds) }
          rounds = inputs.counts[rounds]
        }
        if rounds == 0 {
          place = Int(step.target)
        } else {
          memory[argument] = memory[top]
          memory[argument + 1] = .zero
          limits[argument] = rounds
          top -= 1
        }
      case .next:
        memory[argument] = memory[top]
        let round = Int64(bitPattern: memory[argument + 1].bits.limbs[0]) + 1
        memory[argument + 1] = Int256(round)
        if tracing { record(.next, at: index, memory[top]) }
        if round < limits[argument] {
          top -= 1
          place = Int(step.target)
        }
        continue
      case .pay:
        top -= 2
        if let fault = pay(memory[top + 1], memory[top + 2], at: index) { return fault }
      case .nothing: decided.append((true, nil, nil))
      case .closed: decided.append((false, nil, nil))
      case .find:
        found.append(memory[top])
        top -= 1
      case .given:
        guard Self.holds(memory[top]) else { return .givenBroken }
        top -= 1
      }
      if tracing {
        switch step.opcode {
        case .pay: record(.pay, at: index, memory[top + 2])
        case .store, .find: record(step.opcode, at: index, memory[top + 1])
        default: record(step.opcode, at: index, step.opcode.row.pushes == 1 ? memory[top] : nil)
        }
      }
    }
    return nil
  }
}
