public import Ethereum

/// What a contract is given as somebody's signature.
public protocol SignatureForm: Hashable, Sendable {
  /// The bytes that stand in calldata.
  var bytes: [UInt8] { get }
}

extension Signature: SignatureForm {}

/// What an account is said to have signed with: a key's signature, or any bytes that the account's own code accepts.
/// Which of the two it is only the account tells, so nothing here says that it counts.
///
/// - Source: ERC-1271.
public struct AccountSignature: SignatureForm {
  /// The bytes, as they were given.
  public let bytes: [UInt8]

  /// The most bytes that the escrow takes: a wallet of fifteen owners fits.
  public static var byteCountMax: Int { 1_024 }

  /// A key's signature, in 65 bytes.
  public init(_ signature: Signature) { bytes = signature.bytes }

  /// Bytes as hexadecimal text with `0x`; none at all is a signature too, where a wallet's owners approved on chain.
  ///
  /// - Throws: `badHex`, `wrongLength`.
  public init(hex: String) throws(SigningError) {
    do throws(EthereumError) { bytes = try Hex.decode(hex) } catch { throw .badHex(error) }
    guard bytes.count <= Self.byteCountMax else {
      throw .wrongLength(expected: "at most \(Self.byteCountMax)", found: bytes.count)
    }
  }

  /// The bytes as hexadecimal text.
  public var hex: String { Hex.encode(bytes) }

  /// The signature of a key that the bytes are, in a form that the escrow reads as one: 65 bytes with a last byte of 27 or
  /// 28, or the 64 of EIP-2098. Nothing where no key can have made them.
  public var key: Signature? {
    switch bytes.count {
    case 65: bytes[64] >= 27 ? try? Signature(bytes: bytes) : nil
    case 64: try? Signature(compact: bytes)
    default: nil
    }
  }

  /// The address whose key made it over the digest; nothing where none did.
  public func keySigner(of digest: Digest) -> Address? {
    guard let key else { return nil }
    return try? key.signer(of: digest)
  }
}
