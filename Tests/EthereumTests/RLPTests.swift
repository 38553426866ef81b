import Ethereum
import Testing
import TestSupport

@Suite struct RLPTests {
  @Test(arguments: [
    (RLPItem.bytes([]), "0x80"), (.bytes([0]), "0x00"), (.bytes([0x7f]), "0x7f"), (.bytes([0x80]), "0x8180"),
    (.integer(0 as UInt64), "0x80"), (.integer(1024 as UInt64), "0x820400"), (.list([]), "0xc0"),
    (.bytes(Array("dog".utf8)), "0x83646f67"),
    (.list([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))]), "0xc88363617483646f67"),
    (.list([.list([]), .list([.list([])]), .list([.list([]), .list([.list([])])])]), "0xc7c0c1c0c3c0c1c0"),
  ])
  func `the examples of the yellow paper's wiki read and write`(item: RLPItem, hex: String) throws {
    #expect(Hex.encode(item.encoded()) == hex)
    #expect(try RLPItem(decoding: Hex.decode(hex)) == item)
  }

  @Test(arguments: [
    ("0x", RLPFault.truncated, 0), ("0x83646f", .truncated, 1), ("0x8000", .trailingBytes, 1),
    ("0x8100", .wrappedByte, 0), ("0xb800", .longLength, 1), ("0xb80102", .longLength, 1),
    ("0xb90001", .longLength, 1), ("0xf800", .longLength, 1), ("0xc282ffc0", .pastListEnd, 2),
    ("0xbfffffffffffffffff", .truncated, 9), ("0xffffffffffffffffff", .truncated, 9), ("0xbf", .truncated, 1),
  ])
  func `bytes that are not one canonical item are refused`(hex: String, fault: RLPFault, offset: Int) {
    #expect(throws: EthereumError.rlp(fault, offset: offset)) { try RLPItem(decoding: Hex.decode(hex)) }
  }

  @Test func `lists nest as deep as the limit and no deeper`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      (1..<depth).reduce(RLPItem.list([])) { item, _ in .list([item]) }.encoded()
    }
    #expect(try RLPItem(decoding: nested(Limits.rlpDepthMax)).encoded() == nested(Limits.rlpDepthMax))
    #expect(throws: EthereumError.self) { try RLPItem(decoding: nested(Limits.rlpDepthMax + 1)) }
    #expect(throws: EthereumError.self) { try RLPItem(decoding: [UInt8](repeating: 0xc1, count: 1_000_000)) }
  }

  @Test func `random bytes are refused or are the one encoding of what they decode to`() {
    var random = SeededGenerator("random bytes as RLP")
    for _ in 0..<20_000 {
      var bytes = random.bytes(Int.random(in: 1...24, using: &random))
      // Half of them start as a list that ends with the bytes.
      if Bool.random(using: &random) { bytes[0] = 0xc0 + UInt8(bytes.count - 1) }
      if let item = try? RLPItem(decoding: bytes) { #expect(item.encoded() == bytes) }
    }
  }
}
