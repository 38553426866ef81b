import Arithmetic
import Ethereum
import JSON
import Testing

/// The rules that no vector file covers: those of types 3 and 4, and of the newest forks.
@Suite struct TransactionRulesTests {
  private func blob(hashes: [Digest], fee: UInt256 = 2, tip: UInt256 = 1, gas: UInt64 = 21_000) -> Transaction {
    .blob(
      BlobTransaction(
        chainID: 1, nonce: 0, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gas, to: .zero,
        maxFeePerBlobGas: 1, blobVersionedHashes: hashes))
  }

  private func version(_ byte: UInt8) throws -> Digest { try Digest([byte] + [UInt8](repeating: 7, count: 31)) }

  @Test func `blobs are counted, and of version 1`() throws {
    let good = try version(1)
    #expect(blob(hashes: [good]).faults(on: 1).isEmpty)
    #expect(blob(hashes: []).faults(on: 1) == [.blobCount(0, max: 6)])
    #expect(blob(hashes: [Digest](repeating: good, count: 7)).faults(on: 1) == [.blobCount(7, max: 6)])
    #expect(blob(hashes: [Digest](repeating: good, count: 9)).faults(on: 1, under: .prague).isEmpty)
    #expect(blob(hashes: [try version(2)]).faults(on: 1) == [.blobVersion])
    #expect(blob(hashes: [good]).faults(on: 1, under: .shanghai) == [.unknownType(3, under: .shanghai)])
  }

  @Test func `fees and gas keep their bounds`() throws {
    let good = [try version(1)]
    #expect(blob(hashes: good, fee: 1, tip: 2).faults(on: 1) == [.priorityFeeAboveFee])
    #expect(blob(hashes: good, gas: 20_999).faults(on: 1) == [.gasLimitTooLow(needed: 21_000)])
    #expect(blob(hashes: good, gas: 1 << 24).faults(on: 1).isEmpty)
    #expect(blob(hashes: good, gas: 1 << 24 + 1).faults(on: 1) == [.gasLimitTooHigh(max: 1 << 24)])
    #expect(blob(hashes: good, gas: 1 << 24 + 1).faults(on: 1, under: .prague).isEmpty)
    #expect(blob(hashes: good, fee: .max).faults(on: 1) == [.costOverflow])
    #expect(blob(hashes: good).faults(on: 2) == [.otherChain(1, expected: 2)])
  }

  @Test func `a transaction of type 4 needs an authorization, and pays for each`() throws {
    let one = SignedAuthorization(Authorization(chainID: 1, address: .zero, nonce: 0), yParity: 0, r: .zero, s: .zero)
    func transaction(_ list: [SignedAuthorization]) -> Transaction {
      .setCode(
        SetCodeTransaction(
          chainID: 1, nonce: 0, maxPriorityFeePerGas: 0, maxFeePerGas: 0, gasLimit: 100_000, to: .zero,
          authorizationList: list))
    }
    #expect(transaction([]).faults(on: 1) == [.noAuthorization])
    #expect(transaction([one]).faults(on: 1).isEmpty)
    #expect(transaction([one, one]).intrinsicGas() == 71_000)
    #expect(transaction([one]).faults(on: 1, under: .cancun) == [.unknownType(4, under: .cancun)])
  }

  /// EIP-7623: 10 gas a token, a byte that is not zero being four; 21,000 + 100 × 40.
  @Test func `many data bytes pay the floor`() {
    let transaction = Transaction.legacy(
      LegacyTransaction(
        chainID: 1, nonce: 0, gasPrice: 1, gasLimit: 30_000, to: .zero, data: [UInt8](repeating: 1, count: 100)))
    #expect(transaction.intrinsicGas() == 25_000)
    #expect(transaction.intrinsicGas(under: .cancun) == 22_600)
  }

  @Test func `types 3 and 4 create no contract`() throws {
    for (type, count) in [(3 as UInt8, 14), (4, 13)] {
      var items = [RLPItem](repeating: .bytes([]), count: count)
      for index in [8, 10] where index < count - 3 { items[index] = .list([]) }
      if type == 4 { items[9] = .list([]) }
      #expect(throws: EthereumError.field("transaction.to", expected: "20 bytes")) {
        try SignedTransaction(decoding: [type] + RLPItem.list(items).encoded())
      }
    }
  }

  @Test func `every type survives its bytes and its JSON`() throws {
    let list = [AccessListEntry(address: .zero, storageKeys: [.zero])]
    let authorization = SignedAuthorization(
      Authorization(chainID: .max, address: .zero, nonce: .max), yParity: 255, r: Digest(UInt256.max), s: .zero)
    let transactions: [Transaction] = [
      .legacy(LegacyTransaction(chainID: nil, nonce: 1, gasPrice: 2, gasLimit: 3, to: nil, value: 4, data: [5])),
      .legacy(LegacyTransaction(chainID: 6, nonce: 1, gasPrice: 2, gasLimit: 3, to: .zero)),
      .accessList(AccessListTransaction(chainID: 6, nonce: 1, gasPrice: 2, gasLimit: 3, to: nil, accessList: list)),
      .feeMarket(
        FeeMarketTransaction(
          chainID: 6, nonce: 1, maxPriorityFeePerGas: 2, maxFeePerGas: 3, gasLimit: 4, to: .zero, accessList: list)),
      .blob(
        BlobTransaction(
          chainID: 6, nonce: 1, maxPriorityFeePerGas: 2, maxFeePerGas: 3, gasLimit: 4, to: .zero, data: [1],
          accessList: list, maxFeePerBlobGas: 5, blobVersionedHashes: [.zero])),
      .setCode(
        SetCodeTransaction(
          chainID: 6, nonce: 1, maxPriorityFeePerGas: 2, maxFeePerGas: 3, gasLimit: 4, to: .zero, accessList: list,
          authorizationList: [authorization])),
    ]
    for transaction in transactions {
      let signed = SignedTransaction(transaction, yParity: 1, r: Digest(UInt256(7)), s: Digest(UInt256(8)))
      #expect(try SignedTransaction(decoding: signed.raw) == signed)
      #expect(try SignedTransaction(signed.document) == signed)
      #expect(try Transaction(transaction.document) == transaction)
    }
  }

  static let faults: [(JSONValue, String)] = [
    ("0x", "the document: found the string \"0x\"; write an object"),
    (["type": 5], "type: found the number 5; write a type of 0 to 4"),
    (
      ["nonce": "1.5"],
      "nonce: found the string \"1.5\"; write a whole number in the range of uint256, as text or as a number"
    ),
    (["gas": "0x10000000000000000"], "gas: found the string \"0x10000000000000000\"; write a whole number below 2^64"),
    (
      ["to": "0x12"],
      "to: found the string \"0x12\"; write an address, 0x and 40 digits with a valid EIP-55 checksum or in one case"
    ),
    (["type": 3], "to: found nothing; write an address: this type creates no contract"),
    (["input": "12"], "input: found the string \"12\"; write bytes, 0x and pairs of hexadecimal digits"),
    (["accessList": 1], "accessList: found the number 1; write an array"),
    (
      ["accessList": [["address": .string(Address.zero.checksummed), "storageKeys": ["0x"]]]],
      "accessList[0].storageKeys[0]: found the string \"0x\"; write 32 bytes, 0x and 64 hexadecimal digits"
    ),
  ]

  @Test(arguments: faults) func `a transaction's document at fault is refused with its place`(
    document: JSONValue, message: String
  ) {
    #expect {
      try Transaction(document)
    } throws: {
      ($0 as? EthereumError)?.description == message
    }
  }
}
