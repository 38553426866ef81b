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

  /// The buyer's part, if the route is open and pays.
  public var toBuyer: UInt256? { payments?.toBuyer }
  /// The seller's part, if the route is open and pays.
  public var toSeller: UInt256? { payments?.toSeller }
}

/// A finished run.
public struct Evaluation: Hashable, Sendable {
  /// What the program said.
  public enum Result: Hashable, Sendable {
    /// The result of a payoff.
    case payments(Payments)
    /// The result of an escrow rule: every route, in order.
    case routes([Route])
  }

  /// What the program said.
  public let result: Result
  /// The cost of this run; at most the program's bound.
  public let cost: Int
  /// The steps, when they were asked for.
  public let trace: Trace?

  /// The payments, if the program is a payoff.
  public var payments: Payments? {
    if case .payments(let payments) = result { payments } else { nil }
  }

  /// The routes, if the program is an escrow rule; otherwise none.
  public var routes: [Route] {
    if case .routes(let routes) = result { routes } else { [] }
  }
}
