import Clauses
public import Ethereum
public import Signing
public import Terms

/// Terms that both parties signed with the clause they name, and what was put in their place since. There is no other way
/// to make one, so whoever holds an agreement holds verified signatures of everything in it.
public struct Agreement: Hashable, Sendable {
  /// The digest that both parties signed first; it names the agreement for good.
  public let id: AgreementID
  /// What they signed first, under which the escrow opens.
  public let firstTerms: OptionTerms
  /// The clause that the first terms name, compiled.
  public let firstClause: PayoffClause
  /// The buyer's signature of the first terms.
  public let buyerSignature: Signature
  /// The seller's signature of the first terms.
  public let sellerSignature: Signature
  /// What everybody concerned put in place of the terms since, oldest first; each is of the one before.
  public private(set) var changes: [AgreedChange] = []

  /// - Throws: `SettlementError.otherClause` where the clause is not the one named by the terms, `.unfitClause` where the
  ///   terms do not fit it, `.wrongSigner` or `.badSignature` where a signature is not its party's.
  public init(
    _ terms: OptionTerms, clause: PayoffClause, buyerSignature: Signature, sellerSignature: Signature
  ) throws(SettlementError) {
    try clause.check(against: terms)
    let digest = terms.digest
    try buyerSignature.check(of: "the buyer's signature", by: terms.escrow.buyer, digest)
    try sellerSignature.check(of: "the seller's signature", by: terms.escrow.seller, digest)
    self.id = AgreementID(digest)
    self.firstTerms = terms
    self.firstClause = clause
    self.buyerSignature = buyerSignature
    self.sellerSignature = sellerSignature
  }

  /// The agreement after a change.
  ///
  /// - Throws: `SettlementError.otherAgreement` where the change is of another agreement, of another version, or of other
  ///   terms than the present ones.
  public func changed(by change: AgreedChange) throws(SettlementError) -> Agreement {
    guard change.message.agreementID == id, change.message.version == version + 1, change.replaced == terms.digest
    else {
      throw .otherAgreement
    }
    var next = self
    next.changes.append(change)
    return next
  }

  /// The terms that hold now.
  public var terms: OptionTerms { changes.last?.terms ?? firstTerms }

  /// The clause that the present terms name, compiled.
  public var clause: PayoffClause { changes.last?.clause ?? firstClause }

  /// The version that messages must name: one for freshly signed terms, and one more for each change.
  public var version: UInt64 { UInt64(changes.count) + 1 }

  /// The escrow of this agreement alone; it exists once the agreement is open.
  public var vault: Address { EscrowContract.vault(of: id, under: terms) }

  /// A message counts for this agreement only where it names it and its version.
  func checkNamed(by id: AgreementID, _ version: UInt64) throws(SettlementError) {
    guard id == self.id, version == self.version else { throw .otherAgreement }
  }
}

extension Signature {
  /// The signer, with the message's name in the error.
  func signer(of digest: Digest, _ what: String) throws(SettlementError) -> Address {
    do throws(SigningError) { return try signer(of: digest) } catch { throw .badSignature(of: what, error) }
  }

  /// Whether this is the signature of the one who ought to have signed.
  func check(of what: String, by expected: Address, _ digest: Digest) throws(SettlementError) {
    let found = try signer(of: digest, what)
    guard found == expected else { throw .wrongSigner(of: what, expected: expected, found: found) }
  }
}
