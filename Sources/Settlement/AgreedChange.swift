public import Ethereum
public import JSON
public import Signing
public import Terms

/// New terms for an agreement, checked against the present ones: what the vault lets take their place once everybody
/// signed who must.
public struct OfferedChange: Hashable, Sendable {
  /// What is signed.
  public let message: ChangeMessage
  /// The terms that are to hold.
  public let terms: OptionTerms
  /// The clause that they name, compiled.
  public let clause: PayoffClause
  /// Who must sign, in the order in which the vault takes the signatures.
  public let signers: [Address]
  /// The digest of the terms that they replace.
  let replaced: Digest

  /// - Throws: `SettlementError.otherAgreement` where the message is not of this agreement's next version, `.unfitChange`
  ///   where the vault would refuse such terms in place of the present ones, `.otherClause` or `.unfitClause` where the
  ///   clause is not theirs.
  public init(
    _ message: ChangeMessage, to terms: OptionTerms, clause: PayoffClause, of agreement: Agreement
  ) throws(SettlementError) {
    guard message.agreementID == agreement.id, message.version == agreement.version + 1 else { throw .otherAgreement }
    let hash = terms.typed.structHash
    guard message.terms == hash else {
      throw .unfitChange("the message names terms of hash \(message.terms), not \(hash)")
    }
    let present = agreement.terms
    guard terms.domain == present.domain else { throw .unfitChange("the terms are of another chain or escrow") }
    switch message {
    case .amendment: signers = try Self.checkAmended(terms.escrow, from: present.escrow)
    case .novation(let novation): signers = try Self.checkNovated(terms, from: present, by: novation)
    }
    try clause.check(against: terms)
    self.message = message
    self.terms = terms
    self.clause = clause
    replaced = present.digest
  }

  /// - Source: `amend` in `Contracts/Escrow/EscrowVaultChanges.vy`.
  private static func checkAmended(
    _ amended: Escrow, from present: Escrow
  ) throws(SettlementError) -> [Address] {
    guard amended.buyer == present.buyer, amended.seller == present.seller else {
      throw .unfitChange("an amendment keeps both parties; sign a novation for another one")
    }
    guard amended.token == present.token else { throw .unfitChange("an amendment keeps the token") }
    guard amended.premium == present.premium else { throw .unfitChange("an amendment keeps the premium") }
    guard !amended.settlesByDelivery, !present.settlesByDelivery else {
      throw .unfitChange("it is settled in cash before and after")
    }
    return [present.buyer, present.seller]
  }

  /// - Source: `novate` in `Contracts/Escrow/EscrowVaultChanges.vy`.
  private static func checkNovated(
    _ terms: OptionTerms, from present: OptionTerms, by novation: Novation
  ) throws(SettlementError) -> [Address] {
    guard let side = present.escrow.party(at: novation.transferor) else {
      throw .unfitChange("the transferor \(novation.transferor) is no party")
    }
    guard novation.transferee != novation.transferor else { throw .unfitChange("the transferee is the transferor") }
    guard !present.escrow.settlesByDelivery else { throw .unfitChange("it is not settled in cash") }
    var expected = present.escrow
    switch side {
    case .buyer:
      expected.buyer = novation.transferee
      (expected.buyerWatcher, expected.buyerEpoch) = (terms.escrow.buyerWatcher, terms.escrow.buyerEpoch)
    case .seller:
      expected.seller = novation.transferee
      (expected.sellerWatcher, expected.sellerEpoch) = (terms.escrow.sellerWatcher, terms.escrow.sellerEpoch)
    }
    guard terms.escrow == expected, terms.economics == present.economics else {
      throw .unfitChange(
        "a novation puts the transferee, its watcher and its epoch in a party's place, and keeps all else")
    }
    return [novation.transferor, novation.transferee, present.escrow.address(of: side.other)]
  }
}

/// A change of an agreement's terms that everybody signed who must. There is no other way to make one, so whoever holds
/// it holds verified signatures.
public struct AgreedChange: Hashable, Sendable {
  private let offer: OfferedChange
  /// The signatures, in the order in which the vault takes them: of an amendment the buyer's and the seller's, of a
  /// novation the transferor's, the transferee's and the remaining party's.
  public let signatures: [Signature]

  /// - Throws: `SettlementError.wrongSigner` or `.badSignature` where a signature is not that of the one in its place,
  ///   `.unfitChange` where there are more or fewer than must sign.
  public init(_ offer: OfferedChange, signatures: [Signature]) throws(SettlementError) {
    let roles = offer.message.roles
    guard signatures.count == offer.signers.count, roles.count == signatures.count else {
      throw .unfitChange("\(offer.signers.count) must sign it, there are \(signatures.count) signatures")
    }
    let digest = offer.message.digest(in: offer.terms.domain)
    for index in signatures.indices {
      try signatures[index].check(
        of: "the \(roles[index])'s signature of the \(offer.message.name)", by: offer.signers[index], digest)
    }
    self.offer = offer
    self.signatures = signatures
  }

  /// What was signed.
  public var message: ChangeMessage { offer.message }
  /// The terms that hold from then on.
  public var terms: OptionTerms { offer.terms }
  /// The clause that they name, compiled.
  public var clause: PayoffClause { offer.clause }
  /// The digest of the terms that they replace.
  var replaced: Digest { offer.replaced }
}

/// What is signed for other terms.
public enum ChangeMessage: Hashable, Sendable {
  /// Both parties replace their terms.
  case amendment(Amendment)
  /// A transferee stands in a party's place.
  case novation(Novation)

  /// The kind's name in documents.
  public var name: String {
    switch self {
    case .amendment: "amendment"
    case .novation: "novation"
    }
  }

  /// What those who sign are called in documents, in the order in which the vault takes the signatures.
  var roles: [String] {
    switch self {
    case .amendment: ["buyer", "seller"]
    case .novation: ["transferor", "transferee", "remaining"]
    }
  }

  /// The agreement.
  public var agreementID: AgreementID {
    switch self {
    case .amendment(let message): message.agreementID
    case .novation(let message): message.agreementID
    }
  }

  /// The version that it makes.
  public var version: UInt64 {
    switch self {
    case .amendment(let message): message.version
    case .novation(let message): message.version
    }
  }

  /// Struct hash of the new `OptionTerms`.
  public var terms: Digest {
    switch self {
    case .amendment(let message): message.terms
    case .novation(let message): message.terms
    }
  }

  /// The contract takes it while time is below this, Unix seconds.
  public var validUntil: UInt64 {
    switch self {
    case .amendment(let message): message.validUntil
    case .novation(let message): message.validUntil
    }
  }

  /// What its signers sign.
  public func digest(in domain: TypedDomain) -> Digest { typed.digest(in: domain) }

  /// The members of the EIP-712 type.
  public var document: JSONValue { typed.flatDocument }

  var typed: TypedStruct {
    switch self {
    case .amendment(let message): message.typed
    case .novation(let message): message.typed
    }
  }
}
