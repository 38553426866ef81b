import Arithmetic
import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Signed transactions, byte for byte as another implementation signs them.
struct TransactionTests {
  /// Every 16th case of the file: each has several formats, and a debug build is slow.
  @Test(
    .enabled(if: Vectors.areThere),
    arguments: [("Legacy", "Legacy"), ("Eip155", "Eip155"), ("Berlin", "type 1"), ("London", "type 2")])
  func `transactions are signed as ethers signs them`(format: String, name: String) throws {
    var count = 0
    for (index, vector) in try Self.vectors.get().enumerated() where index % 16 == 0 {
      guard let text = vector["signed\(format)"]?.asString, !text.isEmpty else { continue }
      let raw = try Hex.decode(text)
      let decoded = try SignedTransaction(decoding: raw)
      let key = try PrivateKey(bytes: vector.hex("privateKey"))
      let address = key.address
      #expect(try decoded.transaction.signingPayload == vector.hex("unsigned\(format)"))
      #expect(try decoded.sender() == address, "\(name)")
      #expect(try decoded.transaction.signed(by: key).raw == raw, "\(name)")
      count += 1
    }
    #expect(count > 10)
  }

  private static let vectors = Result { try Vectors.cases("ethers/transactions") }

  /// EIP-2: a transaction with s in the upper half is no transaction, nor is one with numbers out of range.
  @Test func `the sender of a transaction with another form of its signature is refused`() throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    let transaction = FeeMarketTransaction(
      chainID: ChainID(rawValue: 1), nonce: 1, maxPriorityFeePerGas: 2, maxFeePerGas: 3, gasLimit: 21_000, to: .zero)
    let signed = try transaction.signed(by: key)
    let address = key.address
    #expect(try signed.sender() == address)
    #expect(try SignedTransaction(decoding: signed.raw).sender() == address)
    let order = bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    let highS = try Digest(UInt256(bigEndian: order).subtracting(UInt256(signed.s)))
    let twin = SignedTransaction(.feeMarket(transaction), yParity: 1 - signed.yParity, r: signed.r, s: highS)
    #expect(throws: SigningError.highS) { try twin.sender() }
    let zero = SignedTransaction(.feeMarket(transaction), yParity: 0, r: .zero, s: signed.s)
    #expect(throws: SigningError.scalarOutOfRange) { try zero.sender() }
  }
}
