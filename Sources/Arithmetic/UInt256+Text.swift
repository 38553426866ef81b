extension UInt256: CustomStringConvertible {
  /// The number that canonical decimal text writes: digits only, no leading zero.
  ///
  /// - Throws: `noDigits`, `badDigit`, `leadingZero`, `overflow`.
  public init(decimal text: some StringProtocol) throws(ArithmeticError) {
    self = try UInt256(digits: text.utf8, offset: 0, base: 10)
  }

  /// The number that a canonical hexadecimal quantity writes: `0x`, lowercase digits, no leading zero; zero is `0x0`.
  ///
  /// - Throws: `missingHexPrefix`, `noDigits`, `badDigit`, `leadingZero`, `overflow`.
  /// - Source: execution-apis, "Hex encoding of quantities".
  public init(hex text: some StringProtocol) throws(ArithmeticError) {
    guard text.utf8.starts(with: "0x".utf8) else { throw .missingHexPrefix }
    self = try UInt256(digits: text.utf8.dropFirst(2), offset: 2, base: 16)
  }

  private init(digits: some Collection<UInt8>, offset: Int, base: UInt64) throws(ArithmeticError) {
    guard let first = digits.first else { throw .noDigits }
    var value = UInt256.zero
    var chunk: UInt64 = 0
    var scale: UInt64 = 1
    var position = offset
    for character in digits {
      guard let digit = Self.digit(character), digit < base else { throw .badDigit(offset: position) }
      position += 1
      // Past this many digits no number of either base fits, so long text costs no more than its first part.
      guard position - offset <= 78 else { throw .overflow }
      chunk = chunk * base + digit
      scale *= base
      if scale >= 1_000_000_000_000_000 {
        value = try value.multiplied(by: UInt256(scale)).adding(UInt256(chunk))
        (chunk, scale) = (0, 1)
      }
    }
    guard first != UInt8(ascii: "0") || position - offset == 1 else { throw .leadingZero }
    self = try value.multiplied(by: UInt256(scale)).adding(UInt256(chunk))
  }

  private static func digit(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
    default: nil
    }
  }

  /// Canonical decimal text.
  public var description: String {
    var limbs = limbs
    var groups: [UInt64] = []
    repeat {
      var remainder: UInt64 = 0
      for index in [3, 2, 1, 0] {
        (limbs[index], remainder) = (10_000_000_000_000_000_000 as UInt64).dividingFullWidth((remainder, limbs[index]))
      }
      groups.append(remainder)
    } while UInt256(limbs: limbs) != .zero
    var text = String(groups.removeLast())
    for group in groups.reversed() {
      let digits = String(group)
      text += String(repeating: "0", count: 19 - digits.utf8.count) + digits
    }
    return text
  }

  /// The canonical hexadecimal quantity, as JSON-RPC writes it: `0x0`, `0x41`.
  public var hexQuantity: String {
    var text = "0x"
    for index in [3, 2, 1, 0] {
      let digits = String(limbs[index], radix: 16)
      if text.utf8.count > 2 {
        text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
      } else if limbs[index] != 0 || index == 0 {
        text += digits
      }
    }
    return text
  }
}
