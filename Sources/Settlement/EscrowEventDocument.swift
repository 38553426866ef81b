import Arithmetic
import Ethereum
package import JSON
import Terms

/// What a vault said, as the journal holds it.
extension EscrowEvent {
  var document: JSONValue {
    switch self {
    case .opened: ["kind": "opened"]
    case .proposed(let by, let evidence, let toBuyer, let toSeller, let at):
      Self.claim("proposed", by, evidence, toBuyer, toSeller, at)
    case .disputed(let by, let evidence, let toBuyer, let toSeller, let at):
      Self.claim("disputed", by, evidence, toBuyer, toSeller, at)
    case .settled(let route, let toBuyer, let toSeller):
      [
        "kind": "settled", "route": .string(route.name), "toBuyer": .string(toBuyer.description),
        "toSeller": .string(toSeller.description),
      ]
    case .ruled(let decision):
      .object(JSONObject([("kind", .string("ruled"))] + decision.members))
    case .appealed(let appellant, let at):
      ["kind": "appealed", "by": .string(appellant.checksummed), "at": .string(String(at))]
    case .priceHeld(let observer, let at, let value):
      [
        "kind": "priceHeld", "by": .string(observer.checksummed), "at": .string(String(at)),
        "value": .string(value.description),
      ]
    case .equivocated(let observer, let first, let second):
      [
        "kind": "equivocated", "by": .string(observer.checksummed), "first": .string(first.description),
        "second": .string(second.description),
      ]
    case .priced(let price): ["kind": "priced", "value": .string(price.description)]
    case .exercised(let holder, let at):
      ["kind": "exercised", "by": .string(holder.checksummed), "at": .string(String(at))]
    case .deliveryExercised(let holder, let payment, let at):
      [
        "kind": "deliveryExercised", "by": .string(holder.checksummed), "strikePayment": .string(payment.description),
        "at": .string(String(at)),
      ]
    case .deliverySettled(let route, let paid, let delivered):
      .object(
        JSONObject(
          [("kind", .string("deliverySettled")), ("route", .string(route.name))] + paid.members
            + delivered.deliveryMembers))
    case .amended(let terms, let version):
      ["kind": "amended", "terms": .string(terms.hex), "version": .string(String(version))]
    case .novated(let terms, let transferor, let transferee, let version, let consideration):
      .object(
        JSONObject(
          [
            ("kind", "novated"), ("terms", .string(terms.hex)), ("transferor", .string(transferor.checksummed)),
            ("transferee", .string(transferee.checksummed)), ("version", .string(String(version))),
          ] + (consideration.map { [("consideration", .string($0.description))] } ?? [])))
    }
  }

  private static func claim(
    _ kind: String, _ by: Address, _ evidence: Digest, _ toBuyer: UInt256, _ toSeller: UInt256, _ at: UInt64
  ) -> JSONValue {
    [
      "kind": .string(kind), "by": .string(by.checksummed), "evidenceDigest": .string(evidence.hex),
      "toBuyer": .string(toBuyer.description), "toSeller": .string(toSeller.description), "at": .string(String(at)),
    ]
  }

  init?(reading reader: inout ObjectReader) {
    let kind = reader.string("kind")
    switch kind {
    case "opened": self = .opened
    case "proposed", "disputed":
      let by = reader.address("by")
      let evidence = reader.digest("evidenceDigest")
      let toBuyer = reader.uint256("toBuyer")
      let toSeller = reader.uint256("toSeller")
      let at = reader.uint64("at")
      guard let by, let evidence, let toBuyer, let toSeller, let at else { return nil }
      self =
        kind == "proposed"
        ? .proposed(proposer: by, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at)
        : .disputed(disputer: by, evidenceDigest: evidence, toBuyer: toBuyer, toSeller: toSeller, at: at)
    case "settled":
      let route = reader.read("route", as: "agreed, observed, finalised, ruled or default") { text in
        SettledRoute.allCases.first { $0 != .delivered && $0.name == text }
      }
      let toBuyer = reader.uint256("toBuyer")
      let toSeller = reader.uint256("toSeller")
      guard let route, let toBuyer, let toSeller else { return nil }
      self = .settled(route, toBuyer: toBuyer, toSeller: toSeller)
    case "ruled":
      guard let decision = Decision(reading: &reader) else { return nil }
      self = .ruled(decision)
    case "appealed", "exercised":
      let by = reader.address("by")
      let at = reader.uint64("at")
      guard let by, let at else { return nil }
      self = kind == "appealed" ? .appealed(appellant: by, at: at) : .exercised(holder: by, at: at)
    default: self.init(reading: &reader, rare: kind)
    }
  }

  private init?(reading reader: inout ObjectReader, rare kind: String?) {
    switch kind {
    case "priceHeld":
      let by = reader.address("by")
      let at = reader.uint64("at")
      let value = reader.uint256("value")
      guard let by, let at, let value else { return nil }
      self = .priceHeld(observer: by, publishedAt: at, value: value)
    case "equivocated":
      let by = reader.address("by")
      let first = reader.uint256("first")
      let second = reader.uint256("second")
      guard let by, let first, let second else { return nil }
      self = .equivocated(observer: by, first: first, second: second)
    case "priced":
      guard let value = reader.uint256("value") else { return nil }
      self = .priced(value)
    case "amended":
      let terms = reader.digest("terms")
      let version = reader.uint64("version")
      guard let terms, let version else { return nil }
      self = .amended(terms: terms, version: version)
    case "novated":
      let terms = reader.digest("terms")
      let transferor = reader.address("transferor")
      let transferee = reader.address("transferee")
      let version = reader.uint64("version")
      let isPaid = reader.optionalValue("consideration") != nil
      let consideration = isPaid ? reader.uint256("consideration") : nil
      guard let terms, let transferor, let transferee, let version, isPaid == (consideration != nil) else { return nil }
      self = .novated(
        terms: terms, transferor: transferor, transferee: transferee, version: version, consideration: consideration)
    case "deliveryExercised":
      let by = reader.address("by")
      let payment = reader.uint256("strikePayment")
      let at = reader.uint64("at")
      guard let by, let payment, let at else { return nil }
      self = .deliveryExercised(holder: by, strikePayment: payment, at: at)
    case "deliverySettled":
      let route = reader.read("route", as: "agreed or delivered") { text in
        [SettledRoute.agreed, .delivered].first { $0.name == text }
      }
      let paid = Parts(reading: &reader)
      let delivered = Parts(readingDelivery: &reader)
      guard let route, let paid, let delivered else { return nil }
      self = .deliverySettled(route, paid: paid, delivered: delivered)
    default:
      reader.fault("kind", found: "an unknown kind", fix: "read it with the version that wrote it")
      return nil
    }
  }
}

extension Parts {
  /// The parts of the token, as documents write them.
  package var members: [(String, JSONValue)] {
    [("toBuyer", .string(toBuyer.description)), ("toSeller", .string(toSeller.description))]
  }

  /// The parts of the delivery token likewise.
  package var deliveryMembers: [(String, JSONValue)] {
    [("deliveryToBuyer", .string(toBuyer.description)), ("deliveryToSeller", .string(toSeller.description))]
  }

  /// Reads `members`.
  package init?(reading reader: inout ObjectReader) {
    self.init(reading: &reader, "toBuyer", "toSeller")
  }

  /// Reads `deliveryMembers`.
  package init?(readingDelivery reader: inout ObjectReader) {
    self.init(reading: &reader, "deliveryToBuyer", "deliveryToSeller")
  }

  private init?(reading reader: inout ObjectReader, _ buyers: String, _ sellers: String) {
    let toBuyer = reader.uint256(buyers)
    let toSeller = reader.uint256(sellers)
    guard let toBuyer, let toSeller else { return nil }
    self.init(toBuyer: toBuyer, toSeller: toSeller)
  }
}

extension Decision {
  /// The members in which journals and proofs hold it.
  package var document: JSONValue { .object(JSONObject(members)) }

  /// The members of `document`.
  package var members: [(String, JSONValue)] {
    [
      ("round", .string(String(round))), ("findingsDigest", .string(findingsDigest.hex)),
      ("toBuyer", .string(toBuyer.description)), ("toSeller", .string(toSeller.description)),
      ("bondTo", .string(String(bondTo.rawValue))), ("at", .string(String(at))),
    ]
  }

  package init?(reading reader: inout ObjectReader) {
    let round = reader.uint8("round")
    let findings = reader.digest("findingsDigest")
    let toBuyer = reader.uint256("toBuyer")
    let toSeller = reader.uint256("toSeller")
    let bondTo = reader.uint8("bondTo")
    let at = reader.uint64("at")
    guard let round, let findings, let toBuyer, let toSeller, let bondTo, let at else { return nil }
    guard let side = BondTo(rawValue: bondTo) else {
      reader.fault("bondTo", found: "\(bondTo)", fix: "use 0, 1 or 2")
      return nil
    }
    self.init(round: round, findingsDigest: findings, toBuyer: toBuyer, toSeller: toSeller, bondTo: side, at: at)
  }
}
