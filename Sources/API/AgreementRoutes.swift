import Coordination
import Ethereum
import HTTP
import JSON
import Settlement
import Signing
import Terms

/// Thin: decode, call, encode.
struct AgreementRoutes: Sendable {
  let coordinator: Coordinator

  func submit(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering(.created) { () throws(APIError) in
      let submission = try Self.read(request) { Submission(reading: &$0) }
      let terms: OptionTerms
      do throws(TermsError) { terms = try OptionTerms(document: submission.terms) } catch { throw .terms(error) }
      let id = try await coordinating { () throws(CoordinationError) in
        try await coordinator.submit(terms, clauseSource: submission.clause)
      }
      return try await view(id)
    }
  }

  func list(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let limit = try Self.limit(request)
      var after: AgreementID?
      if let text = request.queryValue("after") {
        guard let id = Self.agreementID(text) else { throw .query(name: "after", fix: "use an agreement id") }
        after = id
      }
      let ids = await coordinator.agreements().filter { id in after.map { $0 < id } ?? true }
      var members: [(String, JSONValue)] = [
        ("agreements", .array(ids.prefix(limit).map { .string($0.description) }))
      ]
      if ids.count > limit { members.append(("next", .string(ids[limit - 1].description))) }
      return .object(JSONObject(members))
    }
  }

  func show(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in try await view(Self.id(parameters)) }
  }

  func sign(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let id = try Self.id(parameters)
      let signature = try Self.read(request) { $0.signature("signature") }
      try await coordinating { () throws(CoordinationError) in try await coordinator.sign(id, signature) }
      return try await view(id)
    }
  }

  /// Takes signed messages of one type.
  func accept<Message: JournalMessage>(_ type: Message.Type) -> Handler {
    { request, parameters in
      await answering { () throws(APIError) in
        let id = try Self.id(parameters)
        let message = try Self.read(request) { UnverifiedMessage<Message>(reading: &$0) }
        try await coordinating { () throws(CoordinationError) in try await coordinator.accept(id, message) }
        return try await view(id)
      }
    }
  }

  /// Takes amounts of one token or, where the message has the members of both, of both.
  func acceptOutcome(_ request: Request, _ parameters: Parameters) async -> Response {
    let isDelivery = (try? JSONValue(parsing: request.body))?["message"]?["deliveryToBuyer"] != nil
    return await (isDelivery ? accept(DeliveryOutcome.self) : accept(AgreedOutcome.self))(request, parameters)
  }

  func acceptPermit(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let id = try Self.id(parameters)
      let permit = try Self.read(request) { UnverifiedMessage<Permit>(reading: &$0) }
      try await coordinating { () throws(CoordinationError) in try await coordinator.accept(id, permit) }
      return try await view(id)
    }
  }

  func outcome(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let view = try await found(parameters)
      return try await coordinating { () throws(CoordinationError) in
        do throws(SettlementError) { return try view.trade.outcome().document } catch { throw .refused(error) }
      }
    }
  }

  func settlement(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in try await found(parameters).settlementDocument }
  }

  func journal(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let id = try Self.id(parameters)
      let entries = try await coordinating { () throws(CoordinationError) in try await coordinator.journal(of: id) }
      return ["entries": .array(entries.map(\.document))]
    }
  }

  func proof(_ request: Request, _ parameters: Parameters) async -> Response {
    do throws(APIError) {
      let id = try Self.id(parameters)
      let bytes = try await coordinating { () throws(CoordinationError) in try await coordinator.proof(of: id) }
      return Response(.ok, contentType: "application/json", body: bytes)
    } catch {
      return error.response
    }
  }

  // MARK: Parts

  func view(_ id: AgreementID) async throws(APIError) -> JSONValue {
    try await coordinating { () throws(CoordinationError) in try await coordinator.view(id) }.document
  }

  private func found(_ parameters: Parameters) async throws(APIError) -> TradeView {
    let id = try Self.id(parameters)
    return try await coordinating { () throws(CoordinationError) in try await coordinator.view(id) }
  }

  static func id(_ parameters: Parameters) throws(APIError) -> AgreementID {
    guard let id = agreementID(parameters["id"]) else { throw .agreementID }
    return id
  }

  private static func agreementID(_ text: String) -> AgreementID? {
    guard let digest = try? Digest(hex: text), digest.hex == text else { return nil }
    return AgreementID(digest)
  }

  private static func limit(_ request: Request) throws(APIError) -> Int {
    guard let text = request.queryValue("limit") else { return APILimits.listCountDefault }
    guard let limit = Int(text), (1...APILimits.listCountMax).contains(limit) else {
      throw .query(name: "limit", fix: "use 1 to \(APILimits.listCountMax)")
    }
    return limit
  }

  static func read<T>(_ request: Request, _ body: (inout ObjectReader) -> T?) throws(APIError) -> T {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: request.body)
    } catch {
      throw .document(
        DocumentError(faults: [DocumentFault(path: "", found: error.description, fix: "send strict JSON")]))
    }
    var reader = ObjectReader(document, at: "")
    let value = body(&reader)
    let faults = reader.finish()
    guard faults.isEmpty, let value else { throw .document(DocumentError(faults: faults)) }
    return value
  }
}

/// Terms and their clause's source, as they are submitted.
private struct Submission {
  let terms: JSONValue
  let clause: String

  init?(reading reader: inout ObjectReader) {
    let terms = reader.value("terms")
    let clause = reader.string("clause")
    guard let terms, let clause else { return nil }
    self.terms = terms
    self.clause = clause
  }
}

func answering(_ status: Status = .ok, _ body: () async throws(APIError) -> JSONValue) async -> Response {
  do throws(APIError) {
    return Response(status, contentType: "application/json", body: try await body().canonicalBytes())
  } catch {
    return error.response
  }
}

func coordinating<T>(_ body: () async throws(CoordinationError) -> T) async throws(APIError) -> T {
  do throws(CoordinationError) { return try await body() } catch { throw .coordination(error) }
}
