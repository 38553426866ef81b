import Chain
import Ethereum
public import Settlement
import Signing
import Storage
public import Terms

/// Amendments and novations: taking what is signed, and carrying it without holding up anything else.
extension Coordinator {
  /// Blocks between two questions at most whether the chain would take a change.
  static let changePauseMax: UInt64 = 16

  /// Takes a party's signature of an amendment to these terms, and the clause that they name.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.otherChain`, `.otherEscrow`, `.otherDecimals`, `.refused`, `.chain`,
  ///   `.storage`.
  public func accept(
    _ id: AgreementID, _ amendment: UnverifiedMessage<Amendment>, to terms: OptionTerms, clauseSource: String
  ) async throws(CoordinationError) {
    let clause = try await checked(id, terms, clauseSource)
    try await take(
      id, amendment, isHeld: { $0.holds(.amendment($1.message), $1.signature, of: $1.signer) },
      as: { .amendmentSigned($0, terms, clause) })
  }

  /// Takes a signature of a novation to these terms: a party's, or, once a party signed, the transferee's.
  ///
  /// - Throws: as for an amendment.
  public func accept(
    _ id: AgreementID, _ novation: UnverifiedMessage<Novation>, to terms: OptionTerms, clauseSource: String
  ) async throws(CoordinationError) {
    let clause = try await checked(id, terms, clauseSource)
    try await take(
      id, novation, isHeld: { $0.holds(.novation($1.message), $1.signature, of: $1.signer) },
      as: { .novationSigned($0, terms, clause) })
  }

  /// The clause of new terms that may be taken. The token stays, so only other decimals have to be compared with its own.
  private func checked(
    _ id: AgreementID, _ terms: OptionTerms, _ clauseSource: String
  ) async throws(CoordinationError) -> PayoffClause {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    try checkDomain(of: terms)
    let clause = try refusing { () throws(SettlementError) in try PayoffClause(source: clauseSource) }
    let decimals = terms.economics.tokenDecimals
    if decimals != trade.terms.economics.tokenDecimals {
      try await checkToken(trade.terms.escrow.token, has: decimals, "economics.tokenDecimals")
    }
    return clause
  }

  /// Whether the chain would take a change now. Its money may be missing for ever, so it is asked before the act is decided:
  /// what is wanted after it is carried meanwhile.
  func isCarriable(
    _ route: Route, _ id: AgreementID, _ trade: Trade, under head: BlockHeader
  ) async throws(CoordinationError) -> Bool {
    if let pause = changePauses[id], head.number < pause.notBefore { return false }
    do throws(CoordinationError) {
      _ = try await estimate(calls(for: route, trade, at: head.timestamp))
      return true
    } catch {
      guard error.concernsOneAgreement, !error.isSilence else { throw error }
      obstacles[id] = error.publicDescription
      changePauses[id, default: Setback()].add(under: head.number, blocksMax: Self.changePauseMax)
      return false
    }
  }

  /// A change that is not wanted any more stands in nobody's way.
  func forgetChange(_ id: AgreementID, unless due: [Route]) {
    if due.contains(where: \.changesTerms) || changePauses.removeValue(forKey: id) == nil { return }
    obstacles[id] = nil
  }
}

extension Trade {
  /// Whether this signature of a change is known, of one that waits or of one that is done.
  fileprivate func holds(_ message: ChangeMessage, _ signature: Signature, of signer: Address) -> Bool {
    changes.contains { $0.offer.message == message && $0.signatures[signer] != nil }
      || agreement?.changes.contains { $0.message == message && $0.signatures.contains(signature) } == true
  }
}
