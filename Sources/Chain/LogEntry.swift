public import Ethereum
import JSON

/// A log and where it stands.
public struct LogEntry: Hashable, Sendable {
  /// What the contract recorded.
  public let log: Log
  /// The block's hash.
  public let blockHash: Digest
  /// The block's number.
  public let blockNumber: UInt64
  /// The transaction's hash.
  public let transactionHash: Digest
  /// The transaction's place in the block.
  public let transactionIndex: UInt64
  /// The log's place among all logs of the block.
  public let logIndex: UInt64

  init(_ reply: Reply) throws(ChainError) {
    log = Log(
      address: try reply["address"].address(),
      topics: try reply["topics"].elements { topic throws(ChainError) in try topic.digest() },
      data: try reply["data"].bytes())
    guard log.topics.count <= 4 else { throw try reply["topics"].malformed("at most four topics") }
    blockHash = try reply["blockHash"].digest()
    blockNumber = try reply["blockNumber"].uint64()
    transactionHash = try reply["transactionHash"].digest()
    transactionIndex = try reply["transactionIndex"].uint64()
    logIndex = try reply["logIndex"].uint64()
  }
}

/// Which logs are wanted.
public struct LogFilter: Hashable, Sendable {
  /// From where.
  public enum Source: Hashable, Sendable {
    /// One block.
    case block(Digest)
    /// All blocks from the first to the last number, both included.
    case blocks(ClosedRange<UInt64>)
  }

  /// From where.
  public var source: Source
  /// From any of these contracts; from every one if empty.
  public var addresses: [Address]
  /// For each place one of these topics; an empty list lets any topic stand there.
  public var topics: [[Digest]]

  /// A filter.
  public init(_ source: Source, addresses: [Address] = [], topics: [[Digest]] = []) {
    self.source = source
    self.addresses = addresses
    self.topics = topics
  }

  var parameter: JSONValue {
    var members: [(String, JSONValue)] = []
    switch source {
    case .block(let hash): members.append(("blockHash", .string(hash.hex)))
    case .blocks(let range):
      members.append(("fromBlock", .string(hexadecimal(range.lowerBound))))
      members.append(("toBlock", .string(hexadecimal(range.upperBound))))
    }
    if !addresses.isEmpty { members.append(("address", .array(addresses.map { .string($0.fixedBytes.hex) }))) }
    if !topics.isEmpty {
      members.append(("topics", .array(topics.map { $0.isEmpty ? .null : .array($0.map { .string($0.hex) }) })))
    }
    return .object(JSONObject(members))
  }

  /// Whether a log is one that was asked for.
  func admits(_ entry: LogEntry) -> Bool {
    let isThere =
      switch source {
      case .block(let hash): entry.blockHash == hash
      case .blocks(let range): range.contains(entry.blockNumber)
      }
    return isThere && (addresses.isEmpty || addresses.contains(entry.log.address))
      && topics.enumerated().allSatisfy { place, wanted in
        place < entry.log.topics.count && (wanted.isEmpty || wanted.contains(entry.log.topics[place]))
      }
  }
}
