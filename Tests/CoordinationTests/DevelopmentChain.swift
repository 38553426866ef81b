import Chain
import Foundation
import JSON

/// The development chain as a child process; it ends when its standard input does.
final class DevelopmentChain: @unchecked Sendable {
  let transport: CurlTransport
  private let process = Process()
  private let input = Pipe()

  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let python = package.appendingPathComponent(".build/python/bin/python")

  /// Whether its Python environment is installed.
  static let isThere: Bool = {
    let found = FileManager.default.isExecutableFile(atPath: python.path)
    if !found { print("SKIPPED: no development chain; run Tests/DevChain/environment.sh") }
    return found
  }()

  /// Starts one on which these accounts have ether enough for ever.
  init(funding addresses: [String]) throws {
    let output = Pipe()
    process.executableURL = Self.python
    process.arguments =
      ["-m", "devchain", "--exit-with-parent"] + addresses.flatMap { ["--fund", "\($0)=1000000000000000000000000"] }
    process.currentDirectoryURL = Self.package.appendingPathComponent("Tests/DevChain")
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    transport = try CurlTransport(url: JSONValue(parsing: line)["url"]?.asString ?? "")
  }

  /// Calls one of the chain's methods for tests.
  @discardableResult
  func control(_ method: String, _ parameters: JSONValue...) async throws -> JSONValue {
    let request: JSONValue = [
      "jsonrpc": "2.0", "id": 0, "method": .string("devchain_" + method), "params": .array(parameters),
    ]
    let limits = JSONLimits(byteCount: 1 << 26, depth: 32, memberCount: .max)
    let reply = try JSONValue(parsing: await transport.send(request.canonicalBytes()), limits: limits)
    guard let result = reply["result"] else { throw Refused(reply: reply.prettyText()) }
    return result
  }

  struct Refused: Error {
    let reply: String
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// A JSON file of the package.
  static func document(_ path: String) throws -> JSONValue {
    let limits = JSONLimits(byteCount: 1 << 24, depth: 64, memberCount: .max)
    return try JSONValue(parsing: [UInt8](Data(contentsOf: package.appendingPathComponent(path))), limits: limits)
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
  }
}

/// A directory's path that does not exist yet, removed afterwards.
func withDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
  let directory = FileManager.default.temporaryDirectory.appending(path: "tallystick-\(UUID())")
  defer { try? FileManager.default.removeItem(at: directory) }
  return try await body(directory.path(percentEncoded: false))
}
