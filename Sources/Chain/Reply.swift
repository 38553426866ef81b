import Arithmetic
import Ethereum
import JSON

/// A value in a node's reply, and where it stands: what is not there or of another kind becomes an error with its path.
struct Reply {
  let value: JSONValue
  let method: String
  let path: String

  init(_ value: JSONValue, method: String, path: String = "result") {
    self.value = value
    self.method = method
    self.path = path
  }

  func malformed(_ expected: String) -> ChainError {
    .malformedReply(method: method, path: path, expected: expected)
  }

  /// Nil for null, which means: not there.
  var present: Reply? { value == .null ? nil : self }

  subscript(name: String) -> Reply {
    get throws(ChainError) {
      guard let object = value.asObject else { throw malformed("an object") }
      return Reply(object[name] ?? .null, method: method, path: "\(path).\(name)")
    }
  }

  /// A member that may be missing or null.
  func optional<T>(_ name: String, _ read: (Reply) throws(ChainError) -> T) throws(ChainError) -> T? {
    guard let member = try self[name].present else { return nil }
    return try read(member)
  }

  func elements() throws(ChainError) -> [Reply] {
    guard let elements = value.asArray else { throw malformed("an array") }
    return elements.enumerated().map { Reply($0.element, method: method, path: "\(path)[\($0.offset)]") }
  }

  func elements<T>(_ read: (Reply) throws(ChainError) -> T) throws(ChainError) -> [T] {
    try elements().map(read)
  }

  func text() throws(ChainError) -> String {
    guard let text = value.asString else { throw malformed("a string") }
    return text
  }

  /// `0x` and 1 to 64 digits. Some nodes pad them with zeros, which changes nothing.
  func quantity() throws(ChainError) -> UInt256 {
    let text = try text()
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("0x"), (1...64).contains(digits.count) else { throw malformed("a quantity") }
    let padded = "0x" + (digits.count.isMultiple(of: 2) ? "" : "0") + String(text.dropFirst(2))
    guard let bytes = try? Hex.decode(padded), let number = try? UInt256(bigEndian: bytes) else {
      throw malformed("a quantity")
    }
    return number
  }

  func uint64() throws(ChainError) -> UInt64 {
    guard let number = try quantity().asUInt64 else { throw malformed("a quantity of at most 64 bits") }
    return number
  }

  func bytes() throws(ChainError) -> [UInt8] {
    guard let bytes = try? Hex.decode(text()) else { throw malformed("0x and pairs of hexadecimal digits") }
    return bytes
  }

  func fixedBytes<let count: Int>() throws(ChainError) -> FixedBytes<count> {
    guard let value = try? FixedBytes<count>(bytes()) else { throw malformed("\(count) bytes") }
    return value
  }

  func digest() throws(ChainError) -> Digest { try fixedBytes() }

  func address() throws(ChainError) -> Address { Address(try fixedBytes()) }
}
