/// What `--json` prints: one object, whatever the command and however it ends.
///
/// `{"schema_version":1,"success":...,"data":...,"errors":[...],"warnings":[...]}`
public struct Envelope: Hashable, Sendable {
  /// One error or warning.
  public struct Message: Hashable, Sendable {
    /// A stable word for programs.
    public var code: String
    /// What is wrong and what to do.
    public var message: String
    /// More for programs, as JSON text; nil for null.
    public var details: String?

    /// A message.
    public init(code: String, message: String, details: String? = nil) {
      self.code = code
      self.message = message
      self.details = details
    }
  }

  /// The result as JSON text; nil for null.
  public var data: String?
  /// Why the command failed; empty when it did not.
  public var errors: [Message]
  /// What else the user should know.
  public var warnings: [Message]

  /// An envelope.
  public init(data: String? = nil, errors: [Message] = [], warnings: [Message] = []) {
    self.data = data
    self.errors = errors
    self.warnings = warnings
  }

  /// Whether the command succeeded. A command that did not ends with another status than 0, and gives an error.
  public var isSuccess: Bool { errors.isEmpty }

  /// The whole as one line of JSON.
  public var text: String {
    "{\"schema_version\":1,\"success\":\(isSuccess),\"data\":\(data ?? "null"),"
      + "\"errors\":[\(errors.map { text(of: $0, level: "error") }.joined(separator: ","))],"
      + "\"warnings\":[\(warnings.map { text(of: $0, level: "warning") }.joined(separator: ","))]}"
  }

  private func text(of message: Message, level: String) -> String {
    "{\"level\":\"\(level)\",\"code\":\(quoted(message.code)),\"message\":\(quoted(message.message)),"
      + "\"details\":\(message.details ?? "null")}"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
