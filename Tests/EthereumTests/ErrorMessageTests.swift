import Ethereum
import Testing

@Suite struct ErrorMessageTests {
  /// Each says what was found, where, and what is expected.
  @Test(arguments: [
    (EthereumError.oddHexDigits(count: 3), "3 hexadecimal digits: write two for each byte"),
    (.wrongLength(expected: 20, found: 19), "19 bytes where 20 are expected"),
    (.rlp(.longLength, offset: 4), "RLP, byte 4: a length must be written as short as possible"),
    (.fieldCount(of: "header", expected: 15...21, found: 9), "header: 9 fields where 15 to 21 are expected"),
    (.fieldCount(of: "log", expected: 3...3, found: 2), "log: 2 fields where 3 are expected"),
    (.field("transaction.yParity", expected: "0 or 1"), "transaction.yParity: expected 0 or 1"),
    (.unknownType(of: "transaction", 0x7e), "transaction of type 0x7e: this version knows no such type"),
    (.abi(.dirtyPadding, offset: 32), "ABI, byte 32: padding must be zero"),
    (.trie(.unusedNode, node: 2), "trie proof, node 2: not on the way to the key: leave it out"),
  ])
  func `messages say what, where and what to do`(error: EthereumError, message: String) {
    #expect(error.description == message)
  }
}
