/// A map from keys to values whose root is one hash, so that each entry can be proved against the root.
///
/// - Source: Ethereum Yellow Paper, appendix D.
public struct MerklePatriciaTrie: Sendable {
  private let top: TrieNode?

  /// The root of a trie without entries: Keccak-256 of the RLP of nothing.
  public static let emptyRoot = Keccak256.hash([0x80])

  /// The trie of these entries. An empty value means that there is no entry; of two entries under one key the later one
  /// counts.
  public init(_ entries: [(key: [UInt8], value: [UInt8])]) {
    let unique = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    let sorted = unique.filter { !$0.value.isEmpty }
      .map { (path: TriePath.nibbles($0.key), value: $0.value) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    top = sorted.isEmpty ? nil : TrieNode(sorted[...], depth: 0)
  }

  /// The trie of a block's transactions or receipts: each under the RLP of its index.
  public init(indexed values: [[UInt8]]) {
    self.init(values.enumerated().map { (Self.key(ofIndex: $0.offset), $0.element) })
  }

  /// The key of a block's transaction or receipt: the RLP of its index, which is not negative.
  public static func key(ofIndex index: Int) -> [UInt8] {
    RLPItem.integer(UInt64(index)).encoded()
  }

  /// The root's hash.
  public var root: Digest {
    top.map { Keccak256.hash($0.encoded) } ?? Self.emptyRoot
  }

  /// The nodes on the way to the key, the root first: proof of its value, or that it has none. A node that lies whole
  /// inside another is not repeated.
  public func proof(for key: [UInt8]) -> [[UInt8]] {
    var nodes: [[UInt8]] = []
    var path = TriePath.nibbles(key)[...]
    var next = top
    while let node = next {
      if nodes.isEmpty || node.encoded.count >= 32 { nodes.append(node.encoded) }
      next = nil
      switch node.kind {
      case .leaf: break
      case .extension(let shared, let child):
        if path.starts(with: shared) {
          path = path.dropFirst(shared.count)
          next = child
        }
      case .branch(let children, _):
        if let nibble = path.popFirst() { next = children[Int(nibble)] }
      }
    }
    return nodes
  }
}
