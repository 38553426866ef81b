/// A document as it was read: its bytes, and where in them each value stands, in the order they were written.
///
/// Texts are cut out when somebody asks for them: reading a document so costs three blocks of memory, not one for each
/// string, array and object in it.
final class ParsedDocument: Sendable {
  /// One value, or the name of a member.
  struct Node {
    enum Kind: UInt8 {
      /// `first` and `end` enclose its bytes, without quotes; ASCII without escapes.
      case plainString
      /// `first` and `end` enclose its bytes, without quotes; UTF-8 without escapes.
      case string
      /// A string with escapes: `first` is the number of its unescaped text.
      case escapedString
      /// `first` and `end` enclose its bytes.
      case number
      case null
      case `true`
      case `false`
      /// `first` is the number of its elements, `end` the node behind the last of them.
      case array
      /// `first` is the number of its members, `end` the node behind the last of them; name and value alternate.
      case object
    }

    let kind: Kind
    var first: UInt32
    var end: UInt32

    init(_ kind: Kind, _ first: Int = 0, _ end: Int = 0) {
      self.kind = kind
      self.first = UInt32(truncatingIfNeeded: first)
      self.end = UInt32(truncatingIfNeeded: end)
    }

    /// The bytes of a string or number.
    var bytes: Range<Int> { Int(first)..<Int(end) }
  }

  let bytes: [UInt8]
  let nodes: [Node]
  private let unescaped: [String]

  init(bytes: [UInt8], nodes: [Node], unescaped: [String]) {
    self.bytes = bytes
    self.nodes = nodes
    self.unescaped = unescaped
  }

  /// The value at a node; arrays whole, objects as views of this document.
  func value(_ index: Int) -> JSONValue {
    let node = nodes[index]
    switch node.kind {
    case .plainString, .string, .escapedString: return .string(text(node))
    case .number: return .number(JSONNumber(literal: text(node)))
    case .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .object: return .object(JSONObject(self, index))
    case .array:
      var elements: [JSONValue] = []
      elements.reserveCapacity(Int(node.first))
      var element = index + 1
      while element < Int(node.end) {
        elements.append(value(element))
        element = nodes[element].isContainer ? Int(nodes[element].end) : element + 1
      }
      return .array(elements)
    }
  }

  /// How many members the object at a node has.
  func memberCount(_ object: Int) -> Int { Int(nodes[object].first) }

  /// The members of the object at a node.
  func members(_ object: Int) -> [JSONObject.Member] {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(memberCount(object))
    var name = object + 1
    while name < Int(nodes[object].end) {
      members.append(JSONObject.Member(text(nodes[name]), value(name + 1)))
      name = nodes.afterMember(name)
    }
    return members
  }

  /// The value under a name, byte for byte, in the object at a node.
  func value(_ name: String, in object: Int) -> JSONValue? {
    let wanted = name.utf8Span.span
    let content = bytes
    let bytes = content.span
    let end = Int(nodes[object].end)
    var index = object + 1
    while index < end {
      let node = nodes[index]
      let isFound =
        node.kind == .escapedString
        ? isSameText(unescaped[Int(node.first)], name) : isSame(bytes.extracting(node.bytes), wanted)
      if isFound { return value(index + 1) }
      index = nodes.afterMember(index)
    }
    return nil
  }

  func text(_ node: Node) -> String {
    if node.kind == .escapedString { return unescaped[Int(node.first)] }
    // The parser has seen that these bytes are UTF-8, and whether they are ASCII.
    let isASCII = node.kind != .string
    let content = bytes
    let bytes = content.span
    return String(copying: unsafe UTF8Span(unchecked: bytes.extracting(node.bytes), isKnownASCII: isASCII))
  }
}

extension ParsedDocument.Node {
  /// Whether nodes inside this one follow it.
  var isContainer: Bool { kind == .array || kind == .object }
}

extension [ParsedDocument.Node] {
  /// The node behind a member, given that of its name.
  func afterMember(_ name: Int) -> Int {
    self[name + 1].isContainer ? Int(self[name + 1].end) : name + 2
  }
}

/// Whether two texts have the same bytes.
func isSame(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
  guard one.count == other.count else { return false }
  for index in one.indices where one[index] != other[index] { return false }
  return true
}
