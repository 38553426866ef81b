import Testing

/// Each rule finds what it is there to find, and leaves alone what only looks like it.
struct RuleTests {
  private func file(_ text: String, path: String = "Sources/Terms/Planted.swift") -> SourceFile {
    SourceFile(path: path, text: text)
  }

  @Test(arguments: [
    ("Sources/Terms/A.swift", "import Settlement", "Terms may not import Settlement"),
    ("Sources/Ethereum/A.swift", "public import Signing", "Ethereum may not import Signing"),
    ("Sources/Settlement/A.swift", "import Verification", "Settlement may not import Verification"),
    ("Sources/Coordination/A.swift", "import API", "Coordination may not import API"),
    ("Sources/Terms/A.swift", "import Foundation", "Terms may not import Foundation"),
    ("Sources/Clauses/A.swift", "import FoundationEssentials", "Clauses may not import FoundationEssentials"),
    ("Sources/API/A.swift", "import Foundation", "API may not import Foundation"),
    ("Sources/Storage/A.swift", "import CSQLite", "CSQLite is imported only where its pointers are owned"),
    (
      "Sources/Arithmetic/WideDivision.swift", "public import CGMP",
      "a C module is never imported for a public signature"
    ),
    ("Sources/Settlement/A.swift", "@preconcurrency import Chain", "Settlement may not import Chain"),
    ("Sources/Terms/A.swift", "import struct Storage.Batch", "Terms may not import Storage"),
  ]) func `a forbidden import is found`(path: String, text: String, what: String) {
    #expect(ModuleGraph.violations(in: file("\n" + text, path: path)) == [Violation(path: path, line: 2, what: what)])
  }

  @Test(arguments: [
    ("Sources/Signing/A.swift", "import Arithmetic"), ("Sources/Verification/A.swift", "import Settlement"),
    ("Sources/tallystick/A.swift", "import Coordination"), ("Sources/Storage/SQLiteStatement.swift", "import CSQLite"),
    ("Sources/Chain/A.swift", "import Dispatch"), ("Sources/Terms/A.swift", "// import Settlement"),
    ("Sources/Terms/A.swift", "let text = \"import Settlement\""),
  ]) func `an allowed import is not`(path: String, text: String) {
    #expect(ModuleGraph.violations(in: file(text, path: path)).isEmpty)
  }

  @Test(arguments: [
    "let a = try! f()", "let a = b as! C", "let a = b!", "let a = b!.c", "a[0]!.b()", "var a: B!", "let a = f()!",
    "fatalError(\"no\")", "preconditionFailure()", "let a = \"\\(b!)\"",
  ]) func `what traps is found`(line: String) {
    #expect(Rules.traps(file(line)).count == 1, "\(line)")
  }

  @Test(arguments: [
    "if !a, b != c, d!=e {}", "// try! this", "let a = \"stop! try! fatalError( now!\"", "let a = f(!b)",
    "/* a! */ let b = 1",
    "let a = #\"b! \"c!\" \"#", "let text = \"\"\"\n  wait! as! \"quoted!\"\n  \"\"\"",
  ]) func `what does not trap is not`(text: String) {
    #expect(Rules.traps(file(text)).isEmpty, "\(Rules.traps(file(text)).listed)")
  }

  @Test func `a trap may stand only where it is listed`() {
    #expect(Rules.traps(file("fatalError()", path: "Sources/Signing/SigningContext.swift")).isEmpty)
    #expect(Rules.traps(file("try! f()", path: "Sources/Signing/SigningContext.swift")).count == 1)
  }

  @Test func `a file that is too long is found, with its length`() {
    let line = "let a = 1\n"
    #expect(Rules.length(file(String(repeating: line, count: 400))).isEmpty)
    #expect(Rules.length(file(String(repeating: line, count: 401))).map(\.what) == ["401 lines, at most 400"])
  }

  @Test func `floating point and waiting are found where money is decided, and only there`() {
    #expect(Rules.floatingPoint(file("let a: Double = 1")).count == 1)
    #expect(Rules.floatingPoint(file("let a = Float(b)")).count == 1)
    #expect(Rules.floatingPoint(file("let doubled = aDouble")).isEmpty)
    #expect(Rules.floatingPoint(file("let a: Double = 1", path: "Sources/Chain/A.swift")).isEmpty)
    #expect(Rules.asynchrony(file("func f() async {}")).count == 1)
    #expect(Rules.asynchrony(file("func f() async {}", path: "Sources/Storage/A.swift")).isEmpty)
  }

  @Test func `what is unfinished is found in comments too`() {
    #expect(Rules.leftovers(path: "a.py", text: "x = 1\n# TO" + "DO: more\n").map(\.line) == [2])
    #expect(Rules.leftovers(path: "a.py", text: "tod" + "o = 1 # nothing to do\n").isEmpty)
  }

  @Test func `the manifest is read as it is written`() {
    let manifest = Manifest(
      """
      let values: [Target] = [
        module("JSON"),
        module(
          "Settlement", ["Terms", "JSON"],
          resources: [.embedInCode("vault.clause")]),
      ]
      .executableTarget(
        name: "tool", dependencies: ["API"], swiftSettings: house),
      .executableTarget(name: "Probe", dependencies: ["API"], path: "Tests/Probe"),
      tests("JSON", ["JSON"]),
      """)
    #expect(manifest.modules == ["JSON": [], "Settlement": ["Terms", "JSON"], "tool": ["API"]])
    #expect(manifest.tests == ["JSONTests"])
  }
}
