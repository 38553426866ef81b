public import JSON

/// Terms that cannot be agreed on: every fault found, each with its field path, what was found and what to do.
public struct TermsError: Error, Hashable, Sendable, CustomStringConvertible {
  public let faults: [DocumentFault]

  public init(faults: [DocumentFault]) { self.faults = faults }

  public var description: String {
    faults.map { "\($0.path): \($0.found); \($0.fix)" }.joined(separator: "\n")
  }
}
