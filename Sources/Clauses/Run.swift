import Arithmetic

/// What one run has found so far. The verifier has made sure that the stack is as deep and of the types that each step
/// needs. The program is lent to each function, not kept: to copy it costs more than to run a short one.
struct Run {
  /// What a route, or the payoff, gives.
  struct Decision {
    let isOpen: Bool
    var payments: Payments?
    var deliveries: Payments?
  }

  var next = 0
  var cost = 0
  var decided: [Decision] = []
  var found: [Int256] = []
  var steps: [Trace.Step] = []

  func evaluation(of program: Program, tracing: Bool) -> Evaluation {
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
  mutating func toEnd(of program: Program, _ inputs: RunInputs, tracing: Bool) -> Trap.Kind? {
    var memory = [Int256](repeating: .zero, count: program.stackDepth + program.slotCount)
    return steps(of: program, inputs, tracing: tracing, in: &memory)
  }

  /// The stack begins behind the slots; `top` is the place of its last value.
  private mutating func steps(
    of program: Program, _ inputs: RunInputs, tracing: Bool, in memory: inout [Int256]
  ) -> Trap.Kind? {
    let code = program.steps.span
    var memory = memory.mutableSpan
    let constants = program.literals.span
    let values = inputs.values.span
    let elements = inputs.elements.span
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
        guard values[argument].isPresent else { return missing(argument, of: program) }
        top += 1
        memory[top] = values[argument].number
      case .known:
        top += 1
        memory[top] = Self.truth(values[argument].isPresent)
      case .get:
        top += 1
        memory[top] = memory[argument]
      case .keep: memory[argument] = memory[top]
      case .store:
        memory[argument] = memory[top]
        top -= 1
      case .count:
        guard values[argument].isPresent else { return missing(argument, of: program) }
        top += 1
        memory[top] = Int256(Int64(values[argument].count))
      case .item:
        guard values[argument].isPresent else { return missing(argument, of: program) }
        let count = values[argument].count
        guard let item = memory[top].asInt64, item >= 0, item < count else {
          return .noSuchItem(program.inputs[argument].name, index: memory[top], count: count)
        }
        memory[top] = elements[values[argument].start + Int(item)]
      case .paired:
        if let fault = paired(argument, Int(step.second), of: program, inputs) { return fault }
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
        do {
          memory[top] = try Self.amount(
            memory[top], memory[top + 1], memory[top + 2], memory[top + 3],
            step.opcode == .amountFloor ? .floor : .ceiling)
        } catch {
          return Self.fault(error, step.opcode, (0..<4).map { memory[top + $0] })
        }
      case .coinsFloor, .coinsCeiling:
        top -= 4
        do {
          memory[top] = try Self.coins(
            memory[top], memory[top + 1], memory[top + 2], memory[top + 3], memory[top + 4],
            step.opcode == .coinsFloor ? .floor : .ceiling)
        } catch {
          return Self.fault(error, step.opcode, (0..<5).map { memory[top + $0] })
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
        if step.opcode == .foldList, !values[Int(step.second)].isPresent {
          return missing(Int(step.second), of: program)
        }
        if Self.rounds(of: step, inputs) == 0 {
          place = Int(step.target)
        } else {
          memory[argument] = memory[top]
          memory[argument + 1] = .zero
          top -= 1
        }
      case .next:
        memory[argument] = memory[top]
        let round = Int64(bitPattern: memory[argument + 1].bits.limbs[0]) + 1
        memory[argument + 1] = Int256(round)
        if tracing { record(.next, at: index, of: program, memory[top]) }
        // The body begins behind its fold.
        if round < Self.rounds(of: code[Int(step.target) - 1], inputs) {
          top -= 1
          place = Int(step.target)
        }
        continue
      case .pay:
        top -= 2
        if let fault = pay(memory[top + 1], memory[top + 2], at: index, of: program) { return fault }
      case .nothing: decided.append(Decision(isOpen: true))
      case .closed: decided.append(Decision(isOpen: false))
      case .find:
        found.append(memory[top])
        top -= 1
      case .given:
        guard Self.holds(memory[top]) else { return .givenBroken }
        top -= 1
      }
      if tracing {
        switch step.opcode {
        case .pay: record(.pay, at: index, of: program, memory[top + 2])
        case .store, .find: record(step.opcode, at: index, of: program, memory[top + 1])
        default: record(step.opcode, at: index, of: program, step.opcode.row.pushes == 1 ? memory[top] : nil)
        }
      }
    }
    return nil
  }
}
