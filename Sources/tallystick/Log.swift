import Console
import Glibc
import JSON

/// What the operator reads: one JSON object a line on standard error.
enum Log {
  static func warning(_ code: String, _ message: String) {
    let line: JSONValue = [
      "time": .string(String(time(nil))), "level": "warning", "code": .string(code), "message": .string(message),
    ]
    Output.note(String(decoding: line.canonicalBytes(), as: UTF8.self))
  }
}
