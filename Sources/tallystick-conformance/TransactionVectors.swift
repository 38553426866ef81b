import Arithmetic
import Ethereum
import JSON
import Signing

/// Transactions of every type: encoding, deterministic signing, recovery.
enum TransactionVectors {
  static let suites = [
    Suite("transactions", shape: ["transaction", "privateKey", "signedLegacy"]) { document, report, _ in
      for (index, vector) in try document.elements.enumerated() {
        for kind in ["Legacy", "Eip155", "Berlin", "London", "Cancun"] {
          guard vector["signed" + kind]?.asString.map({ !$0.isEmpty }) ?? false else { continue }
          report.check("\(vector.name(at: index)) \(kind)") { try checkFormats(vector, kind) }
        }
      }
    },
    Suite("typed_transactions", shape: ["type", "transaction", "raw", "signingHash"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let signed = try SignedTransaction(vector.field("transaction"))
        try expectEqual(signed.raw, vector.bytes("raw"), "encoding")
        try expectEqual(signed.signingHash, vector.digest("signingHash"), "signing hash")
        try expectEqual(SignedTransaction(decoding: signed.raw), signed, "decoding")
      }
    },
    Suite("sign_transactions", shape: ["expected_raw_tx", "private_key"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let fields = vector["txn"] ?? vector
        // Some write data without 0x.
        let transaction = try Transaction(
          fields.setting("data", fields["data"].map { .string(Hex.encode(try $0.bytes)) }))
        let key = try PrivateKey(bytes: (vector["private_key"] ?? vector.field("key")).bytes)
        let raw = try (vector["expected_raw_tx"] ?? vector.field("signed")).bytes
        try check(raw, transaction, key)
        if let hash = vector["tx_hash"] {
          try expectEqual(SignedTransaction(decoding: raw).hash.bytes, hash.bytes, "hash")
        }
      }
    },
    Suite("BasicTests_tx", shape: ["startgas", "gasprice", "signed"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let to = try vector.text("to"), data = try vector.text("data")
        let transaction = try Transaction([
          "nonce": vector.field("nonce"), "gasPrice": vector.field("gasprice"), "gas": vector.field("startgas"),
          "to": to.isEmpty ? .null : .string("0x" + to), "value": vector.field("value"), "data": .string("0x" + data),
        ])
        try check(vector.bytes("signed"), transaction, PrivateKey(bytes: vector.bytes("key")))
      }
    },
  ]

  /// The raw bytes are what signing gives, byte for byte, and they read back as the transaction and its sender. Some
  /// libraries sign with other nonces than RFC 6979's; their signatures are recovered only.
  private static func check(
    _ raw: [UInt8], _ transaction: Transaction, _ key: borrowing PrivateKey, isDeterministic: Bool = false
  ) throws {
    let address = key.address
    let signed = try SignedTransaction(decoding: raw)
    try expectEqual(signed.transaction, transaction, "decoding")
    try expectEqual(
      SignedTransaction(transaction, yParity: signed.yParity, r: signed.r, s: signed.s).raw, raw, "encoding")
    try expectEqual(lowered(signed).sender(), address, "sender")
    let ours = try transaction.signed(by: key)
    if isDeterministic { try expectEqual(ours.raw, raw, "signed bytes") }
    try expectEqual(ours.sender(), address, "sender of our own")
  }

  /// A transaction of Frontier's time may have a high s, which EIP-2 refuses since; its other form has the same sender.
  private static func lowered(_ signed: SignedTransaction) throws -> SignedTransaction {
    guard case .legacy(let legacy) = signed.transaction, legacy.chainID == nil,
      (try? signed.signature()) == nil, let s = try? SignatureVectors.order.subtracting(UInt256(signed.s))
    else { return signed }
    return SignedTransaction(signed.transaction, yParity: 1 - signed.yParity, r: signed.r, s: Digest(s))
  }

  /// The transaction as ethers signed it in one format, with the fields that this format has.
  private static func checkFormats(_ vector: JSONValue, _ kind: String) throws {
    var fields = try vector.field("transaction")
    switch kind {
    case "Legacy": fields = fields.setting("chainId", nil).setting("type", 0)
    case "Eip155": fields = fields.setting("type", 0)
    case "Berlin": fields = fields.setting("type", 1)
    case "London": fields = fields.setting("type", 2)
    default: fields = fields.setting("type", 3)
    }
    let transaction = try Transaction(fields)
    try expectEqual(transaction.signingPayload, vector.bytes("unsigned" + kind), "signing payload")
    let key = try PrivateKey(bytes: vector.bytes("privateKey"))
    try check(vector.bytes("signed" + kind), transaction, key, isDeterministic: true)
  }
}
