import Dispatch
import Glibc
import Synchronization

/// A TCP server on 127.0.0.1 that does with each connection what a script says. It knows no HTTP.
final class ScriptedServer: Sendable {
  /// One accepted connection.
  final class Connection {
    private let socket: Int32
    private let record: (String) -> Void

    init(_ socket: Int32, record: @escaping (String) -> Void) {
      self.socket = socket
      self.record = record
    }

    deinit { close(socket) }

    /// The head and body of the next request; nil when the client has gone.
    func request() -> String? {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
          uninterrupted { unsafe recv(socket, bytes.baseAddress, bytes.count, 0) }
        }
        guard count > 0 else { return nil }
        bytes += buffer[..<count]
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { continue }
        let length = text[..<end.lowerBound].split(separator: "\r\n")
          .first { $0.lowercased().hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) }
        guard text[end.upperBound...].utf8.count >= length ?? 0 else { continue }
        record(text)
        return text
      }
    }

    /// False when the client has gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { bytes in
          uninterrupted { unsafe send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Sends a whole reply.
    func reply(_ body: String, status: String = "200 OK", headers: String = "") {
      write("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Says nothing until the client goes.
    func hang() {
      var byte: UInt8 = 0
      while uninterrupted({ unsafe recv(socket, &byte, 1, 0) }) > 0 {}
    }
  }

  let port: UInt16
  private let socket: Int32
  private let log = Log()

  /// How many connections brought a request that holds a text. Any connection but these may be a stranger's, who knew the
  /// port from before it was this server's.
  func connectionCount(bringing text: String) -> Int {
    Set(log.requests.withLock { $0 }.filter { $0.text.contains(text) }.map(\.connection)).count
  }

  /// What arrived; the thread that accepts outlives the server.
  private final class Log: Sendable {
    let requests = Mutex<[(connection: Int, text: String)]>([])
  }

  var url: String { "http://127.0.0.1:\(port)/" }

  init(_ script: @escaping @Sendable (Connection) -> Void) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = socket
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let isBound =
          unsafe bind(listener, $0, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &length) == 0
        precondition(isBound, "no port for a test server")
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    DispatchQueue(label: "scripted server").async { [log] in
      var number = 0
      while case let client = uninterrupted({ Int(accept(listener, nil, nil)) }), client >= 0 {
        number += 1
        DispatchQueue(label: "scripted connection").async { [number] in
          script(
            Connection(Int32(client)) { text in log.requests.withLock { $0.append((connection: number, text: text)) } })
        }
      }
      // Closed here alone: a number given to another file meanwhile must not be accepted on.
      close(listener)
    }
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
  }
}

extension StringProtocol {
  /// Where a text first occurs.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}

/// Calls again where a signal came between.
private func uninterrupted(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result < 0, errno == EINTR { continue }
    return result
  }
}

/// A port that is taken, and on which nothing listens for as long as this lives.
final class SilentPort {
  let port: UInt16
  private let socket: Int32

  init() {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let taken = socket
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let isBound = unsafe bind(taken, $0, length) == 0 && getsockname(taken, $0, &length) == 0
        precondition(isBound, "no port for a test")
      }
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(socket) }
}
