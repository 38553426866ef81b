public import Arithmetic
public import Clauses

/// What came of proving a clause.
public struct Proof: Sendable {
  /// One input and the values that were asked about.
  public struct Range: Hashable, Sendable {
    /// The input.
    public let name: String
    /// Its type.
    public let type: ClauseType
    /// The values; a single one where terms give it.
    public let values: ClosedRange<Int256>
    /// Whether somebody asked for fewer values than terms and evidence may have.
    public let isNarrowed: Bool
  }

  /// One theorem, and what the solver found.
  public struct Theorem: Sendable {
    /// What was to be shown.
    public let name: String
    /// The place that it is about.
    public let source: SourceRange?
    /// What was found.
    public let verdict: Verdict
    /// The time it took.
    public let milliseconds: Int
  }

  /// What was found about one theorem.
  public enum Verdict: Sendable {
    /// It holds for all values in the ranges.
    case proved
    /// It does not hold; with inputs that show it, where it says that something is impossible.
    case refuted(Counterexample?)
    /// Neither; with the reason.
    case unknown(String)
  }

  /// Inputs that break a theorem. The machine has run them, and they do.
  public struct Counterexample: Sendable {
    /// What `clause run` takes.
    public let inputs: [String: InputValue]
    /// The same but for one, where two runs are compared.
    public let others: [String: InputValue]?
    /// What the machine said.
    public let outcome: String
  }

  /// The solver and its version.
  public let solver: String
  /// The values that were asked about, by input.
  public let ranges: [Range]
  /// What else the validator of terms admits.
  public let assumptions: [String]
  /// Where the clause's own `given` conditions stand, when it was compiled here.
  public let givens: [SourceRange]
  /// The theorems, in the order of asking.
  public let theorems: [Theorem]
  /// The whole time.
  public let milliseconds: Int

  /// Whether every theorem holds.
  public var isProved: Bool { theorems.allSatisfy { if case .proved = $0.verdict { true } else { false } } }

  /// The theorems that do not hold.
  public var refuted: [Theorem] { theorems.filter { if case .refuted = $0.verdict { true } else { false } } }

  /// The theorems that were not decided.
  public var unknown: [Theorem] { theorems.filter { if case .unknown = $0.verdict { true } else { false } } }

  /// Whether somebody asked for fewer values than terms and evidence may have.
  public var isNarrowed: Bool { ranges.contains { $0.isNarrowed } }
}

/// A question that cannot be put.
public enum ProvingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A range names no input of the clause.
  case noSuchInput(String)
  /// A range is empty, or goes beyond what terms and evidence may have.
  case rangeTooWide(String, ClosedRange<Int256>)
  /// Folds have more rounds than can be followed.
  case tooManyRounds

  /// What to do.
  public var description: String {
    switch self {
    case .noSuchInput(let name): "the clause reads no \(name): give ranges of its inputs"
    case .rangeTooWide(let name, let range):
      "\(name) is between \(range.lowerBound) and \(range.upperBound): give a range within"
    case .tooManyRounds: "the clause has more rounds of folds than can be followed: give lists smaller bounds"
    }
  }
}
