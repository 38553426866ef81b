import Arithmetic
import Clauses

/// What an instruction does beyond moving along a path.
extension SymbolicRun {
  mutating func step(_ instruction: Instruction, _ index: Int, _ state: inout State, _ graph: inout Graph) {
    let operands = Array(state.stack.suffix(instruction.opcode.row.pops))
    let argument = instruction.argument
    state.stack.removeLast(operands.count)
    switch instruction.opcode {
    case .push:
      let constant = program.constants[argument]
      state.stack.append(
        constant.type == .bool ? graph.truth(constant.value == .one) : graph.number(constant.value))
    case .load:
      missing(argument, at: index, &state, &graph)
      state.stack.append(inputs.entries[argument].value)
    case .known: state.stack.append(inputs.entries[argument].isKnown)
    case .get: state.stack.append(state.slots[argument] ?? graph.number(0))
    case .keep:
      state.slots[argument] = operands[0]
      state.stack.append(operands[0])
    case .store: state.slots[argument] = operands[0]
    case .count:
      missing(argument, at: index, &state, &graph)
      state.stack.append(inputs.entries[argument].list?.count ?? graph.number(0))
    case .item: state.stack.append(item(operands[0], of: argument, at: index, &state, &graph))
    case .paired: pair(argument, instruction.second, at: index, &state, &graph)
    case .given: fault(.givenBroken, when: graph.not(operands[0]), at: index, &state, &graph)
    case .find: state.findings.append(operands[0])
    case .pay: pay(operands, at: index, &state, &graph)
    case .nothing:
      open(at: index, &state, &graph)
      state.routes.append(graph.truth(true))
    case .closed: state.routes.append(graph.truth(false))
    case .jump, .jumpUnless, .fold, .foldList, .next: break
    default: state.stack.append(compute(instruction.opcode, operands, at: index, &state, &graph))
    }
  }

  private mutating func compute(
    _ opcode: Opcode, _ operands: [Expression], at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let a = operands[0]
    let b = operands.count > 1 ? operands[1] : a
    switch opcode {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: compare(a, b)
    default: break
    }
    switch opcode {
    case .add: return fitting(graph.sum(a, b), at: index, &state, &graph)
    case .subtract: return fitting(graph.difference(a, b), at: index, &state, &graph)
    case .multiply: return fitting(graph.product(a, b), at: index, &state, &graph)
    case .negate: return fitting(graph.difference(graph.number(0), a), at: index, &state, &graph)
    case .mulDivFloor: return divide(graph.product(a, b), operands[2], .floor, at: index, &state, &graph)
    case .mulDivCeiling: return divide(graph.product(a, b), operands[2], .ceiling, at: index, &state, &graph)
    case .amountFloor: return amount(operands, .floor, at: index, &state, &graph)
    case .amountCeiling: return amount(operands, .ceiling, at: index, &state, &graph)
    case .coinsFloor: return coins(operands, .floor, at: index, &state, &graph)
    case .coinsCeiling: return coins(operands, .ceiling, at: index, &state, &graph)
    case .remainder:
      fault(.divisionByZero, when: graph.equal(b, graph.number(0)), at: index, &state, &graph)
      return graph.difference(a, graph.product(graph.quotient(a, b, .floor), b))
    case .fresh: return fresh(operands, at: index, &state, &graph)
    case .min: return graph.lesser(a, b)
    case .max: return graph.greater(a, b)
    case .clamp:
      fault(.emptyInterval, when: graph.less(operands[2], b), at: index, &state, &graph)
      return graph.lesser(graph.greater(a, b), operands[2])
    case .equal: return graph.equal(a, b)
    case .notEqual: return graph.not(graph.equal(a, b))
    case .less: return graph.less(a, b)
    case .lessOrEqual: return graph.lessOrEqual(a, b)
    case .greater: return graph.less(b, a)
    case .greaterOrEqual: return graph.lessOrEqual(b, a)
    case .not: return graph.not(a)
    // `delivery` counts the same number in another token.
    default: return a
    }
  }

  /// The value, with a fault where it does not fit 256 bits.
  private mutating func fitting(
    _ value: Expression, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let (least, largest) = (graph.number(.min), graph.number(.max))
    let exceeds = graph.or(graph.less(value, least), graph.less(largest, value))
    fault(.overflow, when: exceeds, at: index, &state, &graph)
    return value
  }

  private mutating func divide(
    _ value: Expression, _ divisor: Expression, _ rounding: Rounding, at index: Int, _ state: inout State,
    _ graph: inout Graph
  ) -> Expression {
    fault(.divisionByZero, when: graph.equal(divisor, graph.number(0)), at: index, &state, &graph)
    return fitting(graph.quotient(value, divisor, rounding), at: index, &state, &graph)
  }

  /// `(quantity * scaleUp) * price / scaleDown`.
  private mutating func amount(
    _ operands: [Expression], _ rounding: Rounding, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let scaled = fitting(graph.product(operands[0], operands[2]), at: index, &state, &graph)
    return divide(graph.product(scaled, operands[1]), operands[3], rounding, at: index, &state, &graph)
  }

  /// `(quantity * coinUp) * numerator / (denominator * coinDown)`.
  private mutating func coins(
    _ operands: [Expression], _ rounding: Rounding, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let scaled = fitting(graph.product(operands[0], operands[3]), at: index, &state, &graph)
    let divisor = fitting(graph.product(operands[2], operands[4]), at: index, &state, &graph)
    return divide(graph.product(scaled, operands[1]), divisor, rounding, at: index, &state, &graph)
  }

  /// The value, where `asOf - maxAge <= observedAt <= asOf`.
  private mutating func fresh(
    _ operands: [Expression], at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    let earliest = fitting(graph.difference(operands[2], operands[3]), at: index, &state, &graph)
    let isStale = graph.or(graph.less(operands[1], earliest), graph.less(operands[2], operands[1]))
    fault(.staleObservation, when: isStale, at: index, &state, &graph)
    return operands[0]
  }

  // MARK: Lists

  private mutating func item(
    _ place: Expression, of input: Int, at index: Int, _ state: inout State, _ graph: inout Graph
  ) -> Expression {
    missing(input, at: index, &state, &graph)
    guard let list = inputs.entries[input].list else { return graph.number(0) }
    let isOutside = graph.or(graph.less(place, graph.number(0)), graph.lessOrEqual(list.count, place))
    fault(.noSuchItem, when: isOutside, at: index, &state, &graph)
    let bounds = graph.interval(place)
    let first = bounds.low?.asInt64.map { Swift.max(0, Int(clamping: $0)) } ?? 0
    let last = bounds.high?.asInt64.map { Int(clamping: $0) } ?? list.elements.count - 1
    let range = first..<Swift.min(last, list.elements.count - 1) + 1
    guard !range.isEmpty else { return graph.number(0) }
    return choose(place, list.elements, range, &graph)
  }

  /// The element at a place within a range, by halves.
  private func choose(
    _ place: Expression, _ elements: [Expression], _ range: Range<Int>, _ graph: inout Graph
  ) -> Expression {
    guard range.count > 1 else { return elements[range.lowerBound] }
    let middle = range.lowerBound + range.count / 2
    let isBelow = graph.less(place, graph.number(Int256(Int64(middle))))
    let below = choose(place, elements, range.lowerBound..<middle, &graph)
    return graph.choice(isBelow, below, choose(place, elements, middle..<range.upperBound, &graph))
  }

  private mutating func pair(
    _ first: Int, _ second: Int, at index: Int, _ state: inout State, _ graph: inout Graph
  ) {
    missing(first, at: index, &state, &graph)
    missing(second, at: index, &state, &graph)
    guard let a = inputs.entries[first].list?.count, let b = inputs.entries[second].list?.count else { return }
    fault(.unevenLists, when: graph.not(graph.equal(a, b)), at: index, &state, &graph)
  }

  // MARK: Decisions

  private mutating func open(at index: Int, _ state: inout State, _ graph: inout Graph) {
    encoding.openings.append(
      ClauseEncoding.Opening(
        instruction: index, decision: state.routes.count, condition: graph.all(state.path)))
  }

  private mutating func pay(_ operands: [Expression], at index: Int, _ state: inout State, _ graph: inout Graph) {
    let (whole, toBuyer) = (operands[0], operands[1])
    let zero = graph.number(0)
    fault(.negativeEscrow, when: graph.less(whole, zero), at: index, &state, &graph)
    fault(.negativeBuyer, when: graph.less(toBuyer, zero), at: index, &state, &graph)
    fault(.negativeSeller, when: graph.less(whole, toBuyer), at: index, &state, &graph)
    let isDelivery = program.decides[index] == nil
    encoding.payments.append(
      ClauseEncoding.Payment(
        instruction: index, isDelivery: isDelivery, decision: state.routes.count - (isDelivery ? 1 : 0),
        condition: graph.all(state.path), whole: whole, toBuyer: toBuyer,
        toSeller: graph.difference(whole, toBuyer)))
    guard !isDelivery else { return }
    open(at: index, &state, &graph)
    state.routes.append(graph.truth(true))
  }
}
