/// A status code with its reason phrase.
///
/// - Source: RFC 9110 section 15.
public struct Status: Hashable, Sendable, CustomStringConvertible {
  /// The three-digit code, 100...599.
  public let code: Int
  /// The phrase that stands beside the code.
  public let reason: String

  /// A status that is not in the list below.
  public init(code: Int, reason: String) {
    precondition((100...599).contains(code), "a status code has three digits")
    self.code = code
    self.reason = reason
  }

  /// Such as "404 Not Found".
  public var description: String { "\(code) \(reason)" }

  /// The request succeeded.
  public static let ok = Status(code: 200, reason: "OK")
  /// The request made something new.
  public static let created = Status(code: 201, reason: "Created")
  /// The request is stored and will be carried out.
  public static let accepted = Status(code: 202, reason: "Accepted")
  /// The request succeeded and there is nothing to say.
  public static let noContent = Status(code: 204, reason: "No Content")
  /// What the client holds is still right.
  public static let notModified = Status(code: 304, reason: "Not Modified")
  /// The request is malformed.
  public static let badRequest = Status(code: 400, reason: "Bad Request")
  /// The request lacks valid credentials.
  public static let unauthorized = Status(code: 401, reason: "Unauthorized")
  /// The credentials do not allow this.
  public static let forbidden = Status(code: 403, reason: "Forbidden")
  /// There is nothing under this path.
  public static let notFound = Status(code: 404, reason: "Not Found")
  /// The path exists, the method does not.
  public static let methodNotAllowed = Status(code: 405, reason: "Method Not Allowed")
  /// The client took too long to send its request.
  public static let requestTimeout = Status(code: 408, reason: "Request Timeout")
  /// The request contradicts the present state.
  public static let conflict = Status(code: 409, reason: "Conflict")
  /// A precondition header does not hold.
  public static let preconditionFailed = Status(code: 412, reason: "Precondition Failed")
  /// The body is larger than the limit.
  public static let contentTooLarge = Status(code: 413, reason: "Content Too Large")
  /// The body's media type is not one we read.
  public static let unsupportedMediaType = Status(code: 415, reason: "Unsupported Media Type")
  /// The Expect header asks for something unknown.
  public static let expectationFailed = Status(code: 417, reason: "Expectation Failed")
  /// The body is well formed and its content is refused.
  public static let unprocessableContent = Status(code: 422, reason: "Unprocessable Content")
  /// The request must carry a precondition.
  public static let preconditionRequired = Status(code: 428, reason: "Precondition Required")
  /// The client sends too many requests.
  public static let tooManyRequests = Status(code: 429, reason: "Too Many Requests")
  /// The head is larger than the limit.
  public static let headerFieldsTooLarge = Status(code: 431, reason: "Request Header Fields Too Large")
  /// Something of ours went wrong.
  public static let internalServerError = Status(code: 500, reason: "Internal Server Error")
  /// The method or coding is one we do not have.
  public static let notImplemented = Status(code: 501, reason: "Not Implemented")
  /// Something that we asked did not answer properly.
  public static let badGateway = Status(code: 502, reason: "Bad Gateway")
  /// Not now: overload or shutdown.
  public static let serviceUnavailable = Status(code: 503, reason: "Service Unavailable")
  /// Something that we asked did not answer in time.
  public static let gatewayTimeout = Status(code: 504, reason: "Gateway Timeout")
  /// Neither HTTP/1.0 nor HTTP/1.1.
  public static let versionNotSupported = Status(code: 505, reason: "HTTP Version Not Supported")
}
