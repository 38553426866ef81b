import Console

/// A small program, as the executable would describe itself.
let sample = CommandTable(
  program: "tally", summary: "settles options", version: "1.2.3",
  commonOptions: [.flag("json", "print the result as one JSON object"), .flag("verbose", short: "v", "say more")],
  commands: [
    Command(
      "terms check", "check a terms document", operands: [Operand("FILE", "the document, or - for standard input")],
      options: [.flag("strict", "treat warnings as errors")], run: { _ in .ok }),
    Command("terms digest", "print the digest", operands: [Operand("FILE", "the document")], run: { _ in .ok }),
    Command(
      "serve", "run the service",
      options: [
        .value("rpc-url", "URL", short: "r", environment: "ETH_RPC_URL", isRequired: true, "the node"),
        .value("port", "NUMBER", "the port"),
        .value("observer", "ADDRESS", isRepeatable: true, "an observer"),
      ], run: { _ in .ok }),
    Command(
      "proof verify", "verify proofs", operands: [Operand("FILE", "the proofs", count: .many)], run: { _ in .refused }),
    Command(
      "version", "print the version", operands: [Operand("FORMAT", "a format", count: .optional)], run: { _ in .ok }),
  ])

/// The command and arguments of a line.
func run(_ line: String, environment: [String: String] = [:]) throws(ConsoleError) -> (Command, Arguments)? {
  let words = line.split(separator: " ").map(String.init)
  guard case .run(let command, let arguments) = try sample.parse(words, environment: environment) else { return nil }
  return (command, arguments)
}

/// The text that a line prints instead of running anything.
func printed(_ line: String) throws(ConsoleError) -> String? {
  guard case .print(let text) = try sample.parse(line.split(separator: " ").map(String.init)) else { return nil }
  return text
}
