/// One whole reply. Content-Length, Date and Connection are the server's to add.
public struct Response: Hashable, Sendable {
  /// The status.
  public var status: Status
  /// The header fields.
  public var headers: Headers
  /// The body.
  public var body: [UInt8]

  /// A reply of these parts.
  public init(_ status: Status, headers: Headers = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A reply of one media type.
  public init(_ status: Status, contentType: String, body: [UInt8]) {
    self.init(status, headers: ["Content-Type": contentType], body: body)
  }

  /// The plain form of a refusal, for a server whose API has no form of its own.
  public init(_ error: HTTPError) {
    self.init(error.status, headers: error.headers, body: Array("\(error.status): \(error.description)\n".utf8))
    headers.set("Content-Type", "text/plain; charset=utf-8")
  }
}
