/// An object: its members in the order they were written. Looking one up walks them, so objects are meant to be small.
///
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

  /// The members in the order they were written; no name occurs twice.
  public private(set) var members: [Member]

  /// An object of these members. Giving a name twice is a programmer's error and traps.
  public init(_ members: [(String, JSONValue)] = []) {
    self.init(members: members.map { Member($0.0, $0.1) })
    precondition(Set(self.members.map(\.name)).count == members.count, "a name occurs twice in one JSON object")
  }

  init(members: [Member]) {
    self.members = members
  }

  /// The value under a name, byte for byte; setting replaces it in place, appends it, or (nil) removes it.
  public subscript(name: String) -> JSONValue? {
    get { index(of: name).map { members[$0].value } }
    set {
      switch (index(of: name), newValue) {
      case (let index?, let value?): members[index] = Member(name, value)
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name, value))
      case (nil, nil): break
      }
    }
  }

  private func index(of name: String) -> Int? {
    members.firstIndex { isSameText($0.name, name) }
  }
}

extension JSONObject: Hashable {
  /// Whether both have the same members, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
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
