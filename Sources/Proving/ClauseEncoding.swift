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
    package let isDelivery: Bool
    /// The route; 0 for a payoff.
    package let decision: Int
    package let condition: Expression
    package let whole: Expression
    package let toBuyer: Expression
    package let toSeller: Expression
  }

  /// The faults a run can end in, one site each.
  package internal(set) var sites: [Site] = []
  package internal(set) var payments: [Payment] = []
  /// When each route is open.
  package internal(set) var routes: [Expression] = []
  /// The result of each `find`.
  package internal(set) var findings: [Expression] = []
  /// What `now` is compared with.
  package internal(set) var deadlines: [Expression] = []
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
