import Console
import JSON

/// What a command answers: text for a person, the same as data for a program.
struct Reply {
  var text: String
  var data: JSONValue
  var warnings: [String] = []
  /// What kept the command from its aim, where something did: the status, a stable code and one sentence.
  var failure: Failure?

  /// Standard output gets the result alone; warnings go to standard error, or into the envelope.
  func print(asJSON: Bool) -> ExitStatus {
    if asJSON {
      let errors = failure.map { [Envelope.Message(code: $0.code, message: $0.message)] } ?? []
      let messages = warnings.map { Envelope.Message(code: "warning", message: $0) }
      Output.result(
        Envelope(data: String(decoding: data.canonicalBytes(), as: UTF8.self), errors: errors, warnings: messages).text)
    } else {
      for warning in warnings { Output.note("warning: \(warning)") }
      if !text.isEmpty { Output.result(text) }
    }
    if let failure { Output.note("tallystick: \(failure.message)") }
    return failure?.status ?? .ok
  }
}

extension Command {
  /// A command that answers with one reply.
  init(
    _ name: String, _ summary: String, operands: [Operand] = [], options: [Option] = [],
    replying reply: @escaping @Sendable (Arguments) async throws -> Reply
  ) {
    self.init(name, summary, operands: operands, options: options) { arguments in
      try await reply(arguments).print(asJSON: arguments.flag("json"))
    }
  }
}
