internal import Foundation
public import Testing

/// Expected texts kept as files. `RECORD=1` rewrites them and fails the run, so that a recording is never green.
public enum Golden {
  /// Compares a text with the file at a path inside the package, such as `Fixtures/terms/call.typed-data.json`.
  public static func expect(_ text: String, in path: String, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let package = Folders.package else {
      Issue.record("no Package.swift above the tests", sourceLocation: sourceLocation)
      return
    }
    let file = URL(fileURLWithPath: "\(package)/\(path)")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      do {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        Issue.record("recorded \(path); read it, then run again without RECORD", sourceLocation: sourceLocation)
      } catch {
        Issue.record("cannot record \(path): \(error)", sourceLocation: sourceLocation)
      }
      return
    }
    guard let expected = try? Data(contentsOf: file) else {
      Issue.record("no golden file \(path); RECORD=1 writes it", sourceLocation: sourceLocation)
      return
    }
    let difference = firstDifference(text, String(decoding: expected, as: UTF8.self))
    #expect(difference == nil, "\(path): \(difference ?? "")", sourceLocation: sourceLocation)
  }

  private static func firstDifference(_ text: String, _ expected: String) -> String? {
    guard !text.utf8.elementsEqual(expected.utf8) else { return nil }
    let actualLines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(actualLines, expectedLines).prefix { $0 == $1 }.count
    func show(_ lines: [Substring]) -> String { line < lines.count ? String(lines[line]) : "nothing" }
    return "line \(line + 1): found \(show(actualLines)), expected \(show(expectedLines))"
  }
}
