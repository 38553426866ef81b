import Arithmetic
import Ethereum
import JSON
import Settlement
import Signing
import Terms
import Testing
import TradeSamples

/// Messages on their way to the contract, of keys and of wallets.
struct CarriedMessageTests {
  private let terms: OptionTerms
  private let outcome: AgreedOutcome

  init() throws {
    terms = try Sample.terms()
    outcome = AgreedOutcome(agreementID: Vault(first: terms).id, version: 1, toBuyer: 1, toSeller: 2, validUntil: 3)
  }

  private func read<Message: TypedMessage>(_ document: JSONValue, _ type: Message.Type) -> CarriedMessage<Message>? {
    var reader = ObjectReader(document, at: "")
    let message = CarriedMessage<Message>(reading: &reader)
    return reader.finish().isEmpty ? message : nil
  }

  @Test func `a key tells whose it is, a wallet must be named`() throws {
    let signed = try Sample.sign(outcome, by: "seller", in: terms.domain)
    let byKey = try #require(read(signed.document, AgreedOutcome.self))
    #expect(byKey.signer(in: terms.domain) == terms.escrow.seller && byKey.signer == nil)
    #expect(byKey.document == signed.document)

    let bytes = try AccountSignature(hex: "0x" + String(repeating: "ab", count: 130))
    let wallet = CarriedMessage(outcome, signature: bytes, signer: terms.escrow.buyer)
    #expect(read(wallet.document, AgreedOutcome.self) == wallet)
    #expect(wallet.signer(in: terms.domain) == terms.escrow.buyer)
    let nameless = CarriedMessage(outcome, signature: bytes, signer: nil)
    #expect(nameless.signer(in: terms.domain) == nil)
  }

  @Test func `a message that names its signer needs no other name`() throws {
    let notice = ExerciseNotice(
      agreementID: Vault(first: terms).id, version: 1, holder: terms.escrow.buyer, validUntil: 9)
    let carried = CarriedMessage(notice, signature: try AccountSignature(hex: "0x"), signer: nil)
    #expect(carried.signer(in: terms.domain) == terms.escrow.buyer)
  }

  @Test func `a call carries a wallet's bytes as they are`() throws {
    let bytes = try AccountSignature(hex: "0x" + String(repeating: "ab", count: 130))
    let vault = Vault(first: terms)
    let data = try vault.settle(outcome, buyer: bytes, seller: bytes).data
    let places = data.indices.filter { data[$0...].starts(with: bytes.bytes) }
    #expect(places.count == 2)
  }

  @Test func `an unknown member or a malformed signature is a fault`() throws {
    let document = try Sample.sign(outcome, by: "seller", in: terms.domain).document
    #expect(read(document.replacing(["signature"], with: "0xAB"), AgreedOutcome.self) == nil)
    #expect(read(document.replacing(["signer"], with: "me"), AgreedOutcome.self) == nil)
    #expect(read(document.replacing(["other"], with: "0x"), AgreedOutcome.self) == nil)
  }
}
