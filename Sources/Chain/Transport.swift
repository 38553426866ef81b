/// A way to bring a request to a node and its reply back, bytes to bytes.
public protocol Transport: Sendable {
  /// Sends one JSON-RPC request.
  ///
  /// - Returns: The body of the reply, not looked at.
  /// - Throws: `ChainError.transport`.
  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8]
}
