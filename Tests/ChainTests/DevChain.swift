import Chain
import Foundation
import JSON

/// The development chain as a child process; it ends when its standard input does.
final class DevChain: @unchecked Sendable {
  let transport: CurlTransport
  private let process = Process()
  private let input = Pipe()

  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let python = package.appendingPathComponent(".build/python/bin/python")

  /// Whether its Python environment is installed.
  static let isThere: Bool = {
    let found = FileManager.default.isExecutableFile(atPath: python.path)
    if !found { print("SKIPPED: no development chain; run Tests/DevChain/environment.sh") }
    return found
  }()

  init(_ arguments: [String]) throws {
    let output = Pipe()
    process.executableURL = Self.python
    process.arguments = ["-m", "devchain", "--exit-with-parent"] + arguments
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
  func control(_ method: String, _ parameters: JSONValue...) async throws -> JSONValue? {
    let request: JSONValue = ["jsonrpc": "2.0", "id": 0, "method": .string(method), "params": .array(parameters)]
    return try JSONValue(parsing: await transport.send(request.canonicalBytes()))["result"]
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
