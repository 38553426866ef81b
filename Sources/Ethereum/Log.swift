/// What a contract recorded while a transaction ran.
public struct Log: Hashable, Sendable {
  /// The contract.
  public let address: Address
  /// None to four words; the first is usually the hash of the event's signature.
  public let topics: [Digest]
  /// The rest of the event.
  public let data: [UInt8]

  /// A log of these parts.
  public init(address: Address, topics: [Digest], data: [UInt8]) {
    self.address = address
    self.topics = topics
    self.data = data
  }

  var item: RLPItem {
    .list([.bytes(address.bytes), .list(topics.map { .bytes($0.bytes) }), .bytes(data)])
  }

  init(_ item: RLPItem) throws(EthereumError) {
    var fields = try RLPFields(item, of: "log", count: 3...3)
    address = try fields.address("address")
    topics = try fields.digests("topics")
    guard topics.count <= 4 else { throw .field("log.topics", expected: "at most 4") }
    data = try fields.bytes("data")
  }
}
