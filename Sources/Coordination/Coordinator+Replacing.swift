import Arithmetic
import Chain
import Ethereum
import Settlement
import Signing
import Storage

/// Publishing and replacing: stored bytes are sent until a block holds them, since pools forget. Where they pay too
/// little, the same call is signed again with higher fees under the same nonce, and stored before it is first sent, so
/// that the chain takes one of them at most.
extension Coordinator {
  /// Sends what was signed last, and asks whether it is to be replaced.
  ///
  /// - Returns: what stands in the way, in words.
  func publish(
    _ task: OutboxTask, _ route: Route, under head: BlockHeader
  ) async throws(CoordinationError) -> String? {
    guard let transaction = task.transactions.last else { throw .unknownAgreement(task.agreementID) }
    let since = waits[task.id] ?? head.number
    waits[task.id] = since
    let outcome = try await send(transaction, task.agreementID)
    switch outcome {
    case .accepted, .alreadyKnown:
      guard head.number >= since + policy.patience else { return nil }
      return try await replace(task, route, isRefused: false, under: head)
    case .underpriced:
      // A pool answers alike until the next block.
      guard head.number > since else { return obstacle(transaction, outcome) }
      return try await replace(task, route, isRefused: true, under: head)
    case .insufficientFunds, .rejected:
      // What was signed before may cost less, and is as good.
      earlier: for earlier in task.transactions.dropLast().reversed() {
        switch try await send(earlier, task.agreementID) {
        case .insufficientFunds, .rejected: continue
        case .accepted, .alreadyKnown, .nonceTooLow, .underpriced: break earlier
        }
      }
      return obstacle(transaction, outcome)
    case .nonceTooLow: return obstacle(transaction, outcome)
    }
  }

  private func replace(
    _ task: OutboxTask, _ route: Route, isRefused: Bool, under head: BlockHeader
  ) async throws(CoordinationError) -> String? {
    let id = task.agreementID
    // Bytes of a key that is not held any more stay as they are.
    guard let old = task.transactions.last else { return nil }
    guard old.sender == sender else { return isRefused ? obstacle(old, .underpriced) : nil }
    var transaction = try check(old, id)
    let fees = Fees(
      maxFeePerGas: transaction.maxFeePerGas, maxPriorityFeePerGas: transaction.maxPriorityFeePerGas)
    let rule = policy.fees(forGas: transaction.gasLimit)
    switch rule.replacement(of: fees, isRefused: isRefused, from: try await history(for: rule, under: head)) {
    case .notNeeded: return nil
    case .aboveBound: return note(.aboveBound(rule.maxFeePerGasMax ?? .max))
    case .caps(let raised):
      transaction.maxFeePerGas = raised.maxFeePerGas
      transaction.maxPriorityFeePerGas = raised.maxPriorityFeePerGas
    }
    try await checkChain()
    let new = StoredTransaction(sender: sender, nonce: old.nonce, raw: try sign(transaction).raw)
    let batch = Batch(replacement: (task.id, new))
    let instruction = journals[id]?.trade?.instruction
    if instruction?.route == route, instruction?.transaction == old.hash {
      try await amend(id, at: head.timestamp, with: batch) { _ in .replaced(route, transaction: old.hash, by: new.hash)
      }
    } else {
      // Somebody else carried the act; but the nonce is used only once one of them is mined, and holds up all later ones.
      _ = try await commit(batch)
    }
    waits[task.id] = head.number
    return obstacle(new, try await send(new, id))
  }

  /// The fees of the last blocks; one head has one history.
  private func history(
    for rule: FeePolicy, under head: BlockHeader
  ) async throws(CoordinationError) -> FeeHistory {
    if let lastFees, lastFees.head == head.hash { return lastFees.history }
    let chain = chain
    let history = try await onChain { () throws(ChainError) in try await chain.feeHistory(for: rule) }
    lastFees = (head.hash, history)
    return history
  }

  /// Sends stored bytes once.
  func send(_ transaction: StoredTransaction, _ id: AgreementID) async throws(CoordinationError) -> SendOutcome {
    _ = try check(transaction, id)
    let chain = chain
    return try await onChain { () throws(ChainError) in try await chain.sendRawTransaction(transaction.raw) }
  }

  /// What an answer to sent bytes means for their agreement, in words; nothing where they wait for a block.
  func obstacle(_ transaction: StoredTransaction, _ outcome: SendOutcome) -> String? {
    switch outcome {
    case .accepted, .alreadyKnown: nil
    case .nonceTooLow:
      "nonce \(transaction.nonce) of \(transaction.sender) is used; by whom, its block will show"
    case .underpriced: "transaction \(transaction.hash) pays too little for the chain at present"
    case .insufficientFunds: note(.noEther(transaction.sender))
    case .rejected(let code, _): "the chain's node does not take transaction \(transaction.hash) (\(code))"
    }
  }

  private func note(_ obstacle: GasObstacle) -> String {
    gasObstaclesOfRound.insert(obstacle)
    return obstacle.description
  }

  func sign(_ transaction: FeeMarketTransaction) throws(CoordinationError) -> SignedTransaction {
    do throws(SigningError) {
      return try transaction.signed(by: key)
    } catch {
      throw .refused(.badSignature(of: "the envelope", error))
    }
  }

  /// What comes back from the store is sent only where it is what was signed: our sender's, with that nonce, to this
  /// agreement's escrow, on this chain, worth nothing.
  private func check(
    _ stored: StoredTransaction, _ id: AgreementID
  ) throws(CoordinationError) -> FeeMarketTransaction {
    let vault = journals[id]?.trade.map { EscrowContract.vault(of: id, under: $0.terms) }
    guard let decoded = try? SignedTransaction(decoding: stored.raw), decoded.hash == stored.hash,
      (try? decoded.sender()) == stored.sender, case .feeMarket(let transaction) = decoded.transaction,
      transaction.nonce == stored.nonce, transaction.chainID == domain.chainID, transaction.value == .zero,
      let to = transaction.to, to == domain.verifyingContract || to == vault
    else {
      alarms[id] = CoordinationError.foreignTransaction(stored.hash).description
      throw .foreignTransaction(stored.hash)
    }
    return transaction
  }
}

/// Why gas cannot be paid for, whatever the agreement: the operator's to mend.
enum GasObstacle: Hashable, Sendable, CustomStringConvertible {
  /// The sender has too little ether.
  case noEther(Address)
  /// The chain asks for more than is allowed for a unit of gas, in wei.
  case aboveBound(UInt256)

  /// What to do, in words.
  var description: String {
    switch self {
    case .noEther(let sender): "\(sender) cannot pay for gas; send it ether"
    case .aboveBound(let bound):
      "gas costs more than the \(bound) wei a unit that are allowed; wait until it is cheaper, or allow more"
    }
  }
}
