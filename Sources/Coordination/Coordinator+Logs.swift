import Chain
import Ethereum
import Settlement
import Storage

/// Following: only blocks as deep as the policy asks are read, so nothing in a journal has to be taken back.
extension Coordinator {
  /// Takes the vaults' logs from where the last round ended to the deepest final block, a bounded range at a time. Whoever
  /// carried an act to the chain, this is how it is learned of.
  func takeLogs(under head: BlockHeader) async throws(CoordinationError) {
    guard let horizon = policy.horizon(under: head.number) else { return }
    let store = store
    let cursor = try await stored { () throws(StorageError) in try await store.cursor() }
    guard var from = cursor.map({ $0 + 1 }) else {
      // Nothing that was agreed here can have been opened before the first round.
      _ = try await commit(Batch(cursor: horizon), [])
      return
    }
    while from <= horizon {
      let to = min(horizon, from + policy.logRangeMax - 1)
      guard try await takeLogs(from: from, to: to) else { return }
      from = to + 1
    }
  }

  /// - Returns: false where the range must be read again in a later round.
  private func takeLogs(from: UInt64, to: UInt64) async throws(CoordinationError) -> Bool {
    let vaults = vaults()
    let logs =
      vaults.isEmpty
      ? []
      : try await onChain { [chain] () throws(ChainError) in
        try await chain.logs(LogFilter(.blocks(from...to), addresses: vaults.keys.sorted()))
      }
    var journals: [AgreementID: Journal] = [:]
    var batch = Batch(cursor: to)
    for entry in logs {
      guard let id = vaults[entry.log.address], let agreement = self.journals[id]?.trade?.agreement,
        let happening = EscrowEvent(entry.log, of: agreement)
      else { continue }
      let block = try await onChain { [chain] () throws(ChainError) in
        try await chain.block(.number(entry.blockNumber))
      }
      guard let block, block.hash == entry.blockHash else { return false }
      let header = block.header
      let fact = ChainFact(
        blockNumber: header.number, blockHash: block.hash, blockTime: header.timestamp,
        transaction: entry.transactionHash)
      var journal = journals[id] ?? self.journals[id] ?? Journal()
      do throws(SettlementError) {
        let (line, actions) = try journal.append(.happened(happening, fact), at: header.timestamp)
        batch.entries.append(line)
        batch.queue += actions.map { (id, $0) }
        journals[id] = journal
        obstacles[id] = nil
      } catch {
        // One agreement that went past this coordinator must not hold up the others.
        obstacles[id] = "the chain says more than the journal can take: \(error)"
      }
    }
    return try await commit(batch, Array(journals.values))
  }

  /// The vaults whose logs can still matter.
  private func vaults() -> [Address: AgreementID] {
    var vaults: [Address: AgreementID] = [:]
    for (id, journal) in journals {
      if let trade = journal.trade, let agreement = trade.agreement, trade.vaultState != .closed {
        vaults[agreement.vault] = id
      }
    }
    return vaults
  }
}
