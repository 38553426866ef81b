import Clauses
public import Ethereum
public import Signing
public import Terms

/// Terms that both parties signed, with the clause they name. There is no other way to make one, so whoever holds an
/// agreement holds verified signatures.
public struct Agreement: Hashable, Sendable {
  /// The digest that both parties signed.
  public let id: AgreementID
  /// What they signed.
  public let terms: OptionTerms
  /// The clause that the terms name, compiled.
  public let clause: PayoffClause
  /// The buyer's signature of the digest.
  public let buyerSignature: Signature
  /// The seller's signature of the digest.
  public let sellerSignature: Signature

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
    self.terms = terms
    self.clause = clause
    self.buyerSignature = buyerSignature
    self.sellerSignature = sellerSignature
  }

  /// The version of freshly signed terms.
  public static var firstVersion: UInt64 { 1 }

  /// The version that messages must name; this version of the escrow amends nothing.
  public var version: UInt64 { Self.firstVersion }

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
