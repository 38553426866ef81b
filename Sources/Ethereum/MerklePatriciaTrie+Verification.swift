extension MerklePatriciaTrie {
  /// The value that the proof shows under the key in the trie of this root; nil if it shows that there is none.
  ///
  /// Every node must be in canonical form and be needed. For a trie without entries the proof is empty.
  ///
  /// - Throws: `trie`, with the number of the node that fails, from 0; `rlp` for what a node holds.
  public static func verify(root: Digest, key: [UInt8], proof: [[UInt8]]) throws(EthereumError) -> [UInt8]? {
    if root == emptyRoot, proof.isEmpty { return nil }
    var walk = TrieWalk(path: TriePath.nibbles(key)[...], nodes: proof)
    let value = try walk.value(at: .bytes(root.bytes))
    guard walk.used == proof.count else { throw .trie(.unusedNode, node: walk.used) }
    return value
  }
}

/// What is wrong with a trie proof.
public enum TrieFault: Hashable, Sendable {
  /// The proof ends before the way to the key does.
  case missingNode
  /// The node's hash is not the one that its parent, or the root, names.
  case wrongHash
  /// The node is neither leaf, extension nor branch in canonical form.
  case malformedNode
  /// The node is not on the way to the key.
  case unusedNode
}

/// One way from the root down.
private struct TrieWalk {
  var path: ArraySlice<UInt8>
  let nodes: [[UInt8]]
  var used = 0

  /// Follows references until the key's end, a fork without its nibble, or a node that leads elsewhere. Each step uses
  /// up a node of the proof or goes deeper into one.
  mutating func value(at root: RLPItem) throws(EthereumError) -> [UInt8]? {
    var reference = root
    while true {
      guard let items = try resolve(reference) else { return nil }
      switch items.count {
      case 2:
        guard case .bytes(let compact) = items[0], let (shared, isLeaf) = TriePath.expand(compact) else {
          throw malformed
        }
        if isLeaf {
          guard case .bytes(let value) = items[1], !value.isEmpty else { throw malformed }
          return path.elementsEqual(shared) ? value : nil
        }
        guard !shared.isEmpty, items[1] != .bytes([]) else { throw malformed }
        guard path.starts(with: shared) else { return nil }
        path = path.dropFirst(shared.count)
        reference = items[1]
      case 17:
        guard case .bytes(let value) = items[16] else { throw malformed }
        guard let nibble = path.popFirst() else { return value.isEmpty ? nil : value }
        reference = items[Int(nibble)]
      default:
        throw malformed
      }
    }
  }

  /// The items of the node that a reference stands for: nil for none, the next node of the proof for a hash, or the
  /// node inside the reference.
  private mutating func resolve(_ reference: RLPItem) throws(EthereumError) -> [RLPItem]? {
    switch reference {
    case .bytes([]):
      return nil
    case .bytes(let hash):
      guard hash.count == 32 else { throw malformed }
      guard used < nodes.count else { throw .trie(.missingNode, node: used) }
      guard Keccak256.hash(nodes[used]).bytes == hash else { throw .trie(.wrongHash, node: used) }
      let node = try RLPItem(decoding: nodes[used])
      used += 1
      guard case .list(let items) = node, used == 1 || nodes[used - 1].count >= 32 else { throw malformed }
      return items
    case .list(let items):
      guard reference.encoded().count < 32 else { throw malformed }
      return items
    }
  }

  private var malformed: EthereumError { .trie(.malformedNode, node: max(used - 1, 0)) }
}
