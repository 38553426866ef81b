public import JSON
public import Signing
public import Terms

/// A change of an agreement's terms as a document holds it, before anything in it was verified.
public struct UnverifiedChange: Hashable, Sendable {
  /// What is said to be signed.
  public let message: ChangeMessage
  /// The terms that are said to hold from then on.
  public let terms: OptionTerms
  /// The text of the clause that they name, not yet compiled.
  public let clauseSource: String
  /// The signatures, of whomever, in the order of `AgreedChange.signatures`.
  public let signatures: [Signature]

  /// The same change, for a document.
  public init(_ change: AgreedChange) {
    message = change.message
    terms = change.terms
    clauseSource = change.clause.source
    signatures = change.signatures
  }

  /// Reads `document`; each member that is missing or malformed is a fault of the reader.
  public init?(reading reader: inout ObjectReader) {
    let message: ChangeMessage?
    switch reader.string("kind") {
    case "amendment": message = reader.object("message") { Amendment(reading: &$0) }.map { .amendment($0) }
    case "novation": message = reader.object("message") { Novation(reading: &$0) }.map { .novation($0) }
    default:
      reader.fault("kind", found: "an unknown kind", fix: "use amendment or novation")
      return nil
    }
    let terms = reader.terms("terms")
    let clauseSource = reader.string("clause")
    let signatures = reader.object("signatures") { reader -> [Signature]? in
      let read = (message?.roles ?? []).map { reader.signature($0) }
      let signatures = read.compactMap { $0 }
      return signatures.count == read.count ? signatures : nil
    }
    guard let message, let terms, let clauseSource, let signatures else { return nil }
    self.message = message
    self.terms = terms
    self.clauseSource = clauseSource
    self.signatures = signatures
  }

  /// The kind under `kind`, what was signed under `message`, each signature under its signer's role, the new terms and
  /// the text of their clause.
  public var document: JSONValue {
    [
      "kind": .string(message.name), "message": message.document,
      "signatures": .object(JSONObject(zip(message.roles, signatures).map { ($0, .string($1.hex)) })),
      "terms": terms.document, "clause": .string(clauseSource),
    ]
  }

  /// - Throws: `SettlementError`, as `PayoffClause.init`, `OfferedChange.init` and `AgreedChange.init`.
  public func verified(of agreement: Agreement) throws(SettlementError) -> AgreedChange {
    try AgreedChange(
      OfferedChange(message, to: terms, clause: PayoffClause(source: clauseSource), of: agreement),
      signatures: signatures)
  }
}
