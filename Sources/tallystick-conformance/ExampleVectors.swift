import Arithmetic
import Ethereum
import JSON
import Signing

/// The examples in the texts of the EIPs.
enum ExampleVectors {
  static let suites = [
    Suite("eip_examples") { document, report, _ in
      for member in try document.members {
        switch member.name {
        case "EIP-55":
          report.checkEach(try member.value.elements("checksummed"), prefix: "EIP-55 ") {
            try AddressVectors.checkChecksum($0.text)
          }
        case "EIP-155": report.check("EIP-155") { try checkEIP155(member.value) }
        case "EIP-712": report.check("EIP-712") { try checkEIP712(member.value) }
        case "EIP-1014":
          report.checkEach(try member.value.elements, prefix: "EIP-1014 ") { vector in
            let address = Address.created2(
              by: try vector.address("address"), salt: try vector.digest("salt"),
              initCodeHash: Keccak256.hash(try vector.bytes("initCode")))
            try expectEqual(address.bytes, vector.bytes("result"), "address")
          }
        case "EIP-2098": report.checkEach(try member.value.elements, prefix: "EIP-2098 ") { try checkEIP2098($0) }
        default: report.skip("examples of \(member.name), which is not known")
        }
      }
    }
  ]

  private static func checkEIP155(_ vector: JSONValue) throws {
    let transaction = try Transaction(vector.field("transaction"))
    try expectEqual(transaction.signingPayload, vector.bytes("signingData"), "signing data")
    try expectEqual(transaction.signingHash, vector.digest("signingHash"), "signing hash")
    let signed = try transaction.signed(by: PrivateKey(bytes: vector.bytes("privateKey")))
    try expectEqual(signed.raw, vector.bytes("signed"), "signed bytes")
    try expectEqual(UInt256(signed.r), vector.integer("r"), "r")
    try expectEqual(UInt256(signed.s), vector.integer("s"), "s")
  }

  private static func checkEIP712(_ vector: JSONValue) throws {
    let typed = try TypedData(vector.field("typedData"))
    guard let message = typed.message else { throw Mismatch(description: "there is no message") }
    try expectEqual(message.typeString, vector.text("encodeType"), "encodeType")
    try expectEqual(message.typeHash, vector.digest("typeHash"), "typeHash")
    try expectEqual(message.encodedData, vector.bytes("encodeData"), "encodeData")
    try expectEqual(message.structHash, vector.digest("hashStruct"), "hashStruct")
    try expectEqual(typed.domain.structHash, vector.digest("domainSeparator"), "domain separator")
    try expectEqual(typed.digest, vector.digest("digest"), "digest")
    let key = try PrivateKey(bytes: Keccak256.hash(Array("cow".utf8)).bytes)
    let (address, signature) = (key.address, try key.sign(typed.digest))
    try expectEqual(address.bytes, vector.bytes("address"), "address")
    try expectEqual(signature.r.bytes + signature.s.bytes, vector.bytes("r") + vector.bytes("s"), "signature")
    try expectEqual(UInt256(UInt64(signature.yParity) + 27), vector.integer("v"), "v")
  }

  private static func checkEIP2098(_ vector: JSONValue) throws {
    let key = try PrivateKey(bytes: vector.bytes("privateKey"))
    let digest = PersonalMessage.digest(of: Array(try vector.text("message").utf8))
    let (address, signature) = (key.address, try key.sign(digest))
    try expectEqual(signature.r.bytes + signature.s.bytes, vector.bytes("r") + vector.bytes("s"), "signature")
    try expectEqual(UInt256(UInt64(signature.yParity) + 27), vector.integer("v"), "v")
    let compact = try vector.bytes("r") + vector.bytes("vs")
    try expectEqual(signature.compactBytes, compact, "compact form")
    try expectEqual(Signature(compact: compact), signature, "reading the compact form")
    try expectEqual(Signature(compact: compact).signer(of: digest), address, "signer")
  }
}
