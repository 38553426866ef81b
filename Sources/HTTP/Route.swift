/// The values that a path gave to the named segments of a pattern.
public struct Parameters: Hashable, Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) {
    self.values = values
  }

  /// The unescaped segment under a name.
  ///
  /// - Precondition: The route's pattern has this name.
  public subscript(name: String) -> String {
    guard let value = values[name] else { preconditionFailure("the route's pattern has no :\(name)") }
    return value
  }
}

/// What carries out a request. A handler does not throw: every error has become a reply by then.
public typealias Handler = @Sendable (Request, Parameters) async -> Response

/// One method on one pattern, such as `/v1/agreements/:id`.
public struct Route: Sendable {
  /// The method; a GET route answers HEAD as well.
  public let method: Method
  /// The pattern as written.
  public let pattern: String
  let segments: [Segment]
  let handler: Handler

  enum Segment: Hashable, Sendable {
    case literal(String)
    case parameter(String)

    var isParameter: Bool { if case .parameter = self { true } else { false } }
  }

  /// A route.
  ///
  /// - Parameter pattern: Begins with a slash; a segment that begins with a colon takes any non-empty segment.
  public init(_ method: Method, _ pattern: String, _ handler: @escaping Handler) {
    precondition(pattern.utf8.first == UInt8(ascii: "/"), "a pattern begins with a slash")
    precondition(method != .head, "a GET route answers HEAD")
    self.method = method
    self.pattern = pattern
    self.segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.first == ":" ? .parameter(String($0.dropFirst())) : .literal(String($0)) }
    self.handler = handler
  }

  /// The parameters when the path fits, nil otherwise.
  func match(_ path: [String]) -> Parameters? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, text) in zip(segments, path) {
      switch segment {
      case .literal(let literal): guard literal == text else { return nil }
      case .parameter(let name):
        guard !text.isEmpty else { return nil }
        values[name] = text
      }
    }
    return Parameters(values)
  }

  /// The pattern with parameter names left out: two routes of one shape and method would hide each other.
  var shape: String {
    segments.map { if case .literal(let text) = $0 { "/" + text } else { "/:" } }.joined()
  }
}
