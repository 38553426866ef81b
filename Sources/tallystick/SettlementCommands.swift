import API
import Console
import JSON

/// The transaction that settles, as a service shows it.
enum SettlementCommands {
  static let all = [
    Command(
      "settlement show", "print the call under way and its transactions", operands: [AgreementCommands.id],
      options: [ServiceClient.url]
    ) { arguments in
      let reply = try await ServiceClient(arguments).get(try AgreementCommands.path(arguments, "/settlement"))
      return Reply(text: reply.prettyText(), data: reply)
    }
  ]
}
