import Arithmetic
public import Ethereum
public import JSON
import Signing
import Terms

/// Events as the journal holds them.
extension Event {
  /// The event as a journal entry holds it; `init(document:in:)` reads it back.
  public var document: JSONValue {
    switch self {
    case .submitted(let terms, let clause):
      ["name": .string(name), "terms": terms.document, "clause": .string(clause.source)]
    case .signed(let party, let signature):
      ["name": .string(name), "party": .string(party.rawValue), "signature": .string(signature.hex)]
    case .observed(let signed): ["name": .string(name), "signed": signed.document]
    case .outcomeSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .deliveryOutcomeSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .proposalSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .disputeSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .rulingSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .appealSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .exerciseSigned(let signed): ["name": .string(name), "signed": signed.document]
    case .permitSigned(let permit): ["name": .string(name), "signed": permit.document]
    case .amendmentSigned(let signed, let terms, let clause): change(signed.document, terms, clause)
    case .novationSigned(let signed, let terms, let clause): change(signed.document, terms, clause)
    case .due(let route): ["name": .string(name), "route": .string(route.rawValue)]
    case .instructed(let route, let transaction):
      ["name": .string(name), "route": .string(route.rawValue), "transaction": .string(transaction.hex)]
    case .replaced(let route, let transaction, let replacement):
      [
        "name": .string(name), "route": .string(route.rawValue), "transaction": .string(transaction.hex),
        "by": .string(replacement.hex),
      ]
    case .withdrawn(let route, let transaction):
      .object(
        JSONObject(
          [("name", .string(name)), ("route", .string(route.rawValue))]
            + (transaction.map { [("transaction", .string($0.hex))] } ?? [])))
    case .happened(let happening, let fact):
      ["name": .string(name), "event": happening.document, "fact": fact.document]
    case .lapsed: ["name": .string(name)]
    }
  }

  private func change(_ signed: JSONValue, _ terms: OptionTerms, _ clause: PayoffClause) -> JSONValue {
    ["name": .string(name), "signed": signed, "terms": terms.document, "clause": .string(clause.source)]
  }

  /// - Parameter domain: the agreement's, under which its messages are signed; nothing for the first event, which holds it.
  /// - Throws: `DocumentError` where the document is no event, or a signature in it is nobody's.
  public init(document: JSONValue, in domain: TypedDomain?) throws(DocumentError) {
    var reader = ObjectReader(document, at: "event")
    let event = Self.read(&reader, in: domain)
    let faults = reader.finish()
    guard faults.isEmpty, let event else { throw DocumentError(faults: faults) }
    self = event
  }

  private static func read(_ reader: inout ObjectReader, in domain: TypedDomain?) -> Event? {
    switch reader.string("name") {
    case "submitted":
      if let (terms, clause) = termsAndClause(&reader) { return .submitted(terms, clause) }
    case "signed":
      let party = reader.choice("party", of: Party.self)
      let signature = reader.signature("signature")
      if let party, let signature { return .signed(party, signature) }
    case "observed": return signed(&reader, domain).map { .observed($0) }
    case "outcomeSigned": return signed(&reader, domain).map { .outcomeSigned($0) }
    case "deliveryOutcomeSigned": return signed(&reader, domain).map { .deliveryOutcomeSigned($0) }
    case "proposalSigned": return signed(&reader, domain).map { .proposalSigned($0) }
    case "disputeSigned": return signed(&reader, domain).map { .disputeSigned($0) }
    case "rulingSigned": return signed(&reader, domain).map { .rulingSigned($0) }
    case "appealSigned": return signed(&reader, domain).map { .appealSigned($0) }
    case "exerciseSigned": return signed(&reader, domain).map { .exerciseSigned($0) }
    case "permitSigned":
      return reader.object("signed") { UnverifiedMessage<Permit>(reading: &$0) }.map { .permitSigned($0) }
    case "amendmentSigned":
      let message: Signed<Amendment>? = signed(&reader, domain)
      if let (terms, clause) = termsAndClause(&reader), let message { return .amendmentSigned(message, terms, clause) }
    case "novationSigned":
      let message: Signed<Novation>? = signed(&reader, domain)
      if let (terms, clause) = termsAndClause(&reader), let message { return .novationSigned(message, terms, clause) }
    case "due": return reader.choice("route", of: Route.self).map { .due($0) }
    case "instructed":
      let route = reader.choice("route", of: Route.self)
      let transaction = reader.digest("transaction")
      if let route, let transaction { return .instructed(route, transaction: transaction) }
    case "replaced":
      let route = reader.choice("route", of: Route.self)
      let transaction = reader.digest("transaction")
      let replacement = reader.digest("by")
      if let route, let transaction, let replacement {
        return .replaced(route, transaction: transaction, by: replacement)
      }
    case "withdrawn":
      let route = reader.choice("route", of: Route.self)
      let transaction = reader.optionalValue("transaction") == nil ? nil : reader.digest("transaction")
      if let route { return .withdrawn(route, transaction: transaction) }
    case "opened", "proposed", "disputed", "settled", "ruled", "appealed", "priceHeld", "equivocated", "priced",
      "exercised", "amended", "novated", "deliveryExercised", "deliverySettled":
      let happening = reader.object("event") { EscrowEvent(reading: &$0) }
      let fact = reader.object("fact") { ChainFact(reading: &$0) }
      if let happening, let fact { return .happened(happening, fact) }
    case "lapsed": return .lapsed
    default: reader.fault("name", found: "an unknown event", fix: "read it with the version that wrote it")
    }
    return nil
  }

  private static func termsAndClause(_ reader: inout ObjectReader) -> (OptionTerms, PayoffClause)? {
    let terms = reader.terms("terms")
    let clause = reader.string("clause").flatMap { source -> PayoffClause? in
      do throws(SettlementError) {
        return try PayoffClause(source: source)
      } catch {
        reader.fault("clause", found: error.description, fix: "use a clause that compiles")
        return nil
      }
    }
    guard let terms, let clause else { return nil }
    return (terms, clause)
  }

  private static func signed<Message>(_ reader: inout ObjectReader, _ domain: TypedDomain?) -> Signed<Message>? {
    guard let unverified = reader.object("signed", { UnverifiedMessage<Message>(reading: &$0) }), let domain else {
      return nil
    }
    do throws(SettlementError) {
      return try unverified.verified(in: domain)
    } catch {
      reader.fault("signed", found: error.description, fix: "keep what was signed")
      return nil
    }
  }
}

extension ChainFact {
  var document: JSONValue {
    [
      "blockNumber": .string(String(blockNumber)), "blockHash": .string(blockHash.hex),
      "blockTime": .string(String(blockTime)), "transaction": .string(transaction.hex),
    ]
  }

  init?(reading reader: inout ObjectReader) {
    let blockNumber = reader.uint64("blockNumber")
    let blockHash = reader.digest("blockHash")
    let blockTime = reader.uint64("blockTime")
    let transaction = reader.digest("transaction")
    guard let blockNumber, let blockHash, let blockTime, let transaction else { return nil }
    self.init(blockNumber: blockNumber, blockHash: blockHash, blockTime: blockTime, transaction: transaction)
  }
}
