import Arithmetic
import Chain
import Ethereum
import Settlement
import Signing
import Storage

/// Carrying: each task of the outbox is done at least once. A transaction is stored before it is first sent, and only the
/// stored bytes are ever sent, so a crash between any two steps repeats the same bytes and pays nothing twice.
extension Coordinator {
  func carryTasks(under head: BlockHeader) async throws(CoordinationError) {
    let store = store
    let tasks = try await stored { () throws(StorageError) in try await store.openTasks() }
    for task in tasks {
      do throws(CoordinationError) {
        switch task.action {
        case .carry(let route):
          if let transaction = task.transaction {
            try await follow(transaction, task, route, under: head)
          } else {
            try await instruct(task, route, at: head.timestamp)
          }
        case .prove: try await prove(task)
        }
      } catch .chain(let error) {
        // A node's refusal concerns this task alone; the next round tries again.
        obstacles[task.agreementID] = error.description
      } catch .refused(let error) {
        obstacles[task.agreementID] = error.description
      }
    }
  }

  /// Derives the call, signs its envelope, stores both the bytes and the fact, then sends them.
  private func instruct(_ task: OutboxTask, _ route: Route, at now: UInt64) async throws(CoordinationError) {
    let id = task.agreementID
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    guard try isOpen(route, trade, at: now) else {
      try await amend(id, at: now, with: Batch(finish: [task.id])) { _ in .withdrawn(route, transaction: nil) }
      obstacles[id] = nil
      return
    }
    let call = try refusing { () throws(SettlementError) in try trade.call(for: route, at: now) }
    let signed = try await envelope(around: call)
    let stored = StoredTransaction(sender: sender, nonce: signed.nonce, raw: signed.transaction.raw)
    try await amend(id, at: now, with: Batch(transaction: (task.id, stored))) { _ in
      .instructed(route, transaction: stored.hash)
    }
    obstacles[id] = nil
    try await send(stored, id)
  }

  private func isOpen(_ route: Route, _ trade: Trade, at now: UInt64) throws(CoordinationError) -> Bool {
    try refusing { () throws(SettlementError) in
      try EscrowRule.routes(of: trade.terms, in: trade.vaultState, agreed: trade.agreedOutcome?.outcome, at: now)
        .contains { $0.route == route && $0.isOpen }
    }
  }

  private func envelope(
    around call: SettlementCall
  ) async throws(CoordinationError) -> (transaction: SignedTransaction, nonce: UInt64) {
    let chain = chain
    let store = store
    let sender = sender
    let gas = try await onChain { () throws(ChainError) in
      try await chain.estimateGas(Call(to: call.to, data: call.data, from: sender))
    }
    let fees = try await onChain { [policy] () throws(ChainError) in
      policy.fees.fees(from: try await chain.feeHistory(for: policy.fees))
    }
    let mined = try await onChain { () throws(ChainError) in try await chain.nonce(of: sender, at: .latest) }
    let next = try await stored { () throws(StorageError) in try await store.nextNonce(of: sender) }
    let nonce = max(mined, next ?? 0)
    // The estimate is of the present state; a quarter more leaves room for the next one.
    let envelope = Envelope(
      carrying: call, nonce: nonce, gasLimit: gas + gas / 4, maxFeePerGas: fees.maxFeePerGas,
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas)
    do throws(SigningError) {
      return (try envelope.transaction.signed(by: key), nonce)
    } catch {
      throw .refused(.badSignature(of: "the envelope", error))
    }
  }

  /// Sends the stored bytes again until they are mined, and ends the task once that is final.
  private func follow(
    _ transaction: StoredTransaction, _ task: OutboxTask, _ route: Route, under head: BlockHeader
  ) async throws(CoordinationError) {
    let id = task.agreementID
    let chain = chain
    let receipt = try await onChain { () throws(ChainError) in try await chain.receipt(of: transaction.hash) }
    guard let receipt else {
      guard let horizon = policy.horizon(under: head.number) else { return try await send(transaction, id) }
      let sender = sender
      let consumed = try await onChain { () throws(ChainError) in
        try await chain.nonce(of: sender, at: .number(horizon))
      }
      guard consumed > transaction.nonce else { return try await send(transaction, id) }
      // Another transaction took the nonce for good, so these bytes can never be mined.
      return try await end(task, route, transaction)
    }
    guard let horizon = policy.horizon(under: head.number), receipt.blockNumber <= horizon else { return }
    if receipt.receipt.succeeded == true {
      _ = try await commit(Batch(finish: [task.id]), [])
      obstacles[id] = nil
    } else {
      try await end(task, route, transaction)
      obstacles[id] = "transaction \(transaction.hash) was reverted in block \(receipt.blockNumber)"
    }
  }

  /// Ends a task without effect; the life cycle decides anew where the instruction still stands.
  private func end(
    _ task: OutboxTask, _ route: Route, _ transaction: StoredTransaction
  ) async throws(CoordinationError) {
    let id = task.agreementID
    let instruction = journals[id]?.trade?.instruction
    if instruction?.route == route, instruction?.transaction == transaction.hash {
      try await amend(id, with: Batch(finish: [task.id])) { _ in .withdrawn(route, transaction: transaction.hash) }
    } else {
      _ = try await commit(Batch(finish: [task.id]), [])
    }
  }

  private func send(_ transaction: StoredTransaction, _ id: AgreementID) async throws(CoordinationError) {
    let chain = chain
    let outcome = try await onChain { () throws(ChainError) in
      try await chain.sendRawTransaction(transaction.raw)
    }
    switch outcome {
    case .accepted, .alreadyKnown: obstacles[id] = nil
    default: obstacles[id] = "the node does not take transaction \(transaction.hash): \(outcome)"
    }
  }
}
