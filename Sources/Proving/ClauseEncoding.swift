/// A program as expressions: what it does for inputs that are variables. Made from verified bytecode alone.
package struct ClauseEncoding: Sendable {
  /// A place where a run can end in a fault, and when it does.
  package struct Site: Sendable {
    package let instruction: Int
    package let fault: FaultKind
    /// Holds exactly when a run that had no fault before ends here.
    package var condition: Expression
  }

  /// Two parts of a whole, where the condition holds.
  package struct Payment: Sendable {
    package let instruction: Int
    /// Whether it is of the second token.
    package let isDelivery: Bool
    /// The route; 0 for a payoff.
    package let decision: Int
    package let condition: Expression
    package let whole: Expression
    package let toBuyer: Expression
    package let toSeller: Expression
  }

  /// A place where a route is found to be open.
  package struct Opening: Sendable {
    package let instruction: Int
    package let decision: Int
    package let condition: Expression
  }

  /// What is known of the result of a fold from the bounds of its rounds.
  package struct Invariant: Sendable {
    package let subject: Expression
    package let condition: Expression
  }

  /// The faults a run can end in, one site for each instruction and fault.
  package internal(set) var sites: [Site] = []
  package internal(set) var payments: [Payment] = []
  package internal(set) var openings: [Opening] = []
  /// When each route is open.
  package internal(set) var routes: [Expression] = []
  /// The result of each `find`.
  package internal(set) var findings: [Expression] = []
  /// What `now` is compared with.
  package internal(set) var deadlines: [Expression] = []
  package internal(set) var invariants: [Invariant] = []
  /// Holds on every run that had no fault of its inputs.
  package internal(set) var ends: [Expression] = []
  /// Whether there are more rounds than can be followed; nothing is said of such a program.
  package internal(set) var isTooLong = false
}

/// The kinds of fault that an instruction can end in, named as the machine names them.
package enum FaultKind: String, Hashable, Sendable {
  case overflow, divisionByZero, emptyInterval, missingInput, negativeEscrow
  case negativeBuyer, negativeSeller
  case givenBroken, unevenLists, noSuchItem, staleObservation

  /// The machine's name of the fault.
  package var trapName: String {
    switch self {
    case .negativeBuyer, .negativeSeller: "negativePart"
    default: rawValue
    }
  }

  /// Whether this is the answer to evidence that is missing or too old, or to a promise that inputs break, and so no
  /// fault of the clause.
  package var isOfInputs: Bool { self == .missingInput || self == .givenBroken || self == .staleObservation }
}
