import Arithmetic
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// Every message that an act on the escrow carries, signed by somebody who has a part in it.
enum EscrowSigning {
  static let command = Command(
    "escrow sign", "sign a message for an act on the escrow; what is not named is filled in",
    operands: [kind, Deal.file],
    options: [
      .value("field", "NAME=VALUE", isRepeatable: true, "a member of the message, as its document writes it"),
      .value("amended", "FILE", "the new terms, for an amendment or a novation"), Deal.present,
    ] + WalletSigning.options + PermitSigning.options + KeyOptions.optional
  ) { arguments in
    guard let kind = Kind(rawValue: arguments.operand(kind.name)) else {
      throw InputError.value(name: kind.name, expected: Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let deal = try Deal(arguments)
    let given = try fields(arguments)
    let domain = deal.first.domain
    let document: JSONValue
    if let wallet = try WalletSigning.wallet(arguments) {
      let message = try kind.message(deal, given, arguments, by: wallet)
      document = try await WalletSigning.document(message, by: wallet, in: domain, arguments)
    } else {
      let key = try KeyOptions.required(arguments)
      document =
        kind == .permit
        ? try await PermitSigning.signed(deal, given, arguments, key)
        : try signed(try kind.message(deal, given, arguments, by: key.address), key, in: domain)
    }
    return Reply(text: document.prettyText(), data: document)
  }

  private static let kind = Operand("KIND", Kind.allCases.map(\.rawValue).joined(separator: ", "))

  /// The signer has no part in the message.
  struct NoPart: Error, CustomStringConvertible {
    let kind: String
    let signer: Address
    let expected: [Address]

    var description: String {
      "\(kind): \(signer) has no part in it; sign with the key of "
        + expected.map(\.description).joined(separator: " or ")
    }
  }

  private static func fields(_ arguments: Arguments) throws -> [String: String] {
    var fields: [String: String] = [:]
    for text in arguments.values("field") {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, fields.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw InputError.value(name: "--field", expected: "NAME=VALUE, each name once")
      }
    }
    return fields
  }

  enum Kind: String, CaseIterable {
    case outcome, proposal, dispute, ruling, appeal, exercise, amendment, novation, withdrawal, cancellation, epoch,
      permit

    /// The message of a signer who has a part in it.
    fileprivate func message(
      _ deal: Deal, _ given: [String: String], _ arguments: Arguments, by signer: Address
    ) throws -> any TypedMessage {
      let fields = try filled(deal, given, arguments, signer)
      let expected = signers(deal.terms.escrow, fields)
      if deal.terms.escrow.settlesByDelivery, !Self.ofDelivery.contains(self) {
        throw SettlementError.otherSettlement(act: rawValue, settled: .physical)
      }
      guard expected.contains(signer) else { throw NoPart(kind: rawValue, signer: signer, expected: expected) }
      return switch self {
      case .outcome where deal.terms.escrow.settlesByDelivery:
        try EscrowSigning.message(DeliveryOutcome.self, fields, given)
      case .withdrawal where deal.terms.escrow.settlesByDelivery:
        try EscrowSigning.message(TokenWithdrawal.self, fields, given)
      case .outcome: try EscrowSigning.message(AgreedOutcome.self, fields, given)
      case .proposal: try EscrowSigning.message(Proposal.self, fields, given)
      case .dispute: try EscrowSigning.message(Dispute.self, fields, given)
      case .ruling: try EscrowSigning.message(Ruling.self, fields, given)
      case .appeal: try EscrowSigning.message(Appeal.self, fields, given)
      case .exercise: try EscrowSigning.message(ExerciseNotice.self, fields, given)
      case .amendment: try EscrowSigning.message(Amendment.self, fields, given)
      case .novation: try EscrowSigning.message(Novation.self, fields, given)
      case .withdrawal: try EscrowSigning.message(Withdrawal.self, fields, given)
      case .cancellation: try EscrowSigning.message(Cancellation.self, fields, given)
      case .epoch: try EscrowSigning.message(EpochRaise.self, fields, given)
      case .permit: throw PermitSigning.Failure.wallet
      }
    }

    /// What there is to sign where an option is settled by delivery.
    private static let ofDelivery: [Kind] = [.outcome, .exercise, .withdrawal, .cancellation, .epoch, .permit]

    private func signers(_ escrow: Escrow, _ fields: [String: String]) -> [Address] {
      let parties = [escrow.buyer, escrow.seller]
      let watchers = [escrow.buyerWatcher, escrow.sellerWatcher].filter { $0 != .zero }
      let panels = [escrow.arbitrators, escrow.fallbackArbitrators].filter { !$0.isUnused }.flatMap(\.members)
      return switch self {
      case .outcome, .proposal, .appeal, .amendment, .cancellation, .epoch, .permit: parties
      case .dispute: parties + watchers
      case .ruling: fields["round"] == "2" ? escrow.fallbackArbitrators.members : escrow.arbitrators.members
      case .exercise: [escrow.buyer]
      case .novation: parties + [fields["transferee"]].compactMap { $0.flatMap(parseAddress) }
      case .withdrawal: parties + watchers + panels
      }
    }

    /// What can be known without being told, and what was told.
    private func filled(
      _ deal: Deal, _ given: [String: String], _ arguments: Arguments, _ signer: Address
    ) throws -> [String: String] {
      let changes = self == .amendment || self == .novation
      let version = self == .cancellation ? 1 : deal.version + (changes ? 1 : 0)
      var fields = [
        "agreementId": deal.vault.id.description, "version": String(version), "round": "1", "consideration": "0",
      ]
      for name in ["proposer", "disputer", "appellant", "holder", "claimant", "party", "to"] {
        fields[name] = signer.checksummed
      }
      if self == .proposal || self == .dispute, given["evidenceDigest"] == nil, let evidence = try deal.evidence() {
        fields["evidenceDigest"] = evidence.digest.hex
      }
      if changes, let path = arguments.value("amended") {
        fields["terms"] = try OptionTerms(document: try Deal.content(path)).typed.structHash.hex
      }
      for (buyers, sellers, whole) in [
        ("toBuyer", "toSeller", deal.terms.escrowed),
        ("deliveryToBuyer", "deliveryToSeller", deal.terms.escrowedDelivery),
      ] {
        for (name, other) in [(buyers, sellers), (sellers, buyers)] {
          let part = whole == .zero ? .zero : given[other].flatMap { try? UInt256(decimal: $0) }
          fields[name] = part.flatMap { (try? whole.subtracting($0))?.description }
        }
      }
      if deal.terms.escrow.settlesByDelivery { fields["token"] = deal.terms.escrow.token.checksummed }
      return fields.merging(given) { $1 }
    }
  }

  static func signed<Message: TypedMessage>(
    _ message: Message, _ key: borrowing PrivateKey, in domain: TypedDomain
  ) throws -> JSONValue {
    try Signed(message, signature: try key.sign(message.typed.digest(in: domain)), in: domain).document
  }

  /// A message of the fields that it has, and of all that were given: one that it does not have is a fault.
  static func message<Message: TypedMessage>(
    _ type: Message.Type, _ fields: [String: String], _ given: [String: String]
  ) throws -> Message {
    // An empty document's faults name the members that the message has.
    var empty = ObjectReader([:])
    _ = Message(reading: &empty)
    let names = Set(empty.finish().map(\.path)).union(given.keys)
    let members = fields.merging(given) { $1 }.filter { names.contains($0.key) }.sorted { $0.key < $1.key }
    var reader = ObjectReader(.object(JSONObject(members.map { ($0.key, .string($0.value)) })))
    let message = Message(reading: &reader)
    let faults = reader.finish()
    guard let message, faults.isEmpty else { throw DocumentError(faults: faults) }
    return message
  }
}
