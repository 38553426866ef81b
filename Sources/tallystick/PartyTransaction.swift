import Arithmetic
import Chain
import Console
import Ethereum
import Signing

/// A transaction that a party sends itself, followed until it is mined.
enum PartyTransaction {
  /// How often to look for the receipt.
  private static let poll = Duration.milliseconds(200)
  /// How long to look before saying that it is not mined yet.
  private static let patience = Duration.seconds(300)

  /// Gas that an approval may use: ten times what costly tokens take.
  private static let approvalGasMax: UInt64 = 1_000_000

  /// Gas that an act on the escrow may use: a ruling of fifteen with every payout at its cap.
  static let actGasMax: UInt64 = 7_000_000

  enum Failure: Error, CustomStringConvertible {
    case otherChain(expected: ChainID, found: ChainID)
    case notTaken(SendOutcome)
    case tooMuchGas(UInt64)
    case reverted(Digest)
    case notMined(Digest)

    var status: ExitStatus {
      switch self {
      case .otherChain, .reverted, .tooMuchGas: .refused
      case .notTaken: .remoteFailure
      case .notMined: .notFinal
      }
    }

    var code: String {
      switch self {
      case .otherChain: "other_chain"
      case .notTaken: "transaction_not_taken"
      case .tooMuchGas: "too_much_gas"
      case .reverted: "transaction_reverted"
      case .notMined: "transaction_not_mined"
      }
    }

    var description: String {
      switch self {
      case .otherChain(let expected, let found):
        "the node is on chain \(found.rawValue), the terms on chain \(expected.rawValue); use a node of that chain"
      case .tooMuchGas(let gas): "it asks for \(gas) gas; nothing was sent"
      case .notTaken(let outcome): "the node does not take the transaction: \(outcome)"
      case .reverted(let hash): "transaction \(hash) was reverted"
      case .notMined(let hash): "transaction \(hash) is not mined yet; look again later"
      }
    }
  }

  static func send(
    _ data: [UInt8], to contract: Address, on chainID: ChainID, _ key: borrowing PrivateKey, rpcURL: String,
    gasMax: UInt64 = approvalGasMax
  ) async throws -> TransactionReceipt {
    let chain = ChainClient(try CurlTransport(url: rpcURL))
    let found = try await chain.chainID()
    guard found == chainID else { throw Failure.otherChain(expected: chainID, found: found) }
    let sender = key.address
    let gas = try await chain.estimateGas(Call(to: contract, data: data, from: sender))
    guard gas <= gasMax else { throw Failure.tooMuchGas(gas) }
    let policy = FeePolicy()
    let fees = policy.fees(from: try await chain.feeHistory(for: policy))
    let transaction = FeeMarketTransaction(
      chainID: chainID, nonce: try await chain.nonce(of: sender, at: .pending),
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas, maxFeePerGas: fees.maxFeePerGas, gasLimit: gas + gas / 4,
      to: contract, value: .zero, data: data, accessList: [])
    let signed = try transaction.signed(by: key)
    switch try await chain.sendRawTransaction(signed.raw) {
    case .accepted, .alreadyKnown: break
    case let outcome: throw Failure.notTaken(outcome)
    }
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while clock.now < deadline {
      if let receipt = try await chain.receipt(of: signed.hash) {
        guard receipt.receipt.succeeded == true else { throw Failure.reverted(signed.hash) }
        return receipt
      }
      try await clock.sleep(for: poll)
    }
    throw Failure.notMined(signed.hash)
  }
}
