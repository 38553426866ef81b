/// What is wrong with a command line. Values of options are never repeated: one of them may be a secret.
public enum ConsoleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No command where one is needed: the words that may follow.
  case missingCommand(after: [String], choices: [String])
  /// A word that is no command.
  case unknownCommand(String, after: [String], suggestion: String?)
  /// An option that the command does not have; without its value.
  case unknownOption(String, suggestion: String?)
  /// The option needs a value: the value's name in the help.
  case missingValue(option: String, value: String)
  /// The option is a flag.
  case unexpectedValue(option: String)
  /// The option stands twice.
  case repeatedOption(String)
  /// The command needs this option; it may come from the environment as well.
  case missingOption(String, environment: String?)
  /// The command needs this operand.
  case missingOperand(String)
  /// One operand too many.
  case excessOperand
  /// The value is not what the option takes.
  case malformedValue(option: String, expected: String)
  /// A password was asked for and there is no terminal.
  case noTerminal
  /// Reading was interrupted by the user.
  case interrupted
  /// A password file or descriptor could not be read: the reason.
  case unreadablePassword(String)

  /// The status to end with.
  public var exitStatus: ExitStatus {
    if case .interrupted = self { .failure } else { .usage }
  }

  /// A stable word for programs.
  public var code: String {
    switch self {
    case .missingCommand: "command_missing"
    case .unknownCommand: "command_unknown"
    case .unknownOption: "option_unknown"
    case .missingValue: "option_value_missing"
    case .unexpectedValue: "option_value_unexpected"
    case .repeatedOption: "option_repeated"
    case .missingOption: "option_missing"
    case .missingOperand: "operand_missing"
    case .excessOperand: "operand_excess"
    case .malformedValue: "option_value_malformed"
    case .noTerminal: "terminal_missing"
    case .interrupted: "interrupted"
    case .unreadablePassword: "password_unreadable"
    }
  }

  /// What is wrong and what to do, in one line.
  public var description: String {
    switch self {
    case .missingCommand(let path, let choices):
      path.isEmpty
        ? "a command is missing; use one of \(choices.joined(separator: ", "))"
        : "\(path.joined(separator: " ")) needs one of \(choices.joined(separator: ", "))"
    case .unknownCommand(let word, let path, let suggestion):
      (path.isEmpty ? "no command \(word)" : "\(path.joined(separator: " ")) has no command \(word)")
        + (suggestion.map { "; did you mean \($0)?" } ?? "; see --help")
    case .unknownOption(let name, let suggestion):
      "no option \(name)" + (suggestion.map { "; did you mean \($0)?" } ?? "; see --help")
    case .missingValue(let option, let value): "\(option) needs a value: \(option) \(value)"
    case .unexpectedValue(let option): "\(option) takes no value"
    case .repeatedOption(let option): "\(option) stands twice; give it once"
    case .missingOption(let option, let environment):
      "\(option) is missing" + (environment.map { "; give it, or set \($0)" } ?? "; give it")
    case .missingOperand(let name): "\(name) is missing; see --help"
    case .excessOperand: "there is one operand too many; see --help"
    case .malformedValue(let option, let expected): "\(option) must be \(expected)"
    case .noTerminal: "there is no terminal to ask for a password on; use --password-file or --password-fd"
    case .interrupted: "interrupted"
    case .unreadablePassword(let reason): "the password could not be read: \(reason)"
    }
  }
}
