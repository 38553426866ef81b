import Chain
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// A message of a contract wallet: what its owners sign by their own tools, and then the document that carries what they
/// signed.
enum WalletSigning {
  static let options: [Option] = [
    .value("wallet", "ADDRESS", "the contract wallet that signs, instead of a key"),
    .value("signature", "HEX", "what the wallet's code accepts, made by its owners; without it the digest is printed"),
  ]

  enum Failure: Error, CustomStringConvertible {
    case refused(Address, Digest)

    var description: String {
      switch self {
      case .refused(let wallet, let digest):
        "the code of \(wallet) does not accept the signature of \(digest); let enough of its owners sign that digest"
      }
    }
  }

  static func wallet(_ arguments: Arguments) throws -> Address? {
    try arguments.value("wallet", as: "an address", parseAddress)
  }

  static func document<Message: TypedMessage>(
    _ message: Message, by wallet: Address, in domain: TypedDomain, _ arguments: Arguments
  ) async throws -> JSONValue {
    let digest = message.typed.digest(in: domain)
    guard let text = arguments.value("signature") else {
      return [
        "message": message.typed.flatDocument, "signer": .string(wallet.checksummed), "digest": .string(digest.hex),
        "typedData": message.typed.walletDocument(in: domain),
      ]
    }
    let signature = try AccountSignature(hex: text)
    if let url = arguments.value("rpc-url") {
      let chain = ChainClient(try CurlTransport(url: url))
      guard try await ContractWallet.accepts(signature, of: digest, by: wallet, chain, at: .latest) else {
        throw Failure.refused(wallet, digest)
      }
    }
    return CarriedMessage(message, signature: signature, signer: wallet).document
  }
}
