import Clauses
import Foundation
import Testing

/// The clauses that the guide shows are clauses.
@Suite struct GuideTests {
  /// The one that shows what a refusal looks like.
  private static let refused = "payoff Mixed"

  @Test func `every clause that the guide shows whole compiles, but for the one that is there to be refused`() throws {
    let shown = try Guide.wholes
    #expect(shown.count >= 2)
    for source in shown where !source.hasPrefix(Self.refused) {
      #expect(throws: Never.self) { try Program(compiling: source) }
    }
    let refused = try #require(shown.first { $0.hasPrefix(Self.refused) })
    #expect(throws: ClauseErrors.self) { try Program(compiling: refused) }
  }

  @Test func `every part that the guide shows is of a clause shown whole or of the library`() throws {
    let library = try ClauseFile.allCases.map { try $0.source }
    let wholes = try Guide.wholes
    let parts = try Guide.blocks.filter { !wholes.contains($0) }
    #expect(parts.count > 5)
    for part in parts {
      #expect((wholes + library).contains { $0.contains(part) }, "\(part)")
    }
  }

  @Test func `the clause that the guide builds is the library's`() throws {
    #expect(try Guide.wholes.contains(ClauseFile(name: "payoff/call-spread").source))
  }
}

private enum Guide {
  /// The blocks of clause text, each ended by a line feed.
  static var blocks: [String] {
    get throws {
      var package = URL(fileURLWithPath: #filePath)
      for _ in 1...3 { package.deleteLastPathComponent() }
      let page = package.appendingPathComponent("Sources/Tallystick.docc/WritingClauses.md")
      let text = try String(contentsOf: page, encoding: .utf8)
      return text.components(separatedBy: "```clause\n").dropFirst().compactMap {
        $0.components(separatedBy: "```").first
      }
    }
  }

  static var wholes: [String] {
    get throws { try blocks.filter { $0.hasPrefix("payoff ") && $0.contains("pay seller remainder") } }
  }
}
