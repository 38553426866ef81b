/// One option of a command.
public struct Option: Hashable, Sendable {
  /// The long name, without dashes.
  public let name: String
  /// The short name, without its dash.
  public let short: Character?
  /// What its value is called in the help, such as "URL"; nil for a flag.
  public let value: String?
  /// What it does, in one line.
  public let summary: String
  /// The environment variable that stands in for it.
  public let environment: String?
  /// The command does not run without it.
  public let isRequired: Bool
  /// It may stand more than once.
  public let isRepeatable: Bool

  /// An option without a value.
  public static func flag(_ name: String, short: Character? = nil, _ summary: String) -> Option {
    Option(
      name: name, short: short, value: nil, summary: summary, environment: nil, isRequired: false, isRepeatable: false)
  }

  /// An option with a value.
  public static func value(
    _ name: String, _ value: String, short: Character? = nil, environment: String? = nil, isRequired: Bool = false,
    isRepeatable: Bool = false, _ summary: String
  ) -> Option {
    Option(
      name: name, short: short, value: value, summary: summary, environment: environment, isRequired: isRequired,
      isRepeatable: isRepeatable)
  }

  /// With its dashes.
  var spelling: String { "--" + name }
}

/// One word that a command takes by its place.
public struct Operand: Hashable, Sendable {
  /// How often it may stand.
  public enum Count: Hashable, Sendable {
    /// Exactly once.
    case one
    /// Once or not at all.
    case optional
    /// At least once; the last operand only.
    case many
  }

  /// Its name in the help, such as "FILE".
  public let name: String
  /// How often it may stand.
  public let count: Count
  /// What it is, in one line.
  public let summary: String

  /// An operand.
  public init(_ name: String, _ summary: String, count: Count = .one) {
    self.name = name
    self.count = count
    self.summary = summary
  }
}

/// One command: what it is called, what it takes and what it does.
public struct Command: Sendable {
  /// Carries out the command; an error that it throws is reported by the executable.
  public typealias Action = @Sendable (Arguments) async throws -> ExitStatus

  /// One or two words, such as "terms check".
  public let path: [String]
  /// What it does, in one line.
  public let summary: String
  /// What it takes by place.
  public let operands: [Operand]
  /// What it takes by name, besides the options common to all.
  public let options: [Option]
  /// What it does.
  public let run: Action

  /// A command.
  ///
  /// - Parameter name: Its words, with one space between them.
  public init(
    _ name: String, _ summary: String, operands: [Operand] = [], options: [Option] = [], run: @escaping Action
  ) {
    self.path = name.split(separator: " ").map(String.init)
    self.summary = summary
    self.operands = operands
    self.options = options
    self.run = run
  }

  /// The words with spaces between them.
  public var name: String { path.joined(separator: " ") }
}
