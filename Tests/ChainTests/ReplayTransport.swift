import Chain
import JSON
import Synchronization

/// A node that says what it was told to, in order, and remembers what it was asked.
final class ReplayTransport: Transport {
  private struct State {
    var replies: [@Sendable (Int64) -> [UInt8]]
    var requests: [JSONValue] = []
  }

  private let state: Mutex<State>

  /// Replies are texts in which `ID` stands for the request's id.
  init(replies: [String]) {
    state = Mutex(
      State(
        replies: replies.map { text in
          { id in
            Array(
              text.split(separator: "ID", omittingEmptySubsequences: false)
                .joined(separator: "\(id)").utf8)
          }
        }))
  }

  /// Replies of these bytes.
  init(bytes: [UInt8]) {
    state = Mutex(State(replies: [{ _ in bytes }]))
  }

  /// Whole replies of a recording: their ids become the requests'.
  init(responses: [JSONValue]) {
    state = Mutex(
      State(
        replies: responses.map { response in
          { id in
            let members = response.asObject?.members.map {
              ($0.name, $0.name == "id" ? .number(JSONNumber(id)) : $0.value)
            }
            return Array(JSONValue.object(JSONObject(members ?? [])).prettyText().utf8)
          }
        }))
  }

  /// Envelopes around these results.
  convenience init(results: [String]) {
    self.init(replies: results.map { #"{"jsonrpc":"2.0","id":ID,"result":\#($0)}"# })
  }

  /// Envelopes around this error.
  convenience init(error: String) {
    self.init(replies: [#"{"jsonrpc":"2.0","id":ID,"error":\#(error)}"#])
  }

  var requests: [JSONValue] { state.withLock { $0.requests } }

  func send(_ body: [UInt8]) async throws(ChainError) -> [UInt8] {
    guard let request = try? JSONValue(parsing: body), let id = request["id"]?.asInteger else {
      throw .transport(.broken, endpoint: "replay")
    }
    let reply = state.withLock { state in
      state.requests.append(request)
      return state.replies.isEmpty ? nil : state.replies.removeFirst()
    }
    guard let reply else { throw .transport(.broken, endpoint: "replay") }
    return reply(id)
  }
}
