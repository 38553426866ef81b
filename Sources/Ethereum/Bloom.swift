/// A filter of 2048 bits that says which addresses and topics may be in some logs, and which are certainly not.
///
/// - Source: Ethereum Yellow Paper, section 4.3.1.
public typealias Bloom = FixedBytes<256>

extension FixedBytes<256> {
  /// The filter of all addresses and topics in the logs.
  public init(of logs: [Log]) {
    var bits = [UInt8](repeating: 0, count: 256)
    for log in logs {
      Self.set(log.address.bytes, in: &bits)
      for topic in log.topics { Self.set(topic.bytes, in: &bits) }
    }
    self.init(bytewise: { bits[$0] })
  }

  /// Sets three bits, chosen by the first three pairs of bytes of the hash.
  private static func set(_ entry: [UInt8], in bits: inout [UInt8]) {
    let hash = Keccak256.hash(entry)
    for pair in [0, 2, 4] {
      let bit = (Int(hash[pair]) << 8 | Int(hash[pair + 1])) & 2047
      bits[255 - bit / 8] |= 1 << (bit % 8)
    }
  }
}
