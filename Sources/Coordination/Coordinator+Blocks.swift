import Chain
import Ethereum
import Settlement
import Storage

/// Following: only blocks as deep as the policy asks are read, so nothing in a journal has to be taken back. Whoever
/// carried an act to the chain, this is how it is learned of.
extension Coordinator {
  /// What a vault said in a block.
  struct Happening {
    let id: AgreementID
    let event: EscrowEvent
    let fact: ChainFact
  }

  /// Blocks after which progress is stored though nothing happened.
  private static let stride: UInt64 = 256

  /// Takes every block from where the last round ended to the deepest final one.
  func takeBlocks(under head: BlockHeader) async throws(CoordinationError) {
    let horizon = policy.horizon(under: head.number)
    let store = store
    guard let cursor = try await stored({ () throws(StorageError) in try await store.cursor() }) else {
      // What was opened before the first round is looked for when its signatures come.
      _ = try await commit(Batch(cursor: horizon ?? 0))
      return
    }
    guard let horizon else { return }
    try await lookBack(under: head, to: cursor)
    let filter = vaultFilter()
    var taken = cursor
    if filter.ids.isEmpty, taken < horizon {
      guard let block = try await block(horizon) else { return }
      _ = try await commit(Batch(cursor: horizon))
      lastTaken = block.header
      return
    }
    let last = min(horizon, taken + policy.blocksPerRoundMax)
    var stored = taken
    do throws(CoordinationError) {
      while taken < last, let block = try await block(taken + 1) {
        try checkParent(of: block)
        let happenings = try await happenings(in: block, filter)
        if !happenings.isEmpty || taken + 1 == last || taken.isMultiple(of: Self.stride) {
          try await record(happenings, cursor: taken + 1)
          stored = taken + 1
        }
        taken += 1
        lastTaken = block.header
      }
    } catch {
      // What was read stays read: a node that fails now and then must not keep the service from ever catching up.
      // After the store failed only the store says how far it is.
      if case .storage = error { throw error }
      if stored < taken { try await record([], cursor: taken) }
      throw error
    }
    if stored < taken { try await record([], cursor: taken) }
    if lastTaken == nil { lastTaken = try await block(taken)?.header }
  }

  private func block(_ number: UInt64) async throws(CoordinationError) -> Block? {
    let chain = chain
    return try await onChain { () throws(ChainError) in try await chain.block(.number(number)) }
  }

  /// A reorganisation deeper than the policy's depth is said once; what the new branch holds is then taken as it comes.
  private func checkParent(of block: Block) throws(CoordinationError) {
    guard let last = lastTaken, last.number + 1 == block.header.number, last.hash != block.header.parentHash else {
      return
    }
    lastTaken = nil
    throw .reorganised(below: block.header.number - 1)
  }

  /// What vaults said in a block, from receipts that hash to the header's root.
  private func happenings(in block: Block, _ filter: VaultFilter) async throws(CoordinationError) -> [Happening] {
    guard filter.mayMatch(block.header.logsBloom) else { return [] }
    return try await vaultLogs(in: block, filter).compactMap { entry in
      guard let id = filter.ids[entry.log.address], let agreement = journals[id]?.trade?.agreement,
        let event = EscrowEvent(entry.log, of: agreement, version: nil)
      else { return nil }
      let fact = ChainFact(
        blockNumber: block.header.number, blockHash: block.hash, blockTime: block.header.timestamp,
        transaction: entry.transaction)
      return Happening(id: id, event: event, fact: fact)
    }
  }

  private func vaultLogs(
    in block: Block, _ filter: VaultFilter
  ) async throws(CoordinationError) -> [(log: Log, transaction: Digest)] {
    let chain = chain
    let receipts: [TransactionReceipt]?
    do throws(ChainError) {
      receipts = try await chain.receipts(in: block)
    } catch {
      switch error {
      case .unknownTransactionType, .node(_, code: -32601, _):
        // Receipts that cannot be hashed here, or not asked for at once: then the node's word has to do.
        return try await onChain { () throws(ChainError) in
          try await chain.logs(LogFilter(.block(block.hash), addresses: filter.ids.keys.sorted()))
            .map { ($0.log, $0.transactionHash) }
        }
      default: throw .chain(error)
      }
    }
    guard let receipts else {
      throw .chain(.malformedReply(method: "eth_getBlockReceipts", path: "result", expected: "the receipts"))
    }
    return receipts.flatMap { receipt in receipt.receipt.logs.map { ($0, receipt.transactionHash) } }
  }

  /// Records what happened, each at its block's time, together with how far the blocks were taken.
  private func record(_ happenings: [Happening], cursor: UInt64?) async throws(CoordinationError) {
    while true {
      var changed: [AgreementID: Journal] = [:]
      var batch = Batch(cursor: cursor)
      for happening in happenings {
        let id = happening.id
        var journal = changed[id] ?? journals[id] ?? Journal()
        do throws(SettlementError) {
          let (entry, actions) = try journal.append(
            .happened(happening.event, happening.fact), at: happening.fact.blockTime)
          batch.entries.append(entry)
          batch.queue += actions.map { (id, $0) }
          changed[id] = journal
        } catch {
          // One agreement that the journal cannot follow must not hold up the others.
          alarms[id] = "block \(happening.fact.blockNumber) says what the journal cannot take: \(error)"
        }
      }
      if try await commit(batch, Array(changed.values)) { return }
    }
  }

  private func vaultFilter() -> VaultFilter {
    var filter = VaultFilter()
    for journal in journals.values {
      if let trade = journal.trade, let agreement = trade.agreement, trade.isFollowed {
        filter.add(agreement)
      }
    }
    return filter
  }

  // MARK: What happened before the signatures came

  /// The signatures may come here when somebody has opened the escrow with them already, in a block that was taken before
  /// anybody knew to look. So each newly confirmed agreement's vault is looked at once.
  private func lookBack(under head: BlockHeader, to cursor: UInt64) async throws(CoordinationError) {
    for id in agreements(where: { $0.isConfirmed }) where !lookedBack.contains(id) {
      guard case .confirmed(let agreement) = journals[id]?.trade?.phase else { continue }
      if let pause = lookBackPauses[id], head.number < pause.notBefore { continue }
      do throws(CoordinationError) {
        if try await isLookedBack(agreement, under: head, to: cursor) {
          lookedBack.insert(id)
          // An earlier look may have failed.
          if lookBackPauses.removeValue(forKey: id) != nil { alarms[id] = nil }
          continue
        }
        alarms[id] = "its escrow was opened, in a block that the node does not name"
      } catch {
        guard error.concernsOneAgreement, !error.isSilence else { throw error }
        obstacles[id] = error.publicDescription
      }
      lookBackPauses[id, default: Setback()].add(under: head.number, blocksMax: 256)
    }
  }

  private func isLookedBack(
    _ agreement: Agreement, under head: BlockHeader, to cursor: UInt64
  ) async throws(CoordinationError) -> Bool {
    let chain = chain
    let vault = agreement.vault
    let code = try await onChain { () throws(ChainError) in try await chain.code(of: vault) }
    if code.isEmpty { return true }
    var filter = VaultFilter()
    filter.add(agreement)
    var numbers: Set<UInt64> = []
    var to = head.number
    for _ in 0..<policy.logRangeCountMax {
      let from = to >= policy.logRangeMax ? to - policy.logRangeMax + 1 : 0
      let range = from...to
      let logs = try await onChain { () throws(ChainError) in
        try await chain.logs(LogFilter(.blocks(range), addresses: [vault]))
      }
      numbers.formUnion(logs.map(\.blockNumber))
      if logs.contains(where: { EscrowEvent($0.log, of: agreement) == .opened }) {
        // Later blocks are taken in their turn.
        try await takeAgain(numbers.filter { $0 <= cursor }.sorted(), filter)
        return true
      }
      if from == 0 { break }
      to = from - 1
    }
    return false
  }

  private func takeAgain(_ numbers: [UInt64], _ filter: VaultFilter) async throws(CoordinationError) {
    var found: [Happening] = []
    for number in numbers {
      guard let block = try await block(number) else {
        throw .chain(.malformedReply(method: "eth_getBlockByNumber", path: "result", expected: "block \(number)"))
      }
      found += try await happenings(in: block, filter)
    }
    if !found.isEmpty { try await record(found, cursor: nil) }
  }
}
