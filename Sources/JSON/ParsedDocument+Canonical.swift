extension ParsedDocument {
  /// Adds the canonical form (RFC 8785) of the value at a node.
  ///
  /// A string without escapes has no character that needs one, and stands in the canonical form as it stands here.
  func appendCanonical(_ index: Int, to writer: inout Writer) {
    let node = nodes[index]
    switch node.kind {
    case .plainString, .string:
      writer.bytes.append(UInt8(ascii: "\""))
      writer.bytes += bytes[node.bytes]
      writer.bytes.append(UInt8(ascii: "\""))
    case .escapedString, .number, .null, .true, .false: writer.canonical(value(index))
    case .array:
      writer.bytes.append(UInt8(ascii: "["))
      var element = index + 1
      while element < Int(node.end) {
        if element > index + 1 { writer.bytes.append(UInt8(ascii: ",")) }
        appendCanonical(element, to: &writer)
        element = nodes[element].isContainer ? Int(nodes[element].end) : element + 1
      }
      writer.bytes.append(UInt8(ascii: "]"))
    case .object:
      writer.bytes.append(UInt8(ascii: "{"))
      for (position, name) in sortedNames(index).enumerated() {
        if position > 0 { writer.bytes.append(UInt8(ascii: ",")) }
        appendCanonical(name, to: &writer)
        writer.bytes.append(UInt8(ascii: ":"))
        appendCanonical(name + 1, to: &writer)
      }
      writer.bytes.append(UInt8(ascii: "}"))
    }
  }

  /// The nodes of an object's names, in the order of their UTF-16 code units: for ASCII that of the bytes.
  private func sortedNames(_ object: Int) -> [Int] {
    var names: [Int] = []
    names.reserveCapacity(memberCount(object))
    var isASCII = true
    var isSorted = true
    var name = object + 1
    while name < Int(nodes[object].end) {
      isASCII = isASCII && nodes[name].kind == .plainString
      if isASCII, isSorted, let last = names.last { isSorted = isBefore(last, name) }
      names.append(name)
      name = nodes.afterMember(name)
    }
    if !isASCII {
      names.sort { text(nodes[$0]).utf16.lexicographicallyPrecedes(text(nodes[$1]).utf16) }
    } else if !isSorted {
      names.sort { isBefore($0, $1) }
    }
    return names
  }

  private func isBefore(_ one: Int, _ other: Int) -> Bool {
    bytes[nodes[one].bytes].lexicographicallyPrecedes(bytes[nodes[other].bytes])
  }
}
