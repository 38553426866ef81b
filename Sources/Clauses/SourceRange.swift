/// A stretch of a clause's source text: where it starts for a reader, and which bytes it covers.
public struct SourceRange: Hashable, Sendable, CustomStringConvertible {
  /// The line of the first character, counted from 1.
  public let line: Int
  /// The column of the first character in Unicode scalars, counted from 1.
  public let column: Int
  /// The bytes covered, as offsets into the UTF-8 text.
  public let bytes: Range<Int>

  /// The first position in "line:column" form.
  public var description: String { "\(line):\(column)" }

  /// From the start of this range to the end of a later one.
  package func through(_ end: SourceRange) -> SourceRange {
    SourceRange(line: line, column: column, bytes: bytes.lowerBound..<max(bytes.upperBound, end.bytes.upperBound))
  }
}
