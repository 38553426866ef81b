import Arithmetic

/// Bytes to the parts of a program, trusting none of them. What the parts mean is the verifier's business.
struct BytecodeReader {
  private let bytes: [UInt8]
  private var offset = 0

  /// Reads a whole program.
  static func read(_ bytes: [UInt8]) throws(ClauseError) -> ProgramParts {
    guard bytes.count <= Limits.bytecodeByteCountMax else { throw .tooLong(byteCount: bytes.count) }
    var reader = BytecodeReader(bytes: bytes)
    return try reader.readProgram()
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func readProgram() throws(ClauseError) -> ProgramParts {
    guard bytes.starts(with: ProgramParts.magic) else { throw .notBytecode }
    offset = ProgramParts.magic.count
    let version = try byte()
    guard version == ProgramParts.version else { throw .unknownLanguageVersion(version) }
    let kind = try coded("a kind of rule", ClauseKind.init(rawValue:))
    var inputs: [Input] = []
    for _ in 0..<(try count("inputs", max: Limits.inputCountMax)) {
      let group = try coded("a group of inputs", InputGroup.init(rawValue:))
      let type = try coded("a type", ClauseType.init(rawValue:))
      inputs.append(Input(name: try name(), type: type, group: group))
    }
    var routes: [String] = []
    for _ in 0..<(try count("routes", max: Limits.routeCountMax)) { routes.append(try name()) }
    let cost = try integer(byteCount: 4)
    let length = try integer(byteCount: 2)
    let end = offset + length
    guard end <= bytes.count else { throw .truncated(offset: bytes.count) }
    guard end == bytes.count else { throw .trailingBytes(offset: end) }
    let (code, constants) = try readCode()
    return ProgramParts(kind: kind, inputs: inputs, routes: routes, cost: cost, code: code, constants: constants)
  }

  private mutating func readCode() throws(ClauseError) -> (code: [Instruction], constants: [Constant]) {
    var code: [Instruction] = []
    var constants: [Constant] = []
    var starts: [Int: Int] = [:]
    // Jumps first carry the byte they go to, then the instruction.
    while offset < bytes.count {
      guard code.count < Limits.instructionCountMax else {
        throw .tooMany("instructions", found: code.count + 1, max: Limits.instructionCountMax)
      }
      starts[offset] = code.count
      let opcode = try coded("an instruction", Opcode.init(rawValue:))
      var argument = 0
      switch opcode.row.operand {
      case .none: break
      case .constant:
        argument = constants.count
        constants.append(try constant())
      case .input, .slot: argument = Int(try byte())
      case .distance:
        let distance = try integer(byteCount: 2)
        guard distance > 0 else { throw .jumpTarget(instruction: code.count) }
        argument = offset + distance
      }
      code.append(Instruction(opcode: opcode, argument: argument))
    }
    starts[offset] = code.count
    for (index, instruction) in code.enumerated() where instruction.opcode.row.operand == .distance {
      guard let target = starts[instruction.argument] else { throw .jumpTarget(instruction: index) }
      code[index] = Instruction(opcode: instruction.opcode, argument: target)
    }
    return (code, constants)
  }

  // MARK: Elements

  private mutating func byte() throws(ClauseError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated(offset: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func take(_ count: Int) throws(ClauseError) -> ArraySlice<UInt8> {
    guard bytes.count - offset >= count else { throw .truncated(offset: bytes.count) }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  private mutating func integer(byteCount: Int) throws(ClauseError) -> Int {
    try take(byteCount).reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func count(_ what: String, max: Int) throws(ClauseError) -> Int {
    let count = Int(try byte())
    guard count <= max else { throw .tooMany(what, found: count, max: max) }
    return count
  }

  private mutating func coded<T>(_ what: String, _ make: (UInt8) -> T?) throws(ClauseError) -> T {
    let start = offset
    let code = try byte()
    guard let value = make(code) else { throw .unknownByte(code, offset: start, expected: what) }
    return value
  }

  private mutating func name() throws(ClauseError) -> String {
    let start = offset
    let length = Int(try byte())
    let text = try take(length)
    guard length <= Limits.nameByteCountMax, let first = text.first, Self.isLetter(first),
      text.allSatisfy({ Self.isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
    else { throw .malformedName(offset: start) }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }

  private mutating func constant() throws(ClauseError) -> Constant {
    let start = offset
    let type = try coded("a type", ClauseType.init(rawValue:))
    let length = Int(try byte())
    guard length <= 32 else { throw .malformedConstant(offset: start) }
    let digits = try take(length)
    guard digits.first != 0, let magnitude = try? UInt256(bigEndian: digits), let value = try? Int256(magnitude),
      type.range.contains(value)
    else { throw .malformedConstant(offset: start) }
    return Constant(type: type, value: value)
  }
}
