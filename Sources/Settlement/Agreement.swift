import Clauses
public import Ethereum
public import Signing
public import Terms

/// Terms that both parties signed, with the clause they name. There is no other way to make one, so whoever holds an
/// agreement holds verified signatures.
public struct Agreement: Hashable, Sendable {
  public let id: AgreementID
  public let terms: OptionTerms
  public let clause: PayoffClause
  public let buyerSignature: Signature
  public let sellerSignature: Signature

  /// - Throws: `SettlementError.otherClause` where the clause is not the one named by the terms, `.wrongSigner` or
  ///   `.badSignature` where a signature is not its party's.
  public init(
    _ terms: OptionTerms, clause: PayoffClause, buyerSignature: Signature, sellerSignature: Signature
  ) throws(SettlementError) {
    guard clause.digest == terms.escrow.clause else {
      throw .otherClause(expected: terms.escrow.clause, found: clause.digest)
    }
    let digest = terms.digest
    try Self.check(buyerSignature, of: "the buyer's signature", by: terms.escrow.buyer, digest)
    try Self.check(sellerSignature, of: "the seller's signature", by: terms.escrow.seller, digest)
    self.id = AgreementID(digest)
    self.terms = terms
    self.clause = clause
    self.buyerSignature = buyerSignature
    self.sellerSignature = sellerSignature
  }

  /// The version of freshly signed terms.
  public static var firstVersion: UInt64 { 1 }

  public var version: UInt64 { Self.firstVersion }

  /// The escrow of this agreement alone; it exists once the agreement is open.
  public var vault: Address { EscrowContract.vault(of: id, in: terms.domain) }

  private static func check(
    _ signature: Signature, of what: String, by party: Address, _ digest: Digest
  ) throws(SettlementError) {
    let signer = try signature.signer(of: digest, what)
    guard signer == party else { throw .wrongSigner(of: what, expected: party, found: signer) }
  }
}

extension Signature {
  /// The signer, with the message's name in the error.
  func signer(of digest: Digest, _ what: String) throws(SettlementError) -> Address {
    do throws(SigningError) { return try signer(of: digest) } catch { throw .badSignature(of: what, error) }
  }
}
