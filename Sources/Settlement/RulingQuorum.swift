public import Ethereum
public import Signing
import Terms

/// Who signed a ruling: distinct members of its round's panel, as many as the threshold at least, each with its own key.
public struct RulingQuorum: Hashable, Sendable {
  /// Their signatures of the ruling.
  public let signatures: [Address: Signature]
  /// They themselves, the lowest address first.
  public var signers: [Address] { signatures.keys.sorted() }

  /// Nothing where one of the signatures is not its member's of this ruling, or there are too few.
  public init?(_ signatures: [Address: Signature], of decision: Decision, in agreement: Agreement) {
    let panel = decision.panel(of: agreement.terms.escrow)
    let digest = Ruling(decision, of: agreement).typed.digest(in: agreement.terms.domain)
    guard signatures.count >= Int(panel.threshold),
      signatures.allSatisfy({ panel.members.contains($0.key) && (try? $0.value.signer(of: digest)) == $0.key })
    else { return nil }
    self.signatures = signatures
  }

  /// Nothing where a transaction does not carry this ruling to the agreement's vault, or a signature in it is a wallet's.
  public init?(of decision: Decision, carriedBy raw: [UInt8], to agreement: Agreement) {
    guard let carried = SettlementCall.signers(of: decision, carriedBy: raw, for: agreement) else { return nil }
    var signatures: [Address: Signature] = [:]
    for (address, signature) in carried { signatures[address] = signature }
    guard signatures.count == carried.count else { return nil }
    self.init(signatures, of: decision, in: agreement)
  }
}
