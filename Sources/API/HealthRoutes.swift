import Coordination
import Ethereum
import HTTP
import JSON
import Settlement

/// Whether the process lives, whether it can work, and what it works for.
struct HealthRoutes: Sendable {
  let coordinator: Coordinator

  func live(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { ["status": "live"] }
  }

  /// Ready means that the chain answers and the store can be read.
  func ready(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering { () throws(APIError) in
      let head = try await coordinating { () throws(CoordinationError) in try await coordinator.probe() }
      var members: [(String, JSONValue)] = [
        ("status", "ready"), ("headBlock", .string(String(head.number))),
        ("headTime", .string(String(head.timestamp))),
      ]
      if let taken = head.taken { members.append(("takenBlock", .string(String(taken)))) }
      if let obstacle = await coordinator.gasObstacle { members.append(("obstacle", .string(obstacle))) }
      return .object(JSONObject(members))
    }
  }

  func service(_ request: Request, _ parameters: Parameters) async -> Response {
    await answering {
      let service = coordinator.service
      return [
        "chainId": .string(String(service.domain.chainID.rawValue)),
        "escrow": .string(service.domain.verifyingContract.checksummed),
        "sender": .string(service.sender.checksummed),
        "journalSigner": .string(service.sender.checksummed),
        "confirmations": .string(String(service.confirmations)),
      ]
    }
  }
}
