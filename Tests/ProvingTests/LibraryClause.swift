import Clauses
import Foundation
import Testing

/// The clauses of the library, found by walking its folder, and the pinned solver.
struct LibraryClause: CustomTestStringConvertible {
  /// The path inside the package.
  let path: String

  var testDescription: String { path }

  var program: Program {
    get throws { try Self.program(path) }
  }

  static let package: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 1...3 { folder.deleteLastPathComponent() }
    return folder
  }()

  /// Z3 as the tests' Python packages bring it.
  static let solverPath = ProcessInfo.processInfo.environment["Z3"] ?? package.path + "/.build/python/bin/z3"

  static func program(_ path: String) throws -> Program {
    try Program(compiling: try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8))
  }

  /// What Z3 prints for a script.
  static func solve(_ script: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).smt2")
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: solverPath)
    process.arguments = ["-smt2", "-T:300", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  static func paths(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: package.path + "/" + folder)
    let files = (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".clause") }
    return files.map { "\(folder)/\($0)" }.sorted()
  }

  static let all = paths(in: "Contracts/Clauses").map { LibraryClause(path: $0) }
}
