import Dispatch
internal import Foundation
import Glibc
import HTTP
import HTTPServer
import Synchronization
import Testing

@Suite(.serialized) struct ServerTests {
  // MARK: What is accepted

  @Test func `bodies come whole, declared or chunked, on one connection`() async throws {
    let large = String(repeating: "0123456789abcdef", count: 65_536)  // exactly the limit
    let replies = try await serve { port in
      let connection = RawConnection(port: port)
      connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      let first = connection.receive { $0.hasSuffix("root") }
      connection.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel")
      connection.send("lo")
      let second = connection.receive { $0.hasSuffix("hello") }
      connection.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: 1\r\n\r\n"
      )
      let third = connection.receive { $0.hasSuffix("abcdefg") }
      connection.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \(large.utf8.count)\r\n\r\n" + large)
      let fourth = connection.receive { $0.hasSuffix(large) }
      connection.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return [first, second, third, String(fourth.suffix(large.count)), connection.receive()]
    }
    #expect(replies[0].hasPrefix("HTTP/1.1 200 ") && replies[0].hasSuffix("\r\n\r\nroot"))
    #expect(replies[1].hasSuffix("\r\n\r\nhello"))
    #expect(replies[2].hasSuffix("\r\n\r\nabcdefg"))
    #expect(replies[3] == large)
    #expect(replies[4].contains("Content-Length: 4\r\n") && replies[4].hasSuffix("\r\n\r\n"))
  }

  @Test func `pipelined requests are answered in order`() async throws {
    let reply = try await serve { port in
      let connection = RawConnection(port: port)
      connection.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
          + "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntwo")
      return connection.receive()
    }
    #expect(reply.split(separator: "\r\n\r\n").last == "two")
    #expect(reply.contains("\r\n\r\noneHTTP/1.1 200 "))
  }

  @Test func `a client that waits for 100 Continue gets it, or the refusal instead`() async throws {
    let (fine, large) = try await serve { port in
      let fine = RawConnection(port: port)
      fine.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      var text = fine.receive { $0.hasSuffix("\r\n\r\n") }
      fine.send("ok")
      text += fine.receive { $0.hasSuffix("ok") }
      let large = RawConnection(port: port)
      large.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n")
      return (text, large.statuses())
    }
    #expect(RawConnection.statuses(in: fine) == [100, 200])
    #expect(large == [413])
  }

  @Test func `a value with a line break in it never becomes a header`() async throws {
    let reply = try await serve { port in
      let connection = RawConnection(port: port)
      connection.send("GET /split HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return connection.receive()
    }
    #expect(!reply.contains("Set-Cookie"))
    #expect(!reply.hasPrefix("HTTP/1.1 200"))
  }

  // MARK: Size

  @Test func `a body over the limit is refused whether it is declared or not`() async throws {
    let statuses = try await serve { port in
      let block = String(repeating: "x", count: 65_536)
      let declared = RawConnection(port: port)
      declared.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n")
      for _ in 0..<16 { declared.send(block) }
      declared.send("x")
      let chunked = RawConnection(port: port)
      chunked.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<17 { chunked.send("10000\r\n" + block + "\r\n") }
      chunked.send("0\r\n\r\n")
      let huge = RawConnection(port: port)
      huge.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000\r\n\r\n")
      let endless = RawConnection(port: port)
      endless.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
      while endless.send("10000\r\n" + block + "\r\n") {}
      return [declared.statuses(), chunked.statuses(), huge.statuses(), endless.statuses()]
    }
    #expect(statuses == [[413], [413], [413], [413]])
  }

  @Test func `a flood of oversized bodies is refused whole and kept nowhere`() async throws {
    let reached = Atomic<Int>(0)
    let router = Router([
      Route(.post, "/echo") { _, _ in
        reached.add(1, ordering: .relaxed)
        return text("")
      }
    ])
    let before = residentByteCount()
    let refusals = try await serve(router) { port in
      let refusals = Atomic<Int>(0)
      let part = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
      DispatchQueue.concurrentPerform(iterations: 64) { _ in
        let connection = RawConnection(port: port)
        connection.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<40 { connection.send(part) }
        connection.send("0\r\n\r\n")
        if connection.statuses() == [413] { refusals.add(1, ordering: .relaxed) }
      }
      return refusals.load(ordering: .relaxed)
    }
    #expect(refusals == 64)
    #expect(reached.load(ordering: .relaxed) == 0)
    // 160 MiB were sent.
    #expect(residentByteCount() - before < 64 << 20)
  }

  @Test func `unfinished bodies together stay within the bound on memory`() async throws {
    var limits = Limits()
    limits.bufferedByteCountMax = 1 << 20
    let (statuses, after) = try await serve(limits: limits) { port in
      let holder = RawConnection(port: port)
      holder.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\nx")
      // The pipelined echo proves that the holder's head was read before the next request is sent.
      let probe = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
      var statuses: [Int] = []
      repeat {
        let other = RawConnection(port: port)
        other.send(probe)
        statuses = other.statuses()
      } while statuses == [200]
      holder.send(String(repeating: "x", count: 1_048_575))
      _ = holder.receive { $0.utf8.count > 1_048_576 }
      let other = RawConnection(port: port)
      other.send(probe)
      return (statuses, other.statuses())
    }
    #expect(statuses == [503])
    #expect(after == [200])
  }

  // MARK: Time

  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "GET / HTTP/1.1\r\nHost: h\r\nX: ", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n", "",
    ])
  func `a client that drips bytes is cut at the deadline, not at the idle timer`(start: String) async throws {
    var limits = Limits()
    limits.headTime = .milliseconds(150)
    limits.bodyTime = .milliseconds(150)
    let took = try await serve(limits: limits) { port in
      let connection = RawConnection(port: port)
      let began = ContinuousClock.now
      connection.send(start)
      // Ends only by being cut: dripping keeps the idle timer from ever running out.
      while connection.send("x") { usleep(5_000) }
      return ContinuousClock.now - began
    }
    #expect(took >= .milliseconds(140))
  }

  @Test(.timeLimit(.minutes(2))) func `a client that does not read its reply is cut at the deadline`() async throws {
    var limits = Limits()
    limits.replyTime = .milliseconds(200)
    let large = Router([Route(.get, "/") { _, _ in Response(.ok, body: [UInt8](repeating: 120, count: 32 << 20)) }])
    let server = try Server(large, limits: limits)
    let connection = await offPool { () -> Held in
      let connection = RawConnection(port: server.port)
      connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = connection.receive { !$0.isEmpty }
      return Held(connection)
    }
    // Returns only when the reply has ended; nobody reads it.
    await server.stop()
    withExtendedLifetime(connection) {}
  }

  /// Were others kept waiting until the drips are cut, this would take longer than it may.
  @Test(.timeLimit(.minutes(2))) func `five hundred dripping clients do not keep others out`() async throws {
    var limits = Limits()
    limits.headTime = .seconds(600)
    limits.connectionsPerAddressMax = 600
    limits.connectionCountMax = 600
    let statuses = try await serve(limits: limits) { port in
      let drips = (0..<500).map { _ in RawConnection(port: port) }
      for drip in drips { drip.send("GET / HTTP/1.1\r\nHost: h\r\nX: ") }
      let statuses = (0..<50).map { _ in
        let connection = RawConnection(port: port)
        connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        return connection.statuses()
      }
      for drip in drips { drip.send("x") }
      return statuses
    }
    #expect(statuses == Array(repeating: [200], count: 50))
  }

  // MARK: Many at once

  @Test func `handlers that wait do not block each other`() async throws {
    let gate = Gate(size: 20)
    let router = Router([
      Route(.get, "/wait") { _, _ in
        await gate.arrive()
        return text("through")
      }
    ])
    let replies = try await serve(router) { port in
      let connections = (0..<20).map { _ in RawConnection(port: port) }
      for connection in connections { connection.send("GET /wait HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n") }
      return connections.map { $0.receive() }
    }
    // The gate opens only when all twenty stand before it.
    #expect(replies.allSatisfy { $0.hasSuffix("through") })
  }

  @Test func `a request is answered while every thread that runs tasks computes`() async throws {
    let server = try Server(echo, limits: patient)
    let occupation = Occupation()
    let reply = await offPool { () -> String in
      defer { occupation.end() }
      let connection = RawConnection(port: server.port)
      connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return connection.receive()
    }
    await server.stop()
    #expect(reply.hasSuffix("root"))
  }

  @Test func `connections beyond the limit are not served`() async throws {
    var limits = Limits()
    limits.connectionsPerAddressMax = 4
    let statuses = try await serve(limits: limits) { port in
      let connections = (0..<6).map { _ in RawConnection(port: port) }
      return connections.map { connection -> Int in
        connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        return RawConnection.statuses(in: connection.receive { $0.hasSuffix("root") }).first ?? 0
      }
    }
    #expect(statuses.filter { $0 == 200 }.count == 4)
  }

  @Test func `stopping waits for the handlers that run and refuses what comes after`() async throws {
    let entered = Gate(size: 2)
    let leave = Gate(size: 2)
    let router = Router([
      Route(.get, "/slow") { _, _ in
        await entered.arrive()
        await leave.arrive()
        return text("finished")
      },
      Route(.get, "/") { _, _ in text("root") },
    ])
    let server = try Server(router)
    let port = server.port
    async let slow = offPool { () -> String in
      let connection = RawConnection(port: port)
      connection.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
      return connection.receive { $0.hasSuffix("finished") }
    }
    let keptAlive = await offPool { () -> Held in
      let connection = RawConnection(port: port)
      connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = connection.receive { $0.hasSuffix("root") }
      return Held(connection)
    }
    await entered.arrive()
    async let first: Void = server.stop()
    async let second: Void = server.stop()
    let late = await offPool { () -> [Int] in
      var statuses: [Int] = []
      repeat {
        keptAlive.connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        statuses = RawConnection.statuses(
          in: keptAlive.connection.receive { $0.hasSuffix("root") || $0.hasSuffix("\n") && $0.contains("503") })
      } while statuses == [200]
      return statuses
    }
    await leave.arrive()
    _ = await (first, second)
    #expect(await slow.hasSuffix("finished"))
    #expect(late == [503])
  }

  @Test func `an address in use or malformed is reported`() async throws {
    let server = try Server(Router([]))
    #expect(throws: ServerError.cannotListen(address: "127.0.0.1", port: server.port, errno: EADDRINUSE)) {
      try Server(Router([]), port: server.port)
    }
    await server.stop()
    #expect(throws: ServerError.addressMalformed("localhost")) { try Server(Router([]), address: "localhost") }
  }
}

/// A connection carried from one thread to the next, never used by two at once.
private struct Held: @unchecked Sendable {
  let connection: RawConnection
  init(_ connection: RawConnection) { self.connection = connection }
}

/// Opens when as many tasks as its size stand before it.
private actor Gate {
  private let size: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(size: Int) { self.size = size }

  func arrive() async {
    await withCheckedContinuation { continuation in
      waiting.append(continuation)
      guard waiting.count == size else { return }
      for continuation in waiting { continuation.resume() }
      waiting = []
    }
  }
}

/// As many tasks that compute as there are threads for them: what is queued after them waits for their end.
private final class Occupation: Sendable {
  private let isOver = Atomic<Bool>(false)

  init() {
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
      Task { while !isOver.load(ordering: .relaxed) {} }
    }
  }

  func end() { isOver.store(true, ordering: .relaxed) }
}

/// The process's resident memory now.
private func residentByteCount() -> Int {
  guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
  defer { unsafe fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  guard unsafe fgets(&line, 256, file) != nil else { return 0 }
  let fields = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
  return (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0) * 4096
}
