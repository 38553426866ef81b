public import JSON

/// Terms that cannot be agreed on: every fault found, each with its field path, what was found and what to do.
public struct TermsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order of the fields; never empty.
  public let faults: [DocumentFault]

  /// Terms with these faults.
  public init(faults: [DocumentFault]) { self.faults = faults }

  /// One line for each fault.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
