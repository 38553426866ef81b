internal import Arithmetic
internal import Ethereum
public import Settlement
internal import Signing
public import Terms

/// Changes of the sample's terms, for every suite the same.
extension Sample {
  /// An amendment of these terms to others, which both parties are asked to sign.
  public static func amendment(
    _ agreement: Agreement, to terms: OptionTerms, validUntil: UInt64? = nil
  ) -> Amendment {
    Amendment(
      agreementID: agreement.id, version: agreement.version + 1, terms: terms.typed.structHash,
      validUntil: validUntil ?? agreement.terms.escrow.settleBy)
  }

  /// The agreement's terms with `heir` in the seller's place, and what the three are asked to sign.
  public static func novation(
    _ agreement: Agreement, consideration: UInt64 = 5_000_000, watcher: String? = nil
  ) throws -> (message: Novation, terms: OptionTerms) {
    let terms = try agreement.terms.changed { _, escrow in
      escrow.seller = try address("heir")
      escrow.sellerWatcher = try watcher.map { try address($0) } ?? .zero
    }
    let message = Novation(
      agreementID: agreement.id, version: agreement.version + 1, transferor: agreement.terms.escrow.seller,
      transferee: terms.escrow.seller, terms: terms.typed.structHash, consideration: UInt256(consideration),
      validUntil: agreement.terms.escrow.settleBy)
    return (message, terms)
  }

  /// A change that those of these names signed, in the order in which the vault takes the signatures.
  public static func agreed(
    _ message: ChangeMessage, to terms: OptionTerms, of agreement: Agreement, by names: [String],
    clause: String = "european-call"
  ) throws -> AgreedChange {
    let offer = try OfferedChange(
      message, to: terms, clause: PayoffClause(source: Sample.clause(clause)), of: agreement)
    return try AgreedChange(
      offer, signatures: try names.map { try key($0).sign(message.digest(in: terms.domain)) })
  }
}
