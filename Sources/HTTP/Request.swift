/// One whole request: a checked head and its body.
public struct Request: Hashable, Sendable {
  /// The method.
  public let method: Method
  /// The path as sent, still escaped.
  public var path: String { target.path }
  /// The path's segments, unescaped.
  public var segments: [String] { target.segments }
  /// The query's items in their order.
  public var query: [RequestTarget.QueryItem] { target.query }
  /// All header fields.
  public let headers: Headers
  /// The body, at most `Limits.bodyByteCountMax` bytes.
  public let body: [UInt8]

  private let target: RequestTarget

  /// A request from the network.
  public init(_ head: RequestHead, body: [UInt8]) {
    self.method = head.method
    self.target = head.target
    self.headers = head.headers
    self.body = body
  }

  /// A request made in memory, as tests of routes do.
  ///
  /// - Throws: `HTTPError` of the kinds `target…`.
  public init(
    _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = []
  ) throws(HTTPError) {
    self.method = method
    self.target = try RequestTarget(target)
    self.headers = headers
    self.body = body
  }

  /// The first value of a query item, or nil.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}
