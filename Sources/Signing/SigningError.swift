public import Ethereum
public import JSON

/// Why a key, a signature or a key file is refused. No case carries anything secret.
public enum SigningError: Error, Hashable, Sendable {
  /// Not the number of bytes that it must have.
  case wrongLength(expected: String, found: Int)
  /// Text that is no hexadecimal.
  case badHex(EthereumError)
  /// A private key of zero, or not below the order of the curve.
  case keyOutOfRange
  /// r or s is zero or not below the order of the curve.
  case scalarOutOfRange
  /// s in the upper half: the same signature has a second form, which EIP-2 refuses.
  case highS
  /// A recovery byte other than 0, 1, 27, 28.
  case badRecoveryByte(UInt64)
  /// Bytes that are no point of the curve in a form of SEC 1.
  case notAPoint
  /// No public key belongs to this signature and digest.
  case notRecoverable
  /// The library gave no signature, or one that its own key does not verify: memory or processor are at fault.
  case signingFailed
  /// The system gave no memory.
  case outOfMemory
  /// A key file whose document is at fault.
  case keyFile([DocumentFault])
  /// The key file's check value differs: another password, or a damaged file.
  case wrongPassword
  /// The key in the file belongs to another address than the file says.
  case wrongAddress(found: Address, stated: Address)
  /// The cipher or the derivation failed inside the library.
  case cipherFailed
}

extension SigningError: CustomStringConvertible {
  /// What was found and what to do.
  public var description: String {
    switch self {
    case .wrongLength(let expected, let found): "found \(found) bytes; give \(expected)"
    case .badHex(let error): "\(error)"
    case .keyOutOfRange: "the private key is zero or above the curve's order; make a new one"
    case .scalarOutOfRange: "r or s of the signature is zero or above the curve's order; sign again"
    case .highS: "the signature's s is in the upper half of its range; sign with a wallet that follows EIP-2"
    case .badRecoveryByte(let byte): "found the recovery byte \(byte); give 0, 1, 27 or 28"
    case .notAPoint: "the bytes are no point of secp256k1; give a public key of 33 or 65 bytes"
    case .notRecoverable: "no key makes this signature over this digest; check that both were copied whole"
    case .signingFailed: "the signature does not belong to its own key; do not use this machine for signing"
    case .outOfMemory: "the system has no memory for a key; free some"
    case .keyFile(let faults): faults.map(\.description).joined(separator: "\n")
    case .wrongPassword: "the password does not open this key file, or the file is damaged; try the password again"
    case .wrongAddress(let found, let stated):
      "the key in the file belongs to \(found.checksummed), the file says \(stated.checksummed); find the right file"
    case .cipherFailed: "the cipher library failed; check that OpenSSL's default provider is installed"
    }
  }
}
