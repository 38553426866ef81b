public import Ethereum
public import Signing
import Terms

/// A change of the terms, and who signed it so far.
public struct CollectedChange: Hashable, Sendable {
  /// What was signed, checked against the terms that hold.
  public let offer: OfferedChange
  /// The verified signatures of those who must sign.
  public internal(set) var signatures: [Address: Signature]

  /// The change, where everybody signed who must.
  public func agreed() throws(SettlementError) -> AgreedChange? {
    let held = offer.signers.compactMap { signatures[$0] }
    guard held.count == offer.signers.count else { return nil }
    return try AgreedChange(offer, signatures: held)
  }
}

/// What a vault said in a block.
struct VaultSaying: Hashable, Sendable {
  let happening: EscrowEvent
  let fact: ChainFact
}

/// Taking what parties sign to put other terms in place of theirs, and following the vault when it does.
extension Trade {
  /// Takes one signature of a change. While the terms are known, it must be one that can still be carried; once the vault
  /// holds others, one that the vault may have taken.
  mutating func accept(
    _ event: Event, _ signer: Address, _ signature: Signature, of message: ChangeMessage, to terms: OptionTerms,
    _ clause: PayoffClause, at now: UInt64
  ) throws(SettlementError) {
    let agreement: Agreement
    switch phase {
    case .active(let active, _) where exercisedAt == nil:
      agreement = active
      try Lifecycle.requireBefore(message.validUntil, "the \(message.name)'s validity", now)
    case .changed(let first, _):
      agreement = first
      guard let change = unfollowed.first.flatMap({ TermsChange($0) }) else { throw outOfPlace(event) }
      guard change.mayBe(message) else { throw .changedTerms(version: change.version, terms: change.terms) }
    default: throw outOfPlace(event)
    }
    let offer = try OfferedChange(message, to: terms, clause: clause, of: agreement)
    let place = changes.firstIndex { $0.offer.message == message }
    guard offer.signers.contains(signer) else { throw .notAParty(of: message.name, found: signer) }
    // A transferee is anybody, until a party names it.
    guard place != nil || agreement.terms.escrow.party(at: signer) != nil else {
      throw .notAParty(of: "\(message.name) that no party signed yet", found: signer)
    }
    let max = SettlementLimits.changesPerSignerMax
    guard changes.count(where: { $0.signatures[signer] != nil }) < max else {
      throw .tooMany(of: "changes of the terms", by: signer, max: max)
    }
    try count(signature, of: signer)
    if let place {
      changes[place].signatures[signer] = signature
    } else {
      changes.append(CollectedChange(offer: offer, signatures: [signer: signature]))
    }
    if case .changed = phase { try catchUp(with: agreement) }
  }

  /// The changes that everybody signed and that a route would carry now, oldest first.
  public func carriableChanges(_ route: Route, at now: UInt64) throws(SettlementError) -> [AgreedChange] {
    guard case .active = phase, exercisedAt == nil else { return [] }
    var carriable: [AgreedChange] = []
    for change in changes where change.offer.message.route == route && now < change.offer.message.validUntil {
      if let agreed = try change.agreed() { carriable.append(agreed) }
    }
    return carriable
  }

  /// Of the acts that change the terms the rule does not speak: the contract takes them while the vault is open and not
  /// exercised, with every signature and before `validUntil`.
  func changeViews(at now: UInt64) throws(SettlementError) -> [RouteView] {
    var views: [RouteView] = []
    for route in [Route.amend, .novate] {
      let isOpen = try !carriableChanges(route, at: now).isEmpty
      views.append(RouteView(route: route, isOpen: isOpen, releases: nil))
    }
    return views
  }

  // MARK: What the vault says

  /// The vault holds other terms: those of a change that everybody signed here, or such as are not known.
  mutating func takeChange(
    _ happening: EscrowEvent, _ fact: ChainFact, of agreement: Agreement
  ) throws(SettlementError) {
    let saying = VaultSaying(happening: happening, fact: fact)
    guard let change = TermsChange(saying) else { return }
    let agreed = try agreedChange(to: change)
    // What was signed under the terms before counts no more.
    (outcomes, countersigned, proposals) = ([:], [], [:])
    (disputes, rulings, appeals, exercises, messageSignatures) = ([], [], [], [], [:])
    if let agreed { return try adopt(agreed, of: agreement) }
    phase = .changed(agreement, change)
    unfollowed = [saying]
    changes.removeAll { !change.mayBe($0.offer.message) }
  }

  /// What is done under terms that are not known here is kept until they are.
  mutating func keep(
    _ event: Event, _ happening: EscrowEvent, _ fact: ChainFact
  ) throws(SettlementError) -> [Action] {
    guard case .changed(let agreement, let last) = phase, happening != .opened else { throw outOfPlace(event) }
    let saying = VaultSaying(happening: happening, fact: fact)
    unfollowed.append(saying)
    if let change = TermsChange(saying) { phase = .changed(agreement, change) }
    if case .settled(let route, let toBuyer, let toSeller) = happening {
      phase = .closed(
        agreement,
        Settled(
          route: route, toBuyer: toBuyer, toSeller: toSeller, proposal: nil, ruling: nil, change: last, fact: fact))
    }
    return []
  }

  /// Follows the vault from its first unknown change on, once everybody's signatures of that are held.
  private mutating func catchUp(with agreement: Agreement) throws(SettlementError) {
    guard let first = unfollowed.first, let change = TermsChange(first), let agreed = try agreedChange(to: change)
    else {
      return
    }
    let rest = unfollowed.dropFirst()
    unfollowed = []
    try adopt(agreed, of: agreement)
    for saying in rest { _ = try follow(.happened(saying.happening, saying.fact), saying.happening, saying.fact) }
  }

  /// The change that the vault took, where everybody's signatures of it are held.
  private func agreedChange(to change: TermsChange) throws(SettlementError) -> AgreedChange? {
    for collected in changes where change.mayBe(collected.offer.message) {
      if let agreed = try collected.agreed() { return agreed }
    }
    return nil
  }

  /// Other terms hold from now on. Observations name no agreement, so those that the new terms admit stay.
  private mutating func adopt(_ change: AgreedChange, of agreement: Agreement) throws(SettlementError) {
    guard let opened else { throw .outOfPlace(event: change.message.name, state: phase.name) }
    let next = try agreement.changed(by: change)
    (terms, clause) = (next.terms, next.clause)
    var admitted: [Signed<Observation>] = []
    for observation in observations where try Evidence.isAdmissible(observation, under: terms) {
      admitted.append(observation)
    }
    observations = admitted
    (changes, messageSignatures) = ([], [:])
    phase = .active(next, opened: opened)
  }
}

extension ChangeMessage {
  /// The act that carries it.
  public var route: Route {
    switch self {
    case .amendment: .amend
    case .novation: .novate
    }
  }
}

extension TermsChange {
  /// Nothing where the vault said something else.
  init?(_ saying: VaultSaying) {
    switch saying.happening {
    case .amended(let terms, let version):
      self.init(kind: .amended, version: version, terms: terms, fact: saying.fact)
    case .novated(let terms, let transferor, let transferee, let version, let consideration):
      self.init(
        kind: .novated(transferor: transferor, transferee: transferee, consideration: consideration), version: version,
        terms: terms, fact: saying.fact)
    default: return nil
    }
  }

  /// Whether the vault may have taken this message, in the block in which it changed.
  func mayBe(_ message: ChangeMessage) -> Bool {
    guard message.version == version, message.terms == terms, fact.blockTime < message.validUntil else { return false }
    return switch (kind, message) {
    case (.amended, .amendment): true
    case (.novated(let transferor, let transferee, let consideration), .novation(let novation)):
      novation.transferor == transferor && novation.transferee == transferee
        && novation.consideration == consideration ?? novation.consideration
    default: false
    }
  }
}
