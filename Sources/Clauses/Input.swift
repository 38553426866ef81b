public import Arithmetic

/// One row of a program's input table.
public struct Input: Hashable, Sendable {
  /// Unique in the program; the table is sorted by it.
  public let name: String
  /// What the value means, and its range.
  public let type: ClauseType
  /// Where the value comes from, and so whether it may be missing.
  public let group: InputGroup

  package init(name: String, type: ClauseType, group: InputGroup) {
    self.name = name
    self.type = type
    self.group = group
  }

  /// Whether a program may ask if the value is present.
  package var mayBeMissing: Bool { group == .facts || group == .state }
}

/// What an input is given.
public enum InputValue: Hashable, Sendable {
  /// One value.
  case number(Int256)
  /// A list of values.
  case list([Int256])
}

extension InputValue: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// One value.
  public init(integerLiteral value: Int256.IntegerLiteralType) { self = .number(Int256(integerLiteral: value)) }

  /// A list of values.
  public init(arrayLiteral elements: Int256...) { self = .list(elements) }
}
