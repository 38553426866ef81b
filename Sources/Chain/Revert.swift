public import Arithmetic
import Ethereum

/// What a contract says when it undoes a call.
public struct Revert: Hashable, Sendable, CustomStringConvertible {
  /// The data as read.
  public enum Reason: Hashable, Sendable {
    /// `Error(string)`, at most 1,024 bytes of it.
    case message(String)
    /// `Panic(uint256)`: the compiler's own checks.
    case panic(UInt256)
    /// Data of another form: an error that the contract declares.
    case custom
    /// No data.
    case none
  }

  /// The data as returned.
  public let data: [UInt8]
  /// The data as read.
  public let reason: Reason

  /// Reads the data of a revert.
  ///
  /// - Source: Solidity's ABI, errors; `ABIError.message` and `ABIError.panic`.
  public init(data: [UInt8]) {
    self.data = data
    let arguments = Array(data.dropFirst(4))
    switch Array(data.prefix(4)) {
    case []: reason = .none
    case ABIError.message.selector.bytes:
      reason = Self.text(in: arguments).map { .message(printable($0, countMax: Limits.reasonByteCountMax)) } ?? .custom
    case ABIError.panic.selector.bytes where arguments.count == 32:
      reason = (try? UInt256(bigEndian: arguments)).map { .panic($0) } ?? .custom
    default: reason = .custom
    }
  }

  /// The one string in ABI-encoded arguments. Hand-written contracts leave its padding away, which decides nothing here.
  private static func text(in arguments: [UInt8]) -> String? {
    guard arguments.count >= 64, let offset = try? UInt256(bigEndian: arguments[..<32]), offset == 32,
      let count = (try? UInt256(bigEndian: arguments[32..<64]))?.asUInt64, count <= UInt64(arguments.count - 64)
    else { return nil }
    return String(validating: arguments[64..<64 + Int(count)], as: UTF8.self)
  }

  /// The reason in words.
  public var description: String {
    switch reason {
    case .message(let text): text
    case .panic(let code): "panic \(code.hexQuantity)"
    case .custom: "with the data \(Hex.encode(data.prefix(68)))\(data.count > 68 ? "..." : "")"
    case .none: "without a reason"
    }
  }
}

/// Text from outside on one line: control characters become spaces, and what is too long is cut.
func printable(_ text: String, countMax: Int) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(countMax) {
    result.append(scalar.properties.generalCategory == .control ? " " : scalar)
  }
  return String(result)
}
