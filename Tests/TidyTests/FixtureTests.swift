import Testing

/// Clauses and fixtures have what belongs beside them.
struct FixtureTests {
  @Test func `every clause has its cases, its listing and its bytecode`() throws {
    let clauses = try Repository.files(in: "Contracts/Clauses", suffix: ".clause")
    #expect(!clauses.isEmpty)
    for clause in clauses {
      let stem = clause.dropLast(".clause".count)
      for suffix in [".cases.json", ".listing", ".bytecode"] {
        #expect(Repository.exists(stem + suffix), "\(clause) lacks \(stem)\(suffix)")
      }
    }
  }

  @Test func `the escrow rule in the program is the library's`() throws {
    #expect(
      try Repository.text("Sources/Settlement/vault.clause") == Repository.text("Contracts/Clauses/escrow/vault.clause")
    )
  }

  @Test func `every fixture is named where its origin is told`() throws {
    let index = try Repository.text("Fixtures/README.md")
    let files = try Repository.files(in: "Fixtures").filter { $0 != "Fixtures/README.md" }
    #expect(!files.isEmpty)
    for file in files where !Fixtures.isNamed(file, in: index) {
      Issue.record("\(file) is not named in Fixtures/README.md")
    }
  }

  @Test func `a fixture that nobody named is noticed, and a named folder covers what is in it`() {
    let index = "| `terms/call.json` | by hand |\n| `rpc/` | recorded |\n"
    #expect(Fixtures.isNamed("Fixtures/terms/call.json", in: index))
    #expect(Fixtures.isNamed("Fixtures/rpc/block.json", in: index))
    #expect(!Fixtures.isNamed("Fixtures/terms/put.json", in: index))
    #expect(!Fixtures.isNamed("Fixtures/stray.json", in: index))
  }
}

enum Fixtures {
  /// Whether the index names the file, or a folder that holds it, as code.
  static func isNamed(_ file: String, in index: String) -> Bool {
    var path = String(file.dropFirst("Fixtures/".count))
    if index.contains("`\(path)`") { return true }
    while let slash = path.lastIndex(of: "/") {
      path = String(path[..<slash])
      if index.contains("`\(path)/`") { return true }
    }
    return false
  }
}
