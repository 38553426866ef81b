import Arithmetic
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What two parties agree on, before anybody signs it and when they do.
enum TermsCommands {
  static let file = Operand("TERMS", "the terms document; - for standard input")

  static func terms(_ arguments: Arguments) throws -> OptionTerms {
    try OptionTerms(document: try Files.read(arguments.operand(file.name)))
  }

  static let all = [
    Command("terms check", "check terms and say what they mean", operands: [file]) { arguments in
      let terms = try terms(arguments)
      return check(terms, TermsReview(of: terms))
    },
    Command("terms digest", "print the EIP-712 digest that both parties sign", operands: [file]) { arguments in
      let terms = try terms(arguments)
      return Reply(
        text: terms.digest.hex,
        data: [
          "digest": .string(terms.digest.hex),
          "domainSeparator": .string(terms.domain.separator.hex),
          "structHash": .string(terms.typed.structHash.hex),
          "vault": .string(EscrowContract.vault(of: AgreementID(terms.digest), under: terms).checksummed),
        ])
    },
    Command("terms typed-data", "print the document that a wallet signs (eth_signTypedData_v4)", operands: [file]) {
      arguments in
      let terms = try terms(arguments)
      let document = terms.typed.walletDocument(in: terms.domain)
      return Reply(text: document.prettyText(), data: document)
    },
    Command("terms sign", "sign terms as one of their parties", operands: [file], options: KeyOptions.all) {
      arguments in
      let terms = try terms(arguments)
      let key = try KeyOptions.key(arguments)
      guard let party = terms.escrow.party(at: key.address) else {
        throw SettlementError.notAParty(of: "terms", found: key.address)
      }
      let signature = try key.sign(terms.digest)
      return Reply(
        text: signature.hex,
        data: [
          "agreementId": .string(terms.digest.hex), "party": .string(party.rawValue),
          "signer": .string(key.address.checksummed), "signature": .string(signature.hex),
        ])
    },
  ]

  private static func check(_ terms: OptionTerms, _ review: TermsReview) -> Reply {
    let economics = terms.economics
    let escrow = terms.escrow
    let cap =
      review.capBindsAt.map { "\(price($0, economics.priceDecimals)) \(economics.priceCurrency)" }
      ?? (economics.parameters.isEmpty ? "no price" : "a price that is the clause's to say")
    let favours =
      switch review.defaultFavours {
      case nil: "nobody: an option that expires worthless pays the same"
      case .buyer?: "the buyer"
      case .seller?: "the seller"
      }
    var lines = [
      "agreement id       \(terms.digest.hex)",
      "option             \(economics.exerciseStyle.rawValue) \(economics.optionType.rawValue), "
        + "\(economics.settlementType.rawValue), on \(price(economics.quantity, economics.quantityDecimals)) "
        + "\(economics.underlying) at \(price(economics.strikePrice, economics.priceDecimals)) \(economics.priceCurrency)",
      "buyer pays         premium \(amount(escrow.premium, economics)), collateral "
        + amount(escrow.buyerCollateral, economics),
    ]
    if let brought = terms.exercising {
      let locked = escrow.opening(of: .seller)
      lines += [
        "seller escrows     \(locked.amount) base units of \(locked.token)",
        "exercise takes     \(brought.amount) base units of \(brought.token) from the buyer",
      ]
    } else {
      lines += [
        "seller escrows     \(amount(escrow.sellerCollateral, economics))",
        "cap binds at       \(cap)", "default favours    \(favours)",
      ]
    }
    lines += [
      "accept before      \(escrow.acceptBy)", "expires at         \(escrow.expirationTime)",
      "released by        \(review.releasedBy) at the latest, whatever the parties do",
    ]
    return Reply(
      text: lines.joined(separator: "\n"),
      data: [
        "agreementId": .string(terms.digest.hex),
        "exerciseTakes": terms.exercising.map {
          ["token": .string($0.token.checksummed), "amount": .string($0.amount.description)]
        } ?? .null,
        "capBindsAt": review.capBindsAt.map { .string($0.description) } ?? .null,
        "defaultFavours": review.defaultFavours.map { .string($0.rawValue) } ?? .null,
        "releasedBy": .string(String(review.releasedBy)),
      ],
      warnings: review.warnings.map(\.description))
  }

  private static func amount(_ value: UInt256, _ economics: Economics) -> String {
    price(value, economics.tokenDecimals)
  }

  /// An integer with its decimal point, for a person.
  static func price(_ value: UInt256, _ decimals: UInt8) -> String {
    let digits = value.description
    let count = Int(decimals)
    if count == 0 { return digits }
    let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
    return "\(padded.dropLast(count)).\(padded.suffix(count))"
  }
}
