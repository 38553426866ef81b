extension CommandTable {
  /// A script for bash that completes commands and options, for `source <(program completion bash)`.
  public var bashCompletion: String {
    let function = "_" + program.map { $0.isLetter ? String($0) : "_" }.joined()
    let common = (commonOptions + [Self.help]).map(\.spelling)
    var cases = "    \"\") words=\"\((firstWords + ["help"] + common).joined(separator: " "))\" ;;\n"
    for group in firstWords where !secondWords(of: group).isEmpty {
      cases += "    \" \(group)\") words=\"\((secondWords(of: group) + common).joined(separator: " "))\" ;;\n"
    }
    for command in commands {
      let options = command.options.map(\.spelling) + common
      cases += "    \" \(command.name)\"*) words=\"\(options.joined(separator: " "))\" ;;\n"
    }
    return """
      \(function)() {
        local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" word
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
          case "$word" in -*|help) ;; *) path="$path $word" ;; esac
        done
        case "$path" in
      \(cases)  esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
      }
      complete -o default -F \(function) \(program)
      """
  }
}
