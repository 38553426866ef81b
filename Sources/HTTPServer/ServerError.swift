import Glibc

/// Why a server did not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address is not a literal IPv4 or IPv6 address.
  case addressMalformed(String)
  /// The socket could not be bound: the errno.
  case cannotListen(address: String, port: UInt16, errno: Int32)
  /// The library refused to start: out of memory, threads or descriptors.
  case cannotStart

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .addressMalformed(let address):
      "The address \(address) is not a literal IPv4 or IPv6 address; use one such as 127.0.0.1."
    case .cannotListen(let address, let port, EADDRINUSE):
      "Port \(port) on \(address) is in use; stop what uses it, or choose another port (0 takes a free one)."
    case .cannotListen(let address, let port, EACCES):
      "Port \(port) on \(address) needs privileges; choose one above 1023."
    case .cannotListen(let address, let port, let number):
      "Cannot listen on port \(port) of \(address): \(unsafe String(cString: strerror(number)))."
    case .cannotStart: "The HTTP server could not start; check the limits on memory, threads and descriptors."
    }
  }
}
