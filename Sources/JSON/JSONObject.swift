/// An object: its members in the order they were written. Looking one up walks them, so objects are meant to be small.
///
/// An object that was read keeps its whole document in memory, and cuts its members out of it when they are asked for.
/// Equality ignores the order.
public struct JSONObject: Sendable {
  /// A name and its value.
  public struct Member: Sendable {
    /// The name, unescaped.
    public let name: String
    /// The value.
    public let value: JSONValue

    init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  private enum Storage {
    case built([Member])
    case read(ParsedDocument, node: Int)
  }

  private var storage: Storage

  /// An object of these members. Giving a name twice is a programmer's error and traps.
  public init(_ members: [(String, JSONValue)] = []) {
    precondition(Set(members.map(\.0)).count == members.count, "a name occurs twice in one JSON object")
    storage = .built(members.map { Member($0.0, $0.1) })
  }

  /// The object at a node of a document.
  init(_ document: ParsedDocument, _ node: Int) {
    storage = .read(document, node: node)
  }

  /// The members in the order they were written; no name occurs twice. Takes as long as there are members.
  public var members: [Member] {
    switch storage {
    case .built(let members): members
    case .read(let document, let node): document.members(node)
    }
  }

  /// The document that the object was read from, and its node there; nil for one that was built.
  var source: (document: ParsedDocument, node: Int)? {
    if case .read(let document, let node) = storage { (document, node) } else { nil }
  }

  /// How many members there are.
  public var count: Int {
    switch storage {
    case .built(let members): members.count
    case .read(let document, let node): document.memberCount(node)
    }
  }

  /// The value under a name, byte for byte; setting replaces it in place, appends it, or (nil) removes it.
  public subscript(name: String) -> JSONValue? {
    get {
      switch storage {
      case .built(let members): members.first { isSameText($0.name, name) }?.value
      case .read(let document, let node): document.value(name, in: node)
      }
    }
    set {
      var members = members
      switch (members.firstIndex { isSameText($0.name, name) }, newValue) {
      case (let index?, let value?): members[index] = Member(name, value)
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name, value))
      case (nil, nil): break
      }
      storage = .built(members)
    }
  }
}

extension JSONObject: Hashable {
  /// Whether both have the same members, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count
      && zip(left.members, right.members).allSatisfy { one, other in
        isSameText(one.name, other.name) ? one.value == other.value : right[one.name] == one.value
      }
  }

  /// Feeds a hash that does not depend on the order.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members {
      var one = Hasher()
      one.combine(member.name)
      one.combine(member.value)
      sum &+= one.finalize()
    }
    hasher.combine(sum)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object of these members. Giving a name twice is a programmer's error and traps.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements)
  }
}

/// Byte equality: `==` also holds between texts that Unicode calls equivalent, such as K and the Kelvin sign.
func isSameText(_ one: String, _ other: String) -> Bool {
  one == other && one.utf8.elementsEqual(other.utf8)
}
