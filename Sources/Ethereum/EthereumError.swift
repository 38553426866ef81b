/// Why bytes or text are not the value they claim to be.
public enum EthereumError: Error, Hashable, Sendable {
  /// Hexadecimal text does not start with `0x`.
  case missingHexPrefix
  /// Hexadecimal text has an odd number of digits.
  case oddHexDigits(count: Int)
  /// The character at this UTF-8 offset is not a hexadecimal digit.
  case badHexDigit(offset: Int)
  /// Not as many bytes as the type holds.
  case wrongLength(expected: Int, found: Int)
  /// An address in mixed case whose case is not its checksum.
  case badChecksum(expected: String)
}

extension EthereumError: CustomStringConvertible {
  /// What was wrong, and what is expected instead.
  public var description: String {
    switch self {
    case .missingHexPrefix: "missing 0x: hexadecimal text starts with it"
    case .oddHexDigits(let count): "\(count) hexadecimal digits: write two for each byte"
    case .badHexDigit(let offset): "character \(offset) is not a hexadecimal digit"
    case .wrongLength(let expected, let found): "\(found) bytes where \(expected) are expected"
    case .badChecksum(let expected):
      "the address's mixed case is not its checksum: copy it again, or if sure write \(expected)"
    }
  }
}
