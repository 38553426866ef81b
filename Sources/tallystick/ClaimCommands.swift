import API
import Arithmetic
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What a party says the evidence comes to. Nothing served is believed: the agreement, its evidence and the outcome are
/// verified and computed here, and only then signed.
enum ClaimCommands {
  private static func options(_ validUntil: Option) -> [Option] { [validUntil, ServiceClient.url] + KeyOptions.all }

  private static let validUntil = Option.value(
    "valid-until", "TIME", isRequired: true, "Unix seconds; the contract takes it before that second")
  private static let outcomeValidUntil = Option.value(
    "valid-until", "TIME", "Unix seconds; by default the time that the other party signed, since both sign the same")

  static let all = [
    Command(
      "outcome show", "compute what the clause says on the evidence that a service holds",
      operands: [AgreementCommands.id], options: [ServiceClient.url]
    ) { arguments in
      let served = try await ServiceClient(arguments).get(try AgreementCommands.path(arguments))
      return shown(try verify(served, arguments).outcome)
    },
    Command(
      "outcome compute", "compute what the clause says on the evidence in an agreement's file, offline",
      operands: [AgreementCommands.file]
    ) { arguments in
      let document = try AgreementCommands.document(arguments)
      return shown(try outcome(document, of: document.agreement()))
    },
    Command(
      "outcome sign", "sign the clause's amounts, to settle at once when the other party signs them too",
      operands: [AgreementCommands.id], options: options(outcomeValidUntil)
    ) { arguments in
      try await claim(arguments, at: "/outcomes") { agreement, outcome, validUntil, _ in
        if let delivered = outcome.delivered {
          return DeliveryOutcome(
            agreementID: agreement.id, version: agreement.version, toBuyer: outcome.toBuyer,
            toSeller: outcome.toSeller, deliveryToBuyer: delivered.toBuyer, deliveryToSeller: delivered.toSeller,
            validUntil: validUntil)
        }
        return AgreedOutcome(
          agreementID: agreement.id, version: agreement.version, toBuyer: outcome.toBuyer, toSeller: outcome.toSeller,
          validUntil: validUntil)
      }
    },
    Command(
      "outcome submit", "hand amounts that a party signed to a service, which settles once the other signed the same",
      operands: [AgreementCommands.id, signed], options: [ServiceClient.url]
    ) { arguments in try await handIn(arguments, at: "/outcomes") },
    Command(
      "proposal sign", "propose the clause's amounts; they stand unless disputed inside the window",
      operands: [AgreementCommands.id], options: options(validUntil)
    ) { arguments in
      try await claim(arguments, at: "/proposals", proposal)
    },
    Command(
      "dispute sign", "dispute the standing proposal with the clause's amounts",
      operands: [AgreementCommands.id], options: options(validUntil)
    ) { arguments in
      try await claim(arguments, at: "/disputes") { agreement, outcome, validUntil, signer in
        Dispute(counter: try proposal(agreement, outcome, validUntil, signer))
      }
    },
    Command(
      "ruling submit", "hand an arbitrator's signed ruling to a service, which carries it once enough signed",
      operands: [AgreementCommands.id, signed], options: [ServiceClient.url]
    ) { arguments in try await handIn(arguments, at: "/rulings") },
    Command(
      "appeal submit", "hand a party's signed appeal to a service", operands: [AgreementCommands.id, signed],
      options: [ServiceClient.url]
    ) { arguments in try await handIn(arguments, at: "/appeals") },
    Command(
      "exercise submit", "hand the buyer's signed notice of exercise to a service, which carries it in time",
      operands: [AgreementCommands.id, signed], options: [ServiceClient.url]
    ) { arguments in try await handIn(arguments, at: "/exercises") },
    Command(
      "permit submit", "hand a party's permit to a service, which opens with it instead of an approval",
      operands: [AgreementCommands.id, signed], options: [ServiceClient.url]
    ) { arguments in try await handIn(arguments, at: "/permits") },
    Command(
      "amendment submit", "hand a party's signed amendment to a service, which carries it once both signed",
      operands: [AgreementCommands.id, signed], options: change
    ) { arguments in try await handIn(change: arguments, at: "/amendments") },
    Command(
      "novation submit", "hand a signed novation to a service: a party's first, then the transferee's and the other's",
      operands: [AgreementCommands.id, signed], options: change
    ) { arguments in try await handIn(change: arguments, at: "/novations") },
  ]

  private static let change: [Option] = [
    EscrowAct.amended,
    .value("clause", "FILE", "the clause that the new terms name; by default the agreement's present one"),
    ServiceClient.url,
  ]

  /// A message that was signed from the agreement's file, with the terms that it is to bring.
  private static func handIn(change arguments: Arguments, at path: String) async throws -> Reply {
    let document = try Files.json(arguments.operand("FILE"))
    let terms = try OptionTerms(document: try Deal.content(arguments.value(EscrowAct.amended.name) ?? ""))
    let client = ServiceClient(arguments)
    let clause: JSONValue
    if let file = arguments.value("clause") {
      clause = .string(try Files.text(file))
    } else {
      clause = try await client.get(try AgreementCommands.path(arguments))["clause"] ?? .null
    }
    let reply = try await client.post(
      try AgreementCommands.path(arguments, path),
      ["signed": document["data"] ?? document, "terms": terms.document, "clause": clause])
    return Reply(text: "the agreement is \(reply["phase"]?.asString ?? "unknown")", data: reply)
  }

  private static let signed = Operand("FILE", "what `escrow sign` printed; - for standard input")

  /// A message that was signed from the agreement's file.
  private static func handIn(_ arguments: Arguments, at path: String) async throws -> Reply {
    let document = try Files.json(arguments.operand("FILE"))
    let reply = try await ServiceClient(arguments).post(
      try AgreementCommands.path(arguments, path), document["data"] ?? document)
    return Reply(text: "the agreement is \(reply["phase"]?.asString ?? "unknown")", data: reply)
  }

  private static func shown(_ outcome: Outcome) -> Reply {
    let lines =
      [
        "settlement price \(outcome.settlementPrice?.description ?? "none")", "to the buyer     \(outcome.toBuyer)",
        "to the seller    \(outcome.toSeller)", "evidence digest  \(outcome.evidenceDigest)",
        "trace digest     \(outcome.traceDigest)",
      ]
      + (outcome.delivered.map {
        ["delivered        to the buyer \($0.toBuyer), to the seller \($0.toSeller)"]
      } ?? []) + outcome.notes.map { "note: \($0)" }
    return Reply(text: lines.joined(separator: "\n"), data: outcome.document)
  }

  private static func proposal(
    _ agreement: Agreement, _ outcome: Outcome, _ validUntil: UInt64, _ signer: Address
  ) throws -> Proposal {
    guard outcome.delivered == nil else {
      throw SettlementError.otherSettlement(act: Proposal.what, settled: .physical)
    }
    return Proposal(
      agreementID: agreement.id, version: agreement.version, proposer: signer, evidenceDigest: outcome.evidenceDigest,
      toBuyer: outcome.toBuyer, toSeller: outcome.toSeller, validUntil: validUntil)
  }

  private static func claim(
    _ arguments: Arguments, at path: String,
    _ message: (Agreement, Outcome, UInt64, Address) throws -> any TypedMessage
  ) async throws -> Reply {
    let given = try arguments.value("valid-until", as: "Unix seconds") { UInt64($0) }
    let served = try await ServiceClient(arguments).get(try AgreementCommands.path(arguments))
    let (agreement, outcome) = try verify(served, arguments)
    let key = try KeyOptions.key(arguments)
    let pending = pendingTime(in: served, for: key.address, under: agreement.terms.escrow)
    guard let validUntil = given ?? pending else { throw ConsoleError.missingOption("--valid-until", environment: nil) }
    let message = try message(agreement, outcome, validUntil, key.address)
    let signed = try EscrowSigning.signed(message, key, in: agreement.terms.domain)
    let reply = try await ServiceClient(arguments).post(try AgreementCommands.path(arguments, path), signed)
    let differs = path == "/outcomes" && pending.map { $0 != validUntil } == true
    return Reply(
      text: "signed and submitted: buyer \(outcome.toBuyer), seller \(outcome.toSeller)",
      data: ["signed": signed, "agreement": reply],
      warnings: differs ? ["the other party signed another --valid-until; both must sign the same outcome"] : [])
  }

  /// The validity of the outcome that waits for this signer's countersignature, where one does.
  private static func pendingTime(in served: JSONValue, for signer: Address, under escrow: Escrow) -> UInt64? {
    guard let party = escrow.party(at: signer) else { return nil }
    return served["outcomes"]?[party.other.rawValue]?["message"]?["validUntil"]?.asString.flatMap { UInt64($0) }
  }

  /// The served agreement, verified to be the one that was asked for, and what its clause says.
  private static func verify(
    _ served: JSONValue, _ arguments: Arguments
  ) throws -> (agreement: Agreement, outcome: Outcome) {
    let path = try AgreementCommands.path(arguments)
    let document = try AgreementDocument(served)
    let agreement = try document.agreement()
    guard path.hasSuffix(agreement.id.description) else { throw SettlementError.otherAgreement }
    return (agreement, try outcome(document, of: agreement))
  }

  private static func outcome(_ document: AgreementDocument, of agreement: Agreement) throws -> Outcome {
    try Outcome(of: agreement, given: document.evidence(for: agreement), exercisedAt: document.exercisedAt)
  }
}
