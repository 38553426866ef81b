public import Arithmetic

/// A type of the language. Numbers carry a dimension; two dimensions never mix without an explicit, rounded conversion.
public indirect enum ClauseType: Hashable, Sendable {
  /// True (1) or false (0).
  case bool
  /// A plain number: a count, a scale, a ratio.
  case int
  /// Base units of the agreement's token.
  case amount
  /// Units of the price currency for one unit of the underlying, scaled by the terms' priceDecimals.
  case price
  /// Units of the underlying, scaled by the terms' quantityDecimals.
  case quantity
  /// An instant in Unix seconds.
  case time
  /// Seconds between two instants.
  case duration
  /// Base units of the token that is delivered.
  case delivery
  /// An account of the chain, 0 ..< 2^160.
  case address
  /// A word of 256 bits, as the bits of an `Int256`.
  case digest
  /// Where the vault stands: see ``statusNames``.
  case status
  /// One of the names that the source declares.
  case enumeration(Enumeration)
  /// Values of one type, at most as many as the bound says. Inputs only.
  case list(of: ClauseType, upTo: Int)

  /// The types that need no declaration, in the order of the documentation.
  public static let basic: [ClauseType] = [
    .bool, .int, .amount, .delivery, .price, .quantity, .time, .duration, .address, .digest, .status,
  ]

  /// The values of `Status` in order of their numbers, which are those of the escrow contract.
  public static let statusNames = ["Unopened", "Open", "Proposed", "Disputed", "Closed", "Ruled", "Appealed"]

  /// The type of that name among those that need no declaration.
  public init?(name: String) {
    guard let type = Self.basic.first(where: { $0.description == name }) else { return nil }
    self = type
  }

  /// The values that an input or a literal of this type may have, or each element of a list. Results in between may be
  /// any 256-bit integer: a difference of two amounts may well be negative.
  public var range: ClosedRange<Int256> {
    switch self {
    case .bool: 0...1
    case .int, .digest: Int256.min...Int256.max
    case .amount, .price, .quantity, .delivery: 0...0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff
    case .time, .duration: 0...0xffff_ffff_ffff_ffff
    case .address: 0...0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff
    case .status: 0...6
    case .enumeration(let enumeration): 0...Int256(Int64(enumeration.cases.count - 1))
    case .list(let element, _): element.range
    }
  }

  /// The type of a list's elements; nil when this is no list.
  public var element: ClauseType? {
    if case .list(let element, _) = self { element } else { nil }
  }

  /// The names of the values, in order of their numbers; nil when the values are numbers.
  public var caseNames: [String]? {
    switch self {
    case .status: Self.statusNames
    case .enumeration(let enumeration): enumeration.cases
    default: nil
    }
  }
}

extension ClauseType: CustomStringConvertible {
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
    case .delivery: "Amount of deliveryToken"
    case .address: "Address"
    case .digest: "Digest"
    case .status: "Status"
    case .enumeration(let enumeration): enumeration.name
    case .list(let element, let bound): "List of \(element) up to \(bound)"
    }
  }
}

/// Names that a clause declares as the values of a type: `enum BondTo = Proposer | Disputer`.
public struct Enumeration: Hashable, Sendable {
  /// The place among the enumerations of the program.
  public let index: Int
  /// The name of the type.
  public let name: String
  /// The values' names in order of their numbers, from 0; at least one.
  public let cases: [String]

  package init(index: Int, name: String, cases: [String]) {
    self.index = index
    self.name = name
    self.cases = cases
  }
}

// The bytes of types.
extension ClauseType {
  /// The bit that makes a list of a type.
  private static let listBit: UInt8 = 0x80
  private static let firstEnumeration: UInt8 = 0x20

  /// The type's byte in bytecode.
  package var byte: UInt8 {
    switch self {
    case .bool: 0x01
    case .int: 0x02
    case .amount: 0x03
    case .price: 0x04
    case .quantity: 0x05
    case .time: 0x06
    case .duration: 0x07
    case .delivery: 0x08
    case .address: 0x09
    case .digest: 0x0a
    case .status: 0x10
    case .enumeration(let enumeration): Self.firstEnumeration + UInt8(truncatingIfNeeded: enumeration.index)
    case .list(let element, _): Self.listBit | element.byte
    }
  }

  /// The type of that byte. A list has no bound yet: it is 0.
  package init?(byte: UInt8, among enumerations: [Enumeration]) {
    let place = Int(byte & ~Self.listBit) - Int(Self.firstEnumeration)
    let basic = Self.basic.first { $0.byte == byte & ~Self.listBit }
    guard let type = basic ?? (enumerations.indices.contains(place) ? .enumeration(enumerations[place]) : nil) else {
      return nil
    }
    self = byte & Self.listBit == 0 ? type : .list(of: type, upTo: 0)
  }
}

// The rules of dimensions. Checker and verifier both ask these; the tree walker of the tests does not.
extension ClauseType {
  /// Whether values of this type are numbers, and so have an order.
  package var isNumber: Bool {
    switch self {
    case .bool, .address, .digest, .status, .enumeration, .list: false
    case .int, .amount, .price, .quantity, .time, .duration, .delivery: true
    }
  }

  /// Whether an expression may have this type. A list is only named.
  package var isValue: Bool { element == nil }

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
