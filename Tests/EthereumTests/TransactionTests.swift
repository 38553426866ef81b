import Arithmetic
import Ethereum
import Testing

@Suite struct TransactionTests {
  /// The example of EIP-155.
  let raw =
    "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025"
    + "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
    + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"

  @Test func `the example of EIP-155 reads and writes`() throws {
    let signed = try SignedTransaction(decoding: Hex.decode(raw))
    let transaction = LegacyTransaction(
      chainID: 1, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 21_000,
      to: try Address(hex: "0x3535353535353535353535353535353535353535"), value: 1_000_000_000_000_000_000)
    #expect(signed.transaction == .legacy(transaction))
    #expect(signed.signingHash.hex == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
    #expect(signed.yParity == 0)
    #expect(signed.r.hex == "0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276")
    let again = SignedTransaction(.legacy(transaction), yParity: signed.yParity, r: signed.r, s: signed.s)
    #expect(Hex.encode(again.raw) == raw)
  }

  @Test func `the largest chain id survives`() throws {
    let transaction = LegacyTransaction(
      chainID: ChainID(rawValue: .max), nonce: 0, gasPrice: 0, gasLimit: 0, to: nil)
    let signed = SignedTransaction(.legacy(transaction), yParity: 1, r: .zero, s: .zero)
    #expect(try SignedTransaction(decoding: signed.raw) == signed)
  }

  @Test func `unknown types are refused by name`() {
    for type in [0x00, 0x05, 0x7e, 0x7f, 0x80, 0xbf] as [UInt8] {
      #expect(throws: EthereumError.unknownType(of: "transaction", type)) {
        try SignedTransaction(decoding: [type, 0xc0])
      }
    }
    #expect(throws: EthereumError.rlp(.truncated, offset: 0)) { try SignedTransaction(decoding: []) }
  }

  @Test func `the largest nonce is none`() throws {
    let transaction = LegacyTransaction(chainID: 1, nonce: .max, gasPrice: 0, gasLimit: 0, to: nil)
    let raw = transaction.encoded(yParity: 0, r: .zero, s: .zero)
    #expect(throws: EthereumError.field("transaction.nonce", expected: "an integer below 2^64 - 1")) {
      try SignedTransaction(decoding: raw)
    }
  }
}
