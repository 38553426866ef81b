/// Every command of a program, in the order of the help. The one source of parsing, help and completion.
public struct CommandTable: Sendable {
  /// What a command line asks for.
  public enum Invocation: Sendable {
    /// Run this command with these arguments.
    case run(Command, Arguments)
    /// Print this on standard output.
    case print(String)
  }

  /// The program's name.
  public let program: String
  /// What the program is, in one line.
  public let summary: String
  /// The program's version.
  public let version: String
  /// The options that every command has.
  public let commonOptions: [Option]
  /// The commands.
  public let commands: [Command]

  static let help = Option.flag("help", short: "h", "print help and end")
  static let versionFlag = Option.flag("version", "print the version and end")

  /// A table.
  ///
  /// - Precondition: Command names have one or two words and differ; no command is a group as well; the options of
  ///   one command differ.
  public init(program: String, summary: String, version: String, commonOptions: [Option] = [], commands: [Command]) {
    let names = commands.map(\.name)
    precondition(Set(names).count == names.count, "two commands have one name")
    for command in commands {
      precondition((1...2).contains(command.path.count), "a command has one or two words")
      precondition(
        command.path.count == 2 || !commands.contains { $0.path.count == 2 && $0.path[0] == command.path[0] },
        "\(command.name) is a command and a group")
      let options = commonOptions + command.options + [Self.help]
      precondition(Set(options.map(\.name)).count == options.count, "\(command.name) has an option twice")
      let shorts = options.compactMap(\.short)
      precondition(Set(shorts).count == shorts.count, "\(command.name) has a short option twice")
    }
    self.program = program
    self.summary = summary
    self.version = version
    self.commonOptions = commonOptions
    self.commands = commands
  }

  /// The first words, each once.
  var firstWords: [String] { unique(commands.map { $0.path[0] }) }

  /// The second words of a group.
  func secondWords(of group: String) -> [String] {
    commands.filter { $0.path.count == 2 && $0.path[0] == group }.map { $0.path[1] }
  }

  /// Reads a command line.
  ///
  /// Options may stand before, between and after the words; `--` ends them. An environment variable counts only for a
  /// command that has its option, so an inherited one never changes a command that does not.
  ///
  /// - Parameters:
  ///   - words: Without the program's own name.
  ///   - environment: Read for the options that name a variable; an empty variable is none.
  /// - Throws: `ConsoleError`, the first fault found.
  public func parse(_ words: [String], environment: [String: String] = [:]) throws(ConsoleError) -> Invocation {
    var words = words[...]
    var path: [String] = []
    var given: [String: [String]] = [:]
    var asksHelp = false
    if words.first == "help" {
      asksHelp = true
      words.removeFirst()
    }
    var command = self.command(at: path)
    while command == nil, let word = words.popFirst() {
      if word.first == "-" {
        if word == "--version" { return .print("\(program) \(version)") }
        if try readOption(word, from: commonOptions + [Self.help, Self.versionFlag], rest: &words, into: &given) {
          continue
        }
      }
      let choices = path.isEmpty ? firstWords : secondWords(of: path[0])
      guard choices.contains(word) else {
        throw .unknownCommand(word, after: path, suggestion: suggestion(for: word, among: choices))
      }
      path.append(word)
      command = self.command(at: path)
    }
    asksHelp = asksHelp || given["help"] != nil
    guard let command else {
      if asksHelp { return .print(usage(of: path)) }
      throw .missingCommand(after: path, choices: path.isEmpty ? firstWords : secondWords(of: path[0]))
    }
    let options = commonOptions + command.options
    var operands: [String] = []
    while let word = words.popFirst() {
      if word == "--" {
        operands += words
        break
      }
      if word.first == "-", word != "-" {
        _ = try readOption(word, from: options + [Self.help], rest: &words, into: &given)
      } else {
        operands.append(word)
      }
    }
    if asksHelp || given["help"] != nil { return .print(usage(of: command)) }
    for option in options where given[option.name] == nil {
      if let name = option.environment, let value = environment[name], !value.isEmpty {
        given[option.name] = [value]
      } else if option.isRequired {
        throw .missingOption(option.spelling, environment: option.environment)
      }
    }
    return .run(
      command, Arguments(declared: options, given: given, operands: try place(operands, as: command.operands)))
  }

  private func command(at path: [String]) -> Command? { commands.first { $0.path == path } }

  /// Reads one option and its value. False when the word is no option at all.
  private func readOption(
    _ word: String, from options: [Option], rest: inout ArraySlice<String>, into given: inout [String: [String]]
  ) throws(ConsoleError) -> Bool {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let isLong = word.hasPrefix("--")
    let found = options.first { option in
      isLong ? option.spelling == parts[0] : option.short.map { "-\($0)" == parts[0] } ?? false
    }
    guard let option = found else {
      throw .unknownOption(parts[0], suggestion: suggestion(for: parts[0], among: options.map(\.spelling)))
    }
    guard given[option.name] == nil || option.isRepeatable || option.value == nil else {
      throw .repeatedOption(option.spelling)
    }
    guard let name = option.value else {
      guard parts.count == 1 else { throw .unexpectedValue(option: option.spelling) }
      given[option.name] = [""]
      return true
    }
    if parts.count == 2 {
      given[option.name, default: []].append(parts[1])
    } else if let next = rest.first, !next.hasPrefix("--") {
      given[option.name, default: []].append(next)
      rest.removeFirst()
    } else {
      throw .missingValue(option: option.spelling, value: name)
    }
    return true
  }

  private func place(_ words: [String], as operands: [Operand]) throws(ConsoleError) -> [String: [String]] {
    var words = words[...]
    var placed: [String: [String]] = [:]
    for operand in operands {
      switch operand.count {
      case .one, .many:
        guard !words.isEmpty else { throw .missingOperand(operand.name) }
      case .optional:
        if words.isEmpty { continue }
      }
      placed[operand.name] = operand.count == .many ? Array(words) : [words[words.startIndex]]
      words = operand.count == .many ? [] : words.dropFirst()
    }
    guard words.isEmpty else { throw .excessOperand }
    return placed
  }
}

/// Each element once, in the order of its first place.
func unique(_ words: [String]) -> [String] {
  var seen: Set<String> = []
  return words.filter { seen.insert($0).inserted }
}
