extension Address: CustomStringConvertible {
  /// The address that 40 digits after `0x` write. Digits of one case pass as they are; mixed case is a checksum.
  ///
  /// - Throws: the errors of `Hex.decode`; `wrongLength`; `badChecksum`.
  /// - Source: ERC-55.
  public init(hex text: some StringProtocol) throws(EthereumError) {
    fixedBytes = try FixedBytes(hex: text)
    let digits = text.utf8.dropFirst(2)
    let hasUpper = digits.contains { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }
    let hasLower = digits.contains { (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    guard !(hasUpper && hasLower) || checksummed == text else { throw .badChecksum(expected: checksummed) }
  }

  /// `0x` and 40 digits whose case is a checksum of the address.
  ///
  /// - Source: ERC-55.
  public var checksummed: String {
    var text = Array(fixedBytes.hex.utf8)
    let hash = Keccak256.hash(Array(text.dropFirst(2)))
    for position in 0..<40 where text[2 + position] >= UInt8(ascii: "a") {
      let nibble = position.isMultiple(of: 2) ? hash[position / 2] >> 4 : hash[position / 2] & 15
      if nibble >= 8 { text[2 + position] -= 32 }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The same as `checksummed`.
  public var description: String { checksummed }
}
