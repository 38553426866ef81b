/// A request line and its header fields that passed every check: what a server must know before it reads a body.
///
/// Two readers of one byte stream must never disagree about where a request ends. So every statement of the body's
/// length has one form, and anything else is refused.
///
/// - Source: RFC 9112 sections 3, 5, 6; RFC 9110 section 7.2.
public struct RequestHead: Hashable, Sendable {
  /// How the body's end is known.
  public enum BodyLength: Hashable, Sendable {
    /// By Content-Length; 0 when there is neither field.
    case declared(Int)
    /// By the last chunk.
    case chunked
  }

  /// The method.
  public let method: Method
  /// Path and query.
  public let target: RequestTarget
  /// All header fields.
  public let headers: Headers
  /// How long the body is.
  public let bodyLength: BodyLength
  /// The client waits for `100 Continue` before it sends the body.
  public let expectsContinue: Bool

  /// Checks a head.
  ///
  /// - Parameters:
  ///   - method: The method as sent.
  ///   - target: The raw request target, still escaped.
  ///   - version: Such as "HTTP/1.1".
  /// - Throws: `HTTPError`, the first fault found.
  public init(
    method: String, target: String, version: String, headers: Headers, limits: Limits
  ) throws(HTTPError) {
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw .versionUnknown }
    guard headers.fields.count <= limits.headerCountMax else { throw .tooManyHeaders(countMax: limits.headerCountMax) }
    guard headers.fields.allSatisfy(Self.isWellFormed) else { throw .headerMalformed }
    let hosts = headers.values(of: "Host")
    guard hosts.count <= 1 else { throw .hostRepeated }
    guard version == "HTTP/1.0" || hosts.first?.isEmpty == false else { throw .hostMissing }
    self.bodyLength = try Self.bodyLength(of: headers, version: version, limits: limits)
    let expectations = headers.values(of: "Expect")
    guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else { throw .expectationUnknown }
    self.expectsContinue = !expectations.isEmpty && version == "HTTP/1.1"
    guard let method = Method(rawValue: method) else { throw .methodUnknown }
    self.method = method
    self.target = try RequestTarget(target)
    self.headers = headers
  }

  private static func bodyLength(
    of headers: Headers, version: String, limits: Limits
  ) throws(HTTPError) -> BodyLength {
    let lengths = headers.values(of: "Content-Length")
    let codings = headers.values(of: "Transfer-Encoding")
    guard lengths.count + codings.count <= 1 else { throw .bodyLengthAmbiguous }
    if let coding = codings.first {
      guard version == "HTTP/1.1", coding.lowercased() == "chunked" else { throw .transferCodingUnknown }
      return .chunked
    }
    guard let text = lengths.first else { return .declared(0) }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard !text.isEmpty, text.utf8.allSatisfy(digits.contains) else { throw .bodyLengthMalformed }
    guard let length = Int(text) else { throw .bodyTooLarge(byteCountMax: limits.bodyByteCountMax) }
    return .declared(length)
  }

  private static func isWellFormed(_ field: Headers.Field) -> Bool {
    !field.name.isEmpty && field.name.utf8.allSatisfy(isTokenByte)
      && field.value.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
