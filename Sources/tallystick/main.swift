import Console
import Glibc

/// Composes the commands, runs the one that was asked for, and maps every error to its exit status. Nothing else.
let table = CommandTable(
  program: "tallystick",
  summary: "makes an option trade between two parties hold: co-sign, settle, prove, arbitrate",
  version: "0.1.0",
  commonOptions: [Option.flag("json", "print one JSON envelope")],
  commands: TermsCommands.all + ClauseCommands.all + [ProveCommand.command] + AgreementCommands.all
    + ObservationCommands.all + ClaimCommands.all + SettlementCommands.all + EscrowCommands.all + ProofCommands.all
    + KeysCommands.all + EthereumCommands.all + ReceiptCommands.all + [ServeCommand.command])

// A core file could hold a key that was decrypted.
var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
_ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)

let words = Array(CommandLine.arguments.dropFirst())
let asksJSON = words.contains("--json")
do {
  switch try table.parse(words, environment: Environment.all) {
  case .print(let text): Output.result(text)
  case .run(let command, let arguments): exit(try await command.run(arguments).rawValue)
  }
} catch let error {
  exit(Failure(error).report(asJSON: asksJSON).rawValue)
}
