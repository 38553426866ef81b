import Chain
import Ethereum
import Settlement

/// Working: one round after another, each from what the store holds, so that it does not matter where the last one ended.
extension Coordinator {
  /// One round: take what the chain says, carry what is under way, decide what is due. Rounds do not overlap.
  ///
  /// - Throws: `CoordinationError` where the node or the store failed; the next round takes up where this one ended.
  public func advance() async throws(CoordinationError) {
    if isAdvancing { return }
    isAdvancing = true
    defer { isAdvancing = false }
    gasObstaclesOfRound = []
    try await resolveDoubts()
    try await checkChain()
    let head = try await head()
    try await takeBlocks(under: head)
    let carried = try await carryTasks(under: head)
    if try await decide(under: head) { _ = try await carryTasks(after: carried, under: head) }
    gasObstacles = gasObstaclesOfRound
  }

  /// Queues what is open and wanted, and closes what can no longer open.
  ///
  /// - Returns: whether anything was queued.
  private func decide(under head: BlockHeader) async throws(CoordinationError) -> Bool {
    var queued = false
    for id in agreements(where: { $0.instruction == nil && $0.isUnderWay }) {
      guard let trade = journals[id]?.trade else { continue }
      do throws(CoordinationError) {
        if try await lapse(id, trade) { continue }
        if try await queue(id, trade, under: head) { queued = true }
      } catch {
        guard error.concernsOneAgreement else { throw error }
        // A message may have changed the state meanwhile; the next round decides on that.
        switch error {
        case .refused(.outOfPlace), .refused(.changedTerms): continue
        default: break
        }
        obstacles[id] = error.publicDescription
      }
    }
    return queued
  }

  /// Lapsing is judged by a final block, up to which every log was taken: from the head's time alone an opening that is
  /// not deep enough yet would be missed for good.
  private func lapse(_ id: AgreementID, _ trade: Trade) async throws(CoordinationError) -> Bool {
    guard trade.isWaiting, let final = lastTaken?.timestamp, trade.isLapsing(at: final) else { return false }
    if trade.isConfirmed, !lookedBack.contains(id) { return false }
    try await record(id, at: final) { $0?.isLapsing(at: final) == true ? .lapsed : nil }
    lookedBack.remove(id)
    return true
  }

  private func queue(_ id: AgreementID, _ trade: Trade, under head: BlockHeader) async throws(CoordinationError) -> Bool
  {
    if trade.phase == .execution { return false }
    let due = try refusing { () throws(SettlementError) in try trade.dueRoutes(at: head.timestamp) }
    forgetChange(id, unless: due)
    for route in due {
      // What had no effect before waits; what has come to be wanted instead does not.
      if let revert = reverts[id]?[route], head.number < revert.notBefore { return false }
      if route.changesTerms, try await !isCarriable(route, id, trade, under: head) { continue }
      try await record(id, at: head.timestamp) { _ in .due(route) }
      return true
    }
    return false
  }

  func agreements(where isWanted: (Trade) -> Bool) -> [AgreementID] {
    journals.filter { $0.value.trade.map(isWanted) ?? false }.keys.sorted()
  }

  /// The newest block; its time is the only clock. A node that lags or goes backwards says nothing new.
  func head() async throws(CoordinationError) -> BlockHeader {
    let found = try await Self.latest(chain)
    if found.number >= lastHead.number { lastHead = found }
    return lastHead
  }

  static func latest(_ chain: ChainClient) async throws(CoordinationError) -> BlockHeader {
    let block = try await onChain { () throws(ChainError) in try await chain.block(.latest) }
    guard let block else {
      throw .chain(.malformedReply(method: "eth_getBlockByNumber", path: "result", expected: "a block"))
    }
    return block.header
  }

  /// The node may have been exchanged for one of another chain.
  func checkChain() async throws(CoordinationError) {
    let chain = chain
    let found = try await onChain { () throws(ChainError) in try await chain.chainID() }
    guard found == domain.chainID else { throw .otherChain(expected: domain.chainID, found: found) }
  }
}
