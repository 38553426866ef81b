import Arithmetic
import Coordination
import Ethereum
public import JSON
public import Settlement
import Signing
import Storage
import Terms

/// Wire shapes, apart from the model: integers are decimal strings, bytes and digests `0x` text.
extension TradeView {
  var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("agreementId", .string(trade.id.description)),
      ("phase", .string(trade.phase.name)),
      ("headTime", .string(String(now))),
      ("terms", trade.terms.document),
      ("clause", .string(trade.clause.source)),
      (
        "signatures",
        .object(
          JSONObject(
            Party.allCases.compactMap { party in
              trade.signatures[party].map { (party.rawValue, .string($0.hex)) }
            }))
      ),
      ("evidence", .array(trade.observations.map(\.document))),
      (
        "outcomes",
        .object(
          JSONObject(
            Party.allCases.compactMap { party in
              (trade.outcomes[party]?.document ?? trade.deliveryOutcomes[party]?.document).map { (party.rawValue, $0) }
            }))
      ),
      ("routes", .array(routes.map(\.document))),
      ("journalEntries", .string(String(entryCount))),
      ("proof", .bool(hasProof)),
    ]
    if let agreement = trade.agreement { members.append(("vault", .string(agreement.vault.checksummed))) }
    members += trade.changeMembers
    if !trade.rulings.isEmpty { members.append(("rulings", .array(trade.rulings.map(\.document)))) }
    if let exercisedAt = trade.exercisedAt { members.append(("exercisedAt", .string(String(exercisedAt)))) }
    if let change = trade.change { members.append(("change", change.document)) }
    if let instruction = trade.instruction { members.append(("instruction", instruction.document)) }
    if let obstacle { members.append(("obstacle", .string(obstacle))) }
    if case .proposed(_, let proposal) = trade.phase { members.append(("proposal", proposal.document)) }
    switch trade.phase {
    case .ruled(_, let ruling), .appealed(_, let ruling): members.append(("ruling", ruling.document))
    case .closed(_, let settled): members.append(("settled", settled.document))
    default: break
    }
    return .object(JSONObject(members))
  }

  /// The act under way or the one that settled, with every transaction that was stored for it.
  var settlementDocument: JSONValue {
    var members: [(String, JSONValue)] = [
      ("agreementId", .string(trade.id.description)),
      ("phase", .string(trade.phase.name)),
      ("transactions", .array(transactions.map(\.document))),
    ]
    if let instruction = trade.instruction {
      members.append(("instruction", instruction.document))
      if let call = try? trade.call(for: instruction.route, at: now) { members.append(("call", call.document)) }
    }
    if let obstacle { members.append(("obstacle", .string(obstacle))) }
    if case .closed(_, let settled) = trade.phase { members.append(("settled", settled.document)) }
    return .object(JSONObject(members))
  }
}

extension Instruction {
  fileprivate var document: JSONValue {
    var members: [(String, JSONValue)] = [("route", .string(route.rawValue))]
    if let transaction { members.append(("transaction", .string(transaction.hex))) }
    return .object(JSONObject(members))
  }
}

extension RouteView {
  fileprivate var document: JSONValue {
    var members: [(String, JSONValue)] = [("route", .string(route.rawValue)), ("open", .bool(isOpen))]
    if let releases {
      members.append(("toBuyer", .string(releases.toBuyer.description)))
      members.append(("toSeller", .string(releases.toSeller.description)))
      if let delivered = releases.delivered { members += delivered.deliveryMembers }
    }
    return .object(JSONObject(members))
  }
}

extension StandingProposal {
  fileprivate var document: JSONValue {
    [
      "proposer": .string(proposer.checksummed), "evidenceDigest": .string(evidenceDigest.hex),
      "toBuyer": .string(toBuyer.description), "toSeller": .string(toSeller.description),
      "proposedAt": .string(String(at)),
    ]
  }
}

extension CollectedRuling {
  fileprivate var document: JSONValue {
    [
      "message": message.typed.flatDocument,
      "signers": .array(signatures.keys.sorted().map { .string($0.checksummed) }),
    ]
  }
}

extension StandingRuling {
  fileprivate var document: JSONValue {
    var members = decision.members
    if let appeal {
      members += [
        ("appellant", .string(appeal.appellant.checksummed)), ("appealedAt", .string(String(appeal.at))),
      ]
    }
    return .object(JSONObject(members))
  }
}

extension Trade {
  /// What became of the first terms, and who signed what is to change them.
  fileprivate var changeMembers: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let agreement {
      members.append(("version", .string(String(agreement.version))))
      if !agreement.changes.isEmpty {
        members += [
          (
            "first", ["terms": agreement.firstTerms.document, "clause": .string(agreement.firstClause.source)]
          ),
          ("changes", .array(agreement.changes.map { UnverifiedChange($0).document })),
        ]
      }
    }
    if !changes.isEmpty { members.append(("offers", .array(changes.map(\.document)))) }
    return members
  }
}

extension CollectedChange {
  fileprivate var document: JSONValue {
    [
      "kind": .string(offer.message.name), "message": offer.message.document, "terms": offer.terms.document,
      "signers": .array(signatures.keys.sorted().map { .string($0.checksummed) }),
    ]
  }
}

extension TermsChange {
  fileprivate var document: JSONValue {
    [
      "kind": .string(kind.name), "version": .string(String(version)), "terms": .string(terms.hex),
      "transaction": .string(fact.transaction.hex),
    ]
  }
}

extension Settled {
  fileprivate var document: JSONValue {
    let place: [(String, JSONValue)] = [
      ("transaction", .string(fact.transaction.hex)), ("blockNumber", .string(String(fact.blockNumber))),
      ("blockHash", .string(fact.blockHash.hex)), ("blockTime", .string(String(fact.blockTime))),
    ]
    let paid = Parts(toBuyer: toBuyer, toSeller: toSeller).members + (delivered?.deliveryMembers ?? [])
    return .object(JSONObject([("route", .string(basis))] + paid + place))
  }
}

extension StoredTransaction {
  fileprivate var document: JSONValue {
    [
      "hash": .string(hash.hex), "sender": .string(sender.checksummed), "nonce": .string(String(nonce)),
      "raw": .string(Hex.encode(raw)),
    ]
  }
}

extension SettlementCall {
  /// The call as every tool prints it.
  public var document: JSONValue {
    [
      "route": .string(route.rawValue), "chainId": .string(String(chainID.rawValue)),
      "to": .string(to.checksummed), "value": "0", "data": .string(Hex.encode(data)),
    ]
  }
}

extension Outcome {
  /// The outcome as every tool prints it.
  public var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("toBuyer", .string(toBuyer.description)), ("toSeller", .string(toSeller.description)),
    ]
    if let delivered { members += delivered.deliveryMembers }
    if let settlementPrice { members.append(("settlementPrice", .string(settlementPrice.description))) }
    members += [
      ("evidenceDigest", .string(evidenceDigest.hex)), ("traceDigest", .string(traceDigest.hex)),
      ("notes", .array(notes.map { .string($0.description) })),
    ]
    return .object(JSONObject(members))
  }
}
