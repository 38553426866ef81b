import Ethereum
import JSON

/// Merkle-Patricia tries: roots, and a proof for every key.
enum TrieVectors {
  static let suites = [
    suite("trieanyorder", hashesKeys: false), suite("trietest", hashesKeys: false),
    suite("trieanyorder_secureTrie", hashesKeys: true), suite("trietest_secureTrie", hashesKeys: true),
    suite("hex_encoded_securetrie_test", hashesKeys: true),
    Suite("BasicTests_hexencode") { document, report, _ in
      report.checkEach(try document.members) { vector in
        let nibbles = try vector.elements("seq").map { UInt8(clamping: $0.asInteger ?? -1) }
        let compact = TriePath.compact(nibbles, isLeaf: vector["term"] == true)
        try expectEqual(compact, vector.bytes("out"), "compact form")
        guard let (path, isLeaf) = TriePath.expand(compact) else { throw Mismatch(description: "does not read back") }
        try expect(path == nibbles && isLeaf == (vector["term"] == true), "reads back as another path")
      }
    },
    Suite("portal_receipt_proofs", shape: ["proof", "receiptsRoot", "key"]) { document, report, _ in
      report.checkEach(try document.elements) { try checkReceiptProof($0) }
    },
    .skipped("trietestnextprev", because: "a trie is built, proved and verified here, but not walked through in order"),
  ]

  private static func suite(_ name: String, hashesKeys: Bool) -> Suite {
    Suite(name) { document, report, _ in
      report.checkEach(try document.members) { vector in
        var entries: [(key: [UInt8], value: [UInt8])] = []
        if let members = vector["in"]?.asObject?.members {
          entries = try members.map { (try looseBytes(.string($0.name)), try looseBytes($0.value)) }
        } else {
          entries = try vector.elements("in").map { pair in
            let pair = try pair.elements
            return (try looseBytes(pair[0]), pair[1] == .null ? [] : try looseBytes(pair[1]))
          }
        }
        if hashesKeys { entries = entries.map { (Keccak256.hash($0.key).bytes, $0.value) } }
        let trie = MerklePatriciaTrie(entries)
        try expectEqual(trie.root, vector.digest("root"), "root")
        let expected = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        for (key, value) in expected {
          let found = try MerklePatriciaTrie.verify(root: trie.root, key: key, proof: trie.proof(for: key))
          try expectEqual(found ?? [], value, "proved value")
        }
      }
    }
  }

  /// Text as bytes: hexadecimal after `0x`, else as it stands.
  private static func looseBytes(_ value: JSONValue) throws -> [UInt8] {
    let text = try value.text
    return text.hasPrefix("0x") ? try Hex.decode(text) : Array(text.utf8)
  }

  /// The proof shows the receipt, or that there is none; and nothing when a node is changed, missing or too many.
  private static func checkReceiptProof(_ vector: JSONValue) throws {
    let root = try vector.digest("receiptsRoot")
    let key = try vector.bytes("key")
    if let index = vector["index"]?.asInteger {
      try expectEqual(MerklePatriciaTrie.key(ofIndex: Int(index)), key, "key")
    }
    let proof = try vector.elements("proof").map { try $0.bytes }
    let receipt = try vector["receipt"].flatMap { try $0.asString == nil ? nil : $0.bytes }
    try expectEqual(MerklePatriciaTrie.verify(root: root, key: key, proof: proof), receipt, "proved value")
    if let receipt { try expectEqual(Receipt(decoding: receipt).encoded(), receipt, "receipt written again") }
    for position in proof.indices {
      var changed = proof
      changed[position][changed[position].count / 2] ^= 1
      try expectRefusal("a changed node") { try MerklePatriciaTrie.verify(root: root, key: key, proof: changed) }
    }
    try expectRefusal("a missing node") { try MerklePatriciaTrie.verify(root: root, key: key, proof: proof.dropLast()) }
    try expectRefusal("a node too many") {
      try MerklePatriciaTrie.verify(root: root, key: key, proof: proof + proof.prefix(1))
    }
  }
}
