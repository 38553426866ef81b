/// A number as it was written: its digits are kept, never rounded.
///
/// Two numbers are equal when their texts are: `1.0` is not `1`.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
  /// The text of the document, such as `12` or `-0.5e3`.
  public let literal: String

  /// A whole number. Readers refuse one beyond ±(2^53 − 1): write such an amount as a string.
  public init(_ integer: Int64) {
    literal = String(integer)
  }

  init(literal: String) {
    self.literal = literal
  }

  /// The value, if it is written without fraction and exponent and fits.
  public var integer: Int64? { Int64(literal) }

  /// The literal.
  public var description: String { literal }
}

extension JSONNumber {
  /// The text that RFC 8785 section 3.2.2.3 prescribes.
  ///
  /// The reader took only numbers whose digits are the shortest ones of their double, so that ECMAScript's rule can
  /// work on the digits alone.
  var canonicalText: String {
    if literal.utf8.count < 16, integer != nil, literal != "-0" { return literal }
    let decimal = Decimal(literal)
    guard !decimal.digits.isEmpty else { return "0" }
    let sign = decimal.isNegative ? "-" : ""
    let digits = decimal.digits
    let point = decimal.point
    func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
    switch point {
    case digits.count...max(21, digits.count): return sign + digits + zeros(point - digits.count)
    case 1...21: return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0: return sign + "0." + zeros(-point) + digits
    default:
      let exponent = point > 0 ? "e+\(point - 1)" : "e\(point - 1)"
      return sign + digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "") + exponent
    }
  }

  /// Whether a literal with a fraction or an exponent comes back, digit for digit, from the double nearest to it, and is
  /// not a whole number that its canonical text writes as an integer beyond ±(2^53 − 1), where wide ones are refused.
  static func isExact(_ literal: String, keepsWideIntegers: Bool) -> Bool {
    let decimal = Decimal(literal)
    guard decimal.digits.utf8.count <= 17, let double = Double(literal), double.isFinite,
      decimal == Decimal(double.description)
    else { return false }
    return keepsWideIntegers || !decimal.isWrittenAsInteger || double.magnitude < 0x1p53
  }
}

/// A literal taken apart: 0.`digits` × 10^`point`, without zeros at either end of the digits.
private struct Decimal: Equatable {
  var isNegative = false
  var digits = ""
  var point = 0

  /// Whether ECMAScript writes neither a point nor an exponent.
  var isWrittenAsInteger: Bool { digits.utf8.count <= point && point <= 21 }

  init(_ literal: String) {
    var digits: [UInt8] = []
    var pointSeen = false
    var exponent = Substring()
    for (index, byte) in zip(literal.utf8.indices, literal.utf8) {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): pointSeen = true
      case UInt8(ascii: "0") where digits.isEmpty:
        if pointSeen { point -= 1 }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(byte)
        if !pointSeen { point += 1 }
      default: exponent = literal[literal.utf8.index(after: index)...]
      }
      if !exponent.isEmpty { break }
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    self.digits = String(decoding: digits, as: UTF8.self)
    // An exponent of more digits than an Int holds is as far out as one that fits: neither is a finite double.
    let shift = exponent.isEmpty ? 0 : Int(exponent) ?? Int(Int32.max)
    point = digits.isEmpty ? 0 : point &+ shift
    if digits.isEmpty { isNegative = false }
  }
}
