import Ethereum
import JSON

/// The envelope of requests and replies.
///
/// - Source: JSON-RPC 2.0, sections 4 and 5.
enum JSONRPC {
  static func request(id: Int64, method: String, parameters: [JSONValue]) -> [UInt8] {
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": .number(JSONNumber(id)), "method": .string(method), "params": .array(parameters),
    ]
    return request.canonicalBytes()
  }

  /// The result in a reply to request `id`.
  ///
  /// - Throws: `malformedReply`, `node`, `reverted`.
  static func result(in reply: [UInt8], id: Int64, method: String) throws(ChainError) -> Reply {
    func malformed(_ path: String, _ expected: String) -> ChainError {
      .malformedReply(method: method, path: path, expected: expected)
    }
    let document: JSONValue
    do {
      document = try JSONValue(parsing: reply, limits: Limits.reply)
    } catch {
      throw malformed("", "JSON (\(error))")
    }
    guard let object = document.asObject else { throw malformed("", "an object") }
    guard object["jsonrpc"]?.asString == "2.0" else { throw malformed("jsonrpc", "\"2.0\"") }
    let error = object["error"] == .null ? nil : object["error"]
    // A node that could not read the request does not know its id.
    guard object["id"]?.asInteger == id || (error != nil && object["id"] == .null) else {
      throw malformed("id", "the request's, \(id)")
    }
    if let error { throw try refusal(error, method: method) }
    guard let result = object["result"] else { throw malformed("result", "a value") }
    return Reply(result, method: method)
  }

  /// Reverts have code 3, or another and a text that says so; their data is text, or in older nodes an object with it.
  private static func refusal(_ error: JSONValue, method: String) throws(ChainError) -> ChainError {
    let reply = Reply(error, method: method, path: "error")
    guard let code = error["code"]?.asInteger, let message = error["message"]?.asString else {
      return reply.malformed("a code and a message")
    }
    guard code == 3 || message.lowercased().contains("revert") else {
      return .node(method: method, code: code, message: printable(message, countMax: Limits.errorTextCountMax))
    }
    let text = error["data"]?.asString ?? error["data"]?["data"]?.asString ?? "0x"
    return .reverted(Revert(data: (try? Hex.decode(text)) ?? []))
  }
}
