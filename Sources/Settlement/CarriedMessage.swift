public import Ethereum
public import JSON
public import Signing
import Terms

/// A message on its way to the contract with what its signer signed it by, which only the signer's account can judge: a
/// key's signature tells the key's address by itself, a contract wallet's tells nobody's.
public struct CarriedMessage<Message: TypedMessage>: Hashable, Sendable {
  /// What is said to be signed.
  public let message: Message
  /// Of whomever.
  public let signature: AccountSignature
  /// The account that is said to have signed, where the document names it.
  public let signer: Address?

  /// A message of an account, for a document.
  public init(_ message: Message, signature: AccountSignature, signer: Address?) {
    self.message = message
    self.signature = signature
    self.signer = signer
  }

  /// Reads `document`; each member that is missing or malformed is a fault of the reader.
  public init?(reading reader: inout ObjectReader) {
    let message = reader.object("message") { Message(reading: &$0) }
    let signature = reader.accountSignature("signature")
    let signer = reader.optionalValue("signer") == nil ? nil : reader.address("signer")
    guard let message, let signature else { return nil }
    self.init(message, signature: signature, signer: signer)
  }

  /// The message under `message`, the signature under `signature`, and under `signer` the account where it is named.
  public var document: JSONValue {
    var members: [(String, JSONValue)] = [
      ("message", message.typed.flatDocument), ("signature", .string(signature.hex)),
    ]
    if let signer { members.append(("signer", .string(signer.checksummed))) }
    return .object(JSONObject(members))
  }

  /// Who is said to have signed: the account that the document names, else the one whose key did, else the one that the
  /// message names.
  public func signer(in domain: TypedDomain) -> Address? {
    signer ?? signature.keySigner(of: message.typed.digest(in: domain)) ?? message.claimedSigner
  }
}

extension ObjectReader {
  /// Bytes that an account is said to have signed with, at most as many as the escrow takes.
  public mutating func accountSignature(_ key: String) -> AccountSignature? {
    read(key, as: "a signature, 0x and up to \(2 * AccountSignature.byteCountMax) lowercase hexadecimal digits") {
      text in
      do throws(SigningError) {
        let signature = try AccountSignature(hex: text)
        return signature.hex == text ? signature : nil
      } catch { return nil }
    }
  }
}
