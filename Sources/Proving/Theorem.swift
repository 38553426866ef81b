import Arithmetic
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
  /// It ends well, and the condition says the rest.
  case escrow
  /// It ends without the answer that a promise is broken.
  case promised
  /// The route is open.
  case open(Int)
  /// No route that pays is open.
  case stuck
  /// The named result has this value.
  case found(String, Int256)
  /// Two runs pay the buyer the wrong way round.
  case moves(Claim)
}

extension FaultKind {
  /// What is to be shown of an instruction that could end in this fault.
  func theorem(of opcode: Opcode) -> String {
    switch self {
    case .overflow: "\(opcode) fits 256 bits"
    case .divisionByZero: "\(opcode) does not divide by zero"
    case .emptyInterval: "clamp has room between its bounds"
    case .negativeEscrow: "the escrow is not less than nothing"
    case .negativeBuyer: "the buyer is not paid less than nothing"
    case .negativeSeller: "the buyer is not paid more than the escrow"
    case .unevenLists: "the lists are of one length"
    case .noSuchItem: "the list has that element"
    case .missingInput, .givenBroken, .staleObservation: rawValue
    }
  }
}
