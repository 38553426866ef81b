import Coordination
import HTTP
import JSON
import Settlement
import Terms

/// What parties sign to put other terms in place of theirs.
extension AgreementRoutes {
  func acceptAmendment(_ request: Request, _ parameters: Parameters) async -> Response {
    await changing(request, parameters) { (id, change: SignedChange<Amendment>, terms) throws(CoordinationError) in
      try await coordinator.accept(id, change.signed, to: terms, clauseSource: change.clause)
    }
  }

  func acceptNovation(_ request: Request, _ parameters: Parameters) async -> Response {
    await changing(request, parameters) { (id, change: SignedChange<Novation>, terms) throws(CoordinationError) in
      try await coordinator.accept(id, change.signed, to: terms, clauseSource: change.clause)
    }
  }

  private func changing<Message>(
    _ request: Request, _ parameters: Parameters,
    _ accept: (AgreementID, SignedChange<Message>, OptionTerms) async throws(CoordinationError) -> Void
  ) async -> Response {
    await answering { () throws(APIError) in
      let id = try Self.id(parameters)
      let change = try Self.read(request) { SignedChange<Message>(reading: &$0) }
      let terms: OptionTerms
      do throws(TermsError) { terms = try OptionTerms(document: change.terms) } catch { throw .terms(error) }
      try await coordinating { () throws(CoordinationError) in try await accept(id, change, terms) }
      return try await view(id)
    }
  }
}

/// One signature of a change, with the new terms and their clause's source.
private struct SignedChange<Message: TypedMessage> {
  let signed: UnverifiedMessage<Message>
  let terms: JSONValue
  let clause: String

  init?(reading reader: inout ObjectReader) {
    let signed = reader.object("signed") { UnverifiedMessage<Message>(reading: &$0) }
    let terms = reader.value("terms")
    let clause = reader.string("clause")
    guard let signed, let terms, let clause else { return nil }
    self.signed = signed
    self.terms = terms
    self.clause = clause
  }
}
