import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct TrieVectorTests {
  @Test(arguments: [
    "trieanyorder", "trieanyorder_secureTrie", "hex_encoded_securetrie_test", "trietest", "trietest_secureTrie",
  ])
  func `every trie of the Ethereum tests has its root, and proves each key`(file: String) throws {
    for (name, vector) in try Vectors.namedCases("ethereum-tests/" + file) {
      var entries: [(key: [UInt8], value: [UInt8])] = []
      if let members = vector["in"]?.asObject?.members {
        entries = try members.map { (try JSONValue.string($0.name).looseBytes, try $0.value.looseBytes) }
      } else {
        for pair in try #require(vector["in"]?.asArray).map({ try #require($0.asArray) }) {
          entries.append((try pair[0].looseBytes, pair[1] == .null ? [] : try pair[1].looseBytes))
        }
      }
      if file.lowercased().contains("secure") { entries = entries.map { (Keccak256.hash($0.key).bytes, $0.value) } }
      let trie = MerklePatriciaTrie(entries)
      #expect(try trie.root == vector.digest("root"), "\(name)")

      let expected = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      for (key, value) in expected {
        let found = try MerklePatriciaTrie.verify(root: trie.root, key: key, proof: trie.proof(for: key))
        #expect(found == (value.isEmpty ? nil : value), "\(name)")
      }
    }
  }

  @Test func `every receipt proof of mainnet shows its receipt, or that there is none`() throws {
    for vector in try Vectors.cases("mainnet-blocks/portal_receipt_proofs") {
      let root = try vector.digest("receiptsRoot")
      let key = MerklePatriciaTrie.key(ofIndex: Int(try #require(vector["index"]?.asInteger)))
      #expect(try key == vector.bytes("key"))
      let proof = try #require(vector["proof"]?.asArray).map { try Hex.decode(#require($0.asString)) }
      let receipt = try vector["receipt"]?.asString.map { try Hex.decode($0) }
      #expect(try MerklePatriciaTrie.verify(root: root, key: key, proof: proof) == receipt)
      if let receipt { #expect(try Receipt(decoding: receipt).encoded() == receipt) }

      // The same nodes prove nothing when one is changed, missing or too many.
      for position in proof.indices {
        var changed = proof
        changed[position][changed[position].count / 2] ^= 1
        #expect(throws: EthereumError.trie(.wrongHash, node: position)) {
          try MerklePatriciaTrie.verify(root: root, key: key, proof: changed)
        }
      }
      #expect(throws: EthereumError.trie(.missingNode, node: proof.count - 1)) {
        try MerklePatriciaTrie.verify(root: root, key: key, proof: proof.dropLast())
      }
      #expect(throws: EthereumError.trie(.unusedNode, node: proof.count)) {
        try MerklePatriciaTrie.verify(root: root, key: key, proof: proof + [proof[0]])
      }
    }
  }
}
