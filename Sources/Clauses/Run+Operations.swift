import Arithmetic

/// What a step does beyond moving values.
extension Run {
  mutating func record(_ opcode: Opcode, at index: Int, _ value: Int256?) {
    guard steps.count < Limits.traceStepCountMax else { return }
    steps.append(Trace.Step(instruction: index, opcode: opcode, source: program.sourceMap?[index], value: value))
  }

  /// A Bool on the stack.
  @inline(__always)
  static func truth(_ holds: Bool) -> Int256 { Int256(bits: UInt256(limbs: [holds ? 1 : 0, 0, 0, 0])) }

  /// Whether a Bool from the stack is true. It is 0 or 1, so that its first word says so.
  @inline(__always)
  static func holds(_ truth: Int256) -> Bool { truth.bits.limbs[0] != 0 }

  func missing(_ input: Int) -> Trap.Kind { .missingInput(program.inputs[input].name) }

  func paired(_ first: Int, _ second: Int) -> Trap.Kind? {
    for input in [first, second] where !inputs.isPresent[input] { return missing(input) }
    let counts = [inputs.counts[first], inputs.counts[second]]
    guard counts[0] != counts[1] else { return nil }
    return .unevenLists([program.inputs[first].name, program.inputs[second].name], counts: counts)
  }

  static func fault(_ error: ArithmeticError, _ opcode: Opcode, _ operands: [Int256]) -> Trap.Kind {
    error == .divisionByZero ? .divisionByZero(opcode, operands: operands) : .overflow(opcode, operands: operands)
  }

  /// `(quantity * scaleUp) * price / scaleDown`: the first product fits 256 bits or is a fault, the second is exact.
  static func amount(_ operands: [Int256], _ rounding: Rounding) throws(ArithmeticError) -> Int256 {
    let scaled = try operands[0].multiplied(by: operands[2])
    return try Int256.product(scaled, operands[1], dividedBy: operands[3], rounding: rounding)
  }

  /// `(quantity * coinUp) * numerator / (denominator * coinDown)`: the products in brackets fit 256 bits or are faults.
  static func coins(_ operands: [Int256], _ rounding: Rounding) throws(ArithmeticError) -> Int256 {
    let scaled = try operands[0].multiplied(by: operands[3])
    let divisor = try operands[2].multiplied(by: operands[4])
    return try Int256.product(scaled, operands[1], dividedBy: divisor, rounding: rounding)
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
  mutating func pay(_ whole: Int256, _ toBuyer: Int256, at index: Int) -> Trap.Kind? {
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
      decided.append((true, payments, nil))
    }
    return nil
  }
}
