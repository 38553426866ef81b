extension ABIType {
  /// The type that the text writes. `uint` and `int` stand for 256 bits.
  ///
  /// - Throws: `abiType`.
  public init(parsing text: String) throws(EthereumError) {
    var parser = try ABITypeParser(text)
    self = try parser.type(depth: 0)
    try parser.expectEnd()
  }
}

/// Reads types and signatures from left to right.
struct ABITypeParser {
  private let text: [UInt8]
  private var offset = 0

  init(_ text: String) throws(EthereumError) {
    self.text = Array(text.utf8)
    guard self.text.count <= Limits.abiTypeByteCountMax else { throw .abiType(.tooLarge, offset: 0) }
  }

  mutating func type(depth: Int) throws(EthereumError) -> ABIType {
    let start = offset
    guard depth < Limits.abiTypeDepthMax else { throw .abiType(.tooDeep, offset: start) }
    var type: ABIType
    var arrays = 0
    if peek == UInt8(ascii: "(") {
      type = try sized(.tuple(try list(depth: depth + 1)), from: start)
    } else {
      type = ABIType(try elementary())
    }
    while take("[") {
      arrays += 1
      guard depth + arrays < Limits.abiTypeDepthMax else { throw .abiType(.tooDeep, offset: offset) }
      let countOffset = offset
      let count = word()
      guard take("]") else { throw .abiType(.badSyntax, offset: offset) }
      if count.isEmpty {
        type = ABIType(.array(type))
      } else {
        guard let count = number(count), count > 0, count <= Limits.abiStaticByteCountMax else {
          throw .abiType(.badSize, offset: countOffset)
        }
        type = try sized(.fixedArray(type, count: count), from: start)
      }
    }
    return type
  }

  /// Types in parentheses, with commas between. No type takes no bytes, so `()` cannot be a member or element.
  mutating func list(depth: Int) throws(EthereumError) -> [ABIType] {
    guard take("(") else { throw .abiType(.badSyntax, offset: offset) }
    var types: [ABIType] = []
    if depth == 0, take(")") { return types }
    repeat { types.append(try type(depth: depth)) } while take(",")
    guard take(")") else { throw .abiType(.badSyntax, offset: offset) }
    return types
  }

  /// Letters, digits, `_` and `$`, possibly none.
  mutating func word() -> String {
    let start = offset
    while let character = peek, isWordCharacter(character) { offset += 1 }
    return String(decoding: text[start..<offset], as: UTF8.self)
  }

  /// The name of a function or event: a word that does not start with a digit.
  mutating func name() throws(EthereumError) -> String {
    let start = offset
    let name = word()
    guard let first = name.utf8.first, first > UInt8(ascii: "9") || first == UInt8(ascii: "$") else {
      throw .abiType(.badSyntax, offset: start)
    }
    return name
  }

  func fault(_ fault: ABITypeFault) -> EthereumError { .abiType(fault, offset: offset) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  func expectEnd() throws(EthereumError) {
    guard offset == text.count else { throw .abiType(.badSyntax, offset: offset) }
  }

  private var peek: UInt8? { offset < text.count ? text[offset] : nil }

  private func isWordCharacter(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: false
    }
  }

  private mutating func elementary() throws(EthereumError) -> ABIType.Kind {
    let start = offset
    let name = word()
    switch name {
    case "address": return .address
    case "bool": return .bool
    case "bytes": return .bytes
    case "string": return .string
    case "function": return .function
    case "uint": return .uint(bits: 256)
    case "int": return .int(bits: 256)
    default: break
    }
    for (prefix, unit) in [("uint", 8), ("int", 8), ("bytes", 1)] where name.hasPrefix(prefix) {
      guard let size = number(String(name.dropFirst(prefix.count))), size > 0, size <= 32 * unit,
        size.isMultiple(of: unit)
      else { throw .abiType(.badSize, offset: start) }
      switch prefix {
      case "uint": return .uint(bits: size)
      case "int": return .int(bits: size)
      default: return .fixedBytes(count: size)
      }
    }
    throw .abiType(name.isEmpty ? .badSyntax : .unknown, offset: start)
  }

  /// A decimal number without sign or zeros in front.
  private func number(_ digits: String) -> Int? {
    guard let value = Int(digits), String(value) == digits else { return nil }
    return value
  }

  private func sized(_ kind: ABIType.Kind, from start: Int) throws(EthereumError) -> ABIType {
    let type = ABIType(kind)
    // A dynamic array of fixed size holds that many offsets; they are bounded like values in place.
    var heads = type.headByteCount
    if case .fixedArray(let element, let count) = kind { heads = element.headByteCount * count }
    guard heads <= Limits.abiStaticByteCountMax else { throw .abiType(.tooLarge, offset: start) }
    return type
  }
}
