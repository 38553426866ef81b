package import Arithmetic

/// One decoded instruction.
package struct Instruction: Hashable, Sendable {
  package let opcode: Opcode
  /// What the operand points at: a place in the constants, the input table or the slots, or the instruction to jump to.
  package let argument: Int
}

/// The operand of one `push`, in the order of the code.
package struct Constant: Hashable, Sendable {
  package let type: ClauseType
  package let value: Int256
}
