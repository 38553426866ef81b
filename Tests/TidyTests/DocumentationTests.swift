import Testing

/// What the documentation names is there.
struct DocumentationTests {
  @Test func `each stage in the architecture article is a type in the file that the article names`() throws {
    let article = try Repository.text("Sources/Tallystick.docc/Architecture.md")
    let stages = StageTable.rows(in: article)
    var named: [String] = []
    for row in stages where named.last != row.stage { named.append(row.stage) }
    #expect(named == StageTable.stages)
    for row in stages {
      let code = SourceFile(path: row.file, text: try Repository.text(row.file)).code
      for type in row.types where !StageTable.declares(type, in: code) {
        Issue.record("\(row.file) does not declare \(type)")
      }
    }
  }

  @Test func `a stage whose type is elsewhere is noticed`() {
    let rows = StageTable.rows(in: "| terms | `OptionTerms`, `Economics` | `Sources/Terms/OptionTerms.swift` | yes |")
    #expect(rows.map(\.types) == [["OptionTerms", "Economics"]])
    #expect(StageTable.declares("OptionTerms", in: ["public struct OptionTerms: Sendable {"]))
    #expect(!StageTable.declares("OptionTerms", in: ["  let terms: OptionTerms"]))
    #expect(!StageTable.declares("Option", in: ["public struct OptionTerms: Sendable {"]))
  }

  @Test func `the README's commands are made by the Makefile, and its folders and files exist`() throws {
    let readme = try Repository.text("README.md")
    let targets = Makefile.targets(in: try Repository.text("Makefile"))
    let commands = Makefile.commands(in: readme)
    #expect(commands.isSuperset(of: ["demo", "test"]))
    #expect(commands.isSubset(of: targets), "not in the Makefile: \(commands.subtracting(targets).sorted())")
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 91)
    for folder in try Repository.folders(in: "Sources") {
      #expect(readme.contains("`Sources/\(folder)"), "README.md does not say what Sources/\(folder) is")
    }
    for path in Makefile.paths(in: readme) { #expect(Repository.exists(path), "README.md names \(path)") }
  }

  @Test func `the README installs what the setup installs`() throws {
    let readme = try Repository.text("README.md").words(keeping: "-+.")
    let packages = Makefile.packages(in: try Repository.text(".ci/setup"))
    #expect(packages.count > 5)
    #expect(packages.isSubset(of: readme), "not in the README: \(packages.subtracting(readme).sorted())")
  }

  @Test func `a command that nobody makes is noticed`() {
    #expect(Makefile.targets(in: "demo: release ## play\n\tswift run\nX := 1\n") == ["demo"])
    #expect(Makefile.commands(in: "run `make demo` or\n\n    make polish\n") == ["demo", "polish"])
    #expect(Makefile.packages(in: "packages=(\n  libx-dev liby++-1  # why\n)\nother\n") == ["libx-dev", "liby++-1"])
    #expect(Makefile.paths(in: "see `Sources/Terms` and `terms check`") == ["Sources/Terms"])
  }

  @Test func `every page of the catalogue is reached from its root, and links only to pages that exist`() throws {
    let folder = "Sources/Tallystick.docc"
    let pages = try Repository.files(in: folder, suffix: ".md").map { Catalogue.name(of: $0) }
    var links: Set<String> = []
    for page in pages { links.formUnion(Catalogue.links(in: try Repository.text("\(folder)/\(page).md"))) }
    #expect(links.subtracting(pages).isEmpty, "no such page: \(links.subtracting(pages).sorted())")
    #expect(Set(pages).subtracting(links) == ["Tallystick"])
  }
}

enum StageTable {
  static let stages = ["terms", "digest", "signatures", "evidence", "outcome", "transaction", "broadcast", "proof"]

  struct Row {
    let stage: String
    let types: [String]
    let file: String
  }

  /// Rows of `| stage | types | file | …`.
  static func rows(in text: String) -> [Row] {
    text.split(separator: "\n").flatMap { line -> [Row] in
      let cells = line.split(separator: "|").map { String($0) }
      guard cells.count >= 3, let stage = cells[0].words.first, stages.contains(stage) else { return [] }
      let files = code(cells[2])
      return files.map { Row(stage: stage, types: code(cells[1]), file: $0) }
    }
  }

  /// What stands between backticks.
  static func code(_ text: String) -> [String] {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
  }

  static func declares(_ type: String, in code: [String]) -> Bool {
    code.contains { line in
      let words = line.words
      return zip(words, words.dropFirst()).contains { keyword, name in
        ["struct", "enum", "class", "actor", "protocol", "typealias"].contains(keyword) && name == type
      }
    }
  }
}

enum Makefile {
  static func targets(in text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").compactMap { line in
        guard let colon = line.firstIndex(of: ":"), line[line.index(after: colon)...].first != "=" else { return nil }
        let name = line[..<colon]
        return !name.isEmpty && name.allSatisfy { $0.isLetter || $0 == "-" } ? String(name) : nil
      })
  }

  /// What `make` is told to make, in code.
  static func commands(in text: String) -> Set<String> {
    let indented = text.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { String($0) }
    return Set(
      (StageTable.code(text) + indented).flatMap { code -> [String] in
        let words = code.words
        return zip(words, words.dropFirst()).filter { $0.0 == "make" }.map { $0.1 }
      })
  }

  /// The Debian packages that the setup's list names.
  static func packages(in setup: String) -> Set<String> {
    let lines = setup.split(separator: "\n").drop { $0 != "packages=(" }.dropFirst().prefix { $0 != ")" }
    return Set(lines.flatMap { $0.split(separator: "#")[0].split(separator: " ").map { String($0) } })
  }

  /// Paths in code that begin with one of the visible folders.
  static func paths(in text: String) -> [String] {
    StageTable.code(text).filter { code in
      ["Sources/", "Tests/", "Contracts/", "Fixtures/"].contains { code.hasPrefix($0) } && !code.contains(" ")
    }
  }
}

enum Catalogue {
  static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "").replacing(".md", with: "")
  }

  /// The pages that `<doc:…>` names.
  static func links(in text: String) -> Set<String> {
    Set(text.split(separator: "<doc:").dropFirst().compactMap { $0.split(separator: ">").first.map { String($0) } })
  }
}
