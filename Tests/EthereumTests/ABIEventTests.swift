import Arithmetic
import Ethereum
import Testing

@Suite struct ABIEventTests {
  /// A transfer of 100 USDC; the topic is the one every ERC-20 token's logs carry.
  @Test func `a log of an event gives its values in order`() throws {
    let transfer: ABIEvent = "Transfer(address indexed from,address indexed to,uint256 value)"
    #expect(transfer.topic.hex == "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
    let (from, to) = (
      try Address(hex: "0x00000000000000000000000000000000000000a1"),
      try Address(hex: "0x00000000000000000000000000000000000000b2")
    )
    func word(_ address: Address) throws -> Digest { try Digest([UInt8](repeating: 0, count: 12) + address.bytes) }
    let log = Log(
      address: .zero, topics: [transfer.topic, try word(from), try word(to)],
      data: UInt256(100_000_000).bigEndianBytes)
    #expect(try transfer.decode(log) == [.address(from), .address(to), .uint(100_000_000)])
    #expect(transfer.parameters.map(\.name) == ["from", "to", "value"])

    let other = Log(address: .zero, topics: [.zero] + log.topics.dropFirst(), data: log.data)
    #expect(throws: EthereumError.abi(.wrongSelector, offset: 0)) { try transfer.decode(other) }
    let short = Log(address: .zero, topics: Array(log.topics.dropLast()), data: log.data)
    #expect(throws: EthereumError.abi(.wrongSelector, offset: 0)) { try transfer.decode(short) }
  }

  @Test func `an indexed value that fits no word stands there as its hash`() throws {
    let event: ABIEvent = "E(string indexed,uint8)"
    let hash = Keccak256.hash(Array("text".utf8))
    let log = Log(address: .zero, topics: [event.topic, hash], data: UInt256(7).bigEndianBytes)
    #expect(try event.decode(log) == [.bytes32(hash), .uint(7)])
  }

  @Test(arguments: [
    "Transfer", "Transfer(", "(address)", "1(address)", "E(address  indexed)", "E(address indexed a b)", "E(address,)",
    "E(bool indexed,bool indexed,bool indexed,bool indexed)", "E(address )", "E(address) ",
  ])
  func `text that is no event signature is refused`(signature: String) {
    #expect(throws: EthereumError.self) { try ABIEvent(signature: signature) }
  }
}
