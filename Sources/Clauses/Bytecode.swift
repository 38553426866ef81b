import Arithmetic

/// The parts of a program, before or after they are bytes.
///
/// The encoding of language version 1. Integers are big-endian; there is exactly one encoding of a program.
///
///     magic       4 bytes "TSCL"
///     version     1 byte, 1
///     kind        1 byte, ``ClauseKind``
///     inputs      1 byte count, then for each: group 1 byte, type 1 byte, name
///     routes      1 byte count, then each name; a payoff has 0
///     cost        4 bytes, the worst-case cost
///     code        2 bytes length, then the instructions: ``Opcode`` 1 byte and its operand, ``Opcode/Operand``
///
/// A name is 1 byte length (1...32) and ASCII: a letter, then letters, digits, `_`. Inputs ascend by the bytes of their
/// names, and each is read. A constant is its type, a length (0...32) and that many bytes without leading zeros; it is
/// never negative and lies in its type's range. A jump goes forward by at least one byte, to an instruction or to the
/// end of the code. Slots are numbered in the order in which the code first fills them.
struct ProgramParts: Hashable, Sendable {
  var kind: ClauseKind
  var inputs: [Input]
  var routes: [String]
  var cost: Int
  var code: [Instruction]
  var constants: [Constant]

  static let magic: [UInt8] = Array("TSCL".utf8)
  static let version: UInt8 = 1
}

extension ProgramParts {
  /// The canonical bytes.
  func encoded() -> [UInt8] {
    var bytes = Self.magic + [Self.version, kind.rawValue, UInt8(truncatingIfNeeded: inputs.count)]
    for input in inputs { bytes += [input.group.rawValue, input.type.rawValue] + Self.encoded(input.name) }
    bytes.append(UInt8(truncatingIfNeeded: routes.count))
    for route in routes { bytes += Self.encoded(route) }
    bytes += Self.bigEndian(cost, count: 4)
    let code = encodedCode()
    return bytes + Self.bigEndian(code.count, count: 2) + code
  }

  private func encodedCode() -> [UInt8] {
    let ends = offsets()
    var bytes: [UInt8] = []
    for (index, instruction) in code.enumerated() {
      bytes.append(instruction.opcode.rawValue)
      switch instruction.opcode.row.operand {
      case .none: break
      case .constant: bytes += Self.encoded(constants[instruction.argument])
      case .input, .slot: bytes.append(UInt8(truncatingIfNeeded: instruction.argument))
      case .distance: bytes += Self.bigEndian(ends[instruction.argument] - ends[index + 1], count: 2)
      }
    }
    return bytes
  }

  /// The offset of each instruction in the code, and of its end.
  private func offsets() -> [Int] {
    var offsets = [0]
    for instruction in code {
      let size: Int =
        switch instruction.opcode.row.operand {
        case .none: 1
        case .constant: 1 + Self.encoded(constants[instruction.argument]).count
        case .input, .slot: 2
        case .distance: 3
        }
      offsets.append(offsets[offsets.count - 1] + size)
    }
    return offsets
  }

  private static func encoded(_ name: String) -> [UInt8] {
    [UInt8(truncatingIfNeeded: name.utf8.count)] + name.utf8
  }

  private static func encoded(_ constant: Constant) -> [UInt8] {
    let digits = constant.value.bits.bigEndianBytes.drop { $0 == 0 }
    return [constant.type.rawValue, UInt8(truncatingIfNeeded: digits.count)] + digits
  }

  private static func bigEndian(_ value: Int, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }
}
