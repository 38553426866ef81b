/// An instruction as the machine runs it: everything that it needs stands in it.
struct Step: Sendable {
  let opcode: Opcode
  let cost: UInt8
  /// ``Instruction/argument``; for `next` the slot of its fold's value.
  let argument: Int32
  /// ``Instruction/second``.
  let second: Int32
  /// Where a jump goes; for a fold the step after its `next`, for `next` the first of the body.
  let target: Int32

  /// The steps of verified code.
  static func steps(of parts: ProgramParts) -> [Step] {
    var open: [(slot: Int, body: Int)] = []
    return parts.code.enumerated().map { index, instruction in
      var (argument, target) = (instruction.argument, instruction.target)
      switch instruction.opcode {
      case .jump, .jumpUnless: target = argument
      case .fold, .foldList: open.append((argument, index + 1))
      case .next:
        if let fold = open.popLast() { (argument, target) = fold }
      default: break
      }
      return Step(
        opcode: instruction.opcode, cost: UInt8(truncatingIfNeeded: instruction.opcode.cost),
        argument: Int32(truncatingIfNeeded: argument), second: Int32(truncatingIfNeeded: instruction.second),
        target: Int32(truncatingIfNeeded: target))
    }
  }
}
