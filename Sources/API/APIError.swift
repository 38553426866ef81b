import Chain
public import Coordination
public import HTTP
import JSON
public import Settlement
public import Terms

/// Every error that a request can meet, and the one place where it becomes a reply.
///
/// - Source: RFC 9457, problem details; `code` is stable, `detail` is for people.
public enum APIError: Error, Sendable {
  /// Refused before a route saw it.
  case http(HTTPError)
  /// The body is no JSON, or not the document that the route takes.
  case document(DocumentError)
  /// The terms cannot be agreed on.
  case terms(TermsError)
  /// A path segment is no agreement id.
  case agreementID
  /// A query item cannot be read.
  case query(name: String, fix: String)
  /// The coordinator refused or could not.
  case coordination(CoordinationError)

  /// The reply: a problem document with the status, and `Retry-After` where trying again can help.
  public var response: Response {
    var members: [(String, JSONValue)] = [
      ("type", .string("urn:tallystick:problem:\(code)")),
      ("title", .string(status.reason)),
      ("status", .number(JSONNumber(Int64(status.code)))),
      ("code", .string(code)),
      ("detail", .string(detail)),
    ]
    if !faults.isEmpty {
      members.append(
        (
          "faults",
          .array(faults.map { ["path": .string($0.path), "found": .string($0.found), "fix": .string($0.fix)] })
        ))
    }
    var response = Response(
      status, contentType: "application/problem+json", body: JSONValue.object(JSONObject(members)).canonicalBytes())
    if case .http(let error) = self {
      for field in error.headers.fields { response.headers.set(field.name, field.value) }
    }
    if status == .serviceUnavailable || status == .badGateway { response.headers.set("Retry-After", "5") }
    return response
  }

  var status: Status {
    switch self {
    case .http(let error): error.status
    case .document, .query: .badRequest
    case .terms: .unprocessableContent
    case .agreementID: .notFound
    case .coordination(let error):
      switch error {
      case .refused(.outOfPlace), .refused(.changedTerms), .refused(.alreadySigned), .refused(.noPrice): .conflict
      case .refused, .otherChain, .otherEscrow, .otherDecimals: .unprocessableContent
      case .unknownAgreement: .notFound
      case .notSettled: .conflict
      case .chain, .pruned, .reorganised, .noEscrow, .otherRules, .tooMuchGas: .badGateway
      case .storage, .tooManyWaiting, .behind: .serviceUnavailable
      case .brokenJournal, .foreignTransaction: .internalServerError
      }
    }
  }

  /// A stable word for programs; never changes its meaning.
  var code: String {
    switch self {
    case .http(let error): error.code
    case .document: "document_malformed"
    case .terms: "terms_invalid"
    case .agreementID: "agreement_id_malformed"
    case .query: "query_malformed"
    case .coordination(let error): error.code
    }
  }

  private var detail: String {
    switch self {
    case .http(let error): error.description
    case .document(let error): error.description
    case .terms(let error): error.description
    case .agreementID: "the path names no agreement; use 0x and 64 lowercase hexadecimal digits"
    case .query(let name, let fix): "the query item \(name) cannot be read; \(fix)"
    case .coordination(let error): error.publicDescription
    }
  }

  private var faults: [DocumentFault] {
    switch self {
    case .document(let error): error.faults
    case .terms(let error): error.faults
    default: []
    }
  }
}

extension CoordinationError {
  /// A stable word for programs, the same over HTTP and on the command line.
  public var code: String {
    switch self {
    case .refused(let error): error.code
    case .otherChain: "other_chain"
    case .otherEscrow: "other_escrow"
    case .otherDecimals: "other_decimals"
    case .noEscrow: "no_escrow"
    case .otherRules: "other_rules"
    case .behind: "behind"
    case .tooManyWaiting: "too_many_waiting"
    case .reorganised: "reorganised"
    case .tooMuchGas: "too_much_gas"
    case .foreignTransaction: "foreign_transaction"
    case .unknownAgreement: "unknown_agreement"
    case .notSettled: "not_settled"
    case .pruned: "block_pruned"
    case .chain: "chain_unavailable"
    case .storage: "storage_unavailable"
    case .brokenJournal: "journal_broken"
    }
  }
}
