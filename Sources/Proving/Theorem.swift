import Clauses

/// A statement about all runs of a clause, before it is proved.
struct Theorem {
  /// How it is shown.
  enum Aim {
    /// No inputs make the condition hold.
    case impossible
    /// Some inputs do.
    case possible
  }

  let name: String
  let instruction: Int?
  let aim: Aim
  let condition: Expression
  /// What the machine does for inputs that make the condition hold.
  let sign: Sign
}

/// How a run of the machine shows that a condition holds.
enum Sign: Hashable {
  /// It ends in this fault at one of these instructions.
  case fault(at: Set<Int>, FaultKind)
  /// It ends although nothing is missing.
  case missing
  /// It ends well, and the parts do not sum to this escrow.
  case escrow
  /// It ends without the answer that a promise is broken.
  case promised
  /// The route is open.
  case open(Int)
  /// No route that pays is open.
  case stuck
}
