public import JSON
public import Signing
public import Terms

/// An agreement as a file or a service hands it over, before anything in it was verified: terms, clause, signatures and
/// the evidence so far. Other members are ignored, so a service's reply is such a document.
public struct AgreementDocument: Hashable, Sendable {
  /// Valid terms: those that hold.
  public let terms: OptionTerms
  /// The text of their clause, not yet compiled.
  public let clauseSource: String
  /// The terms that were signed first; `terms` where nothing changed.
  public let firstTerms: OptionTerms
  /// The text of the clause of the first terms, not yet compiled.
  public let firstClauseSource: String
  /// What put other terms in place of the first ones, oldest first, not yet verified.
  public let changes: [UnverifiedChange]
  /// The signatures of the first terms that are there, not yet verified; a contract wallet's only its own code can verify.
  public let signatures: [Party: AccountSignature]
  /// The evidence so far, not yet verified.
  public let observations: [UnverifiedMessage<Observation>]
  /// When the buyer's notice of exercise is said to have reached the chain, Unix seconds; `escrow state` asks the chain.
  public let exercisedAt: UInt64?

  /// - Throws: `DocumentError` where a field is missing or malformed, or the terms cannot be agreed on.
  public init(_ document: JSONValue) throws(DocumentError) {
    var reader = ObjectReader(document, at: "")
    reader.allowUnknown()
    let terms = reader.terms("terms")
    let clauseSource = reader.string("clause")
    let first = reader.optionalObject("first") { reader -> (terms: OptionTerms, clauseSource: String)? in
      let terms = reader.terms("terms")
      let source = reader.string("clause")
      guard let terms, let source else { return nil }
      return (terms, source)
    }
    let hasChanges = reader.optionalValue("changes") != nil
    let changes = hasChanges ? reader.objects("changes") { UnverifiedChange(reading: &$0) } : []
    let signatures = reader.object("signatures") { reader -> [Party: AccountSignature]? in
      var signatures: [Party: AccountSignature] = [:]
      for party in Party.allCases where reader.optionalValue(party.rawValue) != nil {
        signatures[party] = reader.accountSignature(party.rawValue)
      }
      return signatures
    }
    let hasEvidence = reader.optionalValue("evidence") != nil
    let observations = hasEvidence ? reader.objects("evidence") { UnverifiedMessage<Observation>(reading: &$0) } : []
    exercisedAt = reader.optionalValue("exercisedAt") == nil ? nil : reader.uint64("exercisedAt")
    let faults = reader.finish()
    guard faults.isEmpty, let terms, let clauseSource, let changes, let signatures, let observations else {
      throw DocumentError(faults: faults)
    }
    self.terms = terms
    self.clauseSource = clauseSource
    firstTerms = first?.terms ?? terms
    firstClauseSource = first?.clauseSource ?? clauseSource
    self.changes = changes
    self.signatures = signatures
    self.observations = observations
  }

  /// The version that messages must name.
  public var version: UInt64 { UInt64(changes.count) + 1 }

  /// Verifies both signatures and the clause, and every change with those of its own.
  ///
  /// - Throws: `SettlementError`, as `Agreement.init`, `PayoffClause.init` and `UnverifiedChange.verified(of:)`; `.unsigned`
  ///   where a party has not signed, `.walletSignature` where no key can have signed for it, `.unfitChange` where the
  ///   changes do not lead to the terms.
  public func agreement() throws(SettlementError) -> Agreement {
    try requireSigned()
    var agreement = try Agreement(
      firstTerms, clause: PayoffClause(source: firstClauseSource), buyerSignature: key(of: .buyer),
      sellerSignature: key(of: .seller))
    for change in changes { agreement = try agreement.changed(by: change.verified(of: agreement)) }
    guard agreement.terms == terms, agreement.clause.source == clauseSource else {
      throw .unfitChange("the document's terms and clause are not those to which its changes lead")
    }
    return agreement
  }

  /// - Throws: `SettlementError.unsigned` with the parties whose signature is missing.
  public func requireSigned() throws(SettlementError) {
    let missing = Party.allCases.filter { signatures[$0] == nil }
    guard missing.isEmpty else { throw .unsigned(by: missing) }
  }

  private func key(of party: Party) throws(SettlementError) -> Signature {
    guard let key = signatures[party]?.key else {
      throw .walletSignature(of: "the \(party.rawValue)'s signature", account: firstTerms.escrow.address(of: party))
    }
    return key
  }

  /// Verifies the observations.
  ///
  /// - Throws: `SettlementError`, as `Signed.init` and `Evidence.init`.
  public func evidence(for agreement: Agreement) throws(SettlementError) -> Evidence {
    try Evidence(verified(), for: agreement)
  }

  /// As `evidence(for:)`, whoever signed the terms.
  public func evidence() throws(SettlementError) -> Evidence { try Evidence(verified(), under: terms) }

  private func verified() throws(SettlementError) -> [Signed<Observation>] {
    var signed: [Signed<Observation>] = []
    for observation in observations { signed.append(try observation.verified(in: terms.domain)) }
    return signed
  }
}

extension ObjectReader {
  /// Terms under a key, with their own rules' faults under that path.
  public mutating func terms(_ key: String) -> OptionTerms? {
    guard let document = value(key) else { return nil }
    do throws(TermsError) {
      return try OptionTerms(document: document)
    } catch {
      for found in error.faults {
        fault(found.path.isEmpty ? key : "\(key).\(found.path)", found: found.found, fix: found.fix)
      }
      return nil
    }
  }
}
