import HTTP
import Testing

/// Bytes that a client sends, printed readably.
struct HostileRequest: CustomTestStringConvertible, Sendable {
  let bytes: String
  let code: Int

  init(_ bytes: String, _ code: Int = 0) {
    self.bytes = bytes
    self.code = code
  }

  var testDescription: String { bytes.prefix(90).debugDescription }
}

/// Each is followed by a second request on the same connection, which must never be answered.
@Suite struct HostileRequestTests {
  static let refused: [HostileRequest] = [
    HostileRequest("GET / HTTP/1.1\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\nabcd", 400),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\nabcd", 400),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400),
    HostileRequest(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    HostileRequest(
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400),
    HostileRequest(
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", 400),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    HostileRequest("POST /echo HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length : 4\r\n\r\nabcd", 400),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nX-\u{1}: 4\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{1}b\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: é\r\n\r\n", 400),
    HostileRequest("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/a%00b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/../ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /%2e%2e%2fetc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/%2e%2e HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/./a HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/é HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET /hosts/a\\b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 501),
    HostileRequest("get / HTTP/1.1\r\nHost: h\r\n\r\n", 501),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", 417),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: 1\r\n", count: 64))\r\n", 431),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 17_000))\r\n\r\n", 431),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 60_000))\r\n\r\n", 431),
    HostileRequest("GET /\(String(repeating: "x", count: 17_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 431),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 400),
    HostileRequest("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GE\0T / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400),
    HostileRequest(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\nX: a\r\n\r\n", 400),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\n\n", 400),
    HostileRequest("GET /\t HTTP/1.1\r\nHost: h\r\n\r\n", 400),
  ]

  @Test(arguments: refused)
  func `a request that could be read two ways is refused, and the connection with it`(
    request: HostileRequest
  ) async throws {
    let statuses = try await serve { port in
      let connection = RawConnection(port: port)
      connection.send(request.bytes + "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return connection.statuses()
    }
    #expect(statuses == [request.code])
  }

  /// What the library refuses by itself: with a reply of its own, or by closing, or by waiting for an end of the head
  /// until the deadline.
  static let unreadable: [HostileRequest] = [
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\nabcd"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4,4\r\n\r\nabcd"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0x4\r\n\r\nabcd"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\nabcd"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551620\r\n\r\nabcd"),
    HostileRequest("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"),
    HostileRequest("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
    HostileRequest("GET / HTTP/3.0\r\nHost: h\r\n\r\n"),
    HostileRequest("GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
    HostileRequest("GET /\r\n\r\n"),
    HostileRequest("\u{1}\r\n\r\n"),
    HostileRequest("GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
    HostileRequest("GET / HTTP/1.1\r\nHost: h\r\nX\0: a\r\n\r\n"),
    HostileRequest("GET / HTTP/1.1\r\nHost h\r\n\r\n"),
    HostileRequest("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"),
    HostileRequest("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
    HostileRequest(
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
  ]

  @Test(arguments: unreadable)
  func `bytes that are no request never reach a handler`(request: HostileRequest) async throws {
    var limits = Limits()
    limits.headTime = .milliseconds(100)
    let statuses = try await serve(limits: limits) { port in
      let connection = RawConnection(port: port)
      connection.send(request.bytes + "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return connection.statuses()
    }
    #expect(statuses.allSatisfy { $0 >= 400 }, "answered \(statuses)")
  }
}
