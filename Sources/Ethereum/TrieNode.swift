/// A node of a trie with its encoding and the way its parent refers to it. Paths are nibbles, one a byte.
struct TrieNode: Sendable {
  indirect enum Kind: Sendable {
    /// The rest of one key, and its value.
    case leaf(path: [UInt8], value: [UInt8])
    /// A stretch that all keys below share.
    case `extension`(path: [UInt8], child: TrieNode)
    /// A fork: a child for each next nibble, and the value of the key that ends here, empty if none does.
    case branch(children: [TrieNode?], value: [UInt8])
  }

  let kind: Kind
  let encoded: [UInt8]
  /// The node itself if it encodes in less than 32 bytes, else its hash.
  let reference: RLPItem

  init(_ kind: Kind) {
    self.kind = kind
    let item: RLPItem =
      switch kind {
      case .leaf(let path, let value):
        .list([.bytes(TriePath.compact(path, isLeaf: true)), .bytes(value)])
      case .extension(let path, let child):
        .list([.bytes(TriePath.compact(path, isLeaf: false)), child.reference])
      case .branch(let children, let value):
        .list(children.map { $0?.reference ?? .bytes([]) } + [.bytes(value)])
      }
    encoded = item.encoded()
    reference = encoded.count < 32 ? item : .bytes(Keccak256.hash(encoded).bytes)
  }

  /// The node above entries sorted by path, whose first `depth` nibbles are the same. There is at least one entry, and
  /// no path comes twice.
  init(_ entries: ArraySlice<(path: [UInt8], value: [UInt8])>, depth: Int) {
    let first = entries[entries.startIndex]
    guard entries.count > 1 else {
      self.init(.leaf(path: Array(first.path[depth...]), value: first.value))
      return
    }
    // What the first and the last of a sorted list share, all share.
    let shared = zip(first.path[depth...], entries[entries.endIndex - 1].path[depth...]).prefix { $0 == $1 }.count
    guard shared == 0 else {
      let child = TrieNode(entries, depth: depth + shared)
      self.init(.extension(path: Array(first.path[depth..<depth + shared]), child: child))
      return
    }
    var children = [TrieNode?](repeating: nil, count: 16)
    var rest = entries
    let endsHere = first.path.count == depth
    if endsHere { rest = rest.dropFirst() }
    while let next = rest.first {
      let nibble = next.path[depth]
      let group = rest.prefix { $0.path[depth] == nibble }
      children[Int(nibble)] = TrieNode(group, depth: depth + 1)
      rest = rest.dropFirst(group.count)
    }
    self.init(.branch(children: children, value: endsHere ? first.value : []))
  }
}

/// Keys as nibbles, and their packed form inside leaves and extensions.
///
/// - Source: Ethereum Yellow Paper, appendix C.
package enum TriePath {
  package static func nibbles(_ key: [UInt8]) -> [UInt8] {
    key.flatMap { [$0 >> 4, $0 & 15] }
  }

  /// Two flags (leaf, odd), then the nibbles, filled up to whole bytes.
  package static func compact(_ path: [UInt8], isLeaf: Bool) -> [UInt8] {
    let isOdd = !path.count.isMultiple(of: 2)
    let padded = [(isLeaf ? 2 : 0) + (isOdd ? 1 : 0)] + (isOdd ? [] : [0]) + path
    return stride(from: 0, to: padded.count, by: 2).map { padded[$0] << 4 | padded[$0 + 1] }
  }

  /// The path and flag in a packed form, or nil if it is none.
  package static func expand(_ compact: [UInt8]) -> (path: [UInt8], isLeaf: Bool)? {
    guard let first = compact.first, first < 0x40 else { return nil }
    let isOdd = first & 0x10 != 0
    guard isOdd || first & 0x0f == 0 else { return nil }
    return (Array(nibbles(compact).dropFirst(isOdd ? 1 : 2)), first & 0x20 != 0)
  }
}
