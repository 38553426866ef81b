import Arithmetic
import Ethereum
import JSON
import Signing

/// Answers one request a line with one line, so that another library can be compared over thousands of cases. A request
/// is an object whose `do` names the question; the answer holds `error` where the library refuses.
enum Differential {
  static func run() {
    while let line = readLine(strippingNewline: true) {
      let limits = JSONLimits(byteCount: 1 << 24, depth: 128, memberCount: 4096, keepsWideIntegers: true)
      let answer: JSONValue
      do {
        answer = try respond(JSONValue(parsing: line, limits: limits))
      } catch {
        answer = ["error": .string("\(error)")]
      }
      Output.line(String(decoding: answer.canonicalBytes(), as: UTF8.self))
    }
  }

  private static func respond(_ request: JSONValue) throws -> JSONValue {
    switch try request.text("do") {
    case "keccak":
      return ["digest": .string(Keccak256.hash(try request.bytes("data")).hex)]
    case "typed-data":
      let typed = try TypedData(request.field("document"))
      return [
        "digest": .string(typed.digest.hex), "domain": .string(typed.domain.structHash.hex),
        "message": typed.message.map { .string($0.structHash.hex) } ?? .null,
      ]
    case "abi-encode":
      let types = try types(request)
      let values = try zip(request.elements("values"), types).map { try ABIValue($0, as: $1) }
      return ["data": .string(Hex.encode(try ABIValue.encode(values, as: types)))]
    case "abi-decode":
      let values = try ABIValue.decode(request.bytes("data"), as: types(request))
      return ["values": .array(values.map(\.document))]
    case "rlp-encode":
      return ["data": .string(Hex.encode(try RLPItem(request.field("item")) { try $0.bytes }.encoded()))]
    case "rlp-decode":
      return ["item": try RLPItem(decoding: request.bytes("data")).document]
    case "sign":
      let key = try PrivateKey(bytes: request.bytes("key"))
      let signed = try Transaction(request.field("transaction")).signed(by: key)
      return ["raw": .string(Hex.encode(signed.raw)), "hash": .string(signed.hash.hex)]
    case "recover":
      let signed = try SignedTransaction(decoding: request.bytes("raw"))
      return [
        "sender": .string(try signed.sender().checksummed), "hash": .string(signed.hash.hex),
        "transaction": signed.document,
      ]
    case "open":
      let key = try KeyFile.decrypt(request.field("file"), password: request.text("password"))
      return ["address": .string(key.address.checksummed)]
    case "close":
      let key = try PrivateKey(bytes: request.bytes("key"))
      return ["file": try KeyFile.encrypt(key, password: request.text("password"), cost: .light)]
    case "trie":
      let entries = try request.elements("entries").map { entry in
        let pair = try entry.elements
        return (key: try pair[0].bytes, value: try pair[1].bytes)
      }
      let trie = MerklePatriciaTrie(entries)
      let proof = trie.proof(for: try request.bytes("key"))
      return ["root": .string(trie.root.hex), "proof": .array(proof.map { .string(Hex.encode($0)) })]
    case "prove":
      let found = try MerklePatriciaTrie.verify(
        root: request.digest("root"), key: request.bytes("key"), proof: request.elements("proof").map { try $0.bytes })
      return ["value": found.map { .string(Hex.encode($0)) } ?? .null]
    case let other: throw Mismatch(description: "\(other) is not known")
    }
  }

  private static func types(_ request: JSONValue) throws -> [ABIType] {
    try request.elements("types").map { try ABIType(parsing: $0.text) }
  }
}
