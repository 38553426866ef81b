import Dispatch

/// Plain requests to a web service, under the same bounds as those to a node: no redirects, no other protocols, limits on
/// time and size.
public struct HTTPClient: Sendable {
  /// A reply of any status.
  public struct Reply: Hashable, Sendable {
    /// The status code.
    public let status: Int
    /// The body.
    public let body: [UInt8]
  }

  private let options: CurlTransport.Options

  /// A client with these options.
  public init(options: CurlTransport.Options = CurlTransport.Options()) {
    self.options = options
  }

  /// Gets a URL.
  ///
  /// - Throws: `ChainError.transport`.
  public func get(_ url: String) async throws(ChainError) -> Reply { try await exchange(url, nil) }

  /// Posts a JSON body to a URL.
  ///
  /// - Throws: `ChainError.transport`.
  public func post(_ url: String, _ body: [UInt8]) async throws(ChainError) -> Reply { try await exchange(url, body) }

  private func exchange(_ url: String, _ body: [UInt8]?) async throws(ChainError) -> Reply {
    guard let endpoint = CurlHandle.endpoint(of: url) else {
      throw .transport(.malformedURL, endpoint: "the service")
    }
    let options = options
    let result = await withCheckedContinuation { continuation in
      // A thread of its own: those of the global queues also run the process's tasks.
      DispatchQueue(label: "tallystick.chain.service").async {
        continuation.resume(returning: CurlHandle(url: url, options: options).exchange(body, unless: Cancellation()))
      }
    }
    switch result {
    case .success(let reply): return Reply(status: reply.status, body: reply.body)
    case .failure(let fault): throw .transport(fault, endpoint: endpoint)
    }
  }
}
