import Arithmetic
import Ethereum
import JSON
import Testing
import TestSupport

@Suite(.enabled(if: Vectors.areThere)) struct TransactionVectorTests {
  @Test(arguments: ["Legacy", "Eip155", "Berlin", "London"])
  func `every transaction of ethers is written as there, and read back`(kind: String) throws {
    var count = 0
    for vector in try Vectors.cases("ethers/transactions") {
      let raw = try vector.text("signed" + kind)
      if raw.isEmpty { continue }
      count += 1
      let name = try vector.text("name")
      let transaction = try Transaction(vector: #require(vector["transaction"]), kind: kind)
      #expect(try Hex.encode(transaction.signingPayload) == vector.text("unsigned" + kind), "\(name)")

      let signature = try #require(vector["signature" + kind])
      let v = try signature.quantity("v")
      let isOdd = v == 27 || v == 28 ? v == 28 : kind == "Eip155" ? v & .one == .zero : v == .one
      let signed = SignedTransaction(
        transaction, yParity: isOdd ? 1 : 0, r: Digest(try signature.quantity("r")),
        s: Digest(try signature.quantity("s")))
      #expect(Hex.encode(signed.raw) == raw, "\(name)")
      #expect(try SignedTransaction(decoding: Hex.decode(raw)) == signed, "\(name)")
    }
    #expect(count >= 800)
  }

  @Test func `types that this version does not know are refused by name`() throws {
    for vector in try Vectors.cases("ethers/transactions").prefix(100) where try !vector.text("signedCancun").isEmpty {
      #expect(throws: EthereumError.unknownType(of: "transaction", 3)) {
        try SignedTransaction(decoding: vector.bytes("signedCancun"))
      }
    }
  }

  @Test func `typed transactions of eth-account read, and have its signing hash`() throws {
    var count = 0
    for vector in try Vectors.cases("eth-account/typed_transactions") {
      let raw = try vector.bytes("raw")
      guard raw[0] <= 2 else { continue }
      count += 1
      let signed = try SignedTransaction(decoding: raw)
      #expect(try signed.signingHash == vector.digest("signingHash"))
      #expect(SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s) == signed)
    }
    #expect(count > 0)
  }

  /// Only one spelling of a transaction is accepted: what is read after a change is written with the change.
  @Test func `a changed transaction is refused or is another one`() throws {
    var random = SeededGenerator("signed transactions changed in one byte")
    var (read, refused) = (0, 0)
    for vector in try Vectors.cases("ethers/transactions") {
      let text = try vector.text("signed" + ["Eip155", "Berlin", "London"][Int.random(in: 0...2, using: &random)])
      if text.isEmpty { continue }
      var raw = try Hex.decode(text)
      let position = Int.random(in: 0..<raw.count, using: &random)
      raw[position] ^= UInt8.random(in: 1...255, using: &random)
      guard let signed = try? SignedTransaction(decoding: raw) else {
        refused += 1
        continue
      }
      read += 1
      let again = SignedTransaction(signed.transaction, yParity: signed.yParity, r: signed.r, s: signed.s)
      #expect(again.raw == raw, "byte \(position) of \(Hex.encode(raw))")
    }
    #expect(read > 0 && refused > 0)
  }

  /// Refusals that need a signature checked, a chain known or gas counted are for other modules.
  @Test func `transactions of the Ethereum tests read or are refused for their encoding`() throws {
    let forOthers: Set = ["INVALID_CHAINID", "INVALID_SIGNATURE_VRS", "EC_RECOVERY_FAIL", "INTRINSIC_GAS_TOO_LOW"]
    var (read, refused, skipped) = (0, 0, 0)
    for vector in try Vectors.cases("ethereum-tests/TransactionTests") {
      let name = try vector.text("name")
      let forks = try #require(vector["result"]?.asObject)
      let result = try #require(forks["Cancun"] ?? forks.members.last?.value)
      if let hash = result["hash"]?.asString {
        read += 1
        #expect(try SignedTransaction(decoding: vector.bytes("txbytes")).hash.hex == hash, "\(name)")
      } else if let reason = result["exception"]?.asString?.split(separator: ".").last,
        !forOthers.contains(String(reason))
      {
        refused += 1
        #expect(throws: EthereumError.self, "\(name): \(reason)") {
          try SignedTransaction(decoding: vector.bytes("txbytes"))
        }
      } else {
        skipped += 1
      }
    }
    print("TransactionTests: \(read) read, \(refused) refused, \(skipped) left to other modules")
    #expect(read > 0 && refused > 0)
  }
}

extension Transaction {
  init(vector: JSONValue, kind: String) throws {
    let chainID = ChainID(rawValue: try #require(vector.quantity("chainId").asUInt64))
    let nonce = try #require(vector.quantity("nonce").asUInt64)
    let gasLimit = try #require(vector.quantity("gasLimit").asUInt64)
    let to = try vector["to"].map { try Address(hex: #require($0.asString)) }
    let data = try vector["data"].map { try Hex.decode(#require($0.asString)) } ?? []
    let accessList = try (vector["accessList"]?.asArray ?? []).map {
      AccessListEntry(
        address: try Address(hex: $0.text("address")),
        storageKeys: try #require($0["storageKeys"]?.asArray).map { try Digest(hex: #require($0.asString)) })
    }
    switch kind {
    case "Legacy", "Eip155":
      self = .legacy(
        LegacyTransaction(
          chainID: kind == "Legacy" ? nil : chainID, nonce: nonce, gasPrice: try vector.quantity("gasPrice"),
          gasLimit: gasLimit, to: to, value: try vector.quantity("value"), data: data))
    case "Berlin":
      self = .accessList(
        AccessListTransaction(
          chainID: chainID, nonce: nonce, gasPrice: try vector.quantity("gasPrice"), gasLimit: gasLimit, to: to,
          value: try vector.quantity("value"), data: data, accessList: accessList))
    default:
      self = .feeMarket(
        FeeMarketTransaction(
          chainID: chainID, nonce: nonce, maxPriorityFeePerGas: try vector.quantity("maxPriorityFeePerGas"),
          maxFeePerGas: try vector.quantity("maxFeePerGas"), gasLimit: gasLimit, to: to,
          value: try vector.quantity("value"), data: data, accessList: accessList))
    }
  }
}
