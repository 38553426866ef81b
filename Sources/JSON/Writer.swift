extension JSONValue {
  /// The one spelling of RFC 8785: no space, names sorted by UTF-16 code units, least escaping, shortest numbers.
  public func canonicalBytes() -> [UInt8] {
    var writer = Writer()
    writer.canonical(self)
    return writer.bytes
  }

  /// The document for people: two spaces a level, members in their own order, numbers as in the
  /// canonical form, no line feed at the end.
  public func prettyText() -> String {
    var writer = Writer()
    writer.pretty(self, indent: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

struct Writer {
  var bytes: [UInt8] = []

  mutating func canonical(_ value: JSONValue) {
    switch value {
    case .null, .bool, .number, .string: scalar(value)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        canonical(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      // What was read need not be cut out of its document to be written again.
      if let (document, node) = object.source { return document.appendCanonical(node, to: &self) }
      bytes.append(UInt8(ascii: "{"))
      let isASCII = object.members.allSatisfy { $0.name.utf8.allSatisfy { $0 < 0x80 } }
      let sorted = object.members.sorted { one, other in
        isASCII ? one.name < other.name : one.name.utf16.lexicographicallyPrecedes(other.name.utf16)
      }
      for (index, member) in sorted.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        quoted(member.name)
        bytes.append(UInt8(ascii: ":"))
        canonical(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  mutating func pretty(_ value: JSONValue, indent: Int) {
    switch value {
    case .null, .bool, .number, .string: scalar(value)
    case .array(let elements):
      lines(elements, between: ("[", "]"), indent: indent) { writer, element in
        writer.pretty(element, indent: indent + 1)
      }
    case .object(let object):
      lines(object.members, between: ("{", "}"), indent: indent) { writer, member in
        writer.quoted(member.name)
        writer.bytes.append(contentsOf: ": ".utf8)
        writer.pretty(member.value, indent: indent + 1)
      }
    }
  }

  private mutating func lines<Element>(
    _ elements: [Element], between brackets: (String, String), indent: Int, _ write: (inout Writer, Element) -> Void
  ) {
    bytes.append(contentsOf: brackets.0.utf8)
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(indent + 1)
      write(&self, element)
    }
    if !elements.isEmpty { newLine(indent) }
    bytes.append(contentsOf: brackets.1.utf8)
  }

  private mutating func newLine(_ indent: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
  }

  private mutating func scalar(_ value: JSONValue) {
    switch value {
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let number): bytes.append(contentsOf: number.canonicalText.utf8)
    case .string(let text): quoted(text)
    case .null, .array, .object: bytes.append(contentsOf: "null".utf8)
    }
  }

  /// RFC 8785 section 3.2.2.2: only quote, backslash and control characters are escaped, the latter shortly if they can.
  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    guard Self.needsEscapes(text.utf8Span.span) else { return bytes.append(contentsOf: text.utf8) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
      case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
      case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
      case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
      case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
      case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
      case 0..<0x20: bytes.append(contentsOf: #"\u00\#(hexByte(byte).dropFirst(2))"#.utf8)
      default: bytes.append(byte)
      }
    }
  }

  private static func needsEscapes(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
    }
    return false
  }
}
