import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct BlockVectorTests {
  @Test func `blocks of mainnet have their hash, roots and filter`() throws {
    for vector in try Vectors.cases("mainnet-blocks/portal_blocks") {
      let bytes = try vector.bytes("header")
      let header = try BlockHeader(decoding: bytes)
      #expect(header.encoded() == bytes)
      #expect(try header.hash == vector.digest("hash"))
      #expect(header.number == (vector["number"]?.asInteger).map { UInt64($0) })

      guard case .list(let body) = try RLPItem(decoding: vector.bytes("body")),
        case .list(let transactions) = body[0]
      else { throw UnexpectedVector(value: vector) }
      let transactionBytes = transactions.map { item in
        if case .bytes(let typed) = item { typed } else { item.encoded() }
      }
      #expect(MerklePatriciaTrie(indexed: transactionBytes).root == header.transactionsRoot)
      for raw in transactionBytes where raw[0] >= 0xc0 || raw[0] <= 2 {
        let signed = try SignedTransaction(decoding: raw)
        #expect(SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s).raw == raw)
      }

      let receiptBytes = try #require(vector["receipts"]?.asArray).map { try Hex.decode(#require($0.asString)) }
      let receipts = try receiptBytes.map { try Receipt(decoding: $0) }
      #expect(receipts.map { $0.encoded() } == receiptBytes)
      #expect(Bloom(of: receipts.flatMap(\.logs)) == header.logsBloom)
      #expect(receipts.last?.cumulativeGasUsed == header.gasUsed)
      let trie = MerklePatriciaTrie(indexed: receiptBytes)
      #expect(trie.root == header.receiptsRoot)
      for index in [0, receipts.count / 2, receipts.count - 1] {
        let key = MerklePatriciaTrie.key(ofIndex: index)
        let found = try MerklePatriciaTrie.verify(root: header.receiptsRoot, key: key, proof: trie.proof(for: key))
        #expect(found == receiptBytes[index])
      }
    }
  }

  @Test(arguments: ["execution-apis/chain_blocks", "ethereum-tests/BlockchainTests_blocks"])
  func `headers of test chains have their hash`(file: String) throws {
    var count = 0
    for vector in try Vectors.cases(file) {
      guard case .list(let block) = try RLPItem(decoding: vector.bytes("rlp")) else {
        throw UnexpectedVector(value: vector)
      }
      let header = try BlockHeader(block[0])
      let hash = try #require((vector["hash"] ?? vector["header"]?["hash"])?.asString)
      #expect(header.hash.hex == hash)
      count += 1
    }
    #expect(count > 0)
  }
}
