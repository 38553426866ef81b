import Arithmetic
public import Chain
public import Ethereum
public import Settlement
public import Signing
public import Storage
public import Terms

/// Carries agreements from submitted terms to a stored proof. What happens is decided by the life cycle and recorded in
/// the journal before it is acknowledged; what must be done is queued in the same commit and done at least once.
public actor Coordinator {
  let store: any Store
  let chain: ChainClient
  nonisolated let domain: TypedDomain
  let key: PrivateKey
  nonisolated let policy: CoordinatorPolicy
  /// The address that pays for gas.
  public nonisolated let sender: Address

  var journals: [AgreementID: Journal] = [:]
  /// Why an act under way cannot be carried at present.
  var obstacles: [AgreementID: String] = [:]
  private var isAdvancing = false
  /// The head that was seen last; what is read is said as of its time.
  private var lastHead: BlockHeader?

  /// Reads every journal back.
  ///
  /// - Throws: `CoordinationError.storage`, `.brokenJournal`; `.chain` where the node is unreachable; `.otherChain` and
  ///   `.otherEscrow` where the node, or an agreement in the store, is of another one than `domain` names.
  public init(
    store: any Store, chain: ChainClient, domain: TypedDomain, key: consuming PrivateKey, policy: CoordinatorPolicy
  ) async throws(CoordinationError) {
    self.store = store
    self.chain = chain
    self.domain = domain
    self.policy = policy
    sender = key.address
    self.key = key
    let found = try await onChain { () throws(ChainError) in try await chain.chainID() }
    guard found == domain.chainID else { throw .otherChain(expected: domain.chainID, found: found) }
    for id in try await stored({ () throws(StorageError) in try await store.agreements() }) {
      let journal = try await load(id)
      journals[id] = journal
      guard let terms = journal.trade?.terms else { continue }
      try checkDomain(of: terms)
    }
  }

  // MARK: What parties and observers ask

  /// Takes terms and their clause. The same terms again are the same agreement.
  ///
  /// - Throws: `CoordinationError.otherChain`, `.otherEscrow`, `.otherDecimals`, `.tooManyUnsigned`, `.refused`, `.chain`,
  ///   `.storage`.
  public func submit(_ terms: OptionTerms, clauseSource: String) async throws(CoordinationError) -> AgreementID {
    try checkDomain(of: terms)
    let clause = try refusing { () throws(SettlementError) in try PayoffClause(source: clauseSource) }
    guard clause.digest == terms.escrow.clause else {
      throw .refused(.otherClause(expected: terms.escrow.clause, found: clause.digest))
    }
    let id = AgreementID(terms.digest)
    if journals[id] != nil { return id }
    let unsigned = journals.values.count { $0.trade?.phase == .execution && $0.trade?.signatures.isEmpty == true }
    guard unsigned < policy.unsignedCountMax else { throw .tooManyUnsigned(unsigned) }
    try await checkToken(of: terms)
    try await record(id) { $0 == nil ? .submitted(terms, clause) : nil }
    return id
  }

  /// Takes a party's signature of the terms; whose it is, the signature says.
  public func sign(_ id: AgreementID, _ signature: Signature) async throws(CoordinationError) {
    try await amend(id) { (trade) throws(SettlementError) in
      let signer: Address
      do throws(SigningError) {
        signer = try signature.signer(of: id.digest)
      } catch {
        throw .badSignature(of: "the signature", error)
      }
      guard let party = trade.terms.escrow.party(at: signer) else {
        throw .notAParty(of: "the signature", found: signer)
      }
      // A second signature of the same digest by the same party says nothing new.
      return trade.signatures[party] == nil ? .signed(party, signature) : nil
    }
  }

  /// Takes an observer's signed price.
  public func observe(
    _ id: AgreementID, _ observation: UnverifiedMessage<Observation>
  ) async throws(CoordinationError) {
    try await amend(id) { (trade) throws(SettlementError) in
      let signed = try observation.verified(in: trade.terms.domain)
      return trade.observations.contains(signed) ? nil : .observed(signed)
    }
  }

  /// Takes a party's signature of amounts to settle at once.
  public func accept(_ id: AgreementID, _ outcome: UnverifiedMessage<AgreedOutcome>) async throws(CoordinationError) {
    try await amend(id) { (trade) throws(SettlementError) in
      let signed = try outcome.verified(in: trade.terms.domain)
      return trade.outcomes.values.contains(signed) ? nil : .outcomeSigned(signed)
    }
  }

  /// Takes a party's proposal of what the evidence comes to.
  public func accept(_ id: AgreementID, _ proposal: UnverifiedMessage<Proposal>) async throws(CoordinationError) {
    try await amend(id) { (trade) throws(SettlementError) in
      let signed = try proposal.verified(in: trade.terms.domain)
      return trade.proposals.values.contains(signed) ? nil : .proposalSigned(signed)
    }
  }

  /// Takes a dispute of the standing proposal.
  public func accept(_ id: AgreementID, _ dispute: UnverifiedMessage<Dispute>) async throws(CoordinationError) {
    try await amend(id) { (trade) throws(SettlementError) in
      let signed = try dispute.verified(in: trade.terms.domain)
      return trade.disputes.contains(signed) ? nil : .disputeSigned(signed)
    }
  }

  private func checkDomain(of terms: OptionTerms) throws(CoordinationError) {
    guard terms.domain.chainID == domain.chainID else {
      throw .otherChain(expected: domain.chainID, found: terms.domain.chainID)
    }
    guard terms.domain.verifyingContract == domain.verifyingContract else {
      throw .otherEscrow(expected: domain.verifyingContract, found: terms.domain.verifyingContract)
    }
  }

  /// The token's own decimals (ERC-20, `decimals`) must be the terms'.
  private func checkToken(of terms: OptionTerms) async throws(CoordinationError) {
    let token = terms.escrow.token
    let expected = terms.economics.tokenDecimals
    let decimals: ABIFunction = "decimals()"
    let chain = chain
    let reply: [UInt8]
    do throws(ChainError) {
      reply = try await chain.call(Call(to: token, data: decimals.selector.bytes))
    } catch .reverted {
      throw .otherDecimals(token: token, expected: expected, found: nil)
    } catch {
      throw .chain(error)
    }
    let found = reply.count == 32 ? try? UInt256(bigEndian: reply) : nil
    guard found == UInt256(UInt64(expected)) else {
      throw .otherDecimals(token: token, expected: expected, found: found)
    }
  }

  // MARK: What anyone may read

  /// What this coordinator works for.
  public nonisolated var service: (domain: TypedDomain, sender: Address, confirmations: UInt64) {
    (domain, sender, policy.confirmations)
  }

  /// Whether the node and the store answer: the head's number and time.
  ///
  /// - Throws: `CoordinationError.chain`, `.storage`.
  public func probe() async throws(CoordinationError) -> (number: UInt64, timestamp: UInt64) {
    let store = store
    _ = try await stored { () throws(StorageError) in try await store.cursor() }
    let head = try await head()
    return (head.number, head.timestamp)
  }

  /// An agreement's events, as they were committed.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`.
  public func journal(of id: AgreementID) throws(CoordinationError) -> [JournalEntry] {
    guard let journal = journals[id] else { throw .unknownAgreement(id) }
    return journal.entries
  }

  /// Every agreement known here, by id.
  public func agreements() -> [AgreementID] { journals.keys.sorted() }

  /// - Throws: `CoordinationError.unknownAgreement`, `.chain`, `.storage`.
  public func view(_ id: AgreementID) async throws(CoordinationError) -> TradeView {
    guard let journal = journals[id], let trade = journal.trade else { throw .unknownAgreement(id) }
    let head: BlockHeader
    if let lastHead { head = lastHead } else { head = try await self.head() }
    let store = store
    return TradeView(
      trade: trade, entryCount: journal.entries.count, now: head.timestamp,
      routes: try refusing { () throws(SettlementError) in
        try EscrowRule.routes(
          of: trade.terms, in: trade.vaultState, agreed: trade.agreedOutcome?.outcome, at: head.timestamp)
      },
      obstacle: obstacles[id],
      transactions: try await stored { () throws(StorageError) in try await store.transactions(of: id) },
      hasProof: try await proofBytes(id) != nil)
  }

  /// The proof file of a closed agreement.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.notSettled`, `.storage`.
  public func proof(of id: AgreementID) async throws(CoordinationError) -> [UInt8] {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    guard let bytes = try await proofBytes(id) else { throw .notSettled(id, phase: trade.phase.name) }
    return bytes
  }

  private func proofBytes(_ id: AgreementID) async throws(CoordinationError) -> [UInt8]? {
    let store = store
    return try await stored { () throws(StorageError) in try await store.proof(of: id) }
  }

  // MARK: Rounds

  /// One round of work: take what the chain says, carry what is under way, decide what is due. Rounds do not overlap.
  ///
  /// - Throws: `CoordinationError` where the node or the store failed; the next round takes up where this one ended.
  public func advance() async throws(CoordinationError) {
    if isAdvancing { return }
    isAdvancing = true
    defer { isAdvancing = false }
    let head = try await head()
    try await takeLogs(under: head)
    try await carryTasks(under: head)
    if try await decide(at: head.timestamp) { try await carryTasks(under: head) }
  }

  /// Queues what is open and wanted, and closes what can no longer open.
  ///
  /// - Returns: whether anything was queued.
  private func decide(at now: UInt64) async throws(CoordinationError) -> Bool {
    var queued = false
    for id in agreements() {
      guard let trade = journals[id]?.trade else { continue }
      let route = try refusing { () throws(SettlementError) in try trade.nextRoute(at: now) }
      if let route {
        try await record(id, at: now) { _ in .due(route) }
        queued = true
      } else if trade.isLapsing(at: now) {
        try await record(id, at: now) { _ in .lapsed }
      }
    }
    return queued
  }

  /// The newest block; its time is the only clock.
  func head() async throws(CoordinationError) -> BlockHeader {
    let chain = chain
    let block = try await onChain { () throws(ChainError) in try await chain.block(.latest) }
    guard let block else {
      throw .chain(.malformedReply(method: "eth_getBlockByNumber", path: "result", expected: "a block"))
    }
    lastHead = block.header
    return block.header
  }
}
