/// What a command line gave to one command, checked against its table.
public struct Arguments: Sendable {
  private let declared: [Option]
  private let given: [String: [String]]
  private let operands: [String: [String]]

  init(declared: [Option], given: [String: [String]], operands: [String: [String]]) {
    self.declared = declared
    self.given = given
    self.operands = operands
  }

  /// Whether a flag stands.
  public func flag(_ name: String) -> Bool { !values(name).isEmpty }

  /// The value of an option, from the command line or else from its environment variable.
  public func value(_ name: String) -> String? { values(name).first }

  /// Every value of a repeatable option.
  public func values(_ name: String) -> [String] {
    precondition(declared.contains { $0.name == name }, "the command's table has no option --\(name)")
    return given[name] ?? []
  }

  /// The value of an option as something else.
  ///
  /// - Parameter expected: What the value must be, for the message: "a number of seconds".
  /// - Throws: `ConsoleError.malformedValue` when `parse` returns nil.
  public func value<T>(_ name: String, as expected: String, _ parse: (String) -> T?) throws(ConsoleError) -> T? {
    guard let text = value(name) else { return nil }
    guard let result = parse(text) else { throw .malformedValue(option: "--" + name, expected: expected) }
    return result
  }

  /// The words in the place of an operand: one, none or several, as its table says.
  public func operands(_ name: String) -> [String] { operands[name] ?? [] }

  /// The word in the place of an operand that stands exactly once.
  public func operand(_ name: String) -> String {
    guard let word = operands[name]?.first else { preconditionFailure("\(name) is not an operand that always stands") }
    return word
  }
}
