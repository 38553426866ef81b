/// What a process ends with. The numbers never change.
public enum ExitStatus: Int32, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Done as asked.
  case ok = 0
  /// Failed for a reason that no other status names.
  case failure = 1
  /// The command line, a configuration or an input file is wrong.
  case usage = 2
  /// Well formed, and refused by a rule of the terms, the clause or the verifier.
  case refused = 3
  /// Nothing is wrong, but the answer is not final yet; ask again later.
  case notFinal = 4
  /// A service or a node did not answer, or answered wrongly.
  case remoteFailure = 5

  /// The line that help prints for it.
  public var description: String {
    switch self {
    case .ok: "done"
    case .failure: "failed"
    case .usage: "wrong command line, configuration or input"
    case .refused: "refused by a rule"
    case .notFinal: "not final yet"
    case .remoteFailure: "a service or node failed"
    }
  }
}
