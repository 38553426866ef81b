import Console
import Testing

@Suite struct CommandTableTests {
  @Test func `options stand before, between and after the words`() throws {
    for line in [
      "--json terms check --strict a.json", "terms --json check a.json --strict", "terms check a.json --strict --json",
    ] {
      let (command, arguments) = try #require(try run(line))
      #expect(command.name == "terms check")
      #expect(arguments.flag("json") && arguments.flag("strict") && !arguments.flag("verbose"))
      #expect(arguments.operand("FILE") == "a.json")
    }
  }

  @Test func `values come behind a space or an equals sign`() throws {
    let (_, arguments) = try #require(
      try run("serve -r http://a --port=80 --observer 0x1 --observer=0x2 -v"))
    #expect(arguments.value("rpc-url") == "http://a")
    #expect(arguments.value("port") == "80")
    #expect(arguments.values("observer") == ["0x1", "0x2"])
    #expect(arguments.flag("verbose"))
    #expect(try run("serve --rpc-url= --port 1")?.1.value("rpc-url") == "")
  }

  @Test func `operands are one, none or many, and a double dash ends the options`() throws {
    #expect(try run("terms check -")?.1.operand("FILE") == "-")
    #expect(try run("terms check -- --strict")?.1.operand("FILE") == "--strict")
    #expect(try run("version")?.1.operands("FORMAT") == [])
    #expect(try run("version long")?.1.operands("FORMAT") == ["long"])
    #expect(try run("proof verify a b c")?.1.operands("FILE") == ["a", "b", "c"])
  }

  @Test func `the environment stands in for an option of the command, and only there`() throws {
    let environment = ["ETH_RPC_URL": "http://env"]
    #expect(try run("serve", environment: environment)?.1.value("rpc-url") == "http://env")
    #expect(try run("serve -r http://line", environment: environment)?.1.value("rpc-url") == "http://line")
    #expect(throws: ConsoleError.missingOption("--rpc-url", environment: "ETH_RPC_URL")) {
      try run("serve", environment: ["ETH_RPC_URL": ""])
    }
    _ = try #require(try run("terms check a", environment: environment))
  }

  @Test(arguments: [
    ("", ConsoleError.missingCommand(after: [], choices: ["terms", "serve", "proof", "version"])),
    ("--json", .missingCommand(after: [], choices: ["terms", "serve", "proof", "version"])),
    ("terms", .missingCommand(after: ["terms"], choices: ["check", "digest"])),
    ("term check a", .unknownCommand("term", after: [], suggestion: "terms")),
    ("terms chekc a", .unknownCommand("chekc", after: ["terms"], suggestion: "check")),
    ("terms frobnicate", .unknownCommand("frobnicate", after: ["terms"], suggestion: nil)),
    ("terms check", .missingOperand("FILE")), ("terms check a b", .excessOperand),
    ("terms check a --strcit", .unknownOption("--strcit", suggestion: "--strict")),
    ("terms check a --secret=hunter2", .unknownOption("--secret", suggestion: nil)),
    ("terms check a -x", .unknownOption("-x", suggestion: nil)),
    ("--strict terms check a", .unknownOption("--strict", suggestion: nil)),
    ("terms check a --strict=yes", .unexpectedValue(option: "--strict")),
    ("serve --rpc-url", .missingValue(option: "--rpc-url", value: "URL")),
    ("serve --rpc-url --port 80", .missingValue(option: "--rpc-url", value: "URL")),
    ("serve -r a -r b", .repeatedOption("--rpc-url")), ("proof verify", .missingOperand("FILE")),
    ("version a b", .excessOperand),
  ])
  func `a wrong line is refused with what to do`(line: String, error: ConsoleError) {
    #expect(throws: error) { try run(line) }
    #expect(error.exitStatus == .usage)
    #expect(!error.description.contains("hunter2"))
  }

  @Test func `values are converted or refused without being repeated`() throws {
    let (_, arguments) = try #require(try run("serve -r secret-url --port 80"))
    #expect(try arguments.value("port", as: "a port") { UInt16($0) } == 80)
    #expect(try arguments.value("observer", as: "a number") { Int($0) } == nil)
    #expect(throws: ConsoleError.malformedValue(option: "--rpc-url", expected: "a number")) {
      try arguments.value("rpc-url", as: "a number") { Int($0) }
    }
  }

  @Test func `a table that contradicts itself is a mistake of ours`() async {
    await #expect(processExitsWith: .failure) {
      _ = CommandTable(
        program: "p", summary: "", version: "",
        commands: [Command("a", "", run: { _ in .ok }), Command("a b", "", run: { _ in .ok })])
    }
    await #expect(processExitsWith: .failure) {
      _ = try run("terms check a")?.1.flag("undeclared")
    }
  }
}
