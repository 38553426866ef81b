extension CommandTable {
  /// The help of the whole program, or of one group of commands.
  public func usage(of group: [String] = []) -> String {
    let commands = commands.filter { $0.path.starts(with: group) }
    var text = ""
    if group.isEmpty { text += "\(program): \(summary)\n\n" }
    text += "Usage: \(([program] + group).joined(separator: " ")) COMMAND [OPTION...]\n\nCommands:\n"
    text += columns(commands.map { ($0.name, $0.summary) })
    text += "\nOptions of every command:\n" + columns((commonOptions + [Self.help]).map(row))
    if group.isEmpty {
      text += columns([row(Self.versionFlag)])
      text += "\nExit status:\n" + columns(ExitStatus.allCases.map { (String($0.rawValue), $0.description) })
    }
    return text + "\n\(program) help COMMAND says more about one of them."
  }

  /// The help of one command.
  public func usage(of command: Command) -> String {
    var words = [program] + command.path
    for option in command.options where option.isRequired { words.append(row(option).0) }
    words.append("[OPTION...]")
    for operand in command.operands {
      switch operand.count {
      case .one: words.append(operand.name)
      case .optional: words.append("[\(operand.name)]")
      case .many: words.append(operand.name + "...")
      }
    }
    var text = "\(command.name): \(command.summary)\n\nUsage: \(words.joined(separator: " "))\n"
    if !command.operands.isEmpty { text += "\nOperands:\n" + columns(command.operands.map { ($0.name, $0.summary) }) }
    text += "\nOptions:\n" + columns((command.options + commonOptions + [Self.help]).map(row))
    return String(text.dropLast())
  }

  private func row(_ option: Option) -> (String, String) {
    let short = option.short.map { "-\($0), " } ?? ""
    let value = option.value.map { " \($0)" } ?? ""
    let environment = option.environment.map { " [\($0)]" } ?? ""
    return (short + option.spelling + value, option.summary + environment)
  }

  /// Two columns; a left side too wide for its column stands on a line of its own.
  private func columns(_ rows: [(String, String)]) -> String {
    let width = min(28, rows.map(\.0.count).max() ?? 0)
    return rows.map { left, right in
      let gap =
        left.count <= width
        ? String(repeating: " ", count: width - left.count + 2) : "\n" + String(repeating: " ", count: width + 4)
      return "  " + left + gap + right + "\n"
    }.joined()
  }
}
