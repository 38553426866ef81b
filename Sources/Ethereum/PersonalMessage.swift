/// Text or bytes that a wallet signs with `personal_sign`.
///
/// - Source: EIP-191, version 0x45.
public enum PersonalMessage {
  /// What is signed: Keccak-256 of a sentence that no transaction starts with, the number of bytes, and the bytes.
  public static func digest(of message: [UInt8]) -> Digest {
    Keccak256.hash(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8) + message)
  }
}
