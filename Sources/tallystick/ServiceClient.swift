import Chain
import Console
import JSON

/// A service's refusal, or its failure to answer.
enum ServiceError: Error, CustomStringConvertible {
  case refused(status: Int, code: String, detail: String)
  case noJSON(String)

  var code: String {
    switch self {
    case .refused(_, let code, _): code
    case .noJSON: "service_reply_malformed"
    }
  }

  var status: ExitStatus {
    switch self {
    case .refused(_, "not_settled", _), .refused(_, "no_price", _): .notFinal
    case .refused(let status, _, _): (400..<500).contains(status) ? .refused : .remoteFailure
    case .noJSON: .remoteFailure
    }
  }

  var description: String {
    switch self {
    case .refused(_, let code, let detail): "the service refuses (\(code)): \(detail)"
    case .noJSON(let reason): "the service's reply is no JSON: \(reason)"
    }
  }
}

/// The service's interface, as the commands use it.
struct ServiceClient {
  static let url = Option.value(
    "url", "URL", environment: "TALLYSTICK_URL", isRequired: true, "the service, such as http://127.0.0.1:8650")

  private let client: HTTPClient
  private let base: String

  init(_ arguments: Arguments) {
    var url = arguments.value("url") ?? ""
    while url.hasSuffix("/") { url.removeLast() }
    base = url
    client = HTTPClient()
  }

  func get(_ path: String) async throws -> JSONValue { try parse(try await bytes(path)) }

  /// The reply's bytes as they are.
  func bytes(_ path: String) async throws -> [UInt8] { try accepted(try await client.get(base + path)) }

  func post(_ path: String, _ document: JSONValue) async throws -> JSONValue {
    try parse(try accepted(try await client.post(base + path, document.canonicalBytes())))
  }

  private func accepted(_ reply: HTTPClient.Reply) throws -> [UInt8] {
    guard (200..<300).contains(reply.status) else {
      let problem = try? parse(reply.body)
      throw ServiceError.refused(
        status: reply.status, code: problem?["code"]?.asString ?? "http_\(reply.status)",
        detail: problem?["detail"]?.asString ?? "status \(reply.status)")
    }
    return reply.body
  }

  private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    let limits = JSONLimits(byteCount: Files.byteCountMax, depth: 32, memberCount: 1024)
    do throws(JSONError) {
      return try JSONValue(parsing: bytes, limits: limits)
    } catch {
      throw ServiceError.noJSON(error.description)
    }
  }
}
