import Arithmetic
public import JSON

/// Transactions as JSON-RPC writes them.
///
/// - Source: execution-apis, "GenericTransaction" and "TransactionInfo".
extension Transaction {
  /// The transaction in a JSON object, its type taken from `type` or else from the fields that only one type has.
  /// Integers are hexadecimal or decimal text, or numbers; `gasLimit` and `data` stand for `gas` and `input`; integers
  /// that are missing are 0, and so is a missing `chainId` except in the first format, where it means none.
  ///
  /// - Throws: `document` with every fault.
  public init(_ document: JSONValue) throws(EthereumError) {
    var fields = TransactionReader(document)
    self = fields.transaction()
    guard fields.faults.isEmpty else { throw .document(fields.faults) }
  }

  /// The fields in JSON, integers as hexadecimal quantities.
  public var document: JSONValue {
    var members: [(String, JSONValue)] = [("type", quantity(UInt64(type)))]
    if let chainID { members.append(("chainId", quantity(chainID.rawValue))) }
    members.append(("nonce", quantity(nonce)))
    switch self {
    case .legacy, .accessList: members.append(("gasPrice", .string(maxFeePerGas.hexQuantity)))
    case .feeMarket, .blob, .setCode:
      members.append(("maxPriorityFeePerGas", .string(maxPriorityFeePerGas.hexQuantity)))
      members.append(("maxFeePerGas", .string(maxFeePerGas.hexQuantity)))
    }
    members.append(("gas", quantity(gasLimit)))
    members.append(("to", to.map { .string($0.checksummed) } ?? .null))
    members.append(("value", .string(value.hexQuantity)))
    members.append(("input", .string(Hex.encode(data))))
    if type > 0 { members.append(("accessList", .array(accessList.map(\.document)))) }
    if case .blob(let transaction) = self {
      members.append(("maxFeePerBlobGas", .string(transaction.maxFeePerBlobGas.hexQuantity)))
      members.append(("blobVersionedHashes", .array(transaction.blobVersionedHashes.map { .string($0.hex) })))
    }
    if case .setCode(let transaction) = self {
      members.append(("authorizationList", .array(transaction.authorizationList.map(\.document))))
    }
    return .object(JSONObject(members))
  }
}

extension SignedTransaction {
  /// The transaction in a JSON object with the numbers of its signature: `r`, `s`, and `yParity` or `v`.
  ///
  /// - Throws: `document` with every fault.
  public init(_ document: JSONValue) throws(EthereumError) {
    var fields = TransactionReader(document)
    var transaction = fields.transaction()
    let (r, s) = (Digest(fields.integer("r")), Digest(fields.integer("s")))
    let parity: UInt8
    switch transaction {
    case .legacy(var legacy):
      let v = fields.integer("v")
      if let (binding, odd) = LegacyTransaction.binding(recoveryValue: v) {
        (legacy.chainID, parity) = (binding, odd)
      } else if v <= 1 {
        parity = v == .one ? 1 : 0
      } else {
        fields.fault("v", "27, 28, or 35 or 36 and twice a chain id")
        parity = 0
      }
      transaction = .legacy(legacy)
    default:
      let found = fields.has("yParity") ? fields.integer("yParity") : fields.integer("v")
      if found > 1 { fields.fault("yParity", "0 or 1") }
      parity = found == .one ? 1 : 0
    }
    guard fields.faults.isEmpty else { throw .document(fields.faults) }
    self.init(transaction, yParity: parity, r: r, s: s)
  }

  /// The fields in JSON, with the numbers of the signature and the hash.
  public var document: JSONValue {
    var members = transaction.document.asObject?.members.map { ($0.name, $0.value) } ?? []
    if case .legacy(let legacy) = transaction {
      members.append(("v", .string(legacy.recoveryValue(yParity).hexQuantity)))
    } else {
      members.append(("yParity", quantity(UInt64(yParity))))
    }
    members.append(("r", .string(UInt256(r).hexQuantity)))
    members.append(("s", .string(UInt256(s).hexQuantity)))
    members.append(("hash", .string(hash.hex)))
    return .object(JSONObject(members))
  }
}

extension AccessListEntry {
  var document: JSONValue {
    ["address": .string(address.checksummed), "storageKeys": .array(storageKeys.map { .string($0.hex) })]
  }
}

extension SignedAuthorization {
  var document: JSONValue {
    [
      "chainId": .string(authorization.chainID.hexQuantity), "address": .string(authorization.address.checksummed),
      "nonce": quantity(authorization.nonce), "yParity": quantity(UInt64(yParity)),
      "r": .string(UInt256(r).hexQuantity), "s": .string(UInt256(s).hexQuantity),
    ]
  }
}

private func quantity(_ number: UInt64) -> JSONValue { .string(UInt256(number).hexQuantity) }

/// Reads the members of one object and notes everything wrong with them; what is noted reads as zero or empty.
private struct TransactionReader {
  var faults: [DocumentFault] = []
  private let value: JSONValue
  private let path: String

  init(_ value: JSONValue, at path: String = "") {
    self.value = value
    self.path = path
    if value.asObject == nil { note("", value, "write an object") }
  }

  mutating func transaction() -> Transaction {
    let nonce = uint64("nonce")
    let (gasLimit, to) = (uint64(has("gasLimit") ? "gasLimit" : "gas"), address("to"))
    let (amount, data) = (integer("value"), bytes(has("data") ? "data" : "input"))
    let type = has("type") ? uint64("type") : impliedType
    if type == 0 {
      return .legacy(
        LegacyTransaction(
          chainID: has("chainId") ? ChainID(rawValue: uint64("chainId")) : nil, nonce: nonce,
          gasPrice: integer("gasPrice"), gasLimit: gasLimit, to: to, value: amount, data: data))
    }
    let (chainID, accessList) = (ChainID(rawValue: uint64("chainId")), accessList())
    if type == 1 {
      return .accessList(
        AccessListTransaction(
          chainID: chainID, nonce: nonce, gasPrice: integer("gasPrice"), gasLimit: gasLimit, to: to, value: amount,
          data: data, accessList: accessList))
    }
    let (tip, fee) = (integer("maxPriorityFeePerGas"), integer("maxFeePerGas"))
    switch type {
    case 2:
      return .feeMarket(
        FeeMarketTransaction(
          chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gasLimit, to: to,
          value: amount, data: data, accessList: accessList))
    case 3:
      return .blob(
        BlobTransaction(
          chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gasLimit,
          to: recipient(to), value: amount, data: data, accessList: accessList,
          maxFeePerBlobGas: integer("maxFeePerBlobGas"), blobVersionedHashes: digests("blobVersionedHashes")))
    case 4:
      return .setCode(
        SetCodeTransaction(
          chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gasLimit,
          to: recipient(to), value: amount, data: data, accessList: accessList, authorizationList: authorizations()))
    default:
      fault("type", "a type of 0 to 4")
      return .legacy(LegacyTransaction(chainID: nil, nonce: 0, gasPrice: 0, gasLimit: 0, to: nil))
    }
  }

  private var impliedType: UInt64 {
    if has("authorizationList") { return 4 }
    if has("blobVersionedHashes") || has("maxFeePerBlobGas") { return 3 }
    if has("maxFeePerGas") || has("maxPriorityFeePerGas") { return 2 }
    return has("accessList") ? 1 : 0
  }

  /// Whether the member is there and not null.
  func has(_ name: String) -> Bool { value[name].map { $0 != .null } ?? false }

  mutating func integer(_ name: String) -> UInt256 {
    guard has(name) else { return .zero }
    var reader = ABIValueReader()
    if case .uint(let number) = reader.value(value[name], as: "uint256", at: place(name)) { return number }
    faults += reader.faults
    return .zero
  }

  mutating func uint64(_ name: String) -> UInt64 {
    guard let number = integer(name).asUInt64 else {
      fault(name, "a whole number below 2^64")
      return 0
    }
    return number
  }

  /// Notes that a member is not what it must be.
  mutating func fault(_ name: String, _ expected: String) { note(place(name), value[name], "write \(expected)") }

  private mutating func bytes(_ name: String) -> [UInt8] {
    guard has(name) else { return [] }
    if let bytes = value[name]?.asString.flatMap({ try? Hex.decode($0) }) { return bytes }
    fault(name, "bytes, 0x and pairs of hexadecimal digits")
    return []
  }

  /// The recipient; some write an empty text, or `0x`, for none.
  private mutating func address(_ name: String) -> Address? {
    guard has(name), let text = value[name]?.asString, text != "", text != "0x" else {
      if has(name), value[name]?.asString == nil { fault(name, "an address, or null") }
      return nil
    }
    if let address = try? Address(hex: text) { return address }
    fault(name, "an address, 0x and 40 digits with a valid EIP-55 checksum or in one case")
    return nil
  }

  private mutating func recipient(_ to: Address?) -> Address {
    if to == nil, !has("to") { fault("to", "an address: this type creates no contract") }
    return to ?? .zero
  }

  private mutating func digests(_ name: String) -> [Digest] {
    elements(name).compactMap { element in
      if let digest = element.value.asString.flatMap({ try? Digest(hex: $0) }) { return digest }
      note(element.path, element.value, "write 32 bytes, 0x and 64 hexadecimal digits")
      return nil
    }
  }

  private mutating func accessList() -> [AccessListEntry] {
    elements("accessList").map { element in
      read(element) { AccessListEntry(address: $0.address("address") ?? .zero, storageKeys: $0.digests("storageKeys")) }
    }
  }

  private mutating func authorizations() -> [SignedAuthorization] {
    elements("authorizationList").map { element in
      read(element) { fields in
        let authorization = Authorization(
          chainID: fields.integer("chainId"), address: fields.address("address") ?? .zero, nonce: fields.uint64("nonce")
        )
        let parity = fields.has("yParity") ? fields.integer("yParity") : fields.integer("v")
        let byte = parity.asUInt64.flatMap { UInt8(exactly: $0) }
        if byte == nil { fields.fault("yParity", "a whole number below 256") }
        return SignedAuthorization(
          authorization, yParity: byte ?? 0, r: Digest(fields.integer("r")), s: Digest(fields.integer("s")))
      }
    }
  }

  private mutating func read<T>(
    _ element: (path: String, value: JSONValue), _ body: (inout TransactionReader) -> T
  ) -> T {
    var inner = TransactionReader(element.value, at: element.path)
    let result = body(&inner)
    faults += inner.faults
    return result
  }

  private mutating func elements(_ name: String) -> [(path: String, value: JSONValue)] {
    guard has(name) else { return [] }
    guard let elements = value[name]?.asArray else {
      fault(name, "an array")
      return []
    }
    return elements.enumerated().map { ("\(place(name))[\($0.offset)]", $0.element) }
  }

  private func place(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

  private mutating func note(_ path: String, _ value: JSONValue?, _ fix: String) {
    guard faults.count < 100 else { return }
    faults.append(DocumentFault(path: path, found: value?.summary ?? "nothing", fix: fix))
  }
}
