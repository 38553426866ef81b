public import JSON
public import Signing
public import Terms

/// An agreement as a file or a service hands it over, before anything in it was verified: terms, clause, signatures and
/// the evidence so far. Other members are ignored, so a service's reply is such a document.
public struct AgreementDocument: Hashable, Sendable {
  /// Valid terms.
  public let terms: OptionTerms
  /// The clause's text, not yet compiled.
  public let clauseSource: String
  /// The signatures that are there, not yet verified; a contract wallet's only its own code can verify.
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
    guard faults.isEmpty, let terms, let clauseSource, let signatures, let observations else {
      throw DocumentError(faults: faults)
    }
    self.terms = terms
    self.clauseSource = clauseSource
    self.signatures = signatures
    self.observations = observations
  }

  /// Verifies both signatures and the clause.
  ///
  /// - Throws: `SettlementError`, as `Agreement.init` and `PayoffClause.init`; `.unsigned` where a party has not signed,
  ///   `.walletSignature` where no key can have signed for it.
  public func agreement() throws(SettlementError) -> Agreement {
    try requireSigned()
    return try Agreement(
      terms, clause: PayoffClause(source: clauseSource), buyerSignature: key(of: .buyer),
      sellerSignature: key(of: .seller))
  }

  /// - Throws: `SettlementError.unsigned` with the parties whose signature is missing.
  public func requireSigned() throws(SettlementError) {
    let missing = Party.allCases.filter { signatures[$0] == nil }
    guard missing.isEmpty else { throw .unsigned(by: missing) }
  }

  private func key(of party: Party) throws(SettlementError) -> Signature {
    guard let key = signatures[party]?.key else {
      throw .walletSignature(of: "the \(party.rawValue)'s signature", account: terms.escrow.address(of: party))
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
