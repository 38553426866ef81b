import Glibc

/// A listening socket, closed at its end.
struct Listener: ~Copyable {
  let socket: Int32
  /// The bound port, also where port 0 was asked for.
  let port: UInt16

  init(address: String, port: UInt16) throws(ServerError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(address, String(port), &hints, &found) == 0, let target = unsafe found?.pointee else {
      throw .addressMalformed(address)
    }
    defer { unsafe freeaddrinfo(found) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = unsafe Glibc.socket(target.ai_family, type, 0)
    guard descriptor >= 0 else { throw .cannotListen(address: address, port: port, errno: errno) }
    var yes: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard unsafe bind(descriptor, target.ai_addr, target.ai_addrlen) == 0, listen(descriptor, SOMAXCONN) == 0,
      let bound = Self.port(of: descriptor)
    else {
      let number = errno
      close(descriptor)
      throw .cannotListen(address: address, port: port, errno: number)
    }
    self.socket = descriptor
    self.port = bound
  }

  /// Gives the socket away, with the duty to close it.
  consuming func release() -> Int32 {
    let released = socket
    discard self
    return released
  }

  deinit { close(socket) }

  private static func port(of descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { pointer -> UInt16? in
      let status = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
      guard status == 0 else { return nil }
      // sin_port and sin6_port stand at the same offset.
      return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
  }
}
