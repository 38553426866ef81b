/// Why a question to a node has no answer.
public enum ChainError: Error, Hashable, Sendable {
  /// The reply did not arrive: what went wrong, and scheme, host and port of the node (never more of its URL).
  case transport(TransportFault, endpoint: String)
  /// The node refused: its own code and text, the text shortened and on one line.
  case node(method: String, code: Int64, message: String)
  /// The reply is not what the method's specification says: where, and what stands there in the specification.
  case malformedReply(method: String, path: String, expected: String)
  /// The reply contradicts itself or the question: proof that this node, or something before it, is wrong.
  case contradiction(method: String, Contradiction)
  /// A call or an estimate reverted.
  case reverted(Revert)
  /// A transaction or receipt of a type that this version cannot encode.
  case unknownTransactionType(UInt8)

  /// Whether the same question may be answered later, or by another node.
  public var isRetryable: Bool {
    switch self {
    case .transport(let fault, _): fault.isRetryable
    // EIP-1474: resource not found, resource unavailable, limit exceeded; JSON-RPC 2.0: internal error.
    case .node(_, let code, _): [-32001, -32002, -32005, -32603].contains(code)
    case .malformedReply, .contradiction: true
    case .reverted, .unknownTransactionType: false
    }
  }
}

/// Why a reply did not arrive.
public enum TransportFault: Hashable, Sendable {
  /// The URL is not http or https with a host.
  case malformedURL
  /// A header of the configuration holds a line break or a control character.
  case malformedHeader
  /// The name of the host does not resolve.
  case unresolved
  /// Nothing listens there.
  case unreachable
  /// TLS failed: certificate or protocol.
  case insecure
  /// No whole reply within the time.
  case timedOut
  /// The connection broke in the middle.
  case broken
  /// The reply has more bytes than this.
  case tooLarge(byteCountMax: Int)
  /// An HTTP status other than 2xx; redirects are not followed.
  case status(Int)
  /// The task was cancelled.
  case cancelled
  /// Another fault, with libcurl's number for it.
  case other(code: Int)

  /// Whether trying again can help.
  public var isRetryable: Bool {
    switch self {
    case .unresolved, .unreachable, .timedOut, .broken, .other: true
    case .status(let code): code == 408 || code == 429 || code >= 500
    case .malformedURL, .malformedHeader, .insecure, .tooLarge, .cancelled: false
    }
  }
}

/// What in a reply cannot be true.
public enum Contradiction: Hashable, Sendable {
  /// The header's own hash is another than the one given with it.
  case blockHash(claimed: String, computed: String)
  /// Another block than the one asked for.
  case otherBlock
  /// A transaction's own hash is another than the one given with it.
  case transactionHash(claimed: String, computed: String)
  /// The transactions are not those of the header.
  case transactionsRoot
  /// The withdrawals are not those of the header.
  case withdrawalsRoot
  /// The receipts are not those of the header.
  case receiptsRoot
  /// A receipt's filter is not the one of its logs.
  case logsBloom
  /// A receipt, or a log in it, belongs to another transaction or block.
  case otherTransaction
  /// A receipt's gas is not the step to its cumulative gas.
  case gasUsed
  /// A log that the filter does not let through.
  case logOutsideFilter
  /// The node answers for another transaction than the one sent.
  case sentHash
}

extension ChainError: CustomStringConvertible {
  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .transport(let fault, let endpoint): "\(endpoint): \(fault)"
    case .node(let method, let code, let message): "\(method): the node says \(message) (\(code))"
    case .malformedReply(let method, let path, let expected):
      "\(method): the node's reply is malformed\(path.isEmpty ? "" : " at \(path)"): expected \(expected)"
    case .contradiction(let method, let what): "\(method): the node contradicts itself: \(what); use another node"
    case .reverted(let revert): "the call reverted: \(revert)"
    case .unknownTransactionType(let type): "transaction type \(type) is not supported; a later version may"
    }
  }
}

extension TransportFault: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .malformedURL: "the URL is malformed; use http:// or https:// with a host"
    case .malformedHeader: "a header has a line break or control character in it; take it out"
    case .unresolved: "the host's name does not resolve; check the URL and the name server"
    case .unreachable: "nothing listens there; check the URL and whether the node runs"
    case .insecure: "the TLS connection failed; check the node's certificate"
    case .timedOut: "no whole reply in time; the node is overloaded or hangs"
    case .broken: "the connection broke in the middle of the reply"
    case .tooLarge(let max): "the reply is larger than \(max) bytes"
    case .status(let code) where (300...399).contains(code):
      "the node redirects (HTTP \(code)), which is not followed; use the final URL"
    case .status(let code) where code == 401 || code == 403: "the node refuses access (HTTP \(code)); check the key"
    case .status(429): "the node limits the rate (HTTP 429); ask less often"
    case .status(let code): "the node answers HTTP \(code)"
    case .cancelled: "cancelled"
    case .other(let code): "the transfer failed (curl \(code))"
    }
  }
}

extension Contradiction: CustomStringConvertible {
  /// What cannot be true.
  public var description: String {
    switch self {
    case .blockHash(let claimed, let computed): "a block's hash is \(computed), not \(claimed)"
    case .otherBlock: "another block than the one asked for"
    case .transactionHash(let claimed, let computed): "a transaction's hash is \(computed), not \(claimed)"
    case .transactionsRoot: "the transactions are not those of the block's header"
    case .withdrawalsRoot: "the withdrawals are not those of the block's header"
    case .receiptsRoot: "the receipts are not those of the block's header"
    case .logsBloom: "a receipt's filter is not the one of its logs"
    case .otherTransaction: "a receipt belongs to another transaction or block"
    case .gasUsed: "a receipt's gas does not add up"
    case .logOutsideFilter: "a log that was not asked for"
    case .sentHash: "it answers for another transaction than the one sent"
    }
  }
}
