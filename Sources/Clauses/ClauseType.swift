public import Arithmetic

/// The types of the language. Numbers carry a dimension; two dimensions never mix without an explicit, rounded
/// conversion. The raw value is the type's byte in bytecode; enumerations start at 0x10.
public enum ClauseType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// True (1) or false (0).
  case bool = 0x01
  /// A plain number: a count, a scale, a ratio.
  case int = 0x02
  /// Base units of the agreement's token.
  case amount = 0x03
  /// Units of the price currency for one unit of the underlying, scaled by the terms' priceDecimals.
  case price = 0x04
  /// Units of the underlying, scaled by the terms' quantityDecimals.
  case quantity = 0x05
  /// An instant in Unix seconds.
  case time = 0x06
  /// Seconds between two instants.
  case duration = 0x07
  /// Where the vault stands: see ``statusNames``.
  case status = 0x10

  /// The values of `Status` in order of their numbers, which are those of the escrow contract.
  public static let statusNames = ["Unopened", "Open", "Proposed", "Disputed", "Closed"]

  /// The name as written in source.
  public var description: String {
    switch self {
    case .bool: "Bool"
    case .int: "Int"
    case .amount: "Amount"
    case .price: "Price"
    case .quantity: "Quantity"
    case .time: "Time"
    case .duration: "Duration"
    case .status: "Status"
    }
  }

  /// The type of that name.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = type
  }

  /// The values that an input or a literal of this type may have. Results in between may be any 256-bit integer:
  /// a difference of two amounts may well be negative.
  public var range: ClosedRange<Int256> {
    switch self {
    case .bool: 0...1
    case .int: Int256.min...Int256.max
    case .amount, .price, .quantity: 0...0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff
    case .time, .duration: 0...0xffff_ffff_ffff_ffff
    case .status: 0...4
    }
  }
}

// The rules of dimensions. Checker and verifier both ask these; the tree walker of the tests does not.
extension ClauseType {
  /// Whether values of this type are numbers, and so have an order.
  package var isNumber: Bool { self != .bool && self != .status }

  /// Whether a number of this type may be scaled by an Int, negated, or divided. An instant may not.
  package var isScalable: Bool { isNumber && self != .time }

  /// The type of a sum, or nil when the two do not add up.
  package static func sum(_ left: ClauseType, _ right: ClauseType) -> ClauseType? {
    if left == right, left.isScalable { return left }
    if left == .time, right == .duration { return .time }
    if left == .duration, right == .time { return .time }
    return nil
  }

  /// The type of a difference, or nil.
  package static func difference(_ left: ClauseType, _ right: ClauseType) -> ClauseType? {
    if left == right { return left == .time ? .duration : left.isScalable ? left : nil }
    return left == .time && right == .duration ? .time : nil
  }

  /// The type of a product, or nil: one factor must be an Int.
  package static func product(_ left: ClauseType, _ right: ClauseType) -> ClauseType? {
    guard left.isScalable, right.isScalable else { return nil }
    if left == .int { return right }
    return right == .int ? left : nil
  }

  /// The type of `first * second / divisor`, or nil: after cancelling, at most one dimension may be left.
  package static func quotient(_ first: ClauseType, _ second: ClauseType, by divisor: ClauseType) -> ClauseType? {
    guard first.isScalable, second.isScalable, divisor.isScalable else { return nil }
    var dimensions = [first, second].filter { $0 != .int }
    if divisor != .int {
      guard let cancelled = dimensions.firstIndex(of: divisor) else { return nil }
      dimensions.remove(at: cancelled)
    }
    return dimensions.count > 1 ? nil : dimensions.first ?? .int
  }
}
