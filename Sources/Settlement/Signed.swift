public import Ethereum
public import JSON
public import Signing
import Terms

/// A message and the one who signed it, recovered from the signature; where the message names its signer, the same.
public struct Signed<Message: TypedMessage>: Hashable, Sendable {
  /// What was signed.
  public let message: Message
  /// Its signature under the escrow's domain.
  public let signature: Signature
  /// Who signed it.
  public let signer: Address

  /// - Throws: `SettlementError.badSignature` where nobody's key made the signature, `.wrongSigner` where the signer that
  ///   the message names did not.
  public init(_ message: Message, signature: Signature, in domain: TypedDomain) throws(SettlementError) {
    self.message = message
    self.signature = signature
    signer = try signature.signer(of: message.typed.digest(in: domain), Message.what)
    if let claimed = message.claimedSigner, claimed != signer {
      throw .wrongSigner(of: Message.what, expected: claimed, found: signer)
    }
  }

  /// The form that `UnverifiedMessage` reads.
  public var document: JSONValue { UnverifiedMessage(self).document }
}

/// A message and a signature as a document holds them, before anybody asked whose it is.
public struct UnverifiedMessage<Message: TypedMessage>: Hashable, Sendable {
  /// What is said to be signed.
  public let message: Message
  /// The signature, of whomever.
  public let signature: Signature

  /// Reads `document`; each member that is missing or malformed is a fault of the reader.
  public init?(reading reader: inout ObjectReader) {
    let message = reader.object("message") { Message(reading: &$0) }
    let signature = reader.signature("signature")
    guard let message, let signature else { return nil }
    self.message = message
    self.signature = signature
  }

  /// The same message and signature, for a document.
  public init(_ signed: Signed<Message>) {
    message = signed.message
    signature = signed.signature
  }

  /// The message under `message`, the 65 bytes of the signature under `signature`.
  public var document: JSONValue {
    ["message": message.typed.flatDocument, "signature": .string(signature.hex)]
  }

  /// - Throws: as `Signed.init`.
  public func verified(in domain: TypedDomain) throws(SettlementError) -> Signed<Message> {
    try Signed(message, signature: signature, in: domain)
  }
}

extension ObjectReader {
  /// A signature in its one written form: 65 bytes, r, s and v of 27 or 28, s in the lower half.
  public mutating func signature(_ key: String) -> Signature? {
    read(key, as: "a signature, 0x and 130 lowercase hexadecimal digits: r, s in the lower half, v of 1b or 1c") {
      text in
      do throws(SigningError) {
        let signature = try Signature(hex: text)
        return signature.hex == text ? signature : nil
      } catch { return nil }
    }
  }
}
