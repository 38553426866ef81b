import Ethereum
public import JSON
public import Settlement
import Signing
import Terms

/// The file form of a proof: RFC 8785 canonical JSON, integers as decimal strings, bytes as lowercase `0x` text.
extension SettlementProof {
  /// The value of a proof file's `format`.
  public static var documentFormat: String { "tallystick/proof/1" }

  /// Bytes of the file.
  public var bytes: [UInt8] { document.canonicalBytes() }

  /// Reads the one form that `bytes` writes.
  ///
  /// - Throws: `DocumentError`: the bytes are no canonical JSON, a field is missing, unknown or malformed, or a value is
  ///   written in another form.
  public init(bytes: [UInt8]) throws(DocumentError) {
    guard bytes.count <= VerificationLimits.proofByteCountMax else {
      throw DocumentError(faults: [
        DocumentFault(
          path: "", found: "\(bytes.count) bytes",
          fix: "a proof has at most \(VerificationLimits.proofByteCountMax)")
      ])
    }
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsingCanonical: bytes, limits: VerificationLimits.proofJSON)
    } catch {
      throw DocumentError(faults: [
        DocumentFault(path: "", found: error.description, fix: "take the file exactly as it was written")
      ])
    }
    var reader = ObjectReader(document, at: "")
    let proof = SettlementProof(reading: &reader)
    let faults = reader.finish()
    guard faults.isEmpty, let proof else { throw DocumentError(faults: faults) }
    // One proof has one file: addresses with their checksum, nothing written as null.
    guard proof.bytes == bytes else {
      throw DocumentError(faults: [
        DocumentFault(
          path: firstDifference(document, proof.document, at: ""), found: "another form of the same value",
          fix: "take the file exactly as it was written")
      ])
    }
    self = proof
  }

  private init?(reading reader: inout ObjectReader) {
    if let format = reader.string("format"), format != Self.documentFormat {
      reader.fault(
        "format", found: format, fix: "verify it with the version that reads it; this one reads \(Self.documentFormat)")
    }
    let terms = reader.terms("terms")
    let signatures = reader.object("signatures") { SignaturePair(reading: &$0) }
    let clause = reader.object("clause") { ClauseSection(reading: &$0) }
    let hasChanges = reader.optionalValue("changes") != nil
    let changes = hasChanges ? reader.objects("changes") { UnverifiedChange(reading: &$0) } : []
    let observations = reader.objects("evidence") { UnverifiedMessage<Observation>(reading: &$0) }
    let hasOutcome = reader.optionalValue("outcome") != nil
    let outcome = hasOutcome ? reader.object("outcome") { ClaimedOutcome(reading: &$0) } : nil
    let basis = reader.object("basis") { Basis(reading: &$0) }
    let inclusion = reader.object("inclusion") { Inclusion(reading: &$0) }
    let journal = reader.object("journal") { JournalSection(reading: &$0) }
    guard let terms, let signatures, let clause, let changes, let observations, !hasOutcome || outcome != nil,
      let basis,
      let inclusion, let journal
    else { return nil }
    self.init(
      terms: terms, buyerSignature: signatures.buyer, sellerSignature: signatures.seller, clauseSource: clause.source,
      clauseBytecode: clause.bytecode, changes: changes, observations: observations, outcome: outcome, basis: basis,
      inclusion: inclusion, journal: journal.entries, journalSignature: journal.signature)
  }

  /// The proof as a JSON value.
  public var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("format", .string(Self.documentFormat)),
      ("terms", terms.document),
      ("signatures", SignaturePair(buyer: buyerSignature, seller: sellerSignature).document),
      ("clause", ["source": .string(clauseSource), "bytecode": .string(Hex.encode(clauseBytecode))]),
      ("evidence", .array(observations.map(\.document))),
      ("basis", basis.document),
      ("inclusion", inclusion.document),
      (
        "journal",
        ["entries": .array(journal.map(\.document)), "signature": .string(journalSignature.hex)]
      ),
    ]
    if let outcome { members.append(("outcome", outcome.document)) }
    if !changes.isEmpty { members.append(("changes", .array(changes.map(\.document)))) }
    return .object(JSONObject(members))
  }
}

/// The path of the first value that is written in two forms.
private func firstDifference(_ left: JSONValue, _ right: JSONValue, at path: String) -> String {
  if let members = left.asObject?.members {
    let differing = members.first { $0.value != right[$0.name] }
    guard let differing else { return path }
    let place = path.isEmpty ? differing.name : "\(path).\(differing.name)"
    return right[differing.name].map { firstDifference(differing.value, $0, at: place) } ?? place
  }
  if let elements = left.asArray, let others = right.asArray, elements.count == others.count,
    let index = elements.indices.first(where: { elements[$0] != others[$0] })
  {
    return firstDifference(elements[index], others[index], at: "\(path)[\(index)]")
  }
  return path
}

private struct SignaturePair {
  let buyer: Signature
  let seller: Signature

  init(buyer: Signature, seller: Signature) {
    self.buyer = buyer
    self.seller = seller
  }

  init?(reading reader: inout ObjectReader) {
    let buyer = reader.signature("buyer")
    let seller = reader.signature("seller")
    guard let buyer, let seller else { return nil }
    self.init(buyer: buyer, seller: seller)
  }

  var document: JSONValue { ["buyer": .string(buyer.hex), "seller": .string(seller.hex)] }
}

private struct ClauseSection {
  let source: String
  let bytecode: [UInt8]

  init?(reading reader: inout ObjectReader) {
    let source = reader.string("source")
    let bytecode = reader.bytes("bytecode")
    guard let source, let bytecode else { return nil }
    self.source = source
    self.bytecode = bytecode
  }
}

private struct JournalSection {
  let entries: [JournalEntry]
  let signature: Signature

  init?(reading reader: inout ObjectReader) {
    let entries = reader.objects("entries") { JournalEntry(reading: &$0) }
    let signature = reader.signature("signature")
    guard let entries, let signature else { return nil }
    self.entries = entries
    self.signature = signature
  }
}

extension SettlementProof.Basis {
  fileprivate init?(reading reader: inout ObjectReader) {
    switch reader.string("route") {
    case "exercised":
      guard let notice = reader.object("notice", { UnverifiedMessage<ExerciseNotice>(reading: &$0) }) else {
        return nil
      }
      self = .exercised(notice)
    case "expired": self = .expired
    case SettledRoute.agreed.name:
      // An outcome of both tokens has members of its own.
      if reader.optionalValue("outcome")?["deliveryToBuyer"] != nil {
        let outcome = reader.object("outcome") { DeliveryOutcome(reading: &$0) }
        let signatures = reader.object("signatures") { SignaturePair(reading: &$0) }
        guard let outcome, let signatures else { return nil }
        self = .agreedDelivery(outcome, buyer: signatures.buyer, seller: signatures.seller)
        return
      }
      if reader.optionalValue("proposals") != nil {
        let proposals = reader.objects("proposals") { UnverifiedMessage<Proposal>(reading: &$0) }
        guard let proposals else { return nil }
        guard proposals.count == 2 else {
          reader.fault("proposals", found: "\(proposals.count)", fix: "write the two, the one that stood first")
          return nil
        }
        self = .proposals(first: proposals[0], second: proposals[1])
        return
      }
      let outcome = reader.object("outcome") { AgreedOutcome(reading: &$0) }
      let signatures = reader.object("signatures") { SignaturePair(reading: &$0) }
      guard let outcome, let signatures else { return nil }
      self = .agreed(outcome, buyer: signatures.buyer, seller: signatures.seller)
    case SettledRoute.finalised.name:
      guard let proposal = reader.object("proposal", { UnverifiedMessage<Proposal>(reading: &$0) }) else { return nil }
      self = .finalised(proposal)
    case SettledRoute.observed.name: self = .observed
    case SettledRoute.ruled.name:
      guard let ruling = reader.object("ruling", { RulingSection(reading: &$0) }) else { return nil }
      self = .ruled(ruling.decision, signatures: ruling.signatures)
    case SettledRoute.defaulted.name: self = .defaulted
    default:
      reader.fault(
        "route", found: "an unknown route", fix: "use agreed, observed, finalised, ruled, default, exercised or expired"
      )
      return nil
    }
  }

  fileprivate var document: JSONValue {
    switch self {
    case .agreed(let outcome, let buyer, let seller):
      [
        "route": .string(route.name), "outcome": outcome.typed.flatDocument,
        "signatures": SignaturePair(buyer: buyer, seller: seller).document,
      ]
    case .proposals(let first, let second):
      ["route": .string(route.name), "proposals": [first.document, second.document]]
    case .finalised(let proposal): ["route": .string(route.name), "proposal": proposal.document]
    case .ruled(let decision, let signatures):
      ["route": .string(route.name), "ruling": RulingSection(decision: decision, signatures: signatures).document]
    case .agreedDelivery(let outcome, let buyer, let seller):
      [
        "route": .string(name), "outcome": outcome.typed.flatDocument,
        "signatures": SignaturePair(buyer: buyer, seller: seller).document,
      ]
    case .exercised(let notice): ["route": .string(name), "notice": notice.document]
    case .observed, .defaulted, .expired: ["route": .string(name)]
    }
  }
}

extension Inclusion {
  /// The inclusion in a document; nil where the reader noted a fault.
  public init?(reading reader: inout ObjectReader) {
    let node = "a trie node, 0x and lowercase hexadecimal digits"
    let header = reader.bytes("header")
    let index = reader.uint64("index")
    let transaction = reader.bytes("transaction")
    let transactionProof = reader.strings("transactionProof", as: node, parseBytes)
    let receipt = reader.bytes("receipt")
    let receiptProof = reader.strings("receiptProof", as: node, parseBytes)
    guard let header, let index, let transaction, let transactionProof, let receipt, let receiptProof else {
      return nil
    }
    self.init(
      header: header, index: index, transaction: transaction, transactionProof: transactionProof, receipt: receipt,
      receiptProof: receiptProof)
  }

  /// The inclusion as a document.
  public var document: JSONValue {
    [
      "header": .string(Hex.encode(header)), "index": .string(String(index)),
      "transaction": .string(Hex.encode(transaction)),
      "transactionProof": .array(transactionProof.map { .string(Hex.encode($0)) }),
      "receipt": .string(Hex.encode(receipt)),
      "receiptProof": .array(receiptProof.map { .string(Hex.encode($0)) }),
    ]
  }
}
