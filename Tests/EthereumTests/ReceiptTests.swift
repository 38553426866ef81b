import Ethereum
import Testing

@Suite struct ReceiptTests {
  let log = Log(address: .zero, topics: [.zero], data: [1, 2, 3])

  @Test(arguments: [
    (0 as UInt8, Receipt.Outcome.status(true)), (0, .stateRoot(.zero)), (1, .status(false)), (2, .status(true)),
    (3, .status(true)), (4, .status(false)),
  ])
  func `receipts of every type read as written`(type: UInt8, outcome: Receipt.Outcome) throws {
    let receipt = try Receipt(type: type, outcome: outcome, cumulativeGasUsed: 21_000, logs: [log])
    #expect(try Receipt(decoding: receipt.encoded()) == receipt)
  }

  @Test func `a filter that is not the one of the logs is refused`() throws {
    let honest = try Receipt(type: 2, outcome: .status(true), cumulativeGasUsed: 1, logs: [log])
    var bytes = honest.encoded()
    // The filter's 256 bytes follow the type, two headers, the status and the gas, and a header of three bytes.
    bytes[20] ^= 1
    #expect(throws: EthereumError.field("receipt.logsBloom", expected: "the filter of the receipt's logs")) {
      try Receipt(decoding: bytes)
    }
  }

  @Test func `unknown types are refused by name`() throws {
    for type in [0x00, 0x05, 0x7e, 0xbf] as [UInt8] {
      #expect(throws: EthereumError.unknownType(of: "receipt", type)) { try Receipt(decoding: [type, 0xc0]) }
    }
    #expect(throws: EthereumError.unknownType(of: "receipt", 5)) {
      try Receipt(type: 5, outcome: .status(true), cumulativeGasUsed: 0, logs: [])
    }
  }

  @Test func `a status that is neither is refused`() throws {
    let body = RLPItem.list([.bytes([2]), .bytes([]), .bytes([UInt8](repeating: 0, count: 256)), .list([])])
    #expect(throws: EthereumError.self) { try Receipt(decoding: body.encoded()) }
  }
}
