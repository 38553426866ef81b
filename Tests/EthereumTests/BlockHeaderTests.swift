import Arithmetic
import Ethereum
import Testing

@Suite struct BlockHeaderTests {
  func header(baseFeePerGas: UInt256?, withdrawalsRoot: Digest?) throws -> BlockHeader {
    try BlockHeader(
      parentHash: .zero, ommersHash: .zero, beneficiary: .zero, stateRoot: .zero, transactionsRoot: .zero,
      receiptsRoot: .zero, logsBloom: .zero, difficulty: 0, number: 1, gasLimit: 2, gasUsed: 3, timestamp: 4,
      extraData: [], mixHash: .zero, nonce: .zero, baseFeePerGas: baseFeePerGas, withdrawalsRoot: withdrawalsRoot)
  }

  @Test func `a header reads as written`() throws {
    for fee in [nil, 7 as UInt256] {
      let header = try header(baseFeePerGas: fee, withdrawalsRoot: fee.map { _ in .zero })
      #expect(try BlockHeader(decoding: header.encoded()) == header)
    }
  }

  @Test func `a later fork's field without an earlier one's is refused`() {
    #expect(throws: EthereumError.field("header.baseFeePerGas", expected: "a value, as a later fork's field has one")) {
      try header(baseFeePerGas: nil, withdrawalsRoot: .zero)
    }
  }

  @Test func `a header with too few or too many fields is refused`() throws {
    guard case .list(let items) = try RLPItem(decoding: header(baseFeePerGas: 7, withdrawalsRoot: nil).encoded()) else {
      Issue.record("a header is a list")
      return
    }
    for count in [14, 22] {
      let item = RLPItem.list((items + items).prefix(count).map { $0 })
      #expect(throws: EthereumError.fieldCount(of: "header", expected: 15...21, found: count)) { try BlockHeader(item) }
    }
  }
}
