import Arithmetic

/// Reads a list as the fields of one structure, in order, and names the field that is wrong.
struct RLPFields {
  private let structure: String
  private let items: [RLPItem]
  private var position = 0

  init(_ item: RLPItem, of structure: String, count: ClosedRange<Int>) throws(EthereumError) {
    guard case .list(let items) = item else { throw .field(structure, expected: "a list") }
    guard count.contains(items.count) else {
      throw .fieldCount(of: structure, expected: count, found: items.count)
    }
    self.structure = structure
    self.items = items
  }

  var count: Int { items.count }

  /// Whether fields are left to read; those that later forks added stand at the end.
  var hasMore: Bool { position < items.count }

  private mutating func next(_ name: String) throws(EthereumError) -> RLPItem {
    guard hasMore else { throw fault(name, "a value") }
    defer { position += 1 }
    return items[position]
  }

  private func fault(_ name: String, _ expected: String) -> EthereumError {
    .field("\(structure).\(name)", expected: expected)
  }

  mutating func bytes(_ name: String) throws(EthereumError) -> [UInt8] {
    guard case .bytes(let bytes) = try next(name) else { throw fault(name, "a byte string") }
    return bytes
  }

  mutating func list(_ name: String) throws(EthereumError) -> [RLPItem] {
    guard case .list(let items) = try next(name) else { throw fault(name, "a list") }
    return items
  }

  mutating func fixedBytes<let size: Int>(_ name: String) throws(EthereumError) -> FixedBytes<size> {
    let bytes = try bytes(name)
    guard bytes.count == size else { throw fault(name, "\(size) bytes") }
    return try FixedBytes(bytes)
  }

  mutating func address(_ name: String) throws(EthereumError) -> Address {
    Address(try fixedBytes(name))
  }

  mutating func digests(_ name: String) throws(EthereumError) -> [Digest] {
    var digests: [Digest] = []
    for item in try list(name) {
      guard case .bytes(let bytes) = item, bytes.count == 32 else { throw fault(name, "32 bytes each") }
      digests.append(try Digest(bytes))
    }
    return digests
  }

  /// An address, or nil for an empty string: the recipient of a transaction that creates a contract.
  mutating func optionalAddress(_ name: String) throws(EthereumError) -> Address? {
    let bytes = try bytes(name)
    guard bytes.isEmpty || bytes.count == 20 else { throw fault(name, "20 bytes or none") }
    return bytes.isEmpty ? nil : try Address(bytes)
  }

  mutating func uint256(_ name: String) throws(EthereumError) -> UInt256 {
    let bytes = try bytes(name)
    guard bytes.first != 0, let value = try? UInt256(bigEndian: bytes) else {
      throw fault(name, "an integer of at most 32 bytes without zeros in front")
    }
    return value
  }

  mutating func uint64(_ name: String) throws(EthereumError) -> UInt64 {
    guard let value = try uint256(name).asUInt64 else { throw fault(name, "an integer below 2^64") }
    return value
  }

  /// A transaction's nonce; the largest integer of 64 bits is none (EIP-2681).
  mutating func nonce() throws(EthereumError) -> UInt64 {
    let value = try uint64("nonce")
    guard value < .max else { throw fault("nonce", "an integer below 2^64 - 1") }
    return value
  }
}
