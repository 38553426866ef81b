/// Why a request is refused before any handler sees it. No case carries what the client sent, so nothing is echoed.
public enum HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The method is not one of `Method`.
  case methodUnknown
  /// Neither HTTP/1.0 nor HTTP/1.1.
  case versionUnknown
  /// The target does not begin with a slash.
  case targetIsNotAPath
  /// A byte in the target that RFC 3986 does not allow there: control, space, non-ASCII, backslash.
  case targetHasForbiddenByte
  /// A percent sign without two hexadecimal digits, or an escaped NUL, control character or slash in the path.
  case targetHasForbiddenEscape
  /// A `.` or `..` segment, plain or escaped.
  case targetHasDotSegment
  /// The unescaped bytes are not UTF-8.
  case targetIsNotUTF8
  /// The head has more bytes than allowed.
  case headTooLarge(byteCountMax: Int)
  /// The head has more fields than allowed.
  case tooManyHeaders(countMax: Int)
  /// Lines that are folded, not ended by CR LF, or hold a NUL.
  case headMalformed
  /// A field name that is no token, or a field value with a control character or non-ASCII byte.
  case headerMalformed
  /// No Host field in an HTTP/1.1 request, or an empty one.
  case hostMissing
  /// More than one Host field.
  case hostRepeated
  /// More than one Content-Length or Transfer-Encoding, or both.
  case bodyLengthAmbiguous
  /// A Content-Length that is not a plain decimal number.
  case bodyLengthMalformed
  /// A Transfer-Encoding other than `chunked`, or any in HTTP/1.0.
  case transferCodingUnknown
  /// An Expect other than `100-continue`.
  case expectationUnknown
  /// The body is larger than allowed.
  case bodyTooLarge(byteCountMax: Int)
  /// Too many bytes of unfinished bodies are held already.
  case overloaded
  /// The server is stopping.
  case stopping
  /// No route has this path.
  case notFound
  /// Routes with this path have these methods only.
  case methodNotAllowed(allowed: [Method])

  /// The status to answer with.
  public var status: Status {
    switch self {
    case .methodUnknown, .transferCodingUnknown: .notImplemented
    case .versionUnknown: .versionNotSupported
    case .targetIsNotAPath, .targetHasForbiddenByte, .targetHasForbiddenEscape, .targetHasDotSegment, .targetIsNotUTF8,
      .headMalformed, .headerMalformed, .hostMissing, .hostRepeated, .bodyLengthAmbiguous, .bodyLengthMalformed:
      .badRequest
    case .headTooLarge, .tooManyHeaders: .headerFieldsTooLarge
    case .expectationUnknown: .expectationFailed
    case .bodyTooLarge: .contentTooLarge
    case .overloaded, .stopping: .serviceUnavailable
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    }
  }

  /// A stable word for programs; never changes its meaning.
  public var code: String {
    switch self {
    case .methodUnknown: "method_unknown"
    case .versionUnknown: "version_unknown"
    case .targetIsNotAPath: "target_not_a_path"
    case .targetHasForbiddenByte: "target_forbidden_byte"
    case .targetHasForbiddenEscape: "target_forbidden_escape"
    case .targetHasDotSegment: "target_dot_segment"
    case .targetIsNotUTF8: "target_not_utf8"
    case .headTooLarge: "head_too_large"
    case .tooManyHeaders: "too_many_headers"
    case .headMalformed: "head_malformed"
    case .headerMalformed: "header_malformed"
    case .hostMissing: "host_missing"
    case .hostRepeated: "host_repeated"
    case .bodyLengthAmbiguous: "body_length_ambiguous"
    case .bodyLengthMalformed: "body_length_malformed"
    case .transferCodingUnknown: "transfer_coding_unknown"
    case .expectationUnknown: "expectation_unknown"
    case .bodyTooLarge: "body_too_large"
    case .overloaded: "overloaded"
    case .stopping: "stopping"
    case .notFound: "not_found"
    case .methodNotAllowed: "method_not_allowed"
    }
  }

  /// What is wrong and what to do, in one sentence.
  public var description: String {
    switch self {
    case .methodUnknown:
      "The method is unknown; use one of \(Method.allCases.map(\.rawValue).joined(separator: ", "))."
    case .versionUnknown: "The protocol version is unknown; use HTTP/1.1."
    case .targetIsNotAPath: "The request target is not a path; begin it with a slash."
    case .targetHasForbiddenByte: "The request target holds a byte that must be percent-encoded."
    case .targetHasForbiddenEscape:
      "The request target holds a broken percent escape, or one for a control character or a slash in the path."
    case .targetHasDotSegment: "The path holds a dot segment; send the path it stands for."
    case .targetIsNotUTF8: "The percent escapes of the request target are not UTF-8."
    case .headTooLarge(let max): "The request head is too large; keep it to \(max) bytes."
    case .tooManyHeaders(let max): "The request has too many header fields; keep it to \(max)."
    case .headMalformed: "The head is malformed; end each line with CR LF, and fold none."
    case .headerMalformed: "A header field is malformed; names are tokens, values printable ASCII on one line."
    case .hostMissing: "The Host field is missing; send exactly one."
    case .hostRepeated: "There is more than one Host field; send exactly one."
    case .bodyLengthAmbiguous:
      "The length of the body is stated more than once; send one Content-Length or one Transfer-Encoding."
    case .bodyLengthMalformed: "Content-Length is malformed; send a plain decimal number."
    case .transferCodingUnknown: "The transfer coding is unknown; send chunked over HTTP/1.1, or a Content-Length."
    case .expectationUnknown: "The expectation is unknown; only 100-continue can be met."
    case .bodyTooLarge(let max): "The body is too large; keep it to \(max) bytes."
    case .overloaded: "Too many requests are being received; try again later."
    case .stopping: "The service is stopping; try again later."
    case .notFound: "There is nothing under this path."
    case .methodNotAllowed(let allowed):
      "This path has no such method; use \(allowed.map(\.rawValue).joined(separator: ", "))."
    }
  }

  /// Fields that belong to the reply whatever its body says: Allow with 405, Retry-After with 503.
  public var headers: Headers {
    switch self {
    case .methodNotAllowed(let allowed): ["Allow": allowed.map(\.rawValue).joined(separator: ", ")]
    case .overloaded, .stopping: ["Retry-After": "5"]
    default: [:]
    }
  }
}
