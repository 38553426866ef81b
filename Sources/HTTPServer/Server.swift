import CMicroHTTPD
import Dispatch
import Glibc
public import HTTP

/// HTTP/1.1 on one address, over libmicrohttpd: the library reads and writes, everything that is refused is refused
/// here, and the router answers.
///
/// A server runs until `stop`. No TLS: put a proxy in front where the network is not the machine's own.
@safe public final class Server: Sendable {
  /// The address as given.
  public let address: String
  /// The port that is bound, also where 0 was asked for.
  public let port: UInt16
  private let service: Service
  private nonisolated(unsafe) let daemon: OpaquePointer

  /// Starts serving.
  ///
  /// - Parameters:
  ///   - address: A literal IPv4 or IPv6 address.
  ///   - port: 0 takes a free one.
  /// - Throws: `ServerError`.
  public init(
    _ router: Router, address: String = "127.0.0.1", port: UInt16 = 0, limits: Limits = Limits()
  ) throws(ServerError) {
    let listener = try Listener(address: address, port: port)
    self.address = address
    self.port = listener.port
    let service = Service(router: router, limits: limits)
    let owner = unsafe Unmanaged.passRetained(service)
    // Twice the head: the library keeps raw and parsed forms in one pool, and the reply's head as well.
    let memory = 2 * limits.headByteCountMax + 8 << 10
    guard
      let daemon = unsafe mhd_start(
        listener.release(), UInt32(limits.connectionCountMax), UInt32(limits.connectionsPerAddressMax),
        UInt32(max(1, limits.idleTime.components.seconds)), memory, owner.toOpaque(), beginExchange, proceed,
        completeExchange, connectionChanged)
    else {
      unsafe owner.release()
      throw .cannotStart
    }
    self.service = service
    unsafe self.daemon = unsafe daemon
  }

  /// Takes no more connections, refuses new requests with 503, waits until every running handler has been answered,
  /// and closes. Later calls wait for the first.
  public func stop() async {
    guard service.activity.beginStopping() else { return await service.activity.stopped() }
    let listener = unsafe MHD_quiesce_daemon(daemon)
    await service.activity.quiet()
    await withCheckedContinuation { continuation in
      // Joins the library's thread, so not on one of the few that run tasks.
      DispatchQueue(label: "tallystick.http.stop").async { [self] in
        unsafe MHD_stop_daemon(daemon)
        close(listener)
        unsafe Unmanaged.passUnretained(service).release()
        continuation.resume()
      }
    }
    service.activity.endStopping()
  }
}

// MARK: The library's callbacks

private func service(_ owner: UnsafeMutableRawPointer?) -> Service? {
  unsafe owner.map { unsafe Unmanaged<Service>.fromOpaque($0).takeUnretainedValue() }
}

/// The request line was read; the target is still raw here, as nowhere later. What is returned becomes the exchange.
private let beginExchange:
  @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
    owner, target, connection in
    guard let service = unsafe service(owner), let target = unsafe target, let connection = unsafe connection else {
      return nil
    }
    let exchange = unsafe Exchange(connection: connection, service: service, target: target)
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
  }

private let proceed: MHD_AccessHandlerCallback = {
  _, _, _, method, version, part, partSize, slot in
  guard let partSize = unsafe partSize, let method = unsafe method, let version = unsafe version,
    let pointer = unsafe slot?.pointee
  else { return .NO }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  let bytes = unsafe UnsafeRawBufferPointer(start: part, count: part == nil ? 0 : partSize.pointee)
  unsafe partSize.pointee = 0
  return unsafe exchange.proceed(method: method, version: version, part: bytes) == .goOn ? .YES : .NO
}

private let completeExchange: MHD_RequestCompletedCallback = { _, _, slot, _ in
  guard let pointer = unsafe slot?.pointee else { return }
  unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete()
  unsafe slot?.pointee = nil
}

private let connectionChanged: MHD_NotifyConnectionCallback = { owner, connection, _, change in
  guard let service = unsafe service(owner), let connection = unsafe connection else { return }
  let socket = unsafe mhd_socket(connection)
  if change == .CONNECTION_NOTIFY_STARTED {
    service.deadlines.allow(service.limits.headTime, to: socket)
  } else {
    service.deadlines.forget(socket)
  }
}
