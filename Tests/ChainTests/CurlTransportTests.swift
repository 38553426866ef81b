import Chain
import Dispatch
import Glibc
import Synchronization
import Testing

@Suite struct CurlTransportTests {
  /// What a transport with short times makes of a server's script.
  private func outcome(
    totalTime: Duration = .seconds(20), byteCountMax: Int = 1 << 20,
    _ script: @escaping @Sendable (ScriptedServer.Connection) -> Void
  ) async throws -> Result<[UInt8], ChainError> {
    let server = ScriptedServer(script)
    var options = CurlTransport.Options()
    options.totalTime = totalTime
    options.replyByteCountMax = byteCountMax
    let transport = try CurlTransport(url: server.url + "v3/SECRET?key=SECRET", options: options)
    defer { withExtendedLifetime(server) {} }
    do throws(ChainError) {
      return .success(try await transport.send(Array("{}".utf8)))
    } catch {
      #expect(!error.description.contains("SECRET"))
      return .failure(error)
    }
  }

  private func fault(_ outcome: Result<[UInt8], ChainError>) -> TransportFault? {
    guard case .failure(.transport(let fault, _)) = outcome else { return nil }
    return fault
  }

  @Test func `a body is posted as JSON and the reply comes back, over one connection`() async throws {
    let seen = Mutex<[String]>([])
    let server = ScriptedServer { connection in
      while let request = connection.request() {
        seen.withLock { $0.append(request) }
        connection.reply("pong")
      }
    }
    var options = CurlTransport.Options()
    options.headers = [("X-Key", "hush")]
    let transport = try CurlTransport(url: server.url + "rpc", options: options)
    // Somebody who takes this server for the one that had the port before is not counted.
    _ = try await CurlTransport(url: server.url).send([])
    for _ in 0..<3 { #expect(try await transport.send(Array("ping".utf8)) == Array("pong".utf8)) }
    #expect(server.connectionCount(bringing: "X-Key: hush") == 1)
    let request = try #require(seen.withLock { $0.first { $0.contains("X-Key: hush") } })
    for part in ["POST /rpc HTTP/1.1\r\n", "Content-Type: application/json\r\n", "X-Key: hush\r\n", "\r\n\r\nping"] {
      #expect(request.contains(part), "\(part)")
    }
    #expect(!request.contains("Accept-Encoding") && !request.contains("Expect"))
  }

  @Test(arguments: [301, 302, 307, 308])
  func `a redirect is not followed`(code: Int) async throws {
    let other = ScriptedServer { connection in
      _ = connection.request()
      connection.reply("{}")
    }
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.reply("", status: "\(code) Moved", headers: "Location: \(other.url)moved\r\n")
    }
    #expect(fault(outcome) == .status(code))
    #expect(other.connectionCount(bringing: " /moved ") == 0)
  }

  @Test(arguments: [
    ("400 Bad Request", 400, false), ("401 Unauthorized", 401, false), ("404 Not Found", 404, false),
    ("429 Too Many Requests", 429, true), ("500 Internal Server Error", 500, true), ("503 Busy", 503, true),
  ])
  func `an HTTP refusal is its status, and some may be retried`(status: String, code: Int, again: Bool) async throws {
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.reply("<html>no</html>", status: status)
    }
    #expect(fault(outcome) == .status(code))
    #expect(fault(outcome)?.isRetryable == again)
  }

  @Test(.timeLimit(.minutes(2)))
  func `a node that hangs is given up after the time, before or within its reply`() async throws {
    for start in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"] {
      let outcome = try await outcome(totalTime: .milliseconds(200)) { connection in
        _ = connection.request()
        connection.write(start)
        connection.hang()
      }
      #expect(fault(outcome) == .timedOut)
    }
  }

  @Test func `a node that drips is given up after the time`() async throws {
    let outcome = try await outcome(totalTime: .milliseconds(300)) { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      while connection.write("x") { usleep(10_000) }
    }
    #expect(fault(outcome) == .timedOut)
  }

  @Test func `a reply over the limit is cut off, declared or not`() async throws {
    let block = String(repeating: "x", count: 65_536)
    let declared = try await outcome(byteCountMax: 100_000) { connection in
      _ = connection.request()
      connection.reply(block + block)
    }
    let chunked = try await outcome(byteCountMax: 100_000) { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      while connection.write("10000\r\n\(block)\r\n") {}
    }
    let endless = try await outcome(byteCountMax: 100_000) { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      while connection.write(block) {}
    }
    for outcome in [declared, chunked, endless] {
      #expect(fault(outcome) == .tooLarge(byteCountMax: 100_000))
    }
    let exact = try await outcome(byteCountMax: 65_536) { connection in
      _ = connection.request()
      connection.reply(block)
    }
    #expect(try exact.get().count == 65_536)
  }

  @Test func `a head without end is cut off`() async throws {
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\n")
      while connection.write("X: \(String(repeating: "x", count: 1000))\r\n") {}
    }
    #expect(fault(outcome) != nil && fault(outcome) != .timedOut)
  }

  @Test func `a compressed reply is not decompressed`() async throws {
    // gzip of 1 MiB of zeros would be about 1 kB; only its first bytes matter here.
    let bomb: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0x55, count: 1000)
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
      connection.write(bomb)
    }
    #expect(try outcome.get() == bomb)
  }

  @Test(arguments: [
    "", "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "garbage\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n{}",
  ])
  func `a broken reply is a fault of the transport`(reply: String) async throws {
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.write(reply)
    }
    #expect(fault(outcome) != nil, "\(outcome)")
  }

  @Test func `nothing listening is unreachable`() async throws {
    let silence = SilentPort()
    let url = "http://127.0.0.1:\(silence.port)"
    let transport = try CurlTransport(url: url)
    await #expect(throws: ChainError.transport(.unreachable, endpoint: url)) { try await transport.send([]) }
    withExtendedLifetime(silence) {}
  }

  @Test(arguments: [
    "", "node", "ftp://host/", "file:///etc/passwd", "gopher://host/", "http://", "http://a b/",
    "dict://host/", "http://host:99999/", "http://host\0.example/",
  ])
  func `only http and https URLs with a host are taken`(url: String) {
    #expect(throws: ChainError.transport(.malformedURL, endpoint: "the node")) { try CurlTransport(url: url) }
  }

  @Test func `a header cannot smuggle another`() {
    for field in [("X", "a\r\nY: b"), ("X\n", "a"), ("X: a", "b"), ("", "b"), ("X", "é")] {
      var options = CurlTransport.Options()
      options.headers = [field]
      #expect(throws: ChainError.transport(.malformedHeader, endpoint: "http://host:80")) {
        try CurlTransport(url: "http://host/SECRET", options: options)
      }
    }
  }

  @Test(arguments: [
    ("https://user:SECRET@node.example/v3/SECRET?key=SECRET#SECRET", "https://node.example:443"),
    ("http://127.0.0.1:8545", "http://127.0.0.1:8545"), ("http://[::1]:8545/x", "http://[::1]:8545"),
    ("HTTPS://node.example:8443/SECRET", "https://node.example:8443"),
  ])
  func `of a URL only scheme, host and port are ever printed`(url: String, endpoint: String) throws {
    #expect(try CurlTransport(url: url).endpoint == endpoint)
  }

  @Test func `an inherited proxy is not used`() async throws {
    let proxy = ScriptedServer { connection in
      _ = connection.request()
      connection.reply("proxied")
    }
    unsafe setenv("http_proxy", proxy.url, 1)
    defer { unsafe unsetenv("http_proxy") }
    let outcome = try await outcome { connection in
      _ = connection.request()
      connection.reply("direct")
    }
    #expect(try outcome.get() == Array("direct".utf8))
    // A proxy is asked for a whole URL.
    #expect(proxy.connectionCount(bringing: "POST http://") == 0)
  }

  @Test func `requests do not wait for each other`() async throws {
    let arrivals = DispatchGroup()
    for _ in 0..<4 { arrivals.enter() }
    let server = ScriptedServer { connection in
      _ = connection.request()
      arrivals.leave()
      // Nobody is answered before all four have asked.
      arrivals.wait()
      connection.reply("{}")
    }
    let transport = try CurlTransport(url: server.url)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { _ = try await transport.send([]) } }
      try await group.waitForAll()
    }
  }

  @Test(.timeLimit(.minutes(2))) func `a cancelled task does not wait for the node`() async throws {
    let asked = AsyncStream<Void>.makeStream()
    let server = ScriptedServer { connection in
      _ = connection.request()
      asked.continuation.yield()
      connection.hang()
    }
    let transport = try CurlTransport(url: server.url)
    let task = Task { try await transport.send([]) }
    for await _ in asked.stream { break }
    task.cancel()
    await #expect(throws: ChainError.transport(.cancelled, endpoint: transport.endpoint)) { try await task.value }
  }
}
