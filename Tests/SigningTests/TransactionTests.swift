import Arithmetic
import Ethereum
import JSON
import Signing
import TestSupport
import Testing

/// Whose signed transactions and authorizations are.
struct TransactionTests {
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

  @Test func `an authorization says whose it is, unless its numbers are none`() throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 9, count: 32))
    let signed = try Authorization(chainID: 1, address: .zero, nonce: 3).signed(by: key)
    let address = key.address
    #expect(try signed.authority() == address)
    let odd = SignedAuthorization(signed.authorization, yParity: 2, r: signed.r, s: signed.s)
    #expect(throws: SigningError.badRecoveryByte(2)) { try odd.authority() }
    let zero = SignedAuthorization(signed.authorization, yParity: 0, r: .zero, s: signed.s)
    #expect(throws: SigningError.scalarOutOfRange) { try zero.authority() }
  }

  @Test func `a signature that recovers to nobody is among a transaction's faults`() throws {
    let transaction = Transaction.feeMarket(
      FeeMarketTransaction(
        chainID: 1, nonce: 1, maxPriorityFeePerGas: 2, maxFeePerGas: 3, gasLimit: 21_000, to: .zero))
    let signed = try transaction.signed(by: PrivateKey(bytes: [UInt8](repeating: 7, count: 32)))
    #expect(signed.faults(on: 1).isEmpty)
    let broken = SignedTransaction(transaction, yParity: 0, r: .zero, s: signed.s)
    #expect(broken.faults(on: 1) == [.signature(SigningError.scalarOutOfRange.description)])
  }
}
