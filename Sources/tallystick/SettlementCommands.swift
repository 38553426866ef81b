import API
import Console
import JSON
import Settlement

/// The transaction that settles: shown by a service, derived by anyone.
enum SettlementCommands {
  static let all = [
    Command(
      "settlement show", "print the call under way and its transactions", operands: [AgreementCommands.id],
      options: [ServiceClient.url]
    ) { arguments in
      let reply = try await ServiceClient(arguments).get(try AgreementCommands.path(arguments, "/settlement"))
      return Reply(text: reply.prettyText(), data: reply)
    },
    Command(
      "settlement derive", "derive a call from an agreement, byte for byte, offline",
      operands: [AgreementCommands.file],
      options: [.value("route", "ROUTE", isRequired: true, "open, finalise or default")]
    ) { arguments in
      let agreement = try AgreementCommands.document(arguments).agreement()
      let call: SettlementCall
      switch arguments.value("route").flatMap(Route.init) {
      case .open: call = try .opening(agreement)
      case .finalise: call = try .finalising(agreement)
      case .settleByDefault: call = try .defaulting(agreement)
      default: throw InputError.value(name: "--route", expected: "open, finalise or default")
      }
      return Reply(text: call.document.prettyText(), data: call.document)
    },
  ]
}
