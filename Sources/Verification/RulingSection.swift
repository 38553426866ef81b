import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// A ruling, and where they are known the signatures of its panel's members, the lowest address first.
struct RulingSection {
  let decision: Decision
  let signatures: [Address: Signature]

  init(decision: Decision, signatures: [Address: Signature]) {
    self.decision = decision
    self.signatures = signatures
  }

  init?(reading reader: inout ObjectReader) {
    let decision = Decision(reading: &reader)
    var signatures: [Address: Signature] = [:]
    if reader.optionalValue("signatures") != nil {
      let signed = reader.objects("signatures") { reader -> (signer: Address, signature: Signature)? in
        let signer = reader.address("signer")
        let signature = reader.signature("signature")
        guard let signer, let signature else { return nil }
        return (signer, signature)
      }
      guard let signed else { return nil }
      // The same one twice, another order, or none at all is another form, which is refused.
      for each in signed { signatures[each.signer] = each.signature }
    }
    guard let decision else { return nil }
    self.init(decision: decision, signatures: signatures)
  }

  var document: JSONValue {
    var members = decision.members
    if !signatures.isEmpty {
      let signed = signatures.sorted { $0.key < $1.key }
      members.append(
        (
          "signatures",
          .array(signed.map { ["signer": .string($0.key.checksummed), "signature": .string($0.value.hex)] })
        ))
    }
    return .object(JSONObject(members))
  }
}
