/// Bytes as hexadecimal text with `0x` in front.
public enum Hex {
  /// `0x` and two lowercase digits a byte.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = Array("0x".utf8)
    text.reserveCapacity(2 + 2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that the text writes: `0x`, then an even number of digits, in either case.
  ///
  /// - Throws: `missingHexPrefix`, `oddHexDigits`, `badHexDigit`.
  public static func decode(_ text: some StringProtocol) throws(EthereumError) -> [UInt8] {
    let characters = Array(text.utf8)
    guard characters.starts(with: "0x".utf8) else { throw .missingHexPrefix }
    guard characters.count.isMultiple(of: 2) else { throw .oddHexDigits(count: characters.count - 2) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2 - 1)
    var position = 2
    while position < characters.count {
      guard let high = value(characters[position]) else { throw .badHexDigit(offset: position) }
      guard let low = value(characters[position + 1]) else { throw .badHexDigit(offset: position + 1) }
      bytes.append(high << 4 | low)
      position += 2
    }
    return bytes
  }

  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
