import HTTP
import Testing

@Suite struct RouterTests {
  private let router = Router([
    Route(.get, "/") { _, _ in text("root") },
    Route(.get, "/v1/agreements/:id") { _, parameters in text("one " + parameters["id"]) },
    Route(.get, "/v1/agreements/latest") { _, _ in text("latest") },
    Route(.post, "/v1/agreements") { request, _ in text("made \(request.body.count)") },
    Route(.put, "/v1/agreements/:agreement/signatures/:role") { _, parameters in
      text(parameters["agreement"] + " " + parameters["role"])
    },
  ])

  @Test(arguments: [
    (Method.get, "/", 200, "root"), (.get, "/v1/agreements/7", 200, "one 7"), (.head, "/v1/agreements/7", 200, "one 7"),
    (.get, "/v1/agreements/latest", 200, "latest"), (.get, "/v1/agreements/a%20b?x=1", 200, "one a b"),
    (.post, "/v1/agreements", 200, "made 2"), (.put, "/v1/agreements/7/signatures/buyer", 200, "7 buyer"),
  ])
  func `a request goes to the route that fits best`(
    method: Method, target: String, code: Int, body: String
  ) async throws {
    let response = await router.respond(to: try Request(method, target, body: [1, 2]))
    #expect(response.status.code == code)
    #expect(String(decoding: response.body, as: UTF8.self) == body)
  }

  @Test(arguments: ["/v1", "/v1/agreements/", "/v1/agreements/7/", "//v1/agreements", "/V1/agreements", "/v1//7"])
  func `a path that no route has is not found`(target: String) async throws {
    #expect(await router.respond(to: try Request(.get, target)).status == .notFound)
  }

  @Test(arguments: [
    (Method.get, "/v1/agreements", "POST"), (.delete, "/v1/agreements/7", "GET, HEAD"),
    (.options, "/", "GET, HEAD"), (.put, "/v1/agreements/latest", "GET, HEAD"),
  ])
  func `a method that the path lacks is refused with those it has`(
    method: Method, target: String, allow: String
  ) async throws {
    let response = await router.respond(to: try Request(method, target))
    #expect(response.status == .methodNotAllowed)
    #expect(response.headers["allow"] == allow)
  }

  @Test func `refusals take the form that the router was given`() async throws {
    let router = Router([], refusal: { Response($0.status, body: Array($0.code.utf8)) })
    #expect(await router.respond(to: try Request(.get, "/")).body == Array("not_found".utf8))
  }

  @Test func `two routes of one method and shape are a mistake of ours`() async {
    await #expect(processExitsWith: .failure) {
      _ = Router([Route(.get, "/:a") { _, _ in text("") }, Route(.get, "/:b") { _, _ in text("") }])
    }
  }
}
