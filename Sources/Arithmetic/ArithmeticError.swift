/// Why a number could not be made.
public enum ArithmeticError: Error, Hashable, Sendable {
  /// The exact result lies outside the range of its type.
  case overflow
  /// The divisor is zero.
  case divisionByZero
  /// The text holds no digit.
  case noDigits
  /// The character at this UTF-8 offset is not a digit of the number's base.
  case badDigit(offset: Int)
  /// The text starts with a zero that canonical text leaves out.
  case leadingZero
  /// Hexadecimal text does not start with `0x`.
  case missingHexPrefix
  /// More bytes than the type holds.
  case tooManyBytes(found: Int, max: Int)
}

extension ArithmeticError: CustomStringConvertible {
  /// What was wrong, and what is expected instead.
  public var description: String {
    switch self {
    case .overflow: "the exact result is out of range: use smaller operands"
    case .divisionByZero: "division by zero: the divisor must not be zero"
    case .noDigits: "no digits: write at least one"
    case .badDigit(let offset):
      "character \(offset) is not a digit: write digits only, without sign, space or separator"
    case .leadingZero: "leading zero: write the number without it"
    case .missingHexPrefix: "missing 0x: hexadecimal numbers start with it"
    case .tooManyBytes(let found, let max): "\(found) bytes: give at most \(max)"
    }
  }
}
