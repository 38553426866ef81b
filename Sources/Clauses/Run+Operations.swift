import Arithmetic

/// What a step does beyond moving values.
extension Run {
  mutating func record(_ opcode: Opcode, at index: Int, of program: Program, _ value: Int256?) {
    guard steps.count < Limits.traceStepCountMax else { return }
    steps.append(Trace.Step(instruction: index, opcode: opcode, source: program.sourceMap?[index], value: value))
  }

  /// A Bool on the stack.
  @inline(__always)
  static func truth(_ holds: Bool) -> Int256 { Int256(bits: UInt256(limbs: [holds ? 1 : 0, 0, 0, 0])) }

  /// Whether a Bool from the stack is true. It is 0 or 1, so that its first word says so.
  @inline(__always)
  static func holds(_ truth: Int256) -> Bool { truth.bits.limbs[0] != 0 }

  /// How often a fold runs its body.
  @inline(__always)
  static func rounds(of fold: Step, _ inputs: RunInputs) -> Int {
    let second = Int(fold.second)
    return fold.opcode == .foldList ? inputs.values[second].count : second
  }

  func missing(_ input: Int, of program: Program) -> Trap.Kind { .missingInput(program.inputs[input].name) }

  func paired(_ first: Int, _ second: Int, of program: Program, _ inputs: RunInputs) -> Trap.Kind? {
    guard inputs.values[first].isPresent else { return missing(first, of: program) }
    guard inputs.values[second].isPresent else { return missing(second, of: program) }
    let (count, other) = (inputs.values[first].count, inputs.values[second].count)
    guard count != other else { return nil }
    return .unevenLists([program.inputs[first].name, program.inputs[second].name], counts: [count, other])
  }

  static func fault(_ error: ArithmeticError, _ opcode: Opcode, _ operands: [Int256]) -> Trap.Kind {
    error == .divisionByZero ? .divisionByZero(opcode, operands: operands) : .overflow(opcode, operands: operands)
  }

  /// `(quantity * scaleUp) * price / scaleDown`: the first product fits 256 bits or is a fault, the second is exact.
  static func amount(
    _ quantity: Int256, _ price: Int256, _ scaleUp: Int256, _ scaleDown: Int256, _ rounding: Rounding
  ) throws(ArithmeticError) -> Int256 {
    let scaled = try quantity.multiplied(by: scaleUp)
    return try Int256.product(scaled, price, dividedBy: scaleDown, rounding: rounding)
  }

  /// `(quantity * coinUp) * numerator / (denominator * coinDown)`: the products in brackets fit 256 bits or are faults.
  static func coins(
    _ quantity: Int256, _ numerator: Int256, _ denominator: Int256, _ coinUp: Int256, _ coinDown: Int256,
    _ rounding: Rounding
  ) throws(ArithmeticError) -> Int256 {
    let scaled = try quantity.multiplied(by: coinUp)
    let divisor = try denominator.multiplied(by: coinDown)
    return try Int256.product(scaled, numerator, dividedBy: divisor, rounding: rounding)
  }

  /// The fault of an observation that is not from between `asOf - maxAge` and `asOf`.
  static func staleness(
    _ value: Int256, _ observedAt: Int256, _ asOf: Int256, _ maxAge: Int256
  ) -> Trap.Kind? {
    let earliest: Int256
    do { earliest = try asOf.subtracting(maxAge) } catch {
      return .overflow(.fresh, operands: [value, observedAt, asOf, maxAge])
    }
    guard earliest <= observedAt, observedAt <= asOf else {
      return .staleObservation(observedAt: observedAt, asOf: asOf, maxAge: maxAge)
    }
    return nil
  }

  /// A payment that decides, or one of the delivery token that belongs to the one before.
  mutating func pay(_ whole: Int256, _ toBuyer: Int256, at index: Int, of program: Program) -> Trap.Kind? {
    guard let total = try? whole.asUInt256 else { return .negativeEscrow(whole) }
    guard let part = try? toBuyer.asUInt256 else { return .negativePart(.buyer, toBuyer) }
    // Both are in 0 ..< 2^255, so their difference fits.
    guard let remainder = try? total.subtracting(part) else {
      return .negativePart(.seller, (try? whole.subtracting(toBuyer)) ?? .min)
    }
    let payments = Payments(toBuyer: part, toSeller: remainder)
    if program.decides[index] == nil {
      decided[decided.count - 1].deliveries = payments
    } else {
      decided.append(Decision(isOpen: true, payments: payments))
    }
    return nil
  }
}
