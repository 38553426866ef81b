import Arithmetic

/// The parts of a program, before or after they are bytes.
///
/// The encoding of language version 1. Integers are big-endian; there is exactly one encoding of a program.
///
///     magic       4 bytes "TSCL"
///     version     1 byte, 1
///     kind        1 byte, ``ClauseKind``
///     inputs      1 byte count, then for each: group 1 byte, type 1 byte, name
///     routes      1 byte count, then each name; only an escrow rule has any
///     cost        4 bytes, the worst-case cost
///     code        2 bytes length, then the instructions: ``Opcode`` 1 byte and its operand, ``Opcode/Operand``
///     sections    each 1 byte tag and its content, by ascending tag, absent when empty:
///       1         enumerations: 1 byte count, then for each: name, 1 byte count of values, their names
///       2         list bounds: 1 byte count, then for each list among the inputs: its place 1 byte, bound 2 bytes
///       3         finds: 1 byte count, then for each: name, type 1 byte
///
/// A name is 1 byte length (1...32) and ASCII: a letter, then letters, digits, `_`. Inputs ascend by the bytes of their
/// names, and each is read. A constant is its type, a length (0...32) and that many bytes without leading zeros; it is
/// never negative, except that a digest is its bits, and lies in its type's range. A jump goes forward by at least one
/// byte, to an instruction or to the end of the code. Slots are numbered in the order in which the code first fills them.
struct ProgramParts: Hashable, Sendable {
  var kind: ClauseKind
  var inputs: [Input]
  var routes: [String]
  var cost: Int
  var code: [Instruction]
  var constants: [Constant]
  var enumerations: [Enumeration] = []
  var finds: [Find] = []

  static let magic: [UInt8] = Array("TSCL".utf8)
  static let version: UInt8 = 1

  /// What may follow the code; the raw value is the tag.
  enum Section: UInt8, CaseIterable {
    case enumerations = 1
    case listBounds = 2
    case finds = 3
  }
}

extension ProgramParts {
  /// The canonical bytes.
  func encoded() -> [UInt8] {
    var bytes = Self.magic + [Self.version, kind.rawValue, UInt8(truncatingIfNeeded: inputs.count)]
    for input in inputs { bytes += [input.group.rawValue, input.type.byte] + Self.encoded(input.name) }
    bytes.append(UInt8(truncatingIfNeeded: routes.count))
    for route in routes { bytes += Self.encoded(route) }
    bytes += Self.bigEndian(cost, count: 4)
    let code = encodedCode()
    return bytes + Self.bigEndian(code.count, count: 2) + code + encodedSections()
  }

  /// What follows the code.
  private func encodedSections() -> [UInt8] {
    var bytes: [UInt8] = []
    if !enumerations.isEmpty {
      bytes += [Section.enumerations.rawValue, UInt8(truncatingIfNeeded: enumerations.count)]
      for enumeration in enumerations {
        bytes += Self.encoded(enumeration.name) + [UInt8(truncatingIfNeeded: enumeration.cases.count)]
        for name in enumeration.cases { bytes += Self.encoded(name) }
      }
    }
    var bounds: [UInt8] = []
    var lists: UInt8 = 0
    for (index, input) in inputs.enumerated() {
      guard case .list(_, let bound) = input.type else { continue }
      lists += 1
      bounds += [UInt8(truncatingIfNeeded: index)] + Self.bigEndian(bound, count: 2)
    }
    if lists > 0 { bytes += [Section.listBounds.rawValue, lists] + bounds }
    if !finds.isEmpty {
      bytes += [Section.finds.rawValue, UInt8(truncatingIfNeeded: finds.count)]
      for find in finds { bytes += Self.encoded(find.name) + [find.type.byte] }
    }
    return bytes
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
      case .inputs: bytes += [instruction.argument, instruction.second].map { UInt8(truncatingIfNeeded: $0) }
      case .distance: bytes += Self.bigEndian(ends[instruction.argument] - ends[index + 1], count: 2)
      case .rounds, .list:
        bytes.append(UInt8(truncatingIfNeeded: instruction.argument))
        bytes += Self.bigEndian(ends[instruction.target] - ends[index + 1], count: 2)
        bytes += Self.bigEndian(instruction.second, count: instruction.opcode == .fold ? 4 : 1)
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
        case .inputs, .distance: 3
        case .list: 5
        case .rounds: 8
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
    return [constant.type.byte, UInt8(truncatingIfNeeded: digits.count)] + digits
  }

  private static func bigEndian(_ value: Int, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }
}
