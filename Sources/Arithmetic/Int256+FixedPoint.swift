extension Int256 {
  /// The number of smallest units that decimal text writes, such as wei for ether with 18 decimals: digits, at most one
  /// point with a digit on either side, one `-` in front. Zeros at either end change nothing; more digits behind the
  /// point than there are decimals are refused, unless they are zeros.
  ///
  /// - Throws: `noDigits`, `badDigit`, `overflow`.
  public init(fixedPoint text: some StringProtocol, decimals: Int) throws(ArithmeticError) {
    precondition(decimals >= 0, "decimals are a count")
    let bytes = Array(text.utf8)
    let isNegative = bytes.first == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    let point = bytes[start...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
    guard bytes.count - start > (point < bytes.count ? 1 : 0) else { throw .noDigits }
    for (offset, byte) in bytes.enumerated() where offset >= start && offset != point {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .badDigit(offset: offset) }
    }
    var fraction = bytes.dropFirst(point + 1)
    while fraction.last == UInt8(ascii: "0") { fraction = fraction.dropLast() }
    guard fraction.count <= decimals else { throw .badDigit(offset: point + 1 + decimals) }
    let zeros = repeatElement(UInt8(ascii: "0"), count: decimals - fraction.count)
    let digits = (bytes[start..<point] + fraction + zeros).drop { $0 == UInt8(ascii: "0") }
    let magnitude = digits.isEmpty ? UInt256.zero : try UInt256(decimal: String(decoding: digits, as: UTF8.self))
    try self.init(magnitude: magnitude, isNegative: isNegative && magnitude != .zero)
  }

  /// The number of smallest units as decimal text of the whole unit: the shortest with at least one digit on each side
  /// of a point.
  public func fixedPoint(decimals: Int) -> String {
    precondition(decimals >= 0, "decimals are a count")
    let digits = magnitude.description
    let padded = String(repeating: "0", count: Swift.max(0, decimals + 1 - digits.utf8.count)) + digits
    var fraction = padded.suffix(decimals)
    while fraction.hasSuffix("0") { fraction = fraction.dropLast() }
    return (isNegative ? "-" : "") + padded.dropLast(decimals) + "." + (fraction.isEmpty ? "0" : fraction)
  }
}
