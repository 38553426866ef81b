import HTTP
import HTTPServer

let echo = Router([
  Route(.get, "/") { _, _ in text("root") },
  Route(.post, "/echo") { request, _ in Response(.ok, body: request.body) },
  Route(.get, "/hosts/:name") { _, parameters in Response(.ok, headers: ["X-Name": parameters["name"]]) },
  Route(.get, "/split") { _, _ in Response(.ok, headers: ["X-Name": "a\r\nSet-Cookie: b"]) },
])

/// Starts a server, runs blocking client work beside it, and stops it.
func serve<T: Sendable>(
  _ router: Router = echo, limits: Limits = patient, _ client: @escaping @Sendable (UInt16) -> T
) async throws -> T {
  let server = try Server(router, limits: limits)
  let result = await offPool { client(server.port) }
  await server.stop()
  return result
}

func text(_ text: String) -> Response { Response(.ok, contentType: "text/plain", body: Array(text.utf8)) }

/// For tests that are not about time: a machine that is busy with other tests must not be taken for a slow client.
let patient: Limits = {
  var limits = Limits()
  limits.headTime = .seconds(600)
  limits.bodyTime = .seconds(600)
  limits.replyTime = .seconds(600)
  limits.idleTime = .seconds(600)
  return limits
}()
