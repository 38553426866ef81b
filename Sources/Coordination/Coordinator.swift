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
  /// Agreements of which a commit may be stored that is not in `journals`.
  var doubtful: Set<AgreementID> = []
  /// The highest head that was seen; what is read is said as of its time.
  var lastHead: BlockHeader
  /// The last block that was taken.
  var lastTaken: BlockHeader?
  /// Confirmed agreements of which it is known that no block taken before had opened them.
  var lookedBack: Set<AgreementID> = []
  var lookBackPauses: [AgreementID: Setback] = [:]
  /// Why an act under way was not carried in the last attempt.
  var obstacles: [AgreementID: String] = [:]
  /// What is wrong with an agreement for good.
  var alarms: [AgreementID: String] = [:]
  var setbacks: [OutboxTask.ID: Setback] = [:]
  /// Transactions without effect cost gas: how many each agreement had, and when its next act is decided.
  var reverts: [AgreementID: [Route: Setback]] = [:]
  /// The head under which each task's last transaction was first sent by this process.
  var waits: [OutboxTask.ID: UInt64] = [:]
  /// The fees that the last replacement was judged by.
  var lastFees: (head: Digest, history: FeeHistory)?
  /// What kept gas from being paid for in the last whole round, and in the one that goes on.
  var gasObstacles: Set<GasObstacle> = []
  var gasObstaclesOfRound: Set<GasObstacle> = []
  /// Changes of the terms that the chain would not take: how often, and when it is asked again.
  var changePauses: [AgreementID: Setback] = [:]
  var isAdvancing = false

  /// Reads every journal back.
  ///
  /// - Throws: `CoordinationError.storage`, `.brokenJournal`; `.chain` where the node is unreachable; `.noEscrow` where
  ///   the node's chain has none; `.otherRules` where it keeps to others than this program; `.otherChain` and `.otherEscrow` where the node, or an agreement in the store, is of
  ///   another one than `domain` names.
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
    let code = try await onChain { () throws(ChainError) in try await chain.code(of: domain.verifyingContract) }
    guard !code.isEmpty else { throw .noEscrow(domain.verifyingContract) }
    let differences = try await RuleDifference.all(at: domain.verifyingContract, on: chain)
    guard differences.isEmpty else { throw .otherRules(domain.verifyingContract, differences) }
    lastHead = try await Self.latest(chain)
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
  /// - Throws: `CoordinationError.otherChain`, `.otherEscrow`, `.otherDecimals`, `.tooManyWaiting`, `.refused`, `.chain`,
  ///   `.storage`.
  public func submit(_ terms: OptionTerms, clauseSource: String) async throws(CoordinationError) -> AgreementID {
    try checkDomain(of: terms)
    let clause = try refusing { () throws(SettlementError) in
      let clause = try PayoffClause(source: clauseSource)
      try clause.check(against: terms)
      return clause
    }
    let id = AgreementID(terms.digest)
    if journals[id] != nil { return id }
    let waiting = journals.values.count { $0.trade?.isWaiting == true }
    guard waiting < policy.waitingCountMax else { throw .tooManyWaiting(waiting) }
    try await checkToken(terms.escrow.token, has: terms.economics.tokenDecimals, "economics.tokenDecimals")
    if terms.escrow.settlesByDelivery {
      let decimals = terms.economics.quantityDecimals
      try await checkToken(terms.escrow.deliveryToken, has: decimals, "economics.quantityDecimals")
    }
    try await record(id) { $0 == nil ? .submitted(terms, clause) : nil }
    return id
  }

  /// Takes a party's signature of the terms; whose it is, the signature says.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.refused`, `.chain`, `.storage`.
  public func sign(_ id: AgreementID, _ signature: Signature) async throws(CoordinationError) {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    let escrow = (trade.agreement?.firstTerms ?? trade.terms).escrow
    let party = try refusing { () throws(SettlementError) in
      let signer: Address
      do throws(SigningError) {
        signer = try signature.signer(of: id.digest)
      } catch {
        throw .badSignature(of: "the signature", error)
      }
      guard let party = escrow.party(at: signer) else { throw .notAParty(of: "the signature", found: signer) }
      return party
    }
    // A second signature of the same digest by the same party says nothing new.
    try await amend(id) { $0.signatures[party] == nil ? .signed(party, signature) : nil }
  }

  /// Takes what a party, an observer or an arbitrator signed, where it can count. What is held already is acknowledged
  /// again, whatever the time.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.refused`, `.chain`, `.storage`.
  public func accept<Message: JournalMessage>(
    _ id: AgreementID, _ message: UnverifiedMessage<Message>
  ) async throws(CoordinationError) {
    try await take(id, message, isHeld: { Message.isHeld($1, by: $0) }, as: Message.event)
  }

  /// Takes a signed message; it may be held together with more than itself, as terms are.
  func take<Message>(
    _ id: AgreementID, _ message: UnverifiedMessage<Message>, isHeld: (Trade, Signed<Message>) -> Bool,
    as event: (Signed<Message>) -> Event
  ) async throws(CoordinationError) {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    let signed = try refusing { () throws(SettlementError) in try message.verified(in: trade.terms.domain) }
    if isHeld(trade, signed) { return }
    try await amend(id) { isHeld($0, signed) ? nil : event(signed) }
  }

  func checkDomain(of terms: OptionTerms) throws(CoordinationError) {
    guard terms.domain.chainID == domain.chainID else {
      throw .otherChain(expected: domain.chainID, found: terms.domain.chainID)
    }
    guard terms.domain.verifyingContract == domain.verifyingContract else {
      throw .otherEscrow(expected: domain.verifyingContract, found: terms.domain.verifyingContract)
    }
  }

  /// A token's own decimals (ERC-20, `decimals`) must be those in a field of the terms.
  func checkToken(
    _ token: Address, has expected: UInt8, _ field: String
  ) async throws(CoordinationError) {
    let decimals: ABIFunction = "decimals()"
    let chain = chain
    let reply: [UInt8]
    do throws(ChainError) {
      reply = try await chain.call(Call(to: token, data: decimals.selector.bytes))
    } catch {
      // A contract that reverts, or runs out of gas, is no token; a node that does not answer says nothing about it.
      switch error {
      case .reverted: reply = []
      case .node where !error.isRetryable: reply = []
      default: throw .chain(error)
      }
    }
    let found = reply.count == 32 ? try? UInt256(bigEndian: reply) : nil
    guard found == UInt256(UInt64(expected)) else {
      throw .otherDecimals(field: field, token: token, expected: expected, found: found)
    }
  }
}

extension Trade {
  /// Whether both signed and the escrow is not open yet.
  var isConfirmed: Bool { if case .confirmed = phase { true } else { false } }

  /// Whether anything can still be done for it.
  var isUnderWay: Bool { vaultState != .closed && phase != .lapsed }

  /// Whether what its vault says can still matter.
  var isFollowed: Bool {
    switch phase {
    case .execution, .closed, .lapsed: false
    case .confirmed, .active, .proposed, .disputed, .ruled, .appealed, .changed: true
    }
  }

  /// Why nothing more is done for it, where other terms hold than it was submitted with.
  var changeNotice: String? {
    guard let change else { return nil }
    if case .closed = phase {
      return
        "it was closed under terms of version \(change.version), which were not known here; there is no proof of it"
    }
    return SettlementError.changedTerms(version: change.version, terms: change.terms).description
  }
}
