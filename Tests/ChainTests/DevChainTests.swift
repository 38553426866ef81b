import Arithmetic
import Chain
import Ethereum
import JSON
import Signing
import Testing

/// `ChainClient` against a real EVM: one trade's worth of questions.
@Suite(.enabled(if: DevChain.isThere)) struct DevChainTests {
  private static let chainID: ChainID = 1337

  /// Error("no").
  private static let errorNo =
    "08c379a0" + "0000000000000000000000000000000000000000000000000000000000000020"
    + "0000000000000000000000000000000000000000000000000000000000000002"
    + "6e6f000000000000000000000000000000000000000000000000000000000000"

  /// Copies the 100 bytes behind itself and reverts with them.
  private static let runtime = "6064600c60003960646000fd" + errorNo

  /// Records a log with the topic 1 and the word 42, then leaves the 112 bytes behind itself as the contract.
  private static let initCode = "0x602a600052600160206000a16070601860003960706000f3" + runtime

  private static func signed(
    nonce: UInt64, to: Address?, value: UInt256 = .zero, data: [UInt8] = [], fees: Fees, by key: borrowing PrivateKey
  ) throws -> SignedTransaction {
    try FeeMarketTransaction(
      chainID: chainID, nonce: nonce, maxPriorityFeePerGas: fees.maxPriorityFeePerGas, maxFeePerGas: fees.maxFeePerGas,
      gasLimit: 200_000, to: to, value: value, data: data
    ).signed(by: key)
  }

  @Test func `a node is asked, sent to and followed`() async throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    let sender = key.address
    let chain = try DevChain([
      "--chain-id", "\(Self.chainID)", "--fund", "\(sender.fixedBytes.hex)=1000000000000000000",
    ])
    let client = ChainClient(chain.transport)

    #expect(try await client.chainID() == Self.chainID)
    #expect(try await client.latestNumber() == 0)
    let genesis = try #require(try await client.block(.latest))
    #expect(try await client.block(.hash(genesis.hash)) == genesis)
    #expect(try await client.block(.number(1)) == nil)
    #expect(try await client.balance(of: sender) == 1_000_000_000_000_000_000)
    #expect(try await client.nonce(of: sender) == 0)
    #expect(try await client.receipt(of: .zero) == nil)
    let fees = FeePolicy().fees(from: try await client.feeHistory())

    let create = try Self.signed(nonce: 0, to: nil, data: Hex.decode(Self.initCode), fees: fees, by: key)
    #expect(try await client.sendRawTransaction(create.raw) == .accepted)
    let receipt = try #require(try await client.receipt(of: create.hash))
    #expect(receipt.receipt.succeeded == true && receipt.blockNumber == 1)
    let contract = try #require(receipt.contractAddress)
    #expect(contract == Address.created(by: sender, nonce: 0))
    #expect(Hex.encode(try await client.code(of: contract)) == "0x" + Self.runtime)

    let block = try #require(try await client.block(.number(1)))
    #expect(try await client.transactions(in: block) == [create.raw])
    #expect(try await client.receipts(in: block) == [receipt])
    let topic = try Digest(UInt256.one.bigEndianBytes)
    let logs = try await client.logs(LogFilter(.blocks(0...1), addresses: [contract], topics: [[topic]]))
    #expect(logs.map(\.log) == [Log(address: contract, topics: [topic], data: UInt256(42).bigEndianBytes)])
    #expect(try await client.logs(LogFilter(.block(block.hash), topics: [[.zero]])) == [])

    let reverts = ChainError.reverted(Revert(data: try Hex.decode("0x" + Self.errorNo)))
    await #expect(throws: reverts) { try await client.call(Call(to: contract, data: [])) }
    await #expect(throws: reverts) { try await client.estimateGas(Call(to: contract, data: [])) }
    #expect(try await client.estimateGas(Call(to: sender, data: [], from: sender)) == 21_000)

    // What the pool refuses.
    #expect(try await client.sendRawTransaction(create.raw) == .nonceTooLow)
    try await chain.control("devchain_hold")
    let first = try Self.signed(nonce: 1, to: sender, fees: fees, by: key)
    #expect(try await client.sendRawTransaction(first.raw) == .accepted)
    #expect(try await client.sendRawTransaction(first.raw) == .alreadyKnown)
    let same = try Self.signed(nonce: 1, to: sender, value: 1, fees: fees, by: key)
    #expect(try await client.sendRawTransaction(same.raw) == .underpriced)
    let rich = try Self.signed(nonce: 2, to: sender, value: 2_000_000_000_000_000_000, fees: fees, by: key)
    #expect(try await client.sendRawTransaction(rich.raw) == .insufficientFunds)
    #expect(try await client.nonce(of: sender, at: .pending) == 2)
    #expect(try await client.receipt(of: first.hash) == nil)
    try await chain.control("devchain_release")
    let mined = try #require(try await client.receipt(of: first.hash))
    #expect(try await client.balance(of: sender, at: .hash(block.hash)) > client.balance(of: sender))

    // A reorganisation without the transaction takes its receipt and its block away.
    try await chain.control("devchain_reorganise", 1, ["drop": [.string(first.hash.hex)]])
    #expect(try await client.receipt(of: first.hash) == nil)
    let replaced = try #require(try await client.block(.number(mined.blockNumber)))
    #expect(replaced.hash != mined.blockHash)
    #expect(replaced.header.parentHash == block.hash)
  }
}
