/// An account and slots of its storage that a transaction announces it will use.
///
/// - Source: EIP-2930.
public struct AccessListEntry: Hashable, Sendable {
  /// The account.
  public let address: Address
  /// The slots.
  public let storageKeys: [Digest]

  /// An entry of these.
  public init(address: Address, storageKeys: [Digest]) {
    self.address = address
    self.storageKeys = storageKeys
  }

  var item: RLPItem {
    .list([.bytes(address.bytes), .list(storageKeys.map { .bytes($0.bytes) })])
  }

  init(_ item: RLPItem) throws(EthereumError) {
    var fields = try RLPFields(item, of: "transaction.accessList", count: 2...2)
    address = try fields.address("address")
    storageKeys = try fields.digests("storageKeys")
  }
}

extension [AccessListEntry] {
  var item: RLPItem { .list(map(\.item)) }

  init(_ items: [RLPItem]) throws(EthereumError) {
    self = try items.map { item throws(EthereumError) in try AccessListEntry(item) }
  }
}
