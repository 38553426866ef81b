import Console
import Glibc
import Testing

@Suite struct UsageTests {
  @Test(arguments: ["--help", "-h", "help", "--json help"])
  func `help of the program lists every command, option and exit status`(line: String) throws {
    guard line != "--json help" else {
      #expect(throws: ConsoleError.self) { try printed(line) }
      return
    }
    let text = try #require(try printed(line))
    for command in sample.commands { #expect(text.contains("  \(command.name) ") && text.contains(command.summary)) }
    for word in ["--json", "-v, --verbose", "-h, --help", "--version", "  3  refused by a rule"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test(arguments: ["terms --help", "help terms"])
  func `help of a group lists its commands only`(line: String) throws {
    let text = try #require(try printed(line))
    #expect(text.contains("terms check") && text.contains("terms digest") && !text.contains("serve"))
  }

  @Test(arguments: ["serve --help", "help serve", "serve -h --port 80", "--help serve"])
  func `help of a command needs no other argument`(line: String) throws {
    #expect(
      try printed(line) == """
        serve: run the service

        Usage: tally serve -r, --rpc-url URL [OPTION...]

        Options:
          -r, --rpc-url URL   the node [ETH_RPC_URL]
          --port NUMBER       the port
          --observer ADDRESS  an observer
          --json              print the result as one JSON object
          -v, --verbose       say more
          -h, --help          print help and end
        """)
  }

  @Test func `the version is the program's`() throws {
    #expect(try printed("--version") == "tally 1.2.3")
  }

  @Test(arguments: [
    ("tally ", "terms serve proof version help --json --verbose --help"), ("tally te", "terms"),
    ("tally terms ", "check digest --json --verbose --help"), ("tally --json terms d", "digest"),
    ("tally serve --p", "--port"), ("tally terms check --s", "--strict"), ("tally help pr", "proof"),
  ])
  func `bash completes from the same table`(line: String, candidates: String) throws {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let script = """
      \(sample.bashCompletion)
      COMP_WORDS=(\(words.map { $0.isEmpty ? "''" : "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
      _tally; echo "${COMPREPLY[*]}"
      """
    let output = try withTemporaryFile(script, outputOfBash)
    #expect(output == candidates)
  }
}

/// The first line that bash prints when it runs a file.
private func outputOfBash(_ path: String) -> String {
  guard let pipe = unsafe popen("bash --norc \(path)", "r") else { return "no bash" }
  defer { unsafe pclose(pipe) }
  var line = [CChar](repeating: 0, count: 4096)
  unsafe fgets(&line, 4096, pipe)
  return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
