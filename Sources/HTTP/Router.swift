/// A table of routes, from request to reply, without a socket.
public struct Router: Sendable {
  /// The form that every refusal takes: those of the router, and those of a server before it.
  public let refusal: @Sendable (HTTPError) -> Response
  private let routes: [Route]

  /// A table.
  ///
  /// - Parameter refusal: Turns a refusal into a reply; plain text when not given.
  /// - Precondition: No two routes have one method and one shape.
  public init(_ routes: [Route], refusal: @escaping @Sendable (HTTPError) -> Response = { Response($0) }) {
    precondition(
      Set(routes.map { $0.method.rawValue + $0.shape }).count == routes.count, "two routes have one method and shape")
    // A literal segment goes before a parameter in the same place.
    self.routes = routes.sorted { left, right in
      left.segments.lexicographicallyPrecedes(right.segments) { !$0.isParameter && $1.isParameter }
    }
    self.refusal = refusal
  }

  /// The reply to a request: of its route, or 404, or 405 with Allow.
  public func respond(to request: Request) async -> Response {
    let fitting = routes.lazy.compactMap { route in route.match(request.segments).map { (route, $0) } }
    guard let best = fitting.first else { return refusal(.notFound) }
    // Only routes of the best shape count, so that `/a/:x` does not lend its methods to `/a/b`.
    let alternatives = fitting.filter { $0.0.shape == best.0.shape }
    let method = request.method == .head ? .get : request.method
    if let (route, parameters) = alternatives.first(where: { $0.0.method == method }) {
      return await route.handler(request, parameters)
    }
    let own = Set(alternatives.map(\.0.method))
    let allowed = Method.allCases.filter { own.contains($0) || ($0 == .head && own.contains(.get)) }
    return refusal(.methodNotAllowed(allowed: allowed))
  }
}
