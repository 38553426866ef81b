public import JSON

/// A document that cannot be read: its faults, each with a path.
public struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the document's order; never empty.
  public let faults: [DocumentFault]

  /// A document with these faults.
  public init(faults: [DocumentFault]) { self.faults = faults }

  /// One line for each fault.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
