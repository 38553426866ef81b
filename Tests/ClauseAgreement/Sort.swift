/// A type of the language, as the generator knows it: what it is called, what may be done with it, which values it has.
enum Sort: Hashable {
  case bool, int, amount, delivery, price, quantity, time, duration, address, digest, status
  /// An enumeration of the file, by its place and how many cases it has.
  case enumeration(Int, count: Int)

  static let numbers: [Sort] = [.int, .amount, .delivery, .price, .quantity, .time, .duration]
  /// What may be negated, scaled and divided.
  static let scalable: [Sort] = [.int, .amount, .delivery, .price, .quantity, .duration]
  static let statuses = ["Unopened", "Open", "Proposed", "Disputed", "Closed", "Ruled", "Appealed"]

  var isNumber: Bool { Self.numbers.contains(self) }

  /// The short name in source.
  var name: String {
    switch self {
    case .bool: "Bool"
    case .int: "Int"
    case .amount: "Amount"
    case .delivery: "Amount of deliveryToken"
    case .price: "Price"
    case .quantity: "Quantity"
    case .time: "Time"
    case .duration: "Duration"
    case .address: "Address"
    case .digest: "Digest"
    case .status: "Status"
    case .enumeration(let index, _): "Enum\(index)"
    }
  }

  /// Every name in source.
  var names: [String] {
    switch self {
    case .amount: [name, "Amount of token"]
    case .price: [name, "Price of underlying in priceCurrency"]
    case .quantity: [name, "Quantity of underlying"]
    default: [name]
    }
  }

  /// The cases of an enumeration, in order of their numbers.
  var cases: [String] {
    switch self {
    case .status: Self.statuses
    case .enumeration(let index, let count): (0..<count).map { "Case\(index)x\($0)" }
    default: []
    }
  }
}

/// An input that a generated program declares.
struct Declaration {
  enum Group: String { case terms, facts, state, now }

  let name: String
  let sort: Sort
  /// The greatest length of a list; nil for a single value.
  let bound: Int?
  let group: Group
}
