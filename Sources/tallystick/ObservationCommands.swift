import Arithmetic
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What observers do.
enum ObservationCommands {
  static let all = [
    Command(
      "observation sign", "sign the price of the terms' feed at a fixing", operands: [TermsCommands.file],
      options: [
        .value("value", "PRICE", isRequired: true, "the price, an integer in the feed's decimals"),
        .value("published-at", "TIME", isRequired: true, "Unix seconds at which the price is published"),
        .value("observed-at", "TIME", "Unix seconds of the fixing; by default expiration, which is the last"),
      ] + KeyOptions.all
    ) { arguments in
      let terms = try TermsCommands.terms(arguments)
      let value = try arguments.value("value", as: "a positive integer") { try? UInt256(decimal: $0) }
      let publishedAt = try arguments.value("published-at", as: "Unix seconds") { UInt64($0) }
      let fixing = try arguments.value("observed-at", as: "Unix seconds") { UInt64($0) } ?? terms.escrow.expirationTime
      let key = try KeyOptions.key(arguments)
      guard terms.fixings.times.contains(fixing) else {
        throw SettlementError.inadmissible(
          observer: key.address, reason: .notOnTheSchedule(terms.fixings, found: fixing))
      }
      let observation = Observation(
        feed: terms.escrow.feed, observedAt: fixing, publishedAt: publishedAt ?? 0,
        value: value ?? .zero)
      let signed = try Signed(
        observation, signature: try key.sign(observation.typed.digest(in: terms.domain)), in: terms.domain)
      return Reply(text: signed.document.prettyText(), data: signed.document)
    },
    Command(
      "observation submit", "hand a signed observation to a service",
      operands: [AgreementCommands.id, Operand("FILE", "what `observation sign` printed; - for standard input")],
      options: [ServiceClient.url]
    ) { arguments in
      let document = try Files.json(arguments.operand("FILE"))
      let reply = try await ServiceClient(arguments).post(
        try AgreementCommands.path(arguments, "/evidence"), document["data"] ?? document)
      let count = reply["evidence"]?.asArray?.count ?? 0
      return Reply(text: "\(count) observation\(count == 1 ? "" : "s") held", data: reply)
    },
  ]
}
