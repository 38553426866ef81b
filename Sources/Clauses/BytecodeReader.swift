import Arithmetic

/// Bytes to the parts of a program, trusting none of them. What the parts mean is the verifier's business.
struct BytecodeReader {
  private let bytes: [UInt8]
  private var offset = 0
  /// Where what is being read ends: the code, or the whole.
  private var end: Int
  private var enumerations: [Enumeration] = []

  /// Reads a whole program.
  static func read(_ bytes: [UInt8]) throws(ClauseError) -> ProgramParts {
    guard bytes.count <= Limits.bytecodeByteCountMax else { throw .tooLong(byteCount: bytes.count) }
    var reader = BytecodeReader(bytes: bytes)
    return try reader.readProgram()
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    end = bytes.count
  }

  private mutating func readProgram() throws(ClauseError) -> ProgramParts {
    guard bytes.starts(with: ProgramParts.magic) else { throw .notBytecode }
    offset = ProgramParts.magic.count
    let version = try byte()
    guard version == ProgramParts.version else { throw .unknownLanguageVersion(version) }
    let kind = try coded("a kind of rule", ClauseKind.init(rawValue:))
    var inputs: [(group: InputGroup, typeOffset: Int, name: String)] = []
    for _ in 0..<(try count("inputs", max: Limits.inputCountMax)) {
      let group = try coded("a group of inputs", InputGroup.init(rawValue:))
      let typeOffset = offset
      _ = try byte()
      inputs.append((group, typeOffset, try name()))
    }
    var routes: [String] = []
    for _ in 0..<(try count("routes", max: Limits.routeCountMax)) { routes.append(try name()) }
    let cost = try integer(byteCount: 4)
    let length = try integer(byteCount: 2)
    let start = offset
    guard start + length <= bytes.count else { throw .truncated(offset: bytes.count) }
    // The names of types stand behind the code that uses them.
    offset = start + length
    let sections = try readSections()
    var typed: [Input] = []
    for (index, input) in inputs.enumerated() {
      offset = input.typeOffset
      var type = try type()
      if case .list(let element, _) = type { type = .list(of: element, upTo: sections.bounds[index] ?? 0) }
      typed.append(Input(name: input.name, type: type, group: input.group))
    }
    guard sections.bounds.keys.allSatisfy({ typed.indices.contains($0) && typed[$0].type.element != nil }) else {
      throw .listBounds
    }
    offset = start
    end = start + length
    let (code, constants) = try readCode()
    return ProgramParts(
      kind: kind, inputs: typed, routes: routes, cost: cost, code: code, constants: constants,
      enumerations: enumerations, finds: sections.finds)
  }

  /// What stands behind the code, to the end.
  private mutating func readSections() throws(ClauseError) -> (bounds: [Int: Int], finds: [Find]) {
    var bounds: [Int: Int] = [:]
    var finds: [Find] = []
    var last: UInt8 = 0
    while offset < bytes.count {
      let start = offset
      let tag = try byte()
      guard let section = ProgramParts.Section(rawValue: tag), tag > last else { throw .trailingBytes(offset: start) }
      last = tag
      switch section {
      case .enumerations:
        for index in 0..<(try count("enumerations", max: Limits.enumerationCountMax)) {
          let name = try name()
          var cases: [String] = []
          for _ in 0..<(try count("values", max: Limits.caseCountMax)) { cases.append(try self.name()) }
          guard !cases.isEmpty else { throw .malformedName(offset: offset) }
          enumerations.append(Enumeration(index: index, name: name, cases: cases))
        }
      case .listBounds:
        for _ in 0..<(try count("list bounds", max: Limits.inputCountMax)) {
          let place = Int(try byte())
          bounds[place] = try integer(byteCount: 2)
        }
      case .finds:
        for _ in 0..<(try count("finds", max: Limits.findCountMax)) {
          let name = try name()
          let start = offset
          let type = try type()
          guard type.isValue else { throw .unknownByte(type.byte, offset: start, expected: "the type of a value") }
          finds.append(Find(name: name, type: type))
        }
      }
    }
    return (bounds, finds)
  }

  private mutating func readCode() throws(ClauseError) -> (code: [Instruction], constants: [Constant]) {
    var code: [Instruction] = []
    var constants: [Constant] = []
    var starts: [Int: Int] = [:]
    // Jumps first carry the byte they go to, then the instruction.
    while offset < end {
      guard code.count < Limits.instructionCountMax else {
        throw .tooMany("instructions", found: code.count + 1, max: Limits.instructionCountMax)
      }
      starts[offset] = code.count
      let opcode = try coded("an instruction", Opcode.init(rawValue:))
      var (argument, second, target) = (0, 0, 0)
      switch opcode.row.operand {
      case .none: break
      case .constant:
        argument = constants.count
        constants.append(try constant())
      case .input, .slot: argument = Int(try byte())
      case .inputs:
        argument = Int(try byte())
        second = Int(try byte())
      case .distance:
        let distance = try distance(at: code.count)
        argument = offset + distance
      case .rounds, .list:
        argument = Int(try byte())
        let distance = try distance(at: code.count)
        second = try integer(byteCount: opcode == .fold ? 4 : 1)
        target = offset + distance
      }
      code.append(Instruction(opcode: opcode, argument: argument, second: second, target: target))
    }
    starts[offset] = code.count
    for (index, instruction) in code.enumerated() {
      switch instruction.opcode.row.operand {
      case .distance:
        guard let target = starts[instruction.argument] else { throw .jumpTarget(instruction: index) }
        code[index] = Instruction(opcode: instruction.opcode, argument: target)
      case .rounds, .list:
        guard let target = starts[instruction.target] else { throw .jumpTarget(instruction: index) }
        code[index].target = target
      default: break
      }
    }
    return (code, constants)
  }

  private mutating func distance(at instruction: Int) throws(ClauseError) -> Int {
    let distance = try integer(byteCount: 2)
    guard distance > 0 else { throw .jumpTarget(instruction: instruction) }
    return distance
  }

  // MARK: Elements

  private mutating func byte() throws(ClauseError) -> UInt8 {
    guard offset < end else { throw .truncated(offset: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func take(_ count: Int) throws(ClauseError) -> ArraySlice<UInt8> {
    guard end - offset >= count else { throw .truncated(offset: end) }
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

  private mutating func type() throws(ClauseError) -> ClauseType {
    let enumerations = enumerations
    return try coded("a type") { ClauseType(byte: $0, among: enumerations) }
  }

  private mutating func constant() throws(ClauseError) -> Constant {
    let start = offset
    let type = try type()
    let length = Int(try byte())
    guard length <= 32 else { throw .malformedConstant(offset: start) }
    let digits = try take(length)
    guard digits.first != 0, type.isValue, let bits = try? UInt256(bigEndian: digits) else {
      throw .malformedConstant(offset: start)
    }
    let value = Int256(bits: bits)
    guard type == .digest || !value.isNegative, type.range.contains(value) else {
      throw .malformedConstant(offset: start)
    }
    return Constant(type: type, value: value)
  }
}
