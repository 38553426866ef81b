import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// Agreements: verified offline, and handed to a service.
enum AgreementCommands {
  static let id = Operand("ID", "the agreement's id, 0x and 64 digits")
  static let file = Operand("AGREEMENT", "the agreement document, as `agreement show --json` prints its data")

  /// An agreement document from a file, or from the data of an envelope.
  static func document(_ arguments: Arguments) throws -> AgreementDocument {
    let json = try Files.json(arguments.operand(file.name))
    return try AgreementDocument(json["data"] ?? json)
  }

  static func path(_ arguments: Arguments, _ rest: String = "") throws -> String {
    let text = arguments.operand(id.name)
    guard let digest = try? Digest(hex: text) else {
      throw InputError.value(name: "ID", expected: "0x and 64 hexadecimal digits")
    }
    return "/v1/agreements/\(digest.hex)\(rest)"
  }

  static let all = [
    Command(
      "agreement verify", "verify both signatures and the clause, offline but for contract wallets", operands: [file],
      options: [EscrowActCommands.rpcURL, AgreementVerification.escrow]
    ) { arguments in try await AgreementVerification.reply(to: arguments) },
    Command(
      "agreement submit", "hand terms and their clause to a service", operands: [TermsCommands.file],
      options: [.value("clause", "FILE", isRequired: true, "the payoff clause that the terms name"), ServiceClient.url]
    ) { arguments in
      let terms = try TermsCommands.terms(arguments)
      let source = try Files.text(arguments.value("clause") ?? "")
      try PayoffClause(source: source).check(against: terms)
      let reply = try await ServiceClient(arguments).post(
        "/v1/agreements", ["terms": terms.document, "clause": .string(source)])
      return Reply(text: terms.digest.hex, data: reply)
    },
    Command(
      "agreement sign", "hand a party's signature to a service", operands: [id],
      options: [.value("signature", "HEX", isRequired: true, "what `terms sign` printed"), ServiceClient.url]
    ) { arguments in
      let signature = try Signature(hex: arguments.value("signature") ?? "")
      let reply = try await ServiceClient(arguments).post(
        try path(arguments, "/signatures"), ["signature": .string(signature.hex)])
      return Reply(text: "the agreement is \(reply["phase"]?.asString ?? "unknown")", data: reply)
    },
    Command(
      "agreement show", "print how far an agreement has come", operands: [id], options: [ServiceClient.url]
    ) { arguments in
      let reply = try await ServiceClient(arguments).get(try path(arguments))
      return Reply(text: summary(of: reply), data: reply)
    },
  ]

  private static func summary(of reply: JSONValue) -> String {
    var lines = [
      "agreement \(reply["agreementId"]?.asString ?? "")", "phase     \(reply["phase"]?.asString ?? "")",
    ]
    if let vault = reply["vault"]?.asString { lines.append("vault     \(vault)") }
    if let version = reply["version"]?.asString, version != "1" { lines.append("version   \(version)") }
    for offer in reply["offers"]?.asArray ?? [] {
      lines.append("\(offer["kind"]?.asString ?? "") signed by \(offer["signers"]?.asArray?.count ?? 0)")
    }
    if let obstacle = reply["obstacle"]?.asString { lines.append("waits for \(obstacle)") }
    if let instruction = reply["instruction"] {
      lines.append(
        "under way \(instruction["route"]?.asString ?? "") \(instruction["transaction"]?.asString ?? "(not signed yet)")"
      )
    }
    for route in reply["routes"]?.asArray ?? [] where route["open"]?.asBool == true {
      let pays = route["toBuyer"]?.asString.map { ", pays buyer \($0), seller \(route["toSeller"]?.asString ?? "")" }
      lines.append("open now  \(route["route"]?.asString ?? "")\(pays ?? "")\(delivers(route))")
    }
    if let settled = reply["settled"] {
      lines.append(
        "settled   \(settled["route"]?.asString ?? ""): buyer \(settled["toBuyer"]?.asString ?? ""), "
          + "seller \(settled["toSeller"]?.asString ?? "")\(delivers(settled)), block \(settled["blockHash"]?.asString ?? "")"
      )
    }
    return lines.joined(separator: "\n")
  }

  /// The parts of the delivery token, where there are any.
  private static func delivers(_ parts: JSONValue) -> String {
    parts["deliveryToBuyer"]?.asString.map {
      "; delivers buyer \($0), seller \(parts["deliveryToSeller"]?.asString ?? "")"
    } ?? ""
  }
}
