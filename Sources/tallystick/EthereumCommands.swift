import Arithmetic
import Console
import Ethereum
import JSON
import Signing

/// What everything else rests on, on its own: typed data, transactions, RLP and the contract ABI.
enum EthereumCommands {
  private static let hex = Operand("HEX", "bytes, 0x and hexadecimal digits; - for standard input")
  private static let signature = Operand(
    "SIGNATURE", "types in parentheses, such as \"(address,uint256)\"; with a name in front, a function or an error")

  static let all = [
    Command(
      "typed-data hash", "print the EIP-712 digest of any typed-data document",
      operands: [Operand("FILE", "the document as eth_signTypedData_v4 takes it; - for standard input")]
    ) { arguments in try typedData(try Files.json(arguments.operand("FILE"))) },
    Command(
      "tx decode", "print a signed transaction's fields, its sender, and every rule it breaks on its own",
      operands: [hex],
      options: [.value("chain-id", "N", "the chain that it is for; without it the one that it names, else 1")]
    ) { arguments in
      let chain = try arguments.value("chain-id", as: "a chain's number") { UInt64($0).map { ChainID(rawValue: $0) } }
      return decode(try SignedTransaction(decoding: try bytes(arguments.operand("HEX"))), on: chain)
    },
    Command(
      "tx encode", "print a transaction's bytes: signed ones where r and s are given, else those to be signed",
      operands: [Operand("FILE", "the fields as JSON-RPC names them; - for standard input")]
    ) { arguments in try encode(try Files.json(arguments.operand("FILE"))) },
    Command(
      "rlp encode", "print the RLP of a JSON document of byte texts and arrays",
      operands: [Operand("FILE", "the document; - for standard input")]
    ) { arguments in
      let bytes = Hex.encode(try RLPItem(try Files.json(arguments.operand("FILE"))).encoded())
      return Reply(text: bytes, data: ["rlp": .string(bytes)])
    },
    Command("rlp decode", "print RLP as JSON: byte texts and arrays", operands: [hex]) { arguments in
      let item = try RLPItem(decoding: try bytes(arguments.operand("HEX"))).document
      return Reply(text: item.prettyText(), data: ["item": item])
    },
    Command(
      "abi encode", "print the ABI encoding of values; with a name in front, of a call",
      operands: [signature, Operand("FILE", "a JSON array of the values; - for standard input")],
      options: [.flag("packed", "as Solidity's abi.encodePacked, which cannot be decoded")]
    ) { arguments in
      let signature = try Signature(arguments.operand("SIGNATURE"))
      let values = try signature.values(try Files.json(arguments.operand("FILE")))
      let data =
        arguments.flag("packed")
        ? try ABIValue.packed(values, as: signature.types)
        : try ABIValue.encode(values, as: signature.types)
      let text = Hex.encode(signature.selector + data)
      return Reply(text: text, data: ["data": .string(text)])
    },
    Command(
      "abi decode", "print the values in an ABI encoding; with a name in front, in a call or an error",
      operands: [signature, hex]
    ) { arguments in
      let signature = try Signature(arguments.operand("SIGNATURE"))
      var data = try bytes(arguments.operand("HEX"))
      guard data.starts(with: signature.selector) else {
        throw InputError.value(name: "HEX", expected: "data that begin with \(Hex.encode(signature.selector))")
      }
      data = Array(data.dropFirst(signature.selector.count))
      let values: JSONValue = .array(try ABIValue.decode(data, as: signature.types).map(\.document))
      return Reply(text: values.prettyText(), data: ["values": values])
    },
  ]

  private static func bytes(_ operand: String) throws -> [UInt8] {
    let text = operand == "-" ? try Files.text("-") : operand
    return try Hex.decode(text.split(whereSeparator: \.isWhitespace).joined())
  }

  private static func typedData(_ document: JSONValue) throws -> Reply {
    let typed = try TypedData(document)
    let message = typed.message
    return Reply(
      text: typed.digest.hex,
      data: [
        "digest": .string(typed.digest.hex), "domainSeparator": .string(typed.domain.structHash.hex),
        "domainType": .string(typed.domain.typeString),
        "structHash": message.map { .string($0.structHash.hex) } ?? .null,
        "type": message.map { .string($0.typeString) } ?? .null,
      ], warnings: typed.ignoredPaths.map { "\($0) is in no type, and no signature covers it" })
  }

  private static func decode(_ signed: SignedTransaction, on chain: ChainID?) -> Reply {
    let sender = try? signed.sender()
    let faults = signed.faults(on: chain ?? signed.transaction.chainID ?? 1)
    var members = signed.document.asObject?.members.map { ($0.name, $0.value) } ?? []
    members += [
      ("from", sender.map { .string($0.checksummed) } ?? .null), ("signingHash", .string(signed.signingHash.hex)),
      ("intrinsicGas", .string(String(signed.transaction.intrinsicGas()))),
      ("faults", .array(faults.map { .string($0.description) })),
    ]
    let data = JSONValue.object(JSONObject(members))
    let reasons = faults.map(\.description).joined(separator: "; ")
    return Reply(
      text: data.prettyText(), data: data,
      failure: faults.isEmpty ? nil : Failure(.refused, code: "transaction_invalid", reasons))
  }

  private static func encode(_ document: JSONValue) throws -> Reply {
    guard document["r"] != nil, document["s"] != nil else {
      let transaction = try Transaction(document)
      try requireFields(of: transaction, in: document)
      let payload = Hex.encode(transaction.signingPayload)
      return Reply(
        text: payload,
        data: ["signingPayload": .string(payload), "signingHash": .string(transaction.signingHash.hex)])
    }
    let signed = try SignedTransaction(document)
    try requireFields(of: signed.transaction, in: document)
    let raw = Hex.encode(signed.raw)
    return Reply(text: raw, data: ["raw": .string(raw), "hash": .string(signed.hash.hex)])
  }

  /// Refuses a document that leaves out what decides where a transaction goes and what it costs. The library reads what is
  /// missing as zero, as nodes do; whoever writes a transaction by hand has forgotten it.
  private static func requireFields(of transaction: Transaction, in document: JSONValue) throws(EthereumError) {
    var fields = [["nonce"], ["gas", "gasLimit"], ["to", "input", "data"]]
    switch transaction {
    case .legacy: fields.append(["gasPrice"])
    case .accessList: fields += [["chainId"], ["gasPrice"]]
    case .feeMarket, .setCode: fields += [["chainId"], ["maxFeePerGas"], ["maxPriorityFeePerGas"]]
    case .blob: fields += [["chainId"], ["maxFeePerGas"], ["maxPriorityFeePerGas"], ["maxFeePerBlobGas"]]
    }
    let missing = fields.filter { names in names.allSatisfy { document[$0] == nil } }
    guard missing.isEmpty else {
      throw .document(
        missing.map { DocumentFault(path: $0.joined(separator: " or "), found: "nothing", fix: "add it") })
    }
  }

  /// Types, and the selector in front of their values where they have a name.
  private struct Signature {
    let selector: [UInt8]
    let types: [ABIType]

    init(_ text: String) throws(EthereumError) {
      let isBare = text.hasPrefix("(")
      let function = try ABIFunction(signature: isBare ? "f" + text : text)
      selector = isBare ? [] : function.selector.bytes
      types = function.inputs
    }

    func values(_ document: JSONValue) throws -> [ABIValue] {
      guard let elements = document.asArray, elements.count == types.count else {
        throw InputError.value(name: "FILE", expected: "a JSON array of \(types.count) values")
      }
      return try zip(elements, types).enumerated().map { try ABIValue($1.0, as: $1.1, at: "values[\($0)]") }
    }
  }
}
