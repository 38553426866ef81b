public import Arithmetic

/// What a payoff says: two parts that sum to the escrow.
public struct Payments: Hashable, Sendable {
  /// The buyer's part, in base units of the token.
  public let toBuyer: UInt256
  /// The remainder, in base units of the token.
  public let toSeller: UInt256
}

/// What an escrow rule says of one route.
public struct Route: Hashable, Sendable {
  /// The name in the rule.
  public let name: String
  /// Whether the route may be taken now.
  public let isOpen: Bool
  /// What taking it would release; nil when it is closed or releases nothing.
  public let payments: Payments?
  /// What taking it would release of the delivery token; nil when it releases none.
  public let deliveries: Payments?

  /// The buyer's part, if the route is open and pays.
  public var toBuyer: UInt256? { payments?.toBuyer }
  /// The seller's part, if the route is open and pays.
  public var toSeller: UInt256? { payments?.toSeller }
}

/// A finished run.
public struct Evaluation: Hashable, Sendable {
  /// What the program said.
  public enum Result: Hashable, Sendable {
    /// The result of a payoff: of the token, and of the delivery token if that is shared too.
    case payments(Payments, deliveries: Payments?)
    /// The result of an escrow rule: every route, in order.
    case routes([Route])
    /// The result of an arbitration rule is what it finds.
    case findings
  }

  /// A named result.
  public struct Finding: Hashable, Sendable {
    /// The name in the rule.
    public let name: String
    /// What the value means.
    public let type: ClauseType
    /// The value; a name of an enumeration is its number.
    public let value: Int256
  }

  /// What the program said.
  public let result: Result
  /// The named results, in order.
  public let findings: [Finding]
  /// The cost of this run; at most the program's bound.
  public let cost: Int
  /// The steps, when they were asked for.
  public let trace: Trace?

  /// The payments, if the program is a payoff.
  public var payments: Payments? {
    if case .payments(let payments, _) = result { payments } else { nil }
  }

  /// The payments of the delivery token, if the program is a payoff that shares it.
  public var deliveries: Payments? {
    if case .payments(_, let deliveries) = result { deliveries } else { nil }
  }

  /// The value found under that name.
  public subscript(name: String) -> Int256? { findings.first { $0.name == name }?.value }

  /// The routes, if the program is an escrow rule; otherwise none.
  public var routes: [Route] {
    if case .routes(let routes) = result { routes } else { [] }
  }
}
