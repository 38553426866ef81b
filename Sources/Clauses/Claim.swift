/// What a payoff says of itself, and the prover has to show: how the buyer's payment moves with one input, all else equal.
public struct Claim: Hashable, Sendable {
  /// Which way the payment may move.
  public enum Direction: String, Hashable, Sendable {
    /// More of the input never pays the buyer less.
    case rises
    /// More of the input never pays the buyer more.
    case falls
  }

  /// Which way.
  public let direction: Direction
  /// The input's name.
  public let input: String
}

/// A named result that a program computes.
public struct Find: Hashable, Sendable {
  /// Unique in the program.
  public let name: String
  /// What the value means.
  public let type: ClauseType

  package init(name: String, type: ClauseType) {
    self.name = name
    self.type = type
  }
}
