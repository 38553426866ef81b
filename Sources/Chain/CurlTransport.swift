import CCurl
import Dispatch
import Synchronization

/// JSON-RPC over HTTP or HTTPS, by libcurl: no redirects, no other protocols, no proxy unless one is given, every
/// transfer bounded in time and size, nothing decompressed.
///
/// A few connections are kept open, each with a queue of its own, so that waiting for a node blocks none of the threads
/// that run tasks.
public final class CurlTransport: Transport {
  /// What may be set.
  public struct Options: Sendable {
    /// Header fields for every request, such as a key; never printed.
    public var headers: [(name: String, value: String)] = []
    /// How long connecting may take.
    public var connectTime: Duration = .seconds(5)
    /// How long the whole exchange may take.
    public var totalTime: Duration = .seconds(45)
    /// How many bytes a reply may have: 32 MiB.
    public var replyByteCountMax = Limits.replyByteCountMax
    /// The proxy's URL; nil for none, whatever the environment says.
    public var proxy: String?

    /// The standard options; change single members from here.
    public init() {}
  }

  /// Scheme, host and port: all of the URL that is ever printed.
  public let endpoint: String
  private let lanes: [Lane]
  /// How many requests wait or run on each lane.
  private let load: Mutex<[Int]>

  /// A node at a URL.
  ///
  /// - Throws: `ChainError.transport` with `malformedURL` or `malformedHeader`.
  public init(url: String, options: Options = Options()) throws(ChainError) {
    guard let endpoint = CurlHandle.endpoint(of: url) else {
      throw .transport(.malformedURL, endpoint: "the node")
    }
    self.endpoint = endpoint
    let fields = options.headers.flatMap { [$0.name, $0.value] }
    guard fields.allSatisfy({ $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }),
      options.headers.allSatisfy({ !$0.name.isEmpty && !$0.name.contains(":") })
    else { throw .transport(.malformedHeader, endpoint: endpoint) }
    lanes = (0..<Limits.connectionCount).map { _ in Lane(url: url, options: options) }
    load = Mutex(Array(repeating: 0, count: Limits.connectionCount))
  }

  /// Posts one JSON-RPC request; a cancelled task does not wait for its reply.
  ///
  /// - Throws: `ChainError.transport`.
  public func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    let lane = load.withLock { load in
      let freest = load.indices.min { load[$0] < load[$1] } ?? 0
      load[freest] += 1
      return freest
    }
    defer { load.withLock { $0[lane] -= 1 } }
    switch await lanes[lane].send(body) {
    case .success(let reply): return reply
    case .failure(let fault): throw .transport(fault, endpoint: endpoint)
    }
  }
}

/// One connection and the queue on which it is used.
private final class Lane: Sendable {
  private let queue = DispatchQueue(label: "tallystick.chain.curl")
  private let handle: CurlHandle

  init(url: String, options: CurlTransport.Options) {
    handle = CurlHandle(url: url, options: options)
  }

  func send(_ body: [UInt8]) async -> Result<[UInt8], TransportFault> {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async { [handle] in continuation.resume(returning: handle.perform(body, unless: cancellation)) }
      }
    } onCancel: {
      cancellation.isCancelled.store(true, ordering: .relaxed)
    }
  }
}

/// Set from any thread, read by the transfer about once a second and with every part that arrives.
final class Cancellation: Sendable {
  let isCancelled = Atomic<Bool>(false)
}

extension TransportFault: Error {}
