import Ethereum
import Testing
import TestSupport

@Suite struct TrieTests {
  @Test func `a trie without entries has the known root and an empty proof`() throws {
    let trie = MerklePatriciaTrie([])
    #expect(trie.root.hex == "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
    #expect(trie.proof(for: [1]).isEmpty)
    #expect(try MerklePatriciaTrie.verify(root: trie.root, key: [1], proof: []) == nil)
  }

  @Test func `random tries prove every key, and the absence of every other`() throws {
    var random = SeededGenerator("random tries")
    for round in 0..<60 {
      let keyLengths = round.isMultiple(of: 2) ? 1...3 : 2...2
      let entries = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        (
          key: random.bytes(Int.random(in: keyLengths, using: &random)),
          value: random.bytes(Int.random(in: 1...40, using: &random))
        )
      }
      let trie = MerklePatriciaTrie(entries)
      #expect(MerklePatriciaTrie(entries.reversed() + entries).root == trie.root)
      let expected = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      let others = (0..<20).map { _ in random.bytes(Int.random(in: 0...4, using: &random)) }
      for key in expected.keys + others {
        let found = try MerklePatriciaTrie.verify(root: trie.root, key: key, proof: trie.proof(for: key))
        #expect(found == expected[key])
      }
    }
  }

  @Test func `a proof for one key says nothing about another`() throws {
    let entries = (0..<200).map { (key: Keccak256.hash([UInt8($0)]).bytes, value: [UInt8](repeating: 7, count: 40)) }
    let trie = MerklePatriciaTrie(entries)
    #expect(throws: EthereumError.self) {
      try MerklePatriciaTrie.verify(root: trie.root, key: entries[1].key, proof: trie.proof(for: entries[0].key))
    }
  }

  @Test func `a node that is none is refused`() throws {
    let nodes: [RLPItem] = [
      .list([.bytes([0x20])]), .list([.bytes([0x40]), .bytes([1])]), .list([.bytes([0x01]), .bytes([1])]),
      .list([.bytes([]), .bytes([1])]), .list([.bytes([0x20]), .bytes([])]), .list([.bytes([0x00]), .bytes([1])]),
      .list([.bytes([0x20]), .list([])]), .bytes([1, 2, 3]), .list([]),
    ]
    for node in nodes {
      let encoded = node.encoded()
      #expect(throws: EthereumError.trie(.malformedNode, node: 0), "\(Hex.encode(encoded))") {
        try MerklePatriciaTrie.verify(root: Keccak256.hash(encoded), key: [], proof: [encoded])
      }
    }
  }
}
