package import Arithmetic

/// One decoded instruction.
package struct Instruction: Hashable, Sendable {
  package let opcode: Opcode
  /// What the operand points at: a place in the constants, the input table or the slots, or the instruction to jump to.
  /// For a fold the slot of its value; the next slot has the round.
  package let argument: Int
  /// For a fold its rounds or the input whose length they are; for `paired` the second input.
  package var second = 0
  /// For a fold the instruction after its `next`.
  package var target = 0
}

/// The operand of one `push`, in the order of the code.
package struct Constant: Hashable, Sendable {
  package let type: ClauseType
  package let value: Int256
}
