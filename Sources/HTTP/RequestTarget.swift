/// The path and query of a request, taken apart and unescaped strictly.
///
/// - Source: RFC 9112 section 3.2.1 (origin form), RFC 3986 sections 2 and 3.3.
public struct RequestTarget: Hashable, Sendable {
  /// One `name=value` of the query, unescaped; `+` stands for a space.
  public struct QueryItem: Hashable, Sendable {
    /// Before the first equals sign.
    public let name: String
    /// After it; empty when there is none.
    public let value: String
  }

  /// The path as sent, still escaped.
  public let path: String
  /// The segments between the slashes, unescaped; "/" has one empty segment.
  public let segments: [String]
  /// The query's items in their order.
  public let query: [QueryItem]

  /// Takes apart the raw target of a request line.
  ///
  /// - Throws: `HTTPError` of the kinds `target…`.
  public init(_ raw: String) throws(HTTPError) {
    let bytes = Array(raw.utf8)
    guard bytes.first == UInt8(ascii: "/") else { throw .targetIsNotAPath }
    guard bytes.allSatisfy(Self.isAllowed) else { throw .targetHasForbiddenByte }
    let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
    let path = bytes[..<(mark ?? bytes.endIndex)]
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let text = try Self.unescaped(segment, plusIsSpace: false)
      guard text != ".", text != ".." else { throw .targetHasDotSegment }
      segments.append(text)
    }
    var query: [QueryItem] = []
    if let mark {
      for item in bytes[(mark + 1)...].split(separator: UInt8(ascii: "&")) {
        let parts = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        query.append(
          QueryItem(
            name: try Self.unescaped(parts[0], plusIsSpace: true),
            value: parts.count > 1 ? try Self.unescaped(parts[1], plusIsSpace: true) : ""))
      }
    }
    self.path = String(decoding: path, as: UTF8.self)
    self.segments = segments
    self.query = query
  }

  /// unreserved, sub-delims, ":", "@", "/", "?" and the percent sign of an escape.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~!$&'()*+,;=:@/?%".utf8.contains(byte)
    }
  }

  private static func unescaped(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(HTTPError) -> String {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "%"):
        guard index + 2 < bytes.endIndex, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) else {
          throw .targetHasForbiddenEscape
        }
        let byte = high << 4 | low
        guard byte >= 0x20, byte != 0x7F, plusIsSpace || (byte != UInt8(ascii: "/") && byte != UInt8(ascii: "\\"))
        else {
          throw .targetHasForbiddenEscape
        }
        result.append(byte)
        index += 3
      case UInt8(ascii: "+") where plusIsSpace:
        result.append(UInt8(ascii: " "))
        index += 1
      case let byte:
        result.append(byte)
        index += 1
      }
    }
    guard let text = String(validating: result, as: UTF8.self) else { throw .targetIsNotUTF8 }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
