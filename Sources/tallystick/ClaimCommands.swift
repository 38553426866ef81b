import API
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What a party says the evidence comes to. Nothing served is believed: the agreement, its evidence and the outcome are
/// verified and computed here, and only then signed.
enum ClaimCommands {
  private static let options =
    [
      .value("valid-until", "TIME", isRequired: true, "Unix seconds; the contract takes it before that second"),
      ServiceClient.url,
    ] + KeyOptions.all

  static let all = [
    Command(
      "outcome show", "compute what the clause says on the evidence that a service holds",
      operands: [AgreementCommands.id], options: [ServiceClient.url]
    ) { arguments in
      let (agreement, evidence) = try await fetch(arguments)
      let outcome = try Outcome(of: agreement, given: evidence)
      let lines =
        [
          "settlement price \(outcome.settlementPrice)", "to the buyer     \(outcome.toBuyer)",
          "to the seller    \(outcome.toSeller)", "evidence digest  \(outcome.evidenceDigest)",
          "trace digest     \(outcome.traceDigest)",
        ] + outcome.notes.map { "note: \($0)" }
      return Reply(text: lines.joined(separator: "\n"), data: outcome.document)
    },
    Command(
      "outcome sign", "sign the clause's amounts, to settle at once when the other party signs them too",
      operands: [AgreementCommands.id], options: options
    ) { arguments in
      try await claim(arguments, at: "/outcomes") { agreement, outcome, validUntil, _ in
        AgreedOutcome(
          agreementID: agreement.id, version: agreement.version, toBuyer: outcome.toBuyer, toSeller: outcome.toSeller,
          validUntil: validUntil)
      }
    },
    Command(
      "proposal sign", "propose the clause's amounts; they stand unless disputed inside the window",
      operands: [AgreementCommands.id], options: options
    ) { arguments in
      try await claim(arguments, at: "/proposals", proposal)
    },
    Command(
      "dispute sign", "dispute the standing proposal with the clause's amounts",
      operands: [AgreementCommands.id], options: options
    ) { arguments in
      try await claim(arguments, at: "/disputes") { agreement, outcome, validUntil, signer in
        Dispute(counter: proposal(agreement, outcome, validUntil, signer))
      }
    },
  ]

  private static func proposal(
    _ agreement: Agreement, _ outcome: Outcome, _ validUntil: UInt64, _ signer: Address
  ) -> Proposal {
    Proposal(
      agreementID: agreement.id, version: agreement.version, proposer: signer, evidenceDigest: outcome.evidenceDigest,
      toBuyer: outcome.toBuyer, toSeller: outcome.toSeller, validUntil: validUntil)
  }

  private static func claim<Message: TypedMessage>(
    _ arguments: Arguments, at path: String, _ message: (Agreement, Outcome, UInt64, Address) -> Message
  ) async throws -> Reply {
    let validUntil = try arguments.value("valid-until", as: "Unix seconds") { UInt64($0) } ?? 0
    let (agreement, evidence) = try await fetch(arguments)
    let outcome = try Outcome(of: agreement, given: evidence)
    let key = try KeyOptions.key(arguments)
    let message = message(agreement, outcome, validUntil, key.address)
    let domain = agreement.terms.domain
    let signed = try Signed(message, signature: try key.sign(message.typed.digest(in: domain)), in: domain)
    let reply = try await ServiceClient(arguments).post(try AgreementCommands.path(arguments, path), signed.document)
    return Reply(
      text: "signed and submitted: buyer \(outcome.toBuyer), seller \(outcome.toSeller)",
      data: ["signed": signed.document, "agreement": reply])
  }

  /// The served agreement, verified to be the one that was asked for.
  static func fetch(_ arguments: Arguments) async throws -> (Agreement, Evidence) {
    let path = try AgreementCommands.path(arguments)
    let document = try AgreementDocument(try await ServiceClient(arguments).get(path))
    let agreement = try document.agreement()
    guard path.hasSuffix(agreement.id.description) else { throw SettlementError.otherAgreement }
    return (agreement, try document.evidence(for: agreement))
  }
}
