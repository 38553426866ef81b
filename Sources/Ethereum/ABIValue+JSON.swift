import Arithmetic
public import JSON

extension ABIValue {
  /// The value of this type that JSON writes: integers as decimal or hexadecimal text or as a number, bytes as
  /// hexadecimal text, arrays and tuples as arrays.
  ///
  /// - Throws: `document` with every fault, each with its path below `path`.
  public init(_ value: JSONValue, as type: ABIType, at path: String = "") throws(EthereumError) {
    var reader = ABIValueReader()
    guard let read = reader.value(value, as: type, at: path), reader.faults.isEmpty else {
      throw .document(reader.faults)
    }
    self = read
  }

  /// The value in JSON: integers as decimal text, bytes as hexadecimal text, arrays and tuples as arrays.
  public var document: JSONValue {
    switch self {
    case .uint(let value): .string(value.description)
    case .int(let value): .string(value.description)
    case .address(let value): .string(value.checksummed)
    case .bool(let value): .bool(value)
    case .fixedBytes(let bytes), .bytes(let bytes): .string(Hex.encode(bytes))
    case .string(let text): .string(text)
    case .array(let values), .tuple(let values): .array(values.map(\.document))
    }
  }
}

/// Reads values of the contract ABI from JSON and notes everything wrong with them.
struct ABIValueReader {
  var faults: [DocumentFault] = []

  mutating func value(_ value: JSONValue?, as type: ABIType, at path: String) -> ABIValue? {
    guard let value else {
      faults.append(DocumentFault(path: path, found: "nothing", fix: "add it: write \(type.inWords)"))
      return nil
    }
    let read: ABIValue? =
      switch type.kind {
      case .uint(let bits): value.wideInteger.flatMap { $0.unsigned(bits: bits) }
      case .int(let bits): value.wideInteger.flatMap { $0.signed(bits: bits) }
      case .address: value.asString.flatMap { try? Address(hex: $0) }.map { .address($0) }
      case .bool: value.asBool.map { .bool($0) }
      case .fixedBytes(let count):
        value.asString.flatMap { try? Hex.decode($0) }.flatMap { $0.count == count ? .fixedBytes($0) : nil }
      case .function:
        value.asString.flatMap { try? Hex.decode($0) }.flatMap { $0.count == 24 ? .fixedBytes($0) : nil }
      case .bytes: value.asString.flatMap { try? Hex.decode($0) }.map { .bytes($0) }
      case .string: value.asString.map { .string($0) }
      case .array(let element):
        list(value) { _ in
          element
        } count: { _ in
          true
        } at: {
          "\(path)[\($0)]"
        }.map { .array($0) }
      case .fixedArray(let element, let count):
        list(value) { _ in
          element
        } count: {
          $0 == count
        } at: {
          "\(path)[\($0)]"
        }.map { .array($0) }
      case .tuple(let types):
        list(value) {
          types[$0]
        } count: {
          $0 == types.count
        } at: {
          "\(path)[\($0)]"
        }.map { .tuple($0) }
      }
    if read == nil, !isExplained(path) {
      faults.append(DocumentFault(path: path, found: value.summary, fix: "write \(type.inWords)"))
    }
    return read
  }

  private mutating func list(
    _ value: JSONValue, type: (Int) -> ABIType, count: (Int) -> Bool, at path: (Int) -> String
  ) -> [ABIValue]? {
    guard let elements = value.asArray, count(elements.count) else { return nil }
    var values: [ABIValue] = []
    for (index, element) in elements.enumerated() {
      if let read = self.value(element, as: type(index), at: path(index)) { values.append(read) }
    }
    return values.count == elements.count ? values : nil
  }

  /// Whether a fault inside the value at the path is noted.
  private func isExplained(_ path: String) -> Bool {
    faults.last.map { $0.path.hasPrefix(path + "[") } ?? false
  }
}

extension ABIType {
  /// What to write for a value of the type.
  fileprivate var inWords: String {
    switch kind {
    case .uint, .int: "a whole number in the range of \(self), as text or as a number"
    case .address: "an address, 0x and 40 digits with a valid EIP-55 checksum or in one case"
    case .bool: "true or false"
    case .fixedBytes(let count): "\(count) bytes, 0x and \(2 * count) hexadecimal digits"
    case .function: "a function, 0x and 48 hexadecimal digits: its contract and its selector"
    case .bytes: "bytes, 0x and pairs of hexadecimal digits"
    case .string: "a text"
    case .array: "an array"
    case .fixedArray(_, let count): "an array of \(count) elements"
    case .tuple(let types): "an array of \(types.count) elements, the members of \(self)"
    }
  }
}

/// An integer of either sign, before its type is known.
private struct WideInteger {
  let magnitude: UInt256
  let isNegative: Bool

  func unsigned(bits: Int) -> ABIValue? {
    magnitude.bitWidth <= bits && (!isNegative || magnitude == .zero) ? .uint(magnitude) : nil
  }

  func signed(bits: Int) -> ABIValue? {
    guard let value = try? Int256(magnitude: magnitude, isNegative: isNegative), value.fits(bits: bits) else {
      return nil
    }
    return .int(value)
  }
}

extension JSONValue {
  /// A whole number: as a number, or as decimal or hexadecimal text with zeros in front or not.
  fileprivate var wideInteger: WideInteger? {
    let text: Substring
    switch self {
    case .number(let number): text = number.literal[...]
    case .string(let string): text = string[...]
    default: return nil
    }
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text
    let isHex = digits.hasPrefix("0x")
    let bare = isHex ? digits.dropFirst(2) : digits
    let trimmed = bare.drop { $0 == "0" }
    guard !bare.isEmpty else { return nil }
    let canonical = trimmed.isEmpty ? "0" : String(trimmed)
    let magnitude = isHex ? try? UInt256(hex: "0x" + canonical.lowercased()) : try? UInt256(decimal: canonical)
    return magnitude.map { WideInteger(magnitude: $0, isNegative: isNegative) }
  }
}
