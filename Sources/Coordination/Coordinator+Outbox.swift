import Arithmetic
import Chain
import Ethereum
import Settlement
import Signing
import Storage
import Terms

/// Carrying: each task of the outbox is done at least once. A transaction is stored before it is first sent, and only
/// stored bytes are ever sent, so a crash between any two steps repeats the same bytes and pays nothing twice.
extension Coordinator {
  /// A node that does not answer so many tasks in a row is asked again in the next round.
  private static let silenceMax = 3

  /// Carries every open task that is later than one. Each may fail by itself.
  ///
  /// - Returns: the last task that was looked at.
  func carryTasks(
    after last: OutboxTask.ID = 0, under head: BlockHeader
  ) async throws(CoordinationError) -> OutboxTask.ID {
    let store = store
    let tasks = try await stored { () throws(StorageError) in try await store.openTasks() }
    forget(allBut: tasks)
    var last = last
    var silences = 0
    for task in tasks where task.id > last {
      last = task.id
      if let setback = setbacks[task.id], head.number < setback.notBefore { continue }
      do throws(CoordinationError) {
        obstacles[task.agreementID] = try await carry(task, under: head)
        setbacks[task.id] = nil
      } catch {
        guard error.concernsOneAgreement else { throw error }
        obstacles[task.agreementID] = error.publicDescription
        if error.isSilence {
          silences += 1
          if silences == Self.silenceMax { throw error }
        } else {
          setbacks[task.id, default: Setback()].add(under: head.number, blocksMax: task.pauseMax)
        }
      }
    }
    return last
  }

  /// Forgets what concerns tasks that are finished, also where nobody heard that their last commit held.
  private func forget(allBut tasks: [OutboxTask]) {
    let (ids, agreements) = (Set(tasks.map(\.id)), Set(tasks.map(\.agreementID)))
    waits = waits.filter { ids.contains($0.key) }
    setbacks = setbacks.filter { ids.contains($0.key) }
    obstacles = obstacles.filter { agreements.contains($0.key) || journals[$0.key]?.trade?.isUnderWay != false }
  }

  /// - Returns: what stands in the way, in words.
  private func carry(_ task: OutboxTask, under head: BlockHeader) async throws(CoordinationError) -> String? {
    switch task.action {
    case .carry(let route):
      if let first = task.transactions.first {
        return try await follow(task, first.nonce, of: first.sender, route, under: head)
      }
      return try await instruct(task, route, under: head)
    case .prove:
      try await prove(task)
      return nil
    }
  }

  // MARK: Before the transaction is signed

  /// Derives the call, signs its envelope, stores both the bytes and the fact, then sends them.
  private func instruct(
    _ task: OutboxTask, _ route: Route, under head: BlockHeader
  ) async throws(CoordinationError) -> String? {
    let (id, now) = (task.agreementID, head.timestamp)
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    guard let instruction = trade.instruction, instruction.route == route, instruction.transaction == nil else {
      // Somebody else carried the act.
      try await finish(task)
      return nil
    }
    guard try isStillFirst(route, trade, at: now) else {
      try await amend(id, at: now, with: Batch(finish: [task.id])) { _ in .withdrawn(route, transaction: nil) }
      return nil
    }
    let signed: (transaction: SignedTransaction, nonce: UInt64)
    do throws(CoordinationError) {
      signed = try await envelope(around: calls(for: route, trade, at: now))
    } catch {
      guard route.changesTerms, error.concernsOneAgreement, !error.isSilence else { throw error }
      // What is wanted after it need not wait for it.
      try await amend(id, at: now, with: Batch(finish: [task.id])) { _ in .withdrawn(route, transaction: nil) }
      changePauses[id, default: Setback()].add(under: lastHead.number, blocksMax: Self.changePauseMax)
      return error.publicDescription
    }
    let stored = StoredTransaction(sender: sender, nonce: signed.nonce, raw: signed.transaction.raw)
    try await amend(id, at: now, with: Batch(transaction: (task.id, stored))) { _ in
      .instructed(route, transaction: stored.hash)
    }
    waits[task.id] = head.number
    return obstacle(stored, try await send(stored, id))
  }

  /// Whether the route would be chosen again. While one cannot be carried, another may open that is wanted more.
  private func isStillFirst(_ route: Route, _ trade: Trade, at now: UInt64) throws(CoordinationError) -> Bool {
    try refusing { () throws(SettlementError) in
      let free = try Lifecycle.step(trade, .withdrawn(route, transaction: nil), at: now).state
      return try free.dueRoutes(at: now).contains(route)
    }
  }

  /// What may be sent for a route. One party's claim that its token does not back must not keep out the other's.
  func calls(for route: Route, _ trade: Trade, at now: UInt64) throws(CoordinationError) -> [SettlementCall] {
    try refusing { () throws(SettlementError) in
      guard let agreement = trade.agreement else { return [try trade.call(for: route, at: now)] }
      switch route {
      case .propose:
        let evidence = try Evidence(trade.observations, for: agreement)
        return try trade.carriableProposals(at: now).map { (proposal) throws(SettlementError) in
          try SettlementCall.proposing(proposal, of: agreement, evidence: evidence)
        }
      case .dispute:
        let evidence = try Evidence(trade.observations, for: agreement)
        var newest: [Address: Signed<Dispute>] = [:]
        for dispute in trade.disputes where now < dispute.message.counter.validUntil {
          newest[dispute.signer] = dispute
        }
        return try newest.sorted { $0.key < $1.key }.map { (_, dispute) throws(SettlementError) in
          try SettlementCall.disputing(dispute, of: agreement, evidence: evidence)
        }
      case .amend, .novate:
        return try trade.carriableChanges(route, at: now).map { (change) throws(SettlementError) in
          try SettlementCall.changing(agreement, by: change)
        }
      default: return [try trade.call(for: route, at: now)]
      }
    }
  }

  /// The first of the calls that the chain would take now, signed.
  private func envelope(
    around calls: [SettlementCall]
  ) async throws(CoordinationError) -> (transaction: SignedTransaction, nonce: UInt64) {
    let (call, gas) = try await estimate(calls)
    let chain = chain
    let store = store
    let sender = sender
    // The estimate is of the present state; a quarter more leaves room for the next one.
    let gasLimit = gas + gas / 4
    let rule = policy.fees(forGas: gasLimit)
    let fees = try await onChain { () throws(ChainError) in rule.fees(from: try await chain.feeHistory(for: rule)) }
    let mined = try await onChain { () throws(ChainError) in try await chain.nonce(of: sender, at: .latest) }
    let next = try await stored { () throws(StorageError) in try await store.nextNonce(of: sender) }
    let nonce = max(mined, next ?? 0)
    try await checkChain()
    let envelope = Envelope(
      carrying: call, nonce: nonce, gasLimit: gasLimit, maxFeePerGas: fees.maxFeePerGas,
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas)
    return (try sign(envelope.transaction), nonce)
  }

  func estimate(
    _ calls: [SettlementCall]
  ) async throws(CoordinationError) -> (call: SettlementCall, gas: UInt64) {
    let chain = chain
    let sender = sender
    var first: CoordinationError?
    for call in calls {
      do throws(CoordinationError) {
        let gas = try await onChain { () throws(ChainError) in
          try await chain.estimateGas(Call(to: call.to, data: call.data, from: sender))
        }
        guard gas <= policy.gasLimitMax else { throw .tooMuchGas(gas, allowed: policy.gasLimitMax) }
        return (call, gas)
      } catch {
        first = first ?? error
      }
    }
    throw first ?? .refused(.outOfPlace(event: "a call without a message", state: "ready to be sent"))
  }

  // MARK: After it was stored

  /// Publishes what is stored until one of it is mined, and ends the task once its nonce is used in a block that was
  /// taken. By then everything the transaction did is in the journal, so an instruction that still stands had no effect:
  /// it was reverted, or another transaction has its nonce for good.
  private func follow(
    _ task: OutboxTask, _ nonce: UInt64, of sender: Address, _ route: Route, under head: BlockHeader
  ) async throws(CoordinationError) -> String? {
    let id = task.agreementID
    let chain = chain
    var receipt: TransactionReceipt?
    for transaction in try await candidates(task, nonce, of: sender) where receipt == nil {
      receipt = try await onChain { () throws(ChainError) in try await chain.receipt(of: transaction.hash) }
    }
    var used: UInt64 = 0
    if let taken = lastTaken?.number {
      used = try await onChain { () throws(ChainError) in try await chain.nonce(of: sender, at: .number(taken)) }
    }
    guard used > nonce else { return receipt == nil ? try await publish(task, route, under: head) : nil }
    guard let instruction = journals[id]?.trade?.instruction, instruction.route == route,
      let standing = instruction.transaction, task.transactions.contains(where: { $0.hash == standing })
    else {
      try await finish(task)
      return nil
    }
    // A receipt in a later block contradicts the nonce: look again.
    if let receipt, let taken = lastTaken?.number, receipt.blockNumber > taken { return nil }
    try await amend(id, with: Batch(finish: [task.id])) { _ in .withdrawn(route, transaction: standing) }
    if route.changesTerms {
      changePauses[id, default: Setback()].add(under: lastHead.number, blocksMax: 256)
    } else {
      reverts[id, default: [:]][route, default: Setback()].add(under: lastHead.number, blocksMax: 256)
    }
    return "transaction \(standing) had no effect: it was reverted, or its nonce was used elsewhere"
  }

  /// What a task signed that may be mined, newest first. Of many the nonce is asked for first: while it is free, none is.
  private func candidates(
    _ task: OutboxTask, _ nonce: UInt64, of sender: Address
  ) async throws(CoordinationError) -> [StoredTransaction] {
    if task.transactions.count > 1 {
      let chain = chain
      let used = try await onChain { () throws(ChainError) in try await chain.nonce(of: sender) }
      if used <= nonce { return [] }
    }
    return task.transactions.reversed()
  }
}
